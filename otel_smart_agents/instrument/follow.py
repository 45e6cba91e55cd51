"""Results that are consumed after the call returned: generators, coroutines, and objects with a ``body_iterator`` (streaming responses).

The span of such a call ends when the result is used up, closed, or collected without ever having been started.
"""

from __future__ import annotations

import weakref
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any

from otel_smart_agents.instrument.context import leave
from otel_smart_agents.instrument.run import NO_RUN
from otel_smart_agents.instrument.runtime import STATE
from otel_smart_agents.instrument.stream import Begun, drive, wrap_async_generator

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.run import Run


def follow(run: Run, context: Context, result: Any) -> Any:
    """Return the result, or what stands for it while the run goes on until it is used up."""
    if run is NO_RUN:
        run.finish(result)
        return result
    kind = type(result)
    if kind is GeneratorType:
        return _guard(run, drive(run, context, result))
    if kind is AsyncGeneratorType:
        return _guard(run, wrap_async_generator(lambda: result, Begun(run, context))())
    if kind is CoroutineType:
        return _guard(run, _await(run, context, result))
    try:
        # Not getattr(): it would run the program's own __getattr__ or property.
        fields = object.__getattribute__(result, "__dict__")
        body = fields.get("body_iterator") if type(fields) is dict else None
    except AttributeError:
        body = None
    if body is None:
        run.finish(result)
        return result
    fields["body_iterator"] = _follow_body(run, context, body)
    return result


def _follow_body(run: Run, context: Context, body: Any) -> Any:
    kind = type(body)
    if kind in (GeneratorType, AsyncGeneratorType):
        return follow(run, context, body)
    if hasattr(kind, "__anext__"):
        return _guard(run, wrap_async_generator(_as_async_generator, Begun(run, context))(body))
    if hasattr(kind, "__next__"):
        return _guard(run, drive(run, context, _as_generator(body)))
    run.finish()
    return body


async def _as_async_generator(iterator: Any) -> AsyncGenerator[Any, None]:
    try:
        async for item in iterator:
            yield item
    finally:
        close = getattr(type(iterator), "aclose", None)
        if close is not None:  # there is no "yield from" that would hand the end on
            await close(iterator)


def _as_generator(iterator: Any) -> Generator[Any, None, None]:
    yield from iterator


async def _await(run: Run, context: Context, coroutine: Any) -> Any:
    token = STATE.attach(context)
    try:
        result = await coroutine
    except BaseException as error:
        leave(token)
        run.fail(error)
        raise
    leave(token)
    run.finish(result)
    return result


def _guard(run: Run, stream: Any) -> Any:
    """End the run as abandoned when the stream is collected without a step: a generator that never started runs no code when it goes."""
    weakref.finalize(stream, run.abandon).atexit = False
    return stream
