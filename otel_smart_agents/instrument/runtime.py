"""Where spans go: the installed routes, and what happens when the instrumentation itself fails.

``STATE.routes`` is the one attribute that every instrumented call reads first; an empty tuple means off. Only ``install`` and ``remove``
write it, so a call in flight keeps the route it started with and finishes cleanly.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.instrument.capture import Capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One way for spans to leave the instrumented code.

    Attributes:
        name: the destination's key; one route per name is installed.
        tracer: an OpenTelemetry API tracer.
        key: ``None`` makes the route's spans OpenTelemetry's current span (``own``); else the context key under which its spans live, in
            traces of their own (``upstream``).
        packages: import packages whose calls the route sees; empty means every call. Other calls are transparent for it.
        capture: the most content that code may ask for.
        logger: OpenTelemetry API logger for feature and rating events, if the destination takes logs.
        event_spans: also write feature and rating events as zero-duration spans (for a destination that takes traces only).
        meter: OpenTelemetry API meter for duration histograms, if the destination takes metrics.
        categories: consent categories that are granted; a hint that spares work, the exporter decides.
        app_packages: packages whose frames count as application code in a stack hash, wherever they are installed.
        weak: gives way to every other route with ``key=None``.
        hash_key: key of the hashes that ``Capture.SHAPE`` records; empty uses a random key of this process.
    """

    name: str
    tracer: Any
    key: str | None = None
    packages: tuple[str, ...] = ()
    capture: Capture = Capture.FULL
    logger: Any = None
    event_spans: bool = False
    meter: Any = None
    categories: frozenset[str] | None = None
    app_packages: tuple[str, ...] = ()
    weak: bool = False
    hash_key: bytes = b""

    @property
    def upstream(self) -> bool:
        """Whether the route's spans stay out of OpenTelemetry's current context."""
        return self.key is not None

    def sees(self, module: str) -> bool:
        """Tell whether code of the module belongs to this route."""
        packages = self.packages
        return not packages or any(module == package or module.startswith(package + ".") for package in packages)


class State:
    """What the instrumented code reads: one instance per process, ``STATE``.

    Attributes:
        routes: the active routes; empty is off. At most one has ``key=None``, and it comes first.
        single: the only route, if there is exactly one and it sees every call as OpenTelemetry's current span.
        root: parent context for calls that have none, from ``TRACEPARENT`` of the process.
        span_key: the key under which OpenTelemetry keeps the current span in a context.
        span_kinds: INTERNAL and CLIENT.
    """

    __slots__ = ("installed", "root", "routes", "single", "span_key", "span_kinds")

    def __init__(self) -> None:
        self.installed: tuple[Route, ...] = ()
        self.routes: tuple[Route, ...] = ()
        self.single: Route | None = None
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


def caller_module() -> str:
    """Return the module of the code that called the function that asks."""
    return str(caller(2).f_globals.get("__name__", ""))


def install(route: Route) -> None:
    """Switch the route on; a route of the same name is replaced. Of several with ``key=None`` the last that is not weak is active."""
    with _lock:
        _learn_api()
        _publish((*(other for other in STATE.installed if other.name != route.name), route))


def remove(route: Route | str) -> None:
    """Switch the route off, by itself or by name; nothing happens if it is not installed."""
    name = route if isinstance(route, str) else route.name
    with _lock:
        _publish(tuple(other for other in STATE.installed if other.name != name))


def _learn_api() -> None:
    """Load ``opentelemetry.trace`` (as much work as the rest of the import together) only once something is recorded."""
    if STATE.span_key:
        return
    from opentelemetry.context import Context
    from opentelemetry.trace import INVALID_SPAN, SpanKind, set_span_in_context

    # The key is private; a context with nothing but a span in it tells it publicly.
    STATE.span_kinds = (SpanKind.INTERNAL, SpanKind.CLIENT)
    STATE.span_key = next(iter(set_span_in_context(INVALID_SPAN, Context())))


def _publish(installed: tuple[Route, ...]) -> None:
    # sorted() is stable: among equals the one installed last stays last.
    current = sorted((route for route in installed if route.key is None), key=lambda route: not route.weak)
    routes = (*current[-1:], *(route for route in installed if route.key is not None))
    STATE.installed = installed
    STATE.single = routes[0] if len(routes) == 1 and routes[0].key is None and not routes[0].packages else None
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
    with contextlib.suppress(Exception):  # stderr may be closed or absent; there is nowhere left to say it
        stream().write(f"otel-smart-agents: telemetry failed in {hook} ({what}); the program goes on, further failures are only counted\n")
