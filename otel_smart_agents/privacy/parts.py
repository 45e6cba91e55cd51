"""Events and links of a span."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link, SpanContext

from otel_smart_agents import semconv
from otel_smart_agents.privacy.failures import failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from otel_smart_agents.privacy.gate import Gate
    from otel_smart_agents.privacy.tally import Tally


class RedactedEvent(Event):
    """An event that carries how many attributes were dropped: a rebuilt one would report none."""

    def __init__(self, name: str, attributes: dict[str, Any], timestamp: int, *, dropped: int) -> None:
        super().__init__(name, MappingProxyType(attributes), timestamp)
        self._dropped = dropped

    @property
    def dropped_attributes(self) -> int:
        """Attributes dropped by the SDK's limits and by redaction."""
        return self._dropped


class RedactedLink(Link):
    """A link that carries how many attributes were dropped."""

    def __init__(self, context: SpanContext, attributes: dict[str, Any], *, dropped: int) -> None:
        super().__init__(context, MappingProxyType(attributes))
        self._dropped = dropped

    @property
    def dropped_attributes(self) -> int:
        """Attributes dropped by the SDK's limits and by redaction."""
        return self._dropped


def redact_events(events: Sequence[Event], gate: Gate, tally: Tally, *, offset_ns: int) -> tuple[RedactedEvent, ...]:
    """Return the events that may be kept, the latest if there are too many: exceptions come last."""
    return tuple(_event(event, gate, tally, offset_ns) for event in events[-gate.policy.max_events :])


def redact_links(links: Sequence[Link], gate: Gate, tally: Tally) -> tuple[RedactedLink, ...]:
    """Return the links that may be kept, the latest if there are too many."""
    return tuple(_link(link, gate, tally) for link in links[-gate.policy.max_events :])


def last_failure(events: Sequence[Event]) -> Mapping[str, Any]:
    """Return the attributes of the last redacted event that describes an exception; empty if there is none."""
    for event in reversed(events):
        if event.attributes and (semconv.EXCEPTION_TYPE in event.attributes or semconv.SMART_AGENTS_ERROR_STACK_HASH in event.attributes):
            return event.attributes
    return {}


def _event(event: Event, gate: Gate, tally: Tally, offset_ns: int) -> RedactedEvent:
    before = tally.dropped
    attributes = gate.attributes(event.attributes, tally)
    dropped = event.dropped_attributes + tally.dropped - before
    attributes.update(failure_of(event.attributes, gate))
    return RedactedEvent(gate.names.event(event.name, tally), attributes, event.timestamp + offset_ns, dropped=dropped)


def _link(link: Link, gate: Gate, tally: Tally) -> RedactedLink:
    before = tally.dropped
    attributes = gate.attributes(link.attributes, tally)
    return RedactedLink(gate.context(link.context), attributes, dropped=link.dropped_attributes + tally.dropped - before)
