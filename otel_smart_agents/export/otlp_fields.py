"""The messages of OTLP by their names in OTLP JSON: which field each member is and how it is written.

Source of the numbers: opentelemetry-proto 1.x.
"""

from __future__ import annotations

from typing import Final

from otel_smart_agents.export import wire

RESOURCE: Final = wire.message({"attributes": wire.attributes(1), "droppedAttributesCount": wire.integer(2)})
SCOPE: Final = wire.message(
    {"name": wire.text(1), "version": wire.text(2), "attributes": wire.attributes(3), "droppedAttributesCount": wire.integer(4)}
)
_EVENT: Final = wire.message(
    {"timeUnixNano": wire.fixed64(1), "name": wire.text(2), "attributes": wire.attributes(3), "droppedAttributesCount": wire.integer(4)}
)
_LINK: Final = wire.message(
    {
        "traceId": wire.hex_bytes(1),
        "spanId": wire.hex_bytes(2),
        "traceState": wire.text(3),
        "attributes": wire.attributes(4),
        "droppedAttributesCount": wire.integer(5),
        "flags": wire.fixed32(6),
    }
)
ATTRIBUTES_OF_SPAN: Final = wire.attributes(9)
SPAN: Final = wire.message(
    {
        "traceId": wire.hex_bytes(1),
        "spanId": wire.hex_bytes(2),
        "traceState": wire.text(3),
        "parentSpanId": wire.hex_bytes(4),
        "name": wire.text(5),
        "kind": wire.integer(6),
        "startTimeUnixNano": wire.fixed64(7),
        "endTimeUnixNano": wire.fixed64(8),
        "attributes": ATTRIBUTES_OF_SPAN,
        "droppedAttributesCount": wire.integer(10),
        "events": wire.repeated(11, _EVENT),
        "droppedEventsCount": wire.integer(12),
        "links": wire.repeated(13, _LINK),
        "droppedLinksCount": wire.integer(14),
        "status": wire.nested(15, wire.message({"message": wire.text(2), "code": wire.integer(3)})),
        "flags": wire.fixed32(16),
    }
)
LOG_RECORD: Final = wire.message(
    {
        "timeUnixNano": wire.fixed64(1),
        "severityNumber": wire.integer(2),
        "severityText": wire.text(3),
        "body": wire.nested(5, wire.any_value),
        "attributes": wire.attributes(6),
        "droppedAttributesCount": wire.integer(7),
        "flags": wire.fixed32(8),
        "traceId": wire.hex_bytes(9),
        "spanId": wire.hex_bytes(10),
        "observedTimeUnixNano": wire.fixed64(11),
        "eventName": wire.text(12),
    }
)
_EXEMPLAR: Final = wire.message(
    {
        "timeUnixNano": wire.fixed64(2),
        "asDouble": wire.double(3),
        "spanId": wire.hex_bytes(4),
        "traceId": wire.hex_bytes(5),
        "asInt": wire.sfixed64(6),
        "filteredAttributes": wire.attributes(7),
    }
)
_NUMBER_POINT: Final = wire.message(
    {
        "startTimeUnixNano": wire.fixed64(2),
        "timeUnixNano": wire.fixed64(3),
        "asDouble": wire.double(4),
        "exemplars": wire.repeated(5, _EXEMPLAR),
        "asInt": wire.sfixed64(6),
        "attributes": wire.attributes(7),
        "flags": wire.integer(8),
    }
)
_HISTOGRAM_POINT: Final = wire.message(
    {
        "startTimeUnixNano": wire.fixed64(2),
        "timeUnixNano": wire.fixed64(3),
        "count": wire.fixed64(4),
        "sum": wire.double(5),
        "bucketCounts": wire.packed(6, "Q"),
        "explicitBounds": wire.packed(7, "d"),
        "exemplars": wire.repeated(8, _EXEMPLAR),
        "attributes": wire.attributes(9),
        "flags": wire.integer(10),
        "min": wire.double(11),
        "max": wire.double(12),
    }
)
_BUCKETS: Final = wire.message({"offset": wire.zigzag(1), "bucketCounts": wire.packed(2, None)})
_EXPONENTIAL_POINT: Final = wire.message(
    {
        "attributes": wire.attributes(1),
        "startTimeUnixNano": wire.fixed64(2),
        "timeUnixNano": wire.fixed64(3),
        "count": wire.fixed64(4),
        "sum": wire.double(5),
        "scale": wire.zigzag(6),
        "zeroCount": wire.fixed64(7),
        "positive": wire.nested(8, _BUCKETS),
        "negative": wire.nested(9, _BUCKETS),
        "flags": wire.integer(10),
        "exemplars": wire.repeated(11, _EXEMPLAR),
        "min": wire.double(12),
        "max": wire.double(13),
        "zeroThreshold": wire.double(14),
    }
)


def _points(point: wire.Writer, *, monotonic: bool = False) -> wire.Writer:
    fields = {"dataPoints": wire.repeated(1, point), "aggregationTemporality": wire.integer(2)}
    return wire.message(fields | ({"isMonotonic": wire.integer(3)} if monotonic else {}))


METRIC: Final = wire.message(
    {
        "name": wire.text(1),
        "description": wire.text(2),
        "unit": wire.text(3),
        "gauge": wire.nested(5, _points(_NUMBER_POINT)),
        "sum": wire.nested(7, _points(_NUMBER_POINT, monotonic=True)),
        "histogram": wire.nested(9, _points(_HISTOGRAM_POINT)),
        "exponentialHistogram": wire.nested(10, _points(_EXPONENTIAL_POINT)),
        "metadata": wire.attributes(12),
    }
)
