"""Feature use and ratings: log-based events, and zero-duration spans for a destination that takes traces only."""

from __future__ import annotations

import time
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.context import INHERITED_KEY
from otel_smart_agents.instrument.run import Run
from otel_smart_agents.instrument.runtime import STATE, caller_module, failed
from otel_smart_agents.instrument.spec import OWN_ONLY, check_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.runtime import Route

SATISFACTION: Final = "user_satisfaction"
_RATED_NAMES: Final = (semconv.GEN_AI_SKILL_NAME, semconv.GEN_AI_AGENT_NAME)


def feature(name: str, action: str = "used") -> None:
    """Record that a feature was ``enabled``, ``disabled``, ``configured`` or ``used``.

    Raises:
        TypeError: the name is not text.
        ConfigError: the name is not a name, or the action is unknown.
    """
    if not isinstance(name, str):
        raise TypeError(f"feature() takes the name of a feature, not {type(name).__name__}")
    if not isinstance(action, str) or action not in semconv.FEATURE_ACTIONS:
        raise ConfigError(f"feature(action=…) must be one of {', '.join(sorted(semconv.FEATURE_ACTIONS))}, not {action!r}")
    check_name(name, "feature(name=…)")
    if not STATE.routes:
        return
    module = caller_module()
    attributes = {semconv.SMART_AGENTS_FEATURE_NAME: name, semconv.SMART_AGENTS_FEATURE_ACTION: action}
    kind = semconv.KINDS["feature"]

    def emit(route: Route) -> None:
        if route.sees(module):
            _emit(route, semconv.EVENT_FEATURE, attributes, around=_around(route), span_name=f"{kind.operation} {name}", kind="feature")

    _on_every_route(emit)


def feedback(rated: Run | str, name: str, value: float, *, label: str | None = None) -> None:
    """Rate a run: now, later, or in another process by its ``ref``.

    Args:
        rated: the run, or the text of its ``ref``; the empty ``ref`` of a run that was not recorded is accepted and rates nothing.
        name: what is rated, for example ``user_satisfaction``.
        value: the score; 1 to 5 for ``user_satisfaction``.
        label: a word that the program declares, for example ``pass``. Never an explanation.

    Raises:
        TypeError: an argument of the wrong type.
        ConfigError: a score out of range, a name that is not a name, or a text that is no ``ref``.
    """
    _check_rating(name, value, label)
    if not isinstance(rated, (Run, str)):
        raise TypeError(f"feedback() takes a run or its ref, not {type(rated).__name__}")
    named: Mapping[str, Any] = {}
    if isinstance(rated, ActiveRun):
        named = {key: found for key in _RATED_NAMES if (found := rated.spec.attributes.get(key) or rated.inherited.get(key))}
    from otel_smart_agents.instrument.propagate import parse_reference

    places = parse_reference(rated.ref if isinstance(rated, Run) else rated)
    attributes = {semconv.GEN_AI_EVALUATION_NAME: name, semconv.GEN_AI_EVALUATION_SCORE_VALUE: float(value), **named}
    if label is not None:
        attributes[semconv.GEN_AI_EVALUATION_SCORE_LABEL] = label
    if places:
        _on_every_route(lambda route: _rate_on(route, places, attributes))


def rate(run: ActiveRun, value: float, *, label: str | None) -> None:
    """Rate a run from inside the instrumented path, where nothing raises."""
    try:
        feedback(run, SATISFACTION, value, label=label)
    except (TypeError, ValueError) as error:
        failed("rate", error)


def _check_rating(name: Any, value: Any, label: Any) -> None:
    if not isinstance(name, str) or not (label is None or isinstance(label, str)):
        raise TypeError("feedback(name=…, label=…) take text")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"feedback(value=…) takes a number, not {type(value).__name__}")
    check_name(name, "feedback(name=…)")
    if label is not None:
        check_name(label, "feedback(label=…)")
    if not isfinite(value):
        raise ConfigError("feedback(value=…) must be a finite number")
    if name == SATISFACTION and not 1 <= value <= 5:
        raise ConfigError(f"{SATISFACTION} is a rating from 1 to 5, not {value!r}")


def _rate_on(route: Route, places: Mapping[str, Any], attributes: Mapping[str, Any]) -> None:
    """Emit a rating with the ids that the rated run has on this route; a run that the route never saw is not rated there."""
    where = places.get("" if route.key is None else route.name)
    if where is None:
        return
    from opentelemetry.trace import Link, NonRecordingSpan

    around = STATE.context_type({STATE.span_key: NonRecordingSpan(where)})
    span_name = f"{semconv.KINDS['rating'].operation} {attributes[semconv.GEN_AI_EVALUATION_NAME]}"
    _emit(route, semconv.EVENT_RATING, attributes, around=around, span_name=span_name, kind="rating", links=[Link(where)])


def _on_every_route(emit: Callable[[Route], None]) -> None:
    """Call ``emit`` for every route that is active, and for inactive ``own`` routes whose logger no other route has.

    Two own destinations on one tracer provider share their spans, so one of their routes is active; their loggers may still differ.
    """
    active = STATE.routes
    loggers = [route.logger for route in active]
    silent = [route for route in STATE.installed if route not in active and route.logger is not None and route.logger not in loggers]
    for route in (*active, *silent):
        try:
            emit(route)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("event", error)


def _around(route: Route) -> Context:
    """Return the context that an event of the route belongs to: OpenTelemetry's, or one with the route's own span alone."""
    context = STATE.get()
    if route.key is None:
        return context
    leg: Any = context.get(route.key)
    if leg is None or leg.span is None:
        return STATE.context_type({})
    return STATE.context_type({STATE.span_key: leg.span, INHERITED_KEY: leg.inherited})


def _emit(
    route: Route,
    event: str,
    attributes: Mapping[str, Any],
    *,
    around: Context,
    span_name: str,
    kind: str,
    links: list[Any] | None = None,
) -> None:
    now = time.time_ns()
    inherited: Any = around.get(INHERITED_KEY, {})
    if route.key is not None:
        inherited = {key: value for key, value in inherited.items() if not key.startswith(OWN_ONLY)}
    attributes = {**inherited, **attributes}
    if route.logger is not None:
        # An empty context would make the log API read the current one, whose span is not the upstream route's.
        context = around or STATE.context_type({STATE.span_key: _no_span()})
        route.logger.emit(timestamp=now, context=context, attributes=attributes, event_name=event)
    if route.event_spans and route in STATE.routes:
        attributes = {**attributes, semconv.SMART_AGENTS_KIND: kind}
        span = route.tracer.start_span(span_name, around, STATE.span_kinds[0], attributes, links, now, False, False)
        span.end(now + 1)  # one nanosecond: Jaeger marks a span that ends when it starts as damaged


def _no_span() -> Any:
    from opentelemetry.trace import INVALID_SPAN

    return INVALID_SPAN
