"""A library that fails while it is imported."""


def setup():
    raise ImportError("cannot set up for planted_user")


setup()
