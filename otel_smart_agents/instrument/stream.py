"""Generators and async generators: attach and detach per step, so that nothing of the body leaks into its consumer.

The context that the body has at the end of a step is remembered and is there again at the next one, so a ``with`` block of the body may
span several steps. Items are handed on, never kept.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from otel_smart_agents.instrument.context import leave
from otel_smart_agents.instrument.run import NO_RUN
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.run import Run
    from otel_smart_agents.instrument.wrap import Begins


_OFF: tuple[Run, Any] = (NO_RUN, None)


class Begun:
    """A call that began already: hands the same run to the driver of its result."""

    __slots__ = ("_begun",)

    def __init__(self, run: Run, context: Context) -> None:
        self._begun = (run, context)

    spec = None

    def begin(self, _args: tuple[Any, ...], _kwargs: Mapping[str, Any], /) -> tuple[Run, Context]:
        """Return the call that began before."""
        return self._begun


def wrap_generator(function: Any, call: Begins) -> Callable[..., Any]:
    """Return a generator function whose span starts at the first step."""
    begin = call.begin

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        if not STATE.routes:
            return (yield from function(*args, **kwargs))
        run, context = begin(args, kwargs)
        if run is NO_RUN:
            return (yield from function(*args, **kwargs))
        return (yield from drive(run, context, function(*args, **kwargs)))

    return wrapper


def drive(run: Run, context: Context, body: Any) -> Generator[Any, Any, Any]:
    """Run a generator to its end inside a run: ``send``, ``throw``, ``close`` and the return value are forwarded."""
    # A step of a generator begins and ends in the same thread and contextvars context, so the reset cannot fail.
    get, attach, reset, send = STATE.get, STATE.attach, STATE.reset, body.send
    step, value = send, None
    while True:
        token = attach(context)
        try:
            item = step(value)
        except StopIteration as stop:
            reset(token)
            _used_up(run, value)
            return stop.value
        except BaseException as error:
            reset(token)
            value = None  # a thrown exception must not hold, by way of this frame, on to itself
            run.fail(error)
            raise
        context = get()
        reset(token)
        try:
            value = yield item
            step = send
        except BaseException as error:  # noqa: BLE001 - all that the consumer throws is the body's to handle
            value, step = error, body.throw
        item = None


def _used_up(run: Run, thrown: Any) -> None:
    """End a run whose body returned: after a thrown ``GeneratorExit`` because its consumer left, else because it was done."""
    if isinstance(thrown, GeneratorExit):
        run.abandon()
    else:
        run.finish()


def wrap_async_generator(function: Any, call: Begins) -> Callable[..., Any]:  # noqa: C901 - there is no 'yield from' to delegate with
    """Return an async generator function whose span starts at the first step."""
    begin = call.begin

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        get, attach = STATE.get, STATE.attach
        run, context = begin(args, kwargs) if STATE.routes else _OFF
        on = run is not NO_RUN
        body = function(*args, **kwargs)
        send = body.asend
        step, value = send, None
        while True:
            token = attach(context) if on else None
            try:
                item = await step(value)
            except StopAsyncIteration:
                if on:
                    leave(token)
                _used_up(run, value)
                return
            except BaseException as error:
                if on:
                    leave(token)
                value = None  # a thrown exception must not hold, by way of this frame, on to itself
                run.fail(error)
                raise
            if on:
                context = get()
                leave(token)
            try:
                value = yield item
                step = send
            except BaseException as error:  # noqa: BLE001 - all that the consumer throws is the body's to handle
                value, step = error, body.athrow
            item = None

    return wrapper
