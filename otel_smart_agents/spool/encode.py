"""Spans as OTLP JSON, straight from the span: the same message as the SDK's protobuf encoder makes, in less than half of its time.

Every function returns the *content* of the outermost array (``resourceSpans``, ``resourceLogs``, ``resourceMetrics``): lines and request
bodies are spliced from it without parsing. Keys always come in the same order, so equal spans give equal bytes.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any, Final, TypeVar

from otel_smart_agents.spool.points import metric_json
from otel_smart_agents.spool.records import log_json
from otel_smart_agents.spool.values import attributes, dropped, fixed64, text, uint32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from opentelemetry.sdk._logs import ReadableLogRecord  # the SDK has no other public name for it
    from opentelemetry.sdk.metrics.export import MetricsData
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import Link, SpanContext, Status, TraceState

T = TypeVar("T")

# opentelemetry.proto.trace.v1.SpanFlags: the remote bit is known for every parent, set for a remote one.
_HAS_IS_REMOTE: Final = 256
_IS_REMOTE: Final = 768
_KEPT: Final = 256


class _Remembered:
    """Encoded forms of immutable objects that come with every span, by identity. Holding the object keeps its id from being reused."""

    def __init__(self, encode: Callable[[Any], str]) -> None:
        self._encode = encode
        self._known: dict[int, tuple[object, str]] = {}

    def __call__(self, value: object) -> str:
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        encoded = self._encode(value)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[id(value)] = (value, encoded)
        return encoded


def _resource(resource: Resource) -> str:
    schema = f'"schemaUrl":{text(resource.schema_url)},' if resource.schema_url else ""
    return '{"resource":{' + attributes(resource.attributes, strict=True).rstrip(",") + "}," + schema


def _scope(scope: InstrumentationScope | None) -> str:
    if scope is None:
        return '{"scope":{},'
    members = [f'"name":{text(scope.name)}']  # an empty name too: a scope without a name is not a missing scope
    if scope.version:
        members.append(f'"version":{text(scope.version)}')
    encoded = attributes(scope.attributes, strict=True)
    if encoded:
        members.append(encoded.rstrip(","))
    schema = f'"schemaUrl":{text(scope.schema_url)},' if scope.schema_url else ""
    return '{"scope":{' + ",".join(members) + "}," + schema


_resource_head = _Remembered(_resource)
_scope_head = _Remembered(_scope)


def encode_spans(spans: Iterable[ReadableSpan]) -> bytes:
    """Return the content of one ``resourceSpans`` array, spans grouped by resource and scope in the order of their first span."""
    spans = list(spans)

    def of(strict: bool) -> str:  # noqa: FBT001 - local, called by _unicode only
        return _grouped(spans, lambda span: _span(span, strict=strict), names=("scopeSpans", "spans"))

    return _unicode(of)


def encode_logs(records: Iterable[ReadableLogRecord]) -> bytes:
    """Return the content of one ``resourceLogs`` array."""
    records = list(records)

    def of(strict: bool) -> str:  # noqa: FBT001 - local, called by _unicode only
        return _grouped(records, lambda record: log_json(record, strict=strict), names=("scopeLogs", "logRecords"))

    return _unicode(of)


def encode_metrics(data: MetricsData) -> bytes:
    """Return the content of one ``resourceMetrics`` array.

    Raises:
        TypeError: a metric's data is none of gauge, sum, histogram and exponential histogram.
    """

    def of(strict: bool) -> str:  # noqa: FBT001 - local, called by _unicode only
        parts = []
        for resource in data.resource_metrics:
            scopes = [
                _scope_head(scope.scope) + '"metrics":[' + ",".join([metric_json(metric, strict=strict) for metric in scope.metrics]) + "]}"
                for scope in resource.scope_metrics
            ]
            parts.append(_resource_head(resource.resource) + '"scopeMetrics":[' + ",".join(scopes) + "]}")
        return ",".join(parts)

    return _unicode(of)


def _unicode(encode: Callable[[bool], str]) -> bytes:
    """Return UTF-8; only if the quick way left a surrogate in, encode again with a check of every value."""
    try:
        return encode(False).encode()
    except UnicodeEncodeError:
        return encode(True).encode()


def _grouped(items: Sequence[Any], encode: Callable[[Any], str], *, names: tuple[str, str]) -> str:
    groups: dict[str, dict[str, list[str]]] = {}
    for item in items:
        scopes = groups.setdefault(_resource_head(item.resource), {})
        scopes.setdefault(_scope_head(item.instrumentation_scope or None), []).append(encode(item))
    outer, inner = names
    parts = []
    for resource, scopes in groups.items():
        inside = [f'{scope}"{inner}":[{",".join(encoded)}]}}' for scope, encoded in scopes.items()]
        parts.append(f'{resource}"{outer}":[{",".join(inside)}]}}')
    return ",".join(parts)


def _span(span: ReadableSpan, *, strict: bool) -> str:
    context = span.get_span_context()
    if context is None:
        raise TypeError("a span without context cannot be encoded: it has no ids")
    parent = span.parent
    events, links = span.events, span.links
    return (
        f'{{"traceId":"{context.trace_id:032x}","spanId":"{context.span_id:016x}",'
        + (_trace_state(context.trace_state) if context.trace_state else "")
        + (f'"parentSpanId":"{parent.span_id:016x}",' if parent else "")
        + f'"name":{text(span.name) if strict else quote(span.name)},"kind":{span.kind.value + 1},'
        + f'"startTimeUnixNano":{fixed64(span.start_time)},"endTimeUnixNano":{fixed64(span.end_time)},'
        + attributes(span.attributes, strict=strict)
        + _dropped_counts(span)
        + (f'"events":[{",".join([_event(event, strict=strict) for event in events])}],' if events else "")
        + (f'"links":[{",".join([_link(link, strict=strict) for link in links])}],' if links else "")
        + f'"status":{{{_status(span.status, strict=strict)}}},"flags":{_flags(parent)}}}'
    )


def _flags(context: SpanContext | None) -> int:
    return _IS_REMOTE if context and context.is_remote else _HAS_IS_REMOTE


def _trace_state(state: TraceState) -> str:
    return f'"traceState":{text(",".join(f"{key}={value}" for key, value in state.items()))},'


def _dropped_counts(span: ReadableSpan) -> str:
    counts = ""
    if span.dropped_attributes:
        counts += f'"droppedAttributesCount":{uint32(span.dropped_attributes)},'
    if span.dropped_events:
        counts += f'"droppedEventsCount":{uint32(span.dropped_events)},'
    if span.dropped_links:
        counts += f'"droppedLinksCount":{uint32(span.dropped_links)},'
    return counts


def _event(event: Event, *, strict: bool) -> str:
    return (
        f'{{"timeUnixNano":{fixed64(event.timestamp)},'
        + attributes(event.attributes, strict=strict)
        + f'"name":{text(event.name) if strict else quote(event.name)}{dropped(event.dropped_attributes)}}}'
    )


def _link(link: Link, *, strict: bool) -> str:
    # Like the SDK's encoder this leaves the link's trace state out: it belongs to another vendor's trace.
    return (
        f'{{"traceId":"{link.context.trace_id:032x}","spanId":"{link.context.span_id:016x}",'
        + attributes(link.attributes, strict=strict)
        + f'"flags":{_flags(link.context)}{dropped(link.dropped_attributes)}}}'
    )


def _status(status: Status, *, strict: bool) -> str:
    message = status.description
    if not message:
        return f'"code":{status.status_code.value}'
    return f'"code":{status.status_code.value},"message":{text(message) if strict else quote(message)}'
