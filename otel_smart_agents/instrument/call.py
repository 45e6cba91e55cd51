"""Starts the spans of a call: one on OpenTelemetry's current context, one more per upstream route that the call belongs to."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.context import CONSENT_KEY, INHERITED_KEY, RUN_KEY
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.leg import Leg
    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec

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
        around = STATE.get()
        try:
            route = STATE.single
            spec = self.spec
            if route is None or spec.unusual or (not around and STATE.root is not None):
                return self._begin_slowly(around, args, kwargs)
            # One span, OpenTelemetry's current one: the way of nearly every call, so it is written for speed.
            outer: Any = around.get(RUN_KEY)
            parent: Any = around.get(STATE.span_key)
            if parent is not None and (outer is None or outer.span is not parent) and _same_operation(parent, spec):
                return _adopt(spec, route, parent, outer=outer, around=around)
            inherited: Any = around.get(INHERITED_KEY)
            attributes = {**inherited, **spec.attributes} if inherited else spec.attributes
            # By position: name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception.
            span = route.tracer.start_span(spec.span_name, around, STATE.span_kinds[spec.remote], attributes, None, None, False, False)
            run = ActiveRun(spec, route, span, around, outer)
            if spec.collects or (outer is not None and outer.steps is not None):
                _join(run, outer)
            if route.meter is not None and spec.metric:
                run.started_ns = perf_counter_ns()
            if not spec.scope:
                return run, STATE.context_type({**around, STATE.span_key: span, RUN_KEY: run})
            inside = {**inherited, **spec.scope} if inherited else spec.scope
            return run, STATE.context_type({**around, STATE.span_key: span, RUN_KEY: run, INHERITED_KEY: inside})
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("start", error)
            return NO_RUN, around

    def _begin_slowly(self, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Run, Context]:
        """Start a span on every route that sees the call; with none the call is transparent."""
        if not around and STATE.root is not None:
            around = STATE.root
        first: ActiveRun | None = None
        for route in STATE.routes:
            if not (self.seen_by.get(route) or self._sees(route)):
                continue
            if route.key is None:
                first = self._start_current(route, around, args, kwargs)
            elif first is None:
                first = _start_apart(self.spec, route, around)
            else:
                first.more = (*first.more, _start_apart(self.spec, route, around))
                first.ordinary = False
        return (NO_RUN, around) if first is None else (first, context_of(first))

    def _start_current(self, route: Route, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> ActiveRun:
        """Start a span as OpenTelemetry's current one, for a call with something unusual to it."""
        spec = self.spec
        outer: Any = around.get(RUN_KEY)
        parent: Any = around.get(STATE.span_key)
        links = None
        if spec.root:
            links = _link(parent)
            around = _without_parent(around)
        elif parent is not None and (outer is None or outer.span is not parent) and _same_operation(parent, spec):
            adopted, _ = _adopt(spec, route, parent, outer=outer, around=around)
            return adopted
        inherited: Any = around.get(INHERITED_KEY)
        attributes = {**inherited, **spec.attributes} if inherited else spec.attributes
        if spec.captures:
            from otel_smart_agents.instrument.content import arguments

            attributes = arguments(spec.captures, route, args, kwargs, beside=attributes)
        span = route.tracer.start_span(spec.span_name, around, STATE.span_kinds[spec.remote], attributes, links, None, False, False)
        run = ActiveRun(spec, route, span, around, outer)
        run.ordinary = spec.result_capture == 0
        _join(run, outer)
        if route.meter is not None and spec.metric:
            run.started_ns = perf_counter_ns()
        return run

    def _sees(self, route: Route) -> bool:
        seen = self.seen_by.get(route)
        if seen is None:
            if len(self.seen_by) > 16:
                self.seen_by.clear()
            seen = self.seen_by[route] = route.sees(self.module)
        return seen


def context_of(run: ActiveRun) -> Context:
    """Return the context that calls inside the run have."""
    values: dict[str, Any] = {**run.base, RUN_KEY: run}
    if run.route.key is None:
        values[STATE.span_key] = run.span
        if inside := run.inherited:
            values[INHERITED_KEY] = inside
    else:
        values[run.route.key] = run
    for leg in run.more:
        values[leg.route.key or ""] = leg
    return STATE.context_type(values)


def _join(leg: ActiveRun, outer: Leg | None) -> None:
    """Join the steps of the workflow around the call, on the same side; the outermost workflow starts collecting."""
    spec = leg.spec
    if outer is not None and outer.steps is not None and outer.route.key == leg.route.key and not spec.root:
        leg.steps = outer.steps
        outer.steps.add(spec.label)
    elif spec.collects:
        leg.steps, leg.collects, leg.ordinary = Steps(), True, False


def _start_apart(spec: Spec, route: Route, around: Context) -> ActiveRun:
    """Start a span that only this package knows of: its parent is the nearest one of the same route, never OpenTelemetry's current span."""
    key = route.key or ""
    outer: Any = None if spec.root else around.get(key)
    consent = around.get(CONSENT_KEY)
    attributes = spec.upstream_attributes
    context = STATE.empty
    if outer is not None or consent is not None:
        values: dict[str, Any] = {} if consent is None else {CONSENT_KEY: consent}
        if outer is not None and outer.span is not None:
            values[STATE.span_key] = outer.span
        if outer is not None and outer.inherited:
            values[INHERITED_KEY] = outer.inherited
            attributes = {**outer.inherited, **attributes}
        context = STATE.context_type(values)
    span = route.tracer.start_span(spec.span_name, context, STATE.span_kinds[spec.remote], attributes, None, None, False, False)
    found: Any = around.get(RUN_KEY)
    leg = ActiveRun(spec, route, span, around, found)
    _join(leg, outer)
    if route.meter is not None and spec.metric:
        leg.started_ns = perf_counter_ns()
    return leg


def _without_parent(around: Context) -> Context:
    """Return the context for a span that starts a trace of its own: session and labels stay, the agent and workflow around do not."""
    found: Any = around.get(INHERITED_KEY, {})
    inherited = {key: value for key, value in found.items() if key not in _PER_CALL_NAMES}
    rest = {key: value for key, value in around.items() if key not in (STATE.span_key, RUN_KEY, INHERITED_KEY)}
    return STATE.context_type(rest, **{INHERITED_KEY: inherited} if inherited else {})


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


def _adopt(spec: Spec, route: Route, span: Any, *, outer: ActiveRun | None, around: Context) -> tuple[ActiveRun, Context]:
    """Enrich another instrumentation's span of the same operation instead of nesting a second one."""
    present = getattr(span, "attributes", None) or {}
    inherited: Any = around.get(INHERITED_KEY, {})
    span.set_attributes({key: value for key, value in {**inherited, **spec.attributes}.items() if key not in present})
    run = ActiveRun(spec, route, span, around, outer)
    run.adopted, run.ordinary = True, False
    _join(run, outer)
    return run, context_of(run)
