"""From one thread, process or message to another: ``bind``, ``pool``, ``Carrier``, ``TRACEPARENT`` and a run's ``ref`` as text.

What crosses a process boundary is W3C Trace Context of OpenTelemetry's current span, and the names of the agent and workflow around. An
upstream destination's ids only ever travel inside a pickled ``Carrier``, between processes of the same program: never as text.
"""

from __future__ import annotations

import functools
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from otel_smart_agents import semconv
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.context import INHERITED_KEY, leave, rooted
from otel_smart_agents.instrument.functions import kind_of_function
from otel_smart_agents.instrument.leg import Leg
from otel_smart_agents.instrument.run import NO_SPAN
from otel_smart_agents.instrument.runtime import STATE, failed, learn_api
from otel_smart_agents.instrument.stream import Begun, wrap_async_generator, wrap_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.active import ActiveRun

P = ParamSpec("P")
R = TypeVar("R")

TRACEPARENT: Final = "TRACEPARENT"
TRACESTATE: Final = "TRACESTATE"
SMART_AGENTS_CONTEXT: Final = "SMART_AGENTS_CONTEXT"
"""Names of the agent and workflow around, for child processes, percent-encoded: ``agent=planner;workflow=nightly``."""

_NAMES: Final = {"agent": semconv.GEN_AI_AGENT_NAME, "workflow": semconv.GEN_AI_WORKFLOW_NAME}
_PLACE = re.compile(r"(?:([^,\s]+):)?([0-9a-f]{32})-([0-9a-f]{16})")
_CARRIED: Final = (*_NAMES.values(), semconv.GEN_AI_CONVERSATION_ID, semconv.SESSION_ID)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What another process needs to go on under the current call; picklable. ``Carrier.of()`` takes it, ``activate()`` uses it.

    Attributes:
        traceparent: W3C Trace Context of OpenTelemetry's current span; empty if there is none.
        tracestate: its vendor part.
        names: agent, workflow, conversation and session around.
        apart: per upstream destination the ids of its nearest span, for processes of the same program.
    """

    traceparent: str = ""
    tracestate: str = ""
    names: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, context: Context | None = None) -> Carrier:
        """Return the carrier of a context, by default the current one. Empty while telemetry is off."""
        if not STATE.routes:
            return cls()
        context = rooted(STATE.get() if context is None else context)
        found: Any = context.get(INHERITED_KEY, {})
        fields = _fields(context)
        apart = {route.name: _upstream_fields(context, route.key) for route in STATE.routes if route.key is not None}
        return cls(
            traceparent=fields.get("traceparent", ""),
            tracestate=fields.get("tracestate", ""),
            names=tuple((key, str(found[key])) for key in _CARRIED if key in found),
            apart=tuple((name, text) for name, text in apart.items() if text),
        )

    def context(self) -> Context:
        """Return the context that calls under this carrier have; the current one if the carrier is empty."""
        learn_api()
        around = STATE.get()
        if self == Carrier():
            return around
        try:
            values: dict[str, Any] = dict(_extract({"traceparent": self.traceparent, "tracestate": self.tracestate}, around))
            if self.names:
                values[INHERITED_KEY] = dict(self.names)
            for name, text in self.apart:
                values |= _apart_values(name, text)
            return STATE.context_type(values)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("carrier", error)
            return around

    @contextmanager
    def activate(self) -> Iterator[None]:
        """Put the calls of a ``with`` block under this carrier; nothing happens while telemetry is off."""
        if not STATE.routes:
            yield
            return
        token = STATE.attach(self.context())
        try:
            yield
        finally:
            leave(token)

    def environ(self) -> dict[str, str]:
        """Return the environment variables for a child process: trace context and names, nothing of an upstream destination."""
        from urllib.parse import quote

        names = {short: value for short, key in _NAMES.items() for found, value in self.names if found == key}
        text = ";".join(f"{short}={quote(value, safe='')}" for short, value in names.items())
        given = {TRACEPARENT: self.traceparent, TRACESTATE: self.tracestate, SMART_AGENTS_CONTEXT: text}
        return {name: value for name, value in given.items() if value}

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Carrier:
        """Return the carrier that a parent process left in the environment; what cannot be read counts as absent."""
        from urllib.parse import unquote

        pairs = dict(item.partition("=")[::2] for item in environ.get(SMART_AGENTS_CONTEXT, "").split(";") if "=" in item)
        names = tuple((key, unquote(pairs[short])[:128]) for short, key in _NAMES.items() if pairs.get(short))
        return cls(environ.get(TRACEPARENT, ""), environ.get(TRACESTATE, ""), names)


def inject_environ(environ: MutableMapping[str, str] | None = None) -> dict[str, str]:
    """Return a copy of the environment for a child process of the current call: ``subprocess.run(…, env=inject_environ(os.environ))``."""
    rest = {name: value for name, value in (environ or {}).items() if name not in (TRACEPARENT, TRACESTATE, SMART_AGENTS_CONTEXT)}
    return {**rest, **Carrier.of().environ()} if STATE.routes else dict(environ or {})


def adopt_environ(environ: Mapping[str, str]) -> None:
    """Put every call of this process that has no parent under the call that started the process. Read once, by ``configure()``."""
    carrier = Carrier.from_environ(environ)
    learn_api()
    token = STATE.attach(STATE.context_type())
    try:
        context = carrier.context()
    finally:
        leave(token)
    STATE.root = context or None


def bind(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function tied to the current context, to be called in another thread; unchanged while telemetry is off.

    Raises:
        TypeError: what is bound cannot be called.
    """
    if not callable(function):
        raise TypeError(f"bind() takes a function, not {type(function).__name__}")
    if not STATE.routes:
        return function
    context = STATE.get()
    # The body of these runs later than the call, so the context is entered there.
    later = {"coroutine": _bind_coroutine, "generator": _bind_generator, "async generator": _bind_async_generator}
    make = later.get(kind_of_function(function))
    if make is not None:
        bound_later: Callable[P, R] = make(function, context)
        return bound_later

    @functools.wraps(function)
    def bound(*args: P.args, **kwargs: P.kwargs) -> R:
        token = STATE.attach(context)
        try:
            return function(*args, **kwargs)
        finally:
            leave(token)

    return bound


def _bind_coroutine(function: Any, context: Context) -> Any:
    @functools.wraps(function)
    async def bound(*args: Any, **kwargs: Any) -> Any:
        token = STATE.attach(context)
        try:
            return await function(*args, **kwargs)
        finally:
            leave(token)

    return bound


def _bind_generator(function: Any, context: Context) -> Any:
    return wrap_generator(function, Begun(NO_SPAN, context))


def _bind_async_generator(function: Any, context: Context) -> Any:
    return wrap_async_generator(function, Begun(NO_SPAN, context))


@dataclass(frozen=True, slots=True)
class Carried:
    """A picklable call of a function under a carrier, for process pools."""

    carrier: Carrier
    function: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function under the carrier."""
        with self.carrier.activate():
            return self.function(*args, **kwargs)


def reference(run: ActiveRun) -> str:
    """Return ``<trace id>-<span id>`` of the run, and ``<destination>:<trace id>-<span id>`` for each upstream span, joined by commas."""
    parts = []
    for leg in run.legs:
        there = leg.span.get_span_context()
        text = f"{there.trace_id:032x}-{there.span_id:016x}"
        parts.append(text if leg.route.key is None else f"{leg.route.name}:{text}")
    return ",".join(parts)


def parse_reference(ref: str) -> dict[str, Any]:
    """Return destination → span context; ``""`` stands for OpenTelemetry's own. Empty text is a run that was not recorded.

    Raises:
        ConfigError: the text is no ``ref``.
    """
    from opentelemetry.trace import SpanContext, TraceFlags

    places: dict[str, Any] = {}
    for part in filter(None, ref.split(",")):
        match = _PLACE.fullmatch(part)
        if match is None:
            raise ConfigError("this is not the ref of a run: it must be what run.ref returned, unchanged")
        flags = TraceFlags(TraceFlags.SAMPLED)
        places[match[1] or ""] = SpanContext(int(match[2], 16), int(match[3], 16), is_remote=True, trace_flags=flags)
    return places


def _fields(context: Context) -> dict[str, str]:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    fields: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(fields, context)
    return fields


def _extract(fields: Mapping[str, str], around: Context) -> Context:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({k: v for k, v in fields.items() if v}, around)


def _upstream_fields(context: Context, key: str) -> str:
    leg: Any = context.get(key)
    return "" if leg is None or leg.span is None else _fields(STATE.context_type({STATE.span_key: leg.span})).get("traceparent", "")


def _apart_values(name: str, traceparent: str) -> dict[str, Any]:
    """Return the context entry that makes a span of the parent process the nearest one of an upstream route that this process has."""
    for route in STATE.routes:
        if route.name == name and route.key is not None:
            span = _extract({"traceparent": traceparent}, STATE.context_type()).get(STATE.span_key)
            return {route.key: Leg(_NO_SPEC, route, span, {})}
    return {}


_NO_SPEC: Any = None
"""The call of a leg that lives in another process is not known here; nothing reads it."""
