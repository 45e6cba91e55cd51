"""Reads OTLP JSON into the SDK's objects: what the filter would meet if the program itself had made the span, record or metric."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Buckets,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

Item = dict[str, Any]

_IS_REMOTE = 0x200


def value_of(item: Item) -> Any:
    """The value of one AnyValue."""
    kind, value = next(iter(item.items()), ("", None))
    return {
        "": lambda: None,
        "intValue": lambda: int(value),
        "doubleValue": lambda: float(value),
        "bytesValue": lambda: base64.b64decode(value),
        "arrayValue": lambda: tuple(value_of(element) for element in value.get("values", [])),
        "kvlistValue": lambda: attributes_of(value.get("values", [])),
    }.get(kind, lambda: value)()


def attributes_of(items: list[Item] | None) -> dict[str, Any]:
    """A repeated KeyValue as a dict."""
    return {item["key"]: value_of(item.get("value", {})) for item in items or []}


class SourceEvent(Event):
    """An event that was handed over with a count of dropped attributes."""

    def __init__(self, item: Item) -> None:
        super().__init__(item.get("name", ""), attributes_of(item.get("attributes")), int(item.get("timeUnixNano", 0)))
        self._count = item.get("droppedAttributesCount", 0)

    @property
    def dropped_attributes(self) -> int:
        return self._count


class SourceLink(Link):
    """A link that was handed over with a count of dropped attributes."""

    def __init__(self, item: Item) -> None:
        super().__init__(context_of(item), attributes_of(item.get("attributes")))
        self._count = item.get("droppedAttributesCount", 0)

    @property
    def dropped_attributes(self) -> int:
        return self._count


class SourceSpan(ReadableSpan):
    """A span that was handed over with counts of what was dropped."""

    counts: Item

    @property
    def dropped_attributes(self) -> int:
        return int(self.counts.get("droppedAttributesCount", 0))

    @property
    def dropped_events(self) -> int:
        return int(self.counts.get("droppedEventsCount", 0))

    @property
    def dropped_links(self) -> int:
        return int(self.counts.get("droppedLinksCount", 0))


def context_of(item: Item, *, span_id: str = "spanId") -> SpanContext:
    """The context of a span, its parent or a link."""
    state = TraceState.from_header([item["traceState"]]) if item.get("traceState") and span_id == "spanId" else None
    remote = bool(item.get("flags", 0) & _IS_REMOTE)
    return SpanContext(int(item["traceId"], 16), int(item[span_id], 16), remote, TraceFlags(1), state)


def resource_of(group: Item) -> Resource:
    return Resource(attributes_of(group.get("resource", {}).get("attributes")), group.get("schemaUrl") or "")


def scope_of(group: Item) -> InstrumentationScope:
    scope = group.get("scope", {})
    return InstrumentationScope(
        scope.get("name", ""), scope.get("version"), group.get("schemaUrl") or "", attributes_of(scope.get("attributes"))
    )


def span_of(request: Item) -> ReadableSpan:
    """The one span of a request."""
    (group,) = request["resourceSpans"]
    (scope,) = group["scopeSpans"]
    (item,) = scope["spans"]
    status = item.get("status", {})
    span = SourceSpan(
        item.get("name", ""),
        context_of(item),
        context_of(item, span_id="parentSpanId") if item.get("parentSpanId") else None,
        resource_of(group),
        attributes_of(item.get("attributes")),
        [SourceEvent(event) for event in item.get("events", [])],
        [SourceLink(link) for link in item.get("links", [])],
        SpanKind(item.get("kind", 1) - 1),
        None,
        Status(StatusCode(status.get("code", 0)), status.get("message") or None),
        int(item["startTimeUnixNano"]),
        int(item["endTimeUnixNano"]),
        scope_of(scope),
    )
    span.counts = item
    return span


class SourceLog(ReadableLogRecord):
    """A record that was handed over with a count of dropped attributes."""

    @property
    def dropped_attributes(self) -> int:
        return int(self.__dict__["count"])


def log_of(request: Item) -> ReadableLogRecord:
    """The one log record of a request."""
    (group,) = request["resourceLogs"]
    (scope,) = group["scopeLogs"]
    (item,) = scope["logRecords"]
    record = LogRecord(timestamp=int(item["timeUnixNano"]), observed_timestamp=int(item["observedTimeUnixNano"]))
    record.trace_id, record.span_id = int(item.get("traceId", "0"), 16), int(item.get("spanId", "0"), 16)
    record.trace_flags = TraceFlags(item.get("flags", 0))
    record.severity_number = SeverityNumber(item["severityNumber"]) if "severityNumber" in item else None
    record.severity_text = item.get("severityText")
    record.body = value_of(item.get("body", {}))
    record.event_name = item.get("eventName")
    record.attributes = attributes_of(item.get("attributes"))
    readable = object.__new__(SourceLog)
    ReadableLogRecord.__init__(readable, record, resource_of(group), scope_of(scope))
    readable.__dict__["count"] = item.get("droppedAttributesCount", 0)
    return readable


def metrics_of(request: Item) -> MetricsData:
    """The metrics of a request."""
    groups = []
    for group in request["resourceMetrics"]:
        scopes = [
            ScopeMetrics(scope_of(scope), [metric_of(item) for item in scope["metrics"]], scope.get("schemaUrl") or "")
            for scope in group["scopeMetrics"]
        ]
        groups.append(ResourceMetrics(resource_of(group), scopes, group.get("schemaUrl") or ""))
    return MetricsData(groups)


def metric_of(item: Item) -> Metric:
    kind = next(name for name in _DATA if name in item)
    make, point = _DATA[kind]
    data = make([point(found) for found in item[kind]["dataPoints"]], item[kind])
    return Metric(item["name"], item.get("description", ""), item.get("unit", ""), data)


def _exemplars(item: Item) -> list[Any]:
    return [_exemplar(found) for found in item.get("exemplars", [])]


def _exemplar(item: Item) -> Any:
    from opentelemetry.sdk.metrics import Exemplar

    ids = (int(item["spanId"], 16), int(item["traceId"], 16)) if "traceId" in item else (None, None)
    return Exemplar(attributes_of(item.get("filteredAttributes")), _number(item), int(item["timeUnixNano"]), *ids)


def _number(item: Item) -> float:
    return int(item["asInt"]) if "asInt" in item else float(item["asDouble"])


def _times(item: Item) -> tuple[int, int]:
    return int(item.get("startTimeUnixNano", 0)), int(item["timeUnixNano"])


def _number_point(item: Item) -> NumberDataPoint:
    return NumberDataPoint(attributes_of(item.get("attributes")), *_times(item), _number(item), _exemplars(item))


def _totals(item: Item) -> Item:
    return {"count": int(item["count"]), "sum": item["sum"], "min": item["min"], "max": item["max"], "exemplars": _exemplars(item)}


def _histogram_point(item: Item) -> HistogramDataPoint:
    start, time = _times(item)
    counts = [int(count) for count in item["bucketCounts"]]
    return HistogramDataPoint(
        attributes=attributes_of(item.get("attributes")),
        start_time_unix_nano=start,
        time_unix_nano=time,
        bucket_counts=counts,
        explicit_bounds=item["explicitBounds"],
        **_totals(item),
    )


def _buckets(item: Item | None) -> Buckets:
    return Buckets(offset=item["offset"], bucket_counts=[int(count) for count in item["bucketCounts"]]) if item else Buckets(0, [])


def _exponential_point(item: Item) -> ExponentialHistogramDataPoint:
    start, time = _times(item)
    return ExponentialHistogramDataPoint(
        attributes=attributes_of(item.get("attributes")),
        start_time_unix_nano=start,
        time_unix_nano=time,
        scale=item["scale"],
        zero_count=int(item["zeroCount"]),
        positive=_buckets(item.get("positive")),
        negative=_buckets(item.get("negative")),
        flags=0,
        **_totals(item),
    )


def _temporality(data: Item) -> AggregationTemporality:
    return AggregationTemporality(data["aggregationTemporality"])


_DATA: dict[str, tuple[Any, Any]] = {
    "gauge": (lambda points, _data: Gauge(points), _number_point),
    "sum": (lambda points, data: Sum(points, _temporality(data), data["isMonotonic"]), _number_point),
    "histogram": (lambda points, data: Histogram(points, _temporality(data)), _histogram_point),
    "exponentialHistogram": (lambda points, data: ExponentialHistogram(points, _temporality(data)), _exponential_point),
}

SIGNALS = SimpleNamespace(traces=span_of, logs=log_of, metrics=metrics_of)
"""Signal → how its requests are read."""
