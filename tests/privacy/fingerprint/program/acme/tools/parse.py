# ruff: noqa: PLW0108 - the frames of such code are the subject
"""The same function names as in acme.agents, in another module."""

import json
import re


def parse(value):
    raise ValueError(f"cannot parse {value!r}")


def decode(value):
    return json.loads("{" + value)


def encode(value):
    return json.dumps({"value": value}, default=refuse)


def refuse(value):
    raise TypeError(f"cannot encode {value!r}")


def replace(value):
    return re.sub("a", lambda match: parse(match), "banana")


def order(value):
    return sorted([3, 1, 2], key=lambda item: parse(value))
