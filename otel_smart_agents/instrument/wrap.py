"""Real wrappers, one per type of function: signature, ``is*function``, pickling and documentation stay.

Every wrapper reads ``STATE.routes`` before anything else: an empty tuple means off, and the function is called as if it were not wrapped.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, Protocol

from otel_smart_agents.instrument.context import leave
from otel_smart_agents.instrument.follow import follow
from otel_smart_agents.instrument.functions import kind_of_function
from otel_smart_agents.instrument.runtime import STATE
from otel_smart_agents.instrument.stream import wrap_async_generator, wrap_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.run import Run
    from otel_smart_agents.instrument.spec import Spec

MARK: Final = "__smart_agents__"
"""Attribute of wrappers with a span: the id of the wrapper. ``functools.wraps`` copies it to foreign wrappers, whose id differs."""

_CACHED: Final[type] = type(functools.lru_cache(id))
"""What ``functools.lru_cache`` makes: its methods are in C, where ``functools.wraps`` does not see them."""

_ENDED: Final = frozenset({type(None), str, int, float, bool, bytes, dict, list, tuple, set, frozenset})
"""Types of results that hold nothing to be consumed later."""


class Begins(Protocol):
    """What a wrapper asks for a call: starts it, and returns the run and the context of the body. Never raises.

    Attributes:
        spec: what is called; ``None`` if there is no span, as around a session.
    """

    @property
    def spec(self) -> Spec | None:
        """What is called."""
        ...

    def begin(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], /) -> tuple[Run, Context]:
        """Start the call."""
        ...


def wrap(function: Any, call: Begins) -> Any:
    """Return a wrapper of the function's own type."""
    make = _MAKERS.get(kind_of_function(function), _wrap_sync)
    wrapper = make(function, call)
    if call.spec is not None or is_wrapped(function):
        setattr(wrapper, MARK, id(wrapper))
    if type(function) is _CACHED:
        for name in ("cache_info", "cache_clear", "cache_parameters"):
            setattr(wrapper, name, getattr(function, name))
    return wrapper


def is_wrapped(function: Any) -> bool:
    """Tell whether the function is a wrapper of ours."""
    return getattr(function, MARK, None) == id(function)


def _wrap_sync(function: Any, call: Begins) -> Callable[..., Any]:
    # A plain function ends in the thread and contextvars context that it began in, so the reset cannot fail.
    begin = call.begin

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not STATE.routes:
            return function(*args, **kwargs)
        run, context = begin(args, kwargs)
        token = STATE.attach(context)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            STATE.reset(token)
            run.fail(error)
            raise
        STATE.reset(token)
        if type(result) in _ENDED:
            run.finish(result)
            return result
        return follow(run, context, result)

    return wrapper


def _wrap_async(function: Any, call: Begins) -> Callable[..., Any]:
    begin = call.begin

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not STATE.routes:
            return await function(*args, **kwargs)
        run, context = begin(args, kwargs)
        token = STATE.attach(context)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            leave(token)
            run.fail(error)
            raise
        leave(token)
        if type(result) in _ENDED:
            run.finish(result)
            return result
        return follow(run, context, result)

    return wrapper


_MAKERS: Final = {"coroutine": _wrap_async, "generator": wrap_generator, "async generator": wrap_async_generator}

__all__ = ["MARK", "Begins", "is_wrapped", "wrap"]
