# ruff: noqa: RUF015 - the frames of such code are the subject
"""A library: installed below site-packages by the test."""


def call(value):
    return Client().send(value)


def call_back(function, value):
    return [function(item) for item in [value]][0]


class Client:
    def send(self, value):
        raise TimeoutError(f"timeout talking to {value}")
