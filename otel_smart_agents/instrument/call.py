"""Starts the spans of a call: one on OpenTelemetry's current context, one more per upstream route that the call belongs to."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Final, TypeVar

from otel_smart_agents import semconv
from otel_smart_agents.instrument.context import CONSENT_KEY, CURRENT, INHERITED_KEY, RUN_KEY, Context
from otel_smart_agents.instrument.leg import Leg
from otel_smart_agents.instrument.run import NO_RUN, ActiveRun, Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec

AnyLeg = TypeVar("AnyLeg", bound=Leg)
_PER_CALL_NAMES: Final = (semconv.GEN_AI_AGENT_NAME, semconv.GEN_AI_WORKFLOW_NAME)


class Call:
    """One decorated function, or one ``with`` statement's kind and name: starts a run per call."""

    __slots__ = ("module", "seen_by", "spec")

    def __init__(self, spec: Spec, module: str) -> None:
        self.spec = spec
        self.module = module
        self.seen_by: dict[Route, bool] = {}

    def begin(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Run, Context]:
        """Start the call's spans. Returns the run and the context for the call's body; never raises."""
        around = CURRENT.get()
        try:
            route = STATE.single
            if route is None:
                return self._begin_on_many(around, args, kwargs)
            return self._begin_current(route, around, args, kwargs)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("start", error)
            return NO_RUN, around

    def _begin_current(self, route: Route, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Run, Context]:
        """Start a span as OpenTelemetry's current one: the way of nearly every call, so it is written for speed."""
        spec = self.spec
        if not around and STATE.root is not None:
            around = STATE.root
        outer: Any = around.get(RUN_KEY)
        parent: Any = around.get(STATE.span_key)
        base = around
        if spec.root:
            base = _without_parent(around)
        elif parent is not None and (outer is None or outer.span is not parent) and _same_operation(parent, spec):
            return _adopt(spec, route, parent, outer=outer, around=around)
        inherited: Any = base.get(INHERITED_KEY)
        attributes = spec.attributes if not inherited else {**inherited, **spec.attributes}
        if spec.captures:
            attributes = {**attributes, **_captured(spec, route, args, kwargs)}
        links = _link(parent) if spec.root else None
        # By position: name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception.
        span = route.tracer.start_span(spec.span_name, base, STATE.span_kinds[spec.remote], attributes, links, None, False, False)
        run = ActiveRun(spec, route, span)
        run.base = base
        run.outer = outer
        if outer is not None or spec.collects:
            _join(run, outer if outer is not None and outer.route.key is None and not spec.root else None)
        if route.meter is not None and spec.metric:
            run.started_ns = perf_counter_ns()
        scope = spec.scope
        if not scope:
            run.inherited = inherited or scope
            return run, Context(base, **{STATE.span_key: span, RUN_KEY: run})
        run.inherited = inside = {**inherited, **scope} if inherited else scope
        return run, Context(base, **{STATE.span_key: span, RUN_KEY: run, INHERITED_KEY: inside})

    def _begin_on_many(self, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Run, Context]:
        """Start a span on every route that sees the call; with none the call is transparent."""
        run: Run = NO_RUN
        inside = around
        more: list[Leg] = []
        first: ActiveRun | None = None
        for route in STATE.routes:
            if not self._sees(route):
                continue
            if route.key is None:
                run, inside = self._begin_current(route, around, args, kwargs)
                first = run if isinstance(run, ActiveRun) else None
            elif first is None:
                first = _start_apart(self.spec, route, around, ActiveRun)
                first.base, first.outer = around, around.get(RUN_KEY)  # type: ignore[assignment] # only ActiveRun is stored under the key
                run = first
            else:
                more.append(_start_apart(self.spec, route, around, Leg))
        if first is None:
            return run, inside
        first.more = tuple(more)
        if first.route.key is not None or more:
            inside = context_of(first)
        return first, inside

    def _sees(self, route: Route) -> bool:
        seen = self.seen_by.get(route)
        if seen is None:
            if len(self.seen_by) > 16:
                self.seen_by.clear()
            seen = self.seen_by[route] = route.sees(self.module)
        return seen


def context_of(run: ActiveRun) -> Context:
    """Return the context that calls inside the run have."""
    values: dict[str, Any] = {**(run.base or {}), RUN_KEY: run}
    for leg in run.legs:
        if leg.route.key is None:
            values |= {STATE.span_key: leg.span, INHERITED_KEY: leg.inherited}
        else:
            values[leg.route.key] = leg
    return Context(values)


def _join(leg: Leg, outer: Leg | None) -> None:
    """Join the steps of the workflow around the call; the outermost workflow starts collecting."""
    steps = outer.steps if outer is not None else None
    if steps is not None:
        leg.steps = steps
        steps.add(leg.spec.label)
    elif leg.spec.collects:
        leg.steps, leg.collects = Steps(), True


def _start_apart(spec: Spec, route: Route, around: Context, make: type[AnyLeg]) -> AnyLeg:
    """Start a span that only this package knows of: its parent is the nearest one of the same route, never OpenTelemetry's current span."""
    outer: Any = None if spec.root else around.get(route.key or "")
    values: dict[str, Any] = {key: around[key] for key in (CONSENT_KEY,) if key in around}
    attributes = spec.upstream_attributes
    inside: Mapping[str, Any] = spec.scope
    if outer is not None:
        if outer.span is not None:
            values[STATE.span_key] = outer.span
        if outer.inherited:
            values[INHERITED_KEY] = outer.inherited
            attributes = {**outer.inherited, **attributes}
            inside = {**outer.inherited, **inside}
    span = route.tracer.start_span(spec.span_name, Context(values), STATE.span_kinds[spec.remote], attributes, None, None, False, False)
    leg = make(spec, route, span)
    leg.inherited = inside
    _join(leg, outer)
    if route.meter is not None and spec.metric:
        leg.started_ns = perf_counter_ns()
    return leg


def _without_parent(around: Context) -> Context:
    """Return the context for a span that starts a trace of its own: session and labels stay, the agent and workflow around do not."""
    found: Any = around.get(INHERITED_KEY, {})
    inherited = {key: value for key, value in found.items() if key not in _PER_CALL_NAMES}
    rest = {key: value for key, value in around.items() if key not in (STATE.span_key, RUN_KEY, INHERITED_KEY)}
    return Context(rest, **{INHERITED_KEY: inherited} if inherited else {})


def _link(parent: Any) -> list[Any] | None:
    from opentelemetry.trace import Link

    there = parent.get_span_context() if parent is not None else None
    return [Link(there)] if there is not None and there.is_valid else None


def _same_operation(parent: Any, spec: Spec) -> bool:
    """Tell whether the current span, which no run of ours is the owner of, already stands for this very operation and name.

    The API has no way to read a span; the SDK's span has public properties, and a span without them simply is not the same operation.
    """
    name = getattr(parent, "name", None)
    if name is None or not parent.is_recording():
        return False
    scope = getattr(parent, "instrumentation_scope", None)
    if scope is not None and scope.name == semconv.SCOPE_NAME:
        return False
    if name == spec.span_name:
        return True
    attributes = getattr(parent, "attributes", None) or {}
    return bool(spec.metric_attributes) and all(attributes.get(key) == value for key, value in spec.metric_attributes.items())


def _adopt(spec: Spec, route: Route, span: Any, *, outer: ActiveRun | None, around: Context) -> tuple[Run, Context]:
    """Enrich another instrumentation's span of the same operation instead of nesting a second one."""
    present = getattr(span, "attributes", None) or {}
    inherited: Any = around.get(INHERITED_KEY, {})
    span.set_attributes({key: value for key, value in {**inherited, **spec.attributes}.items() if key not in present})
    run = ActiveRun(spec, route, span)
    run.adopted = True
    run.base, run.outer = around, outer
    run.inherited = {**inherited, **spec.scope}
    _join(run, outer if outer is not None and outer.route.key is None else None)
    return run, context_of(run)


def _captured(spec: Spec, route: Route, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    from otel_smart_agents.instrument.content import arguments

    return arguments(spec.captures, route, args, kwargs)
