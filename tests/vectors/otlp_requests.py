"""Builds OTLP JSON requests with one resource and one scope, from plain Python values: the input of the rows of ``spans.json``."""

from __future__ import annotations

import base64
import math
from typing import Any

Item = dict[str, Any]

TRACE, SPAN, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
_START, _END = "1790000000000000000", "1790000001500000000"
_MANY = {
    "traces": ("resourceSpans", "scopeSpans", "spans"),
    "logs": ("resourceLogs", "scopeLogs", "logRecords"),
    "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
}


def any_value(value: Any) -> Item:
    """A Python value as an AnyValue."""
    if value is None:
        return {}
    for kind, name, convert in (
        (bool, "boolValue", bool),
        (int, "intValue", str),
        (float, "doubleValue", _double),
        (str, "stringValue", str),
        (bytes, "bytesValue", lambda raw: base64.b64encode(raw).decode()),
        (list, "arrayValue", lambda items: {"values": [any_value(item) for item in items]}),
    ):
        if isinstance(value, kind):
            return {name: convert(value)}
    return {"kvlistValue": {"values": attributes(value)}}


def _double(value: float) -> Any:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity"


def attributes(values: Item) -> list[Item]:
    """A dict as a repeated KeyValue."""
    return [{"key": key, "value": any_value(value)} for key, value in values.items()]


def own_scope() -> Item:
    """The scope of what this package records."""
    return {"scope": {"name": "otel_smart_agents", "version": "1.0.0"}, "schemaUrl": "https://opentelemetry.io/schemas/1.44.0"}


def _request(signal: str, item: Item, scope: Item | None, resource: Item | None, url: str = "") -> Item:
    outer, middle, inner = _MANY[signal]
    around = dict(scope or {"scope": {"name": "acme.app"}})
    if "attributes" in around.get("scope", {}):
        around["scope"] = around["scope"] | {"attributes": attributes(around["scope"]["attributes"])}
    group: Item = {"resource": {"attributes": attributes(resource or {"service.name": "shop"})}, middle: [around | {inner: [item]}]}
    return {outer: [group | ({"schemaUrl": url} if url else {})]}


def span(
    name: str,
    values: Item,
    *,
    scope: Item | None = None,
    resource: Item | None = None,
    url: str = "",
    state: str = "",
    parent: bool = False,
    **more: Any,
) -> Item:
    """A request with one span."""
    item: Item = {
        "traceId": TRACE,
        "spanId": SPAN,
        "name": name,
        "kind": 1,
        "startTimeUnixNano": _START,
        "endTimeUnixNano": _END,
        "attributes": attributes(values),
        "flags": 0x100,
    }
    item |= ({"traceState": state} if state else {}) | ({"parentSpanId": PARENT} if parent else {})
    return _request("traces", item | more, scope, resource, url)


def event(name: str, values: Item, *, dropped: int = 0) -> Item:
    """An event of a span."""
    return {"timeUnixNano": _START, "name": name, "attributes": attributes(values)} | _dropped(dropped)


def link(values: Item, *, dropped: int = 0, state: str = "", remote: bool = False) -> Item:
    """A link of a span."""
    item: Item = {"traceId": TRACE, "spanId": PARENT, "attributes": attributes(values), "flags": 0x300 if remote else 0x100}
    return item | ({"traceState": state} if state else {}) | _dropped(dropped)


def _dropped(count: int) -> Item:
    return {"droppedAttributesCount": count} if count else {}


def log(
    values: Item | None = None,
    *,
    name: str = "",
    body: Any = None,
    severity: str = "",
    scope: Item | None = None,
    traced: bool = False,
    **more: Any,
) -> Item:
    """A request with one log record."""
    item: Item = {"timeUnixNano": _START, "observedTimeUnixNano": _END, "attributes": attributes(values or {}), "body": any_value(body)}
    item |= ({"eventName": name} if name else {}) | ({"severityNumber": 9, "severityText": severity} if severity else {})
    item |= {"traceId": TRACE, "spanId": SPAN, "flags": 1} if traced else {}
    return _request("logs", item | more, scope, None)


def number(values: Item, value: float, *, time: int = 9, exemplars: list[Item] | None = None) -> Item:
    """A data point of a gauge or sum."""
    point: Item = {"attributes": values, "startTimeUnixNano": "1", "timeUnixNano": str(time), "exemplars": exemplars or []}
    return point | ({"asInt": str(value)} if isinstance(value, int) else {"asDouble": value})


def metrics(name: str, kind: str, points: list[Item], *, scope: Item, **more: Any) -> Item:
    """A request with one metric."""
    data: Item = {"dataPoints": [_point(point) for point in points]}
    if kind == "gauge":
        for point in data["dataPoints"]:
            del point["startTimeUnixNano"]  # a gauge has none, and the encoders leave it out
    else:
        data["aggregationTemporality"] = 1
    if kind == "sum":
        data["isMonotonic"] = True
    return _request("metrics", {"name": name, kind: data} | more, scope, None)


def _point(point: Item) -> Item:
    exemplars = [item | {"filteredAttributes": attributes(item["filteredAttributes"])} for item in point.get("exemplars", [])]
    return point | {"attributes": attributes(point["attributes"]), "exemplars": exemplars}
