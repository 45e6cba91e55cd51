"""One span of a call: what is written to it, and how it ends."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv
from otel_smart_agents.instrument.durations import DURATIONS
from otel_smart_agents.instrument.spec import OWN_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.instrument.facts import Facts
    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec
    from otel_smart_agents.instrument.steps import Steps

_OUTCOME = semconv.SMART_AGENTS_OUTCOME


ORDINARY = 0
SPECIAL = 1
ENDED = 2


class Leg:
    """A call's span on one route. A call has one leg per route that sees it; the first leg is the run itself.

    Attributes:
        spec: what is called.
        route: where the span goes.
        span: the OpenTelemetry API span.
        adopted: the span belongs to another instrumentation: its owner ends it and sets its status.
        steps: collects the steps of the workflow around the call.
        collects: the call is the workflow that ``steps`` belongs to.
        state: ``ORDINARY`` (a span of ours, with nothing to add when it ends well), ``SPECIAL`` or ``ENDED``.
        started_ns: monotonic time of the start, 0 unless a duration histogram needs it.
    """

    adopted = False
    steps: Steps | None = None
    collects = False
    started_ns = 0

    def __init__(self, spec: Spec, route: Route, span: Any, inherited: Mapping[str, Any]) -> None:
        self.spec = spec
        self.route = route
        self.span = span
        self._inherited = inherited
        self.state = ORDINARY

    @property
    def inherited(self) -> Mapping[str, Any]:
        """Attributes of every span inside, on this route."""
        return self._inherited

    def write(self, attributes: Mapping[str, Any]) -> None:
        """Set attributes; labels and captured content stay away from upstream spans."""
        if self.route.key is not None:
            attributes = {key: value for key, value in attributes.items() if not key.startswith(OWN_ONLY)}
        self.span.set_attributes(attributes)

    def close(self, outcome: str) -> None:
        """End the span of a call that did not raise."""
        if outcome in ("failure", "timeout"):
            self._close({semconv.ERROR_TYPE: semconv.ERROR_TYPE_OTHER}, outcome, status=semconv.ERROR_TYPE_OTHER)
            return
        span = self.span
        if outcome != "success" or self.adopted:
            span.set_attribute(_OUTCOME, outcome)
        if self.collects and self.steps is not None:
            span.set_attributes(self.steps.attributes())
        if self.started_ns:
            DURATIONS.add(self, outcome, "")
        if not self.adopted:
            span.end()

    def close_failed(self, error: BaseException, facts: Facts, outcome: str) -> None:
        """End the span of a call that raised: status ERROR with the type's name alone, and the facts of the exception."""
        route = self.route
        attributes = facts.attributes(error, packages=route.app_packages, component=self.spec.component, categories=route.categories)
        self._close(attributes, outcome, status=attributes[semconv.ERROR_TYPE])

    def _close(self, attributes: dict[str, Any], outcome: str, *, status: str) -> None:
        attributes[_OUTCOME] = outcome
        if self.collects and self.steps is not None:
            attributes |= self.steps.attributes()
        span = self.span
        span.set_attributes(attributes)
        if self.started_ns:
            DURATIONS.add(self, outcome, status)
        if not self.adopted:
            span.set_status(error_status(status))
            span.end()


@lru_cache(maxsize=256)
def error_status(description: str) -> Any:
    """Return the ERROR status whose description is an exception's type name."""
    from opentelemetry.trace import Status, StatusCode

    return Status(StatusCode.ERROR, description)
