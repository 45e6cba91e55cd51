"""OTLP JSON, as the spool holds it, to the bytes of an OTLP protobuf request.

Promise: for every payload that the spool's encoder writes, the bytes parse to the same message that the SDK's protobuf encoder makes of the
same telemetry. Works in slices of at most 64 records and gives the interpreter lock back between two slices.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.export import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_loads: Callable[[bytes], Any]
try:
    from orjson import loads as _loads
except ImportError:  # orjson is the optional extra "fast"
    _loads = json.loads

SLICE_RECORDS: Final = 64
"""Spans or log records that are converted before the interpreter lock is offered to other threads."""

ARRAY_KEY: Final = {"traces": "resourceSpans", "logs": "resourceLogs", "metrics": "resourceMetrics"}
"""The one key of a request of each signal."""

_RESOURCE: Final = wire.message({"attributes": wire.attributes(1), "droppedAttributesCount": wire.integer(2)})
_SCOPE: Final = wire.message(
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
_SPAN: Final = wire.message(
    {
        "traceId": wire.hex_bytes(1),
        "spanId": wire.hex_bytes(2),
        "traceState": wire.text(3),
        "parentSpanId": wire.hex_bytes(4),
        "name": wire.text(5),
        "kind": wire.integer(6),
        "startTimeUnixNano": wire.fixed64(7),
        "endTimeUnixNano": wire.fixed64(8),
        "attributes": wire.attributes(9),
        "droppedAttributesCount": wire.integer(10),
        "events": wire.repeated(11, _EVENT),
        "droppedEventsCount": wire.integer(12),
        "links": wire.repeated(13, _LINK),
        "droppedLinksCount": wire.integer(14),
        "status": wire.nested(15, wire.message({"message": wire.text(2), "code": wire.integer(3)})),
        "flags": wire.fixed32(16),
    }
)
_LOG_RECORD: Final = wire.message(
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


_METRIC: Final = wire.message(
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
_RECORDS: Final[dict[str, tuple[str, str, wire.Writer]]] = {
    "traces": ("scopeSpans", "spans", _SPAN),
    "logs": ("scopeLogs", "logRecords", _LOG_RECORD),
    "metrics": ("scopeMetrics", "metrics", _METRIC),
}
_RESOURCE_FIELD: Final = wire.nested(1, _RESOURCE)
_SCOPE_FIELD: Final = wire.nested(1, _SCOPE)
_SCHEMA_URL_FIELD: Final = wire.text(3)


def yield_interpreter() -> None:
    """Offer the interpreter lock to the threads of the application."""
    time.sleep(0)


def json_to_protobuf(payloads: Iterable[bytes], *, signal: str = "traces", pause: Callable[[], None] = yield_interpreter) -> bytes:
    """Return the protobuf request for the array contents of some spool lines, in their order.

    Args:
        payloads: the content of the ``resourceSpans`` (``resourceLogs``, ``resourceMetrics``) array of each line, with or without brackets.
        signal: ``traces``, ``logs`` or ``metrics``.
        pause: called after each slice of records.

    Raises:
        ValueError: a payload is not OTLP JSON.
    """
    convert = _Converter(signal, pause)
    try:
        return b"".join([convert.resource(group) for payload in payloads for group in _groups(payload)])
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"the payload is not OTLP JSON of {signal}: {type(error).__name__}") from error


def _groups(payload: bytes) -> Iterator[dict[str, Any]]:
    text = payload if payload[:1] == b"[" else b"[" + payload + b"]"
    yield from _loads(text)


class _Converter:
    """Counts records over a whole request, so that many short lines also pause."""

    def __init__(self, signal: str, pause: Callable[[], None]) -> None:
        self._scopes, self._records, self._record = _RECORDS[signal]
        self._pause = pause
        self._left = SLICE_RECORDS

    def resource(self, group: dict[str, Any]) -> bytes:
        parts = [_RESOURCE_FIELD(group["resource"])] if "resource" in group else []
        parts += [wire.delimited(b"\x12", self._scope(scope)) for scope in group.get(self._scopes) or ()]
        if group.get("schemaUrl"):
            parts.append(_SCHEMA_URL_FIELD(group["schemaUrl"]))
        return wire.delimited(b"\x0a", b"".join(parts))

    def _scope(self, scope: dict[str, Any]) -> bytes:
        parts = [_SCOPE_FIELD(scope["scope"])] if "scope" in scope else []
        record = self._record
        for item in scope.get(self._records) or ():
            parts.append(wire.delimited(b"\x12", record(item)))
            self._left -= 1
            if not self._left:
                self._left = SLICE_RECORDS
                self._pause()
        if scope.get("schemaUrl"):
            parts.append(_SCHEMA_URL_FIELD(scope["schemaUrl"]))
        return b"".join(parts)
