"""Which type of function something is, without ``inspect``: importing that would add a third to the package's import time."""

from __future__ import annotations

import functools
import sys
from typing import Any, Final, Literal

# Flags of a code object: https://docs.python.org/3/library/inspect.html#code-objects-bit-flags
_GENERATOR: Final = 0x20
_COROUTINE: Final = 0x80
_ITERABLE_COROUTINE: Final = 0x100
_ASYNC_GENERATOR: Final = 0x200


def kind_of_function(function: Any) -> Literal["plain", "coroutine", "generator", "async generator"]:
    """Return what a call of the function gives, as ``inspect`` would tell it; partials and methods are looked through."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None and callable(function):
        code = getattr(type(function).__call__, "__code__", None)
    flags = getattr(code, "co_flags", 0)
    if flags & _ASYNC_GENERATOR:
        return "async generator"
    if flags & _GENERATOR:
        # A generator that types.coroutine marked is awaited, and the awaitable that an async wrapper makes of it is as good.
        return "coroutine" if flags & _ITERABLE_COROUTINE else "generator"
    return "coroutine" if flags & _COROUTINE or _is_marked(function) else "plain"


def _is_marked(function: Any) -> bool:
    """Tell whether ``inspect.markcoroutinefunction`` marked the function; whoever does that has imported ``inspect``."""
    inspect = sys.modules.get("inspect")
    return inspect is not None and bool(inspect.iscoroutinefunction(function))
