"""Starts the spans of a call: one on OpenTelemetry's current context, one more per upstream route that the call belongs to."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.content import arguments
from otel_smart_agents.instrument.context import CONSENT_KEY, INHERITED_KEY, RUN_KEY, rooted
from otel_smart_agents.instrument.leg import SPECIAL, Leg
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

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

    def begin(  # noqa: C901 - the way of nearly every call: written out in one piece, since a call of a function shows in the benchmark
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[Run, Context]:
        """Start the call's spans. Returns the run and the context for the call's body; never raises."""
        around = STATE.get()
        try:
            route = STATE.single
            spec = self.spec
            if route is None or spec.unusual or (STATE.root is not None and STATE.span_key not in around):
                return self._begin_slowly(around, args, kwargs)
            outer: Any = None
            inherited: Any = None
            attributes = spec.attributes
            if around:
                outer = around.get(RUN_KEY)
                parent: Any = around.get(STATE.span_key)
                if parent is not None and (outer is None or outer.span is not parent) and _same_operation(parent, spec):
                    return self._begin_slowly(around, args, kwargs)
                inherited = around.get(INHERITED_KEY)
                if inherited:
                    attributes = {**inherited, **attributes}
            if spec.captures:
                attributes = arguments(spec.captures, route, args, kwargs, beside=attributes)
            # By position: name, context, kind, attributes, links, start_time, record_exception, set_status_on_exception.
            span = route.tracer.start_span(spec.span_name, around, STATE.span_kinds[spec.remote], attributes, None, None, False, False)
            run = ActiveRun(spec, route, span, around, outer)
            if spec.collects or (outer is not None and outer.steps is not None):
                _join(run, outer)
            if route.meter is not None and spec.metric:
                run.started_ns, run.state = perf_counter_ns(), SPECIAL
            if STATE.beside:
                return run, self._beside(run, around, inherited)
            if not spec.scope:
                return run, STATE.context_type({**around, STATE.span_key: span, RUN_KEY: run})
            inside = {**inherited, **spec.scope} if inherited else spec.scope
            return run, STATE.context_type({**around, STATE.span_key: span, RUN_KEY: run, INHERITED_KEY: inside})
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("start", error)
            return NO_RUN, around

    def _beside(self, run: ActiveRun, around: Context, inherited: Any) -> Context:
        """Start the call's upstream spans, and return the context for its body."""
        spec = self.spec
        values: dict[str, Any] = {**around, STATE.span_key: run.span, RUN_KEY: run}
        if spec.scope:
            values[INHERITED_KEY] = {**inherited, **spec.scope} if inherited else spec.scope
        usual = not around and not spec.collects
        for route in STATE.beside:
            if not self.seen_by.get(route, False) and not self._sees(route):
                continue
            try:
                if usual and route.meter is None:  # nothing is around the call that its upstream span could belong to
                    span = route.tracer.start_span(
                        spec.span_name, STATE.empty, STATE.span_kinds[spec.remote], spec.upstream_attributes, None, None, False, False
                    )
                    leg = values[route.key or ""] = Leg(spec, route, span, spec.scope)
                    run.more = (*run.more, leg) if run.more else (leg,)
                else:
                    values[route.key or ""] = _start_beside(run, route, around)
            except Exception as error:  # noqa: BLE001 - one destination's failure is not another one's
                failed("start", error)
        return STATE.context_type(values)

    def _begin_slowly(self, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Run, Context]:
        """Start a span on every route that sees the call; with none the call is transparent."""
        around = rooted(around)
        run: ActiveRun | None = None
        for route in STATE.routes:
            if not self.seen_by.get(route, False) and not self._sees(route):
                continue
            try:
                if route.key is None:
                    run = _start_current(self.spec, route, around, args, kwargs)
                elif run is None:
                    run = _start_first_apart(self.spec, route, around)
                else:
                    _start_beside(run, route, around)
            except Exception as error:  # noqa: BLE001 - one destination's failure is not another one's
                failed("start", error)
        return (NO_RUN, around) if run is None else (run, context_of(run))

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
        if run.spec.scope:
            values[INHERITED_KEY] = run.inherited
    else:
        values[run.route.key] = run
    for leg in run.more:
        values[leg.route.key or ""] = leg
    return STATE.context_type(values)


def _join(leg: Leg, outer: Leg | None) -> None:
    """Join the steps of the workflow around the call, on the same side; the outermost workflow starts collecting."""
    spec = leg.spec
    if outer is not None and outer.steps is not None and outer.route.key == leg.route.key and not spec.root:
        leg.steps = outer.steps
        outer.steps.add(spec.label)
    elif spec.collects:
        leg.steps, leg.collects, leg.state = Steps(), True, SPECIAL


def _settle(leg: Leg, route: Route, outer: Leg | None) -> None:
    if leg.spec.collects or (outer is not None and outer.steps is not None):
        _join(leg, outer)
    if route.meter is not None and leg.spec.metric:
        leg.started_ns, leg.state = perf_counter_ns(), SPECIAL


def _start_current(spec: Spec, route: Route, around: Context, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> ActiveRun:
    """Start a span as OpenTelemetry's current one, for a call with something unusual to it."""
    outer: Any = around.get(RUN_KEY)
    parent: Any = around.get(STATE.span_key)
    links = None
    if spec.root:
        links = _link(parent)
        around = _without_parent(around)
    elif parent is not None and (outer is None or outer.span is not parent) and _same_operation(parent, spec):
        return _adopt(spec, route, parent, outer=outer, around=around)
    inherited: Any = around.get(INHERITED_KEY)
    attributes = {**inherited, **spec.attributes} if inherited else spec.attributes
    if spec.captures:
        attributes = arguments(spec.captures, route, args, kwargs, beside=attributes)
    span = route.tracer.start_span(spec.span_name, around, STATE.span_kinds[spec.remote], attributes, links, None, False, False)
    run = ActiveRun(spec, route, span, around, outer)
    if spec.result_capture:
        run.state = SPECIAL
    if outer is not None or route.meter is not None or spec.collects:
        _settle(run, route, outer)
    return run


def _start_beside(run: ActiveRun, route: Route, around: Context) -> Leg:
    """Add an upstream span to a call that has a span already, and return its leg."""
    spec = run.spec
    span, outer = _start_apart(spec, route, around)
    leg = Leg(spec, route, span, {**outer.inherited, **spec.scope} if outer is not None and outer.inherited else spec.scope)
    if outer is not None or route.meter is not None or spec.collects:
        _settle(leg, route, outer)
        run.state = max(run.state, leg.state)
    run.more = (*run.more, leg)
    return leg


def _start_first_apart(spec: Spec, route: Route, around: Context) -> ActiveRun:
    span, outer = _start_apart(spec, route, around)
    found: Any = around.get(RUN_KEY)
    run = ActiveRun(spec, route, span, around, found)
    _settle(run, route, outer)
    return run


def _start_apart(spec: Spec, route: Route, around: Context) -> tuple[Any, Any]:
    """Start a span that only this package knows of, and return it with the leg around it.

    Its parent is the nearest span of the same route, never OpenTelemetry's current one.
    """
    outer: Any = None if spec.root else around.get(route.key or "")
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
    return span, outer


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


def _adopt(spec: Spec, route: Route, span: Any, *, outer: ActiveRun | None, around: Context) -> ActiveRun:
    """Enrich another instrumentation's span of the same operation instead of nesting a second one."""
    present = {semconv.SMART_AGENTS_OUTCOME, *(getattr(span, "attributes", None) or ())}
    inherited: Any = around.get(INHERITED_KEY, {})
    span.set_attributes({key: value for key, value in {**inherited, **spec.attributes}.items() if key not in present})
    run = ActiveRun(spec, route, span, around, outer)
    run.adopted, run.state = True, SPECIAL
    _join(run, outer)
    return run
