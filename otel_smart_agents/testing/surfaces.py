"""Every text that leaves with a span or a record, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def span_texts(span: Any) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of an SDK span: name, keys and values everywhere, status, trace states, resource, scope."""
    yield "name", span.name
    if span.status.description:
        yield "status description", span.status.description
    yield from _attributes("attribute", span.attributes)
    for event in span.events or ():
        yield f"event {event.name}", event.name
        yield from _attributes(f"event {event.name}, attribute", event.attributes)
    for link in span.links or ():
        yield from _attributes("link, attribute", link.attributes)
        yield from _state("link, trace state", link.context)
    yield from _state("trace state", span.get_span_context())
    yield from _state("parent's trace state", span.parent)
    yield from _origin(span.resource, span.instrumentation_scope)


def record_texts(record: Any) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of an SDK log record: body, event name, severity, keys and values everywhere, resource, scope."""
    inner = record.log_record
    yield from _values("body", inner.body)
    yield from _values("event name", inner.event_name)
    yield from _values("severity", inner.severity_text)
    yield from _attributes("attribute", inner.attributes)
    yield from _origin(record.resource, record.instrumentation_scope)


def _origin(resource: Any, scope: Any) -> Iterator[tuple[str, str]]:
    if resource is not None:
        yield from _attributes("resource, attribute", resource.attributes)
        yield from _values("resource, schema", resource.schema_url)
    if scope is not None:
        yield from _values("scope, name", scope.name)
        yield from _values("scope, version", scope.version)
        yield from _values("scope, schema", scope.schema_url)
        yield from _attributes("scope, attribute", scope.attributes)


def _state(place: str, context: Any) -> Iterator[tuple[str, str]]:
    if context is not None:
        yield from _values(place, dict(context.trace_state))


def _attributes(place: str, attributes: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for key, value in (attributes or {}).items():
        yield f"{place} {key}", str(key)
        yield from _values(f"{place} {key}", value)


def _values(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield a value's text, or those of everything in it."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield place, str(key)
            yield from _values(place, item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(place, item)
    elif isinstance(value, bytes):
        yield place, value.decode("utf-8", "replace")
    else:
        yield place, str(value)
