"""Fails at module level."""

from acme.tools import parse

parse.parse("planted")
