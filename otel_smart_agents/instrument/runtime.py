"""Where spans go: the installed routes, and what happens when the instrumentation itself fails.

``STATE.routes`` is the one attribute that every instrumented call reads first; an empty tuple means off. Only ``install`` and ``remove``
write it, so a call in flight keeps the route it started with and finishes cleanly.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from contextvars import Token
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.route import Route

__all__ = ["FAILURES", "STATE", "Route", "State", "caller", "caller_module", "failed", "install", "learn_api", "remove"]


class State:
    """What the instrumented code reads: one instance per process, ``STATE``.

    Attributes:
        routes: the active routes; empty is off. At most one has ``key=None``, and it comes first.
        single: the route whose spans are OpenTelemetry's current ones, if it sees every call.
        beside: the upstream routes, where there is such a route.
        root: parent context for calls that have none, from ``TRACEPARENT`` of the process.
        span_key: the key under which OpenTelemetry keeps the current span in a context.
        span_kinds: INTERNAL and CLIENT.
        get, attach, reset: read, set and restore OpenTelemetry's context.
        context_type: OpenTelemetry's class of contexts.
        empty: a context with nothing in it.
    """

    __slots__ = (
        "attach",
        "beside",
        "context_type",
        "empty",
        "get",
        "installed",
        "reset",
        "root",
        "routes",
        "single",
        "span_key",
        "span_kinds",
    )

    get: Callable[[], Context]
    attach: Callable[[Context], Any]
    reset: Callable[[Any], None]
    context_type: type[Context]
    empty: Context

    def __init__(self) -> None:
        self.installed: tuple[Route, ...] = ()
        self.routes: tuple[Route, ...] = ()
        self.single: Route | None = None
        self.beside: tuple[Route, ...] = ()
        self.root: Context | None = None
        self.span_key = ""
        self.span_kinds: tuple[Any, Any] = (None, None)


STATE: Final = State()
FAILURES: Final[dict[str, int]] = {}
"""How often each hook of the instrumentation failed, by the hook's name."""

caller: Final = sys._getframe  # noqa: SLF001 - how logging and warnings find their caller; inspect.stack() would read source files
"""Returns the frame of a caller: its module decides whether an upstream destination may see a call that is not a decorated function."""

_lock = threading.Lock()
_warned = False


def __getattr__(name: str) -> Any:
    # Route is a dataclass, and importing dataclasses costs as much as the rest of the decorators: only what is switched on needs it.
    if name == "Route":
        from otel_smart_agents.instrument.route import Route

        return Route
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def caller_module() -> str:
    """Return the module of the code that called the function that asks."""
    return str(caller(2).f_globals.get("__name__", ""))


def install(route: Route) -> None:
    """Switch the route on; a route of the same name is replaced. Of several with ``key=None`` the last that is not weak is active."""
    with _lock:
        learn_api()
        _publish((*(other for other in STATE.installed if other.name != route.name), route))


def remove(route: Route | str) -> None:
    """Switch the route off, by itself or by name; nothing happens if it is not installed."""
    name = route if isinstance(route, str) else route.name
    with _lock:
        gone = [other for other in STATE.installed if other.name == name]
        _publish(tuple(other for other in STATE.installed if other.name != name))
    if any(other.meter is not None for other in gone):
        from otel_smart_agents.instrument.durations import DURATIONS

        DURATIONS.flush()


def learn_api() -> None:
    """Load OpenTelemetry's API (most of the import's time), once something is to be recorded.

    ``attach`` documents that it returns a ``contextvars.Token``, whose ``var`` holds OpenTelemetry's context. That variable costs a third
    of the API's functions, and a reset in another task raises ``ValueError`` here instead of being logged as "Failed to detach context".
    """
    if STATE.span_key:
        return
    from opentelemetry.context import Context, attach, detach, get_current
    from opentelemetry.trace import INVALID_SPAN, SpanKind, set_span_in_context

    token: Any = attach(get_current())
    if isinstance(token, Token):
        STATE.get, STATE.attach, STATE.reset = token.var.get, token.var.set, token.var.reset
    else:  # a runtime context of the program's own choice (OTEL_PYTHON_CONTEXT)
        STATE.get, STATE.attach, STATE.reset = get_current, attach, detach
    detach(token)
    STATE.context_type, STATE.empty = Context, Context()
    STATE.span_kinds = (SpanKind.INTERNAL, SpanKind.CLIENT)
    # The key is private; a context with nothing but a span in it tells it publicly.
    STATE.span_key = next(iter(set_span_in_context(INVALID_SPAN, Context())))


def _publish(installed: tuple[Route, ...]) -> None:
    # sorted() is stable: among equals the one installed last stays last.
    current = sorted((route for route in installed if route.key is None), key=lambda route: not route.weak)
    alone = tuple(route for route in installed if route.alone)[-1:]
    routes = alone or (*current[-1:], *(route for route in installed if route.key is not None))
    STATE.installed = installed
    STATE.beside = routes[1:]
    STATE.single = routes[0] if routes and routes[0].key is None and not routes[0].packages else None
    STATE.routes = routes


def failed(hook: str, error: BaseException | str, *, stream: Callable[[], Any] = lambda: sys.stderr) -> None:
    """Count a failure of the instrumentation and say so once per process on stderr; never raises.

    Only the type of the error is shown: its message may hold what nobody agreed to print.
    """
    global _warned  # noqa: PLW0603 - once per process is what the promise says
    with _lock:
        FAILURES[hook] = FAILURES.get(hook, 0) + 1
        if _warned:
            return
        _warned = True
    what = error if isinstance(error, str) else type(error).__name__
    say(f"telemetry failed in {hook} ({what}); the program goes on, further failures are only counted", stream())


def say(text: str, stream: Any) -> None:
    """Write one line to a stream, standard error for one, that may be closed or absent; never raises."""
    with contextlib.suppress(Exception):
        with contextlib.suppress(AttributeError, io.UnsupportedOperation):  # no descriptor: a notebook's stream, or one in memory
            os.fstat(stream.fileno())  # a write to a closed descriptor would stay in the stream and become the program's exit code 120
        stream.write(f"otel-smart-agents: {text}\n")
