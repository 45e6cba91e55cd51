"""OTLP requests read back as the typed usage events of ``proto/otel_smart_agents/proto/usage/v1``.

What is no run, feature, rating, error or duration of the registry (steps, spans of other libraries, the package's own health) is no usage
event. A value of an unexpected type leaves its field unset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents._pb.consent.v1 import consent_pb2
from otel_smart_agents._pb.usage.v1 import usage_pb2
from otel_smart_agents.export import usage_fields as fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from google.protobuf.message import Message

    from otel_smart_agents.export.usage_fields import Fields

Attributes = dict[str, Any]
_INT64: Final = range(-(2**63), 2**63)


def usage_events(requests: Iterable[Mapping[str, Any]]) -> list[usage_pb2.UsageEvent]:
    """Return the usage events of OTLP JSON requests (of any signal) in the order of their spans, records and data points.

    Ratings are joined to their runs wherever in the requests those are; one whose run is not among them becomes a run of its own that has
    its names and no outcome.
    """
    reader = _Reader()
    for request in requests:
        for group in _list(request, "resourceSpans"):
            reader.spans(group)
        for group in _list(request, "resourceLogs"):
            reader.logs(group)
        for group in _list(request, "resourceMetrics"):
            reader.metrics(group)
    reader.join_ratings()
    return reader.events


class _Reader:
    def __init__(self) -> None:
        self.events: list[usage_pb2.UsageEvent] = []
        self._runs: dict[tuple[str, str], Any] = {}
        self._ratings: list[tuple[usage_pb2.Span, Attributes, Attributes, usage_pb2.Rating]] = []

    def spans(self, group: Mapping[str, Any]) -> None:
        resource = _attributes(group.get("resource"))
        for span in _inner(group, "scopeSpans", "spans"):
            self._span(span, _attributes(span), resource)

    def logs(self, group: Mapping[str, Any]) -> None:
        resource = _attributes(group.get("resource"))
        for record in _inner(group, "scopeLogs", "logRecords"):
            moment = {"startTimeUnixNano": record.get("timeUnixNano"), "endTimeUnixNano": record.get("timeUnixNano")}
            where = _span_of({**record, **moment})
            if record.get("eventName") == semconv.EVENT_FEATURE:
                self._feature(where, _attributes(record), resource)
            elif record.get("eventName") == semconv.EVENT_RATING:
                self._rating(where, _attributes(record), resource)

    def metrics(self, group: Mapping[str, Any]) -> None:
        resource = _attributes(group.get("resource"))
        for metric in _inner(group, "scopeMetrics", "metrics"):
            if metric.get("name") in semconv.DURATION_METRICS.values():
                for point in _list(metric.get("exponentialHistogram"), "dataPoints"):
                    self._window(str(metric["name"]), point, resource)

    def _new(self, attributes: Attributes, resource: Attributes) -> usage_pb2.UsageEvent:
        event = usage_pb2.UsageEvent()
        known = {**resource, **attributes}
        _fill(event.origin, fields.ORIGIN, known)
        _fill(event.origin.consent, fields.CONSENT, known)
        for name in _elements(known.get(semconv.SMART_AGENTS_CONSENT_CATEGORIES)):
            if category := _number(consent_pb2.Category, "CATEGORY", name):
                event.origin.consent.categories.append(category)
        self.events.append(event)
        return event

    def _span(self, span: Mapping[str, Any], attributes: Attributes, resource: Attributes) -> None:
        kind, where = _kind(attributes), _span_of(span)
        if kind == "feature":
            self._feature(where, attributes, resource)
        elif kind == "rating":
            link: Mapping[str, Any] = next(iter(_list(span, "links")), {})
            rated = _span_of({**link, "startTimeUnixNano": span.get("startTimeUnixNano")})
            self._rating(rated, attributes, resource)
        elif kind in fields.RUNS:
            run = self._run(kind, where, attributes, resource)
            self._runs[where.trace_id, where.span_id] = run
        if kind and attributes.get(semconv.ERROR_TYPE):
            seen = self._new(attributes, resource).error_seen
            seen.span.CopyFrom(where)
            seen.outcome = _outcome(attributes)
            seen.category = _number(usage_pb2.ErrorCategory, "ERROR_CATEGORY", attributes.get(semconv.SMART_AGENTS_ERROR_CATEGORY))
            _fill(seen, fields.ERROR, {**attributes, semconv.SMART_AGENTS_KIND: kind})

    def _run(self, kind: str, where: usage_pb2.Span, attributes: Attributes, resource: Attributes) -> Any:
        name, table = fields.RUNS[kind]
        run = getattr(self._new(attributes, resource), name)
        run.span.CopyFrom(where)
        run.outcome = _outcome(attributes)
        _fill(run, table, attributes)
        if kind == "agent":
            _fill(run.tokens, fields.TOKENS, attributes)
            _fill(run.cost, fields.COST, attributes)
        if kind == "workflow":
            run.steps.extend(step for step in _elements(attributes.get(semconv.SMART_AGENTS_WORKFLOW_STEPS)) if isinstance(step, str))
        return run

    def _feature(self, where: usage_pb2.Span, attributes: Attributes, resource: Attributes) -> None:
        use = self._new(attributes, resource).feature_use
        use.span.CopyFrom(where)
        use.action = _number(usage_pb2.FeatureAction, "FEATURE_ACTION", attributes.get(semconv.SMART_AGENTS_FEATURE_ACTION))
        _fill(use, fields.FEATURE, attributes)

    def _rating(self, where: usage_pb2.Span, attributes: Attributes, resource: Attributes) -> None:
        rating = usage_pb2.Rating(time_unix_nano=where.start_time_unix_nano)
        _fill(rating, fields.RATING, attributes)
        self._ratings.append((where, attributes, resource, rating))

    def join_ratings(self) -> None:
        """Put every rating into its run, or into a new one if its run was not read."""
        for where, attributes, resource, rating in self._ratings:
            place = where.trace_id, where.span_id
            if place not in self._runs:
                where.ClearField("start_time_unix_nano")
                where.ClearField("end_time_unix_nano")
                self._runs[place] = self._run(_rated_kind(attributes), where, attributes, resource)
            self._runs[place].ratings.append(rating)
        self._ratings.clear()

    def _window(self, metric: str, point: Mapping[str, Any], resource: Attributes) -> None:
        attributes = _attributes(point)
        window = self._new(attributes, resource).perf_window
        _fill(window, fields.WINDOW, attributes)
        window.outcome = _outcome(attributes)
        buckets = point["positive"] if isinstance(point.get("positive"), dict) else {}
        values = {
            "metric": metric,
            "start_time_unix_nano": _integer(point.get("startTimeUnixNano")),
            "end_time_unix_nano": _integer(point.get("timeUnixNano")),
            "count": _integer(point.get("count")),
            "sum_s": point.get("sum"),
            "min_s": point.get("min"),
            "max_s": point.get("max"),
            "scale": point.get("scale"),
            "zero_count": _integer(point.get("zeroCount")),
            "bucket_offset": buckets.get("offset"),
        }
        for name, value in values.items():
            _set(window, name, value)
        window.bucket_counts.extend(max(0, _integer(count) or 0) for count in _elements(buckets.get("bucketCounts")))


def _kind(attributes: Attributes) -> str:
    kind = attributes.get(semconv.SMART_AGENTS_KIND)
    if isinstance(kind, str) and kind:
        return kind
    guessed = fields.KIND_OF_OPERATION.get(str(attributes.get(semconv.GEN_AI_OPERATION_NAME)), "")
    return "skill" if guessed == "tool" and semconv.GEN_AI_SKILL_NAME in attributes else guessed


def _rated_kind(attributes: Attributes) -> str:
    """Return what kind of run a rating that stands alone is about, from the names that it has: the innermost one."""
    if semconv.GEN_AI_SKILL_NAME not in attributes and semconv.GEN_AI_AGENT_NAME in attributes:
        return "agent"
    return "workflow" if semconv.GEN_AI_SKILL_NAME not in attributes and semconv.GEN_AI_WORKFLOW_NAME in attributes else "skill"


def _outcome(attributes: Attributes) -> Any:
    return _number(usage_pb2.Outcome, "OUTCOME", attributes.get(semconv.SMART_AGENTS_OUTCOME))


def _number(enum: Any, prefix: str, word: Any) -> Any:
    name = f"{prefix}_{str(word).upper()}"
    return enum.Value(name) if name in enum.keys() else 0  # noqa: SIM118 - an EnumTypeWrapper is no mapping


def _span_of(span: Mapping[str, Any]) -> usage_pb2.Span:
    found = usage_pb2.Span()
    for name, key in (("trace_id", "traceId"), ("span_id", "spanId"), ("parent_span_id", "parentSpanId")):
        _set(found, name, span.get(key))
    _set(found, "start_time_unix_nano", _integer(span.get("startTimeUnixNano")))
    _set(found, "end_time_unix_nano", _integer(span.get("endTimeUnixNano")))
    return found


def _fill(message: Message, table: Fields, attributes: Attributes) -> None:
    for name, key in table:
        _set(message, name, attributes.get(key))


def _set(message: Message, name: str, value: Any) -> None:
    if value is None or isinstance(value, bool):
        return
    try:
        setattr(message, name, value)
    except (TypeError, ValueError):  # another type, or out of range: a sender that does not keep to the registry
        return


def _attributes(holder: Any) -> Attributes:
    return {item["key"]: _plain(item.get("value")) for item in _list(holder, "attributes") if isinstance(item.get("key"), str)}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    if "intValue" in value:
        return _integer(value["intValue"])
    if "arrayValue" in value:
        return [_plain(item) for item in _list(value["arrayValue"], "values")]
    return next((value[name] for name in ("stringValue", "doubleValue", "boolValue") if name in value), None)


def _integer(value: Any) -> int | None:
    """Return a 64-bit integer, which OTLP JSON writes as text."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if number in _INT64 else None


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _inner(group: Mapping[str, Any], scopes: str, items: str) -> Iterator[Mapping[str, Any]]:
    for scope in _list(group, scopes):
        yield from _list(scope, items)


def _list(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
