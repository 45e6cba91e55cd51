"""One metric as OTLP JSON: gauges, sums, histograms and exponential histograms with their exemplars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.spool.values import attributes, fixed64, int64, number, text, uint32

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.sdk.metrics.export import Metric


def metric_json(metric: Metric, *, strict: bool) -> str:
    """Return the JSON object of one metric.

    Raises:
        TypeError: its data is of no known kind.
    """
    kind = type(metric.data).__name__
    encode = _DATA.get(kind)
    if encode is None:
        raise TypeError(f"metric {metric.name!r} has data of the unknown kind {kind}")
    return (
        f'{{"name":{text(metric.name)},'
        + (f'"description":{text(metric.description)},' if metric.description else "")
        + (f'"unit":{text(metric.unit)},' if metric.unit else "")
        + encode(metric.data, strict)
        + "}"
    )


def _gauge(data: Any, strict: bool) -> str:  # noqa: FBT001 - the signature of the table below
    # A gauge's start time is left out: the SDK's encoder leaves it out too.
    return '"gauge":{"dataPoints":[' + ",".join([_number_point(point, strict=strict, start=False) for point in data.data_points]) + "]}"


def _sum(data: Any, strict: bool) -> str:  # noqa: FBT001 - the signature of the table below
    points = ",".join([_number_point(point, strict=strict, start=True) for point in data.data_points])
    monotonic = "true" if data.is_monotonic else "false"
    return f'"sum":{{"dataPoints":[{points}],{_temporality(data)},"isMonotonic":{monotonic}}}'


def _histogram(data: Any, strict: bool) -> str:  # noqa: FBT001 - the signature of the table below
    points = ",".join([_histogram_point(point, strict=strict) for point in data.data_points])
    return f'"histogram":{{"dataPoints":[{points}],{_temporality(data)}}}'


def _exponential(data: Any, strict: bool) -> str:  # noqa: FBT001 - the signature of the table below
    points = ",".join([_exponential_point(point, strict=strict) for point in data.data_points])
    return f'"exponentialHistogram":{{"dataPoints":[{points}],{_temporality(data)}}}'


_DATA: Final[Mapping[str, Callable[[Any, bool], str]]] = {
    "Gauge": _gauge,
    "Sum": _sum,
    "Histogram": _histogram,
    "ExponentialHistogram": _exponential,
}


def _temporality(data: Any) -> str:
    return f'"aggregationTemporality":{int(data.aggregation_temporality)}'


def _value(value: float) -> str:
    return f'"asInt":{int64(value)}' if isinstance(value, int) else f'"asDouble":{number(value)}'


def _number_point(point: Any, *, strict: bool, start: bool) -> str:
    return (
        "{"
        + attributes(point.attributes, strict=strict)
        + (f'"startTimeUnixNano":{fixed64(point.start_time_unix_nano)},' if start else "")
        + f'"timeUnixNano":{fixed64(point.time_unix_nano)},{_exemplars(point.exemplars, strict=strict)}{_value(point.value)}}}'
    )


def _distribution(point: Any, *, strict: bool) -> str:
    """Return the members that both kinds of histogram share, each followed by a comma."""
    members = attributes(point.attributes, strict=strict) + _exemplars(point.exemplars, strict=strict)
    members += f'"startTimeUnixNano":{fixed64(point.start_time_unix_nano)},"timeUnixNano":{fixed64(point.time_unix_nano)},'
    members += f'"count":{fixed64(point.count)},'
    for name in ("sum", "min", "max"):
        value = getattr(point, name)
        if value is not None:
            members += f'"{name}":{number(float(value))},'
    return members


def _histogram_point(point: Any, *, strict: bool) -> str:
    bounds = ",".join([number(float(bound)) for bound in point.explicit_bounds])
    return f'{{{_distribution(point, strict=strict)}"bucketCounts":[{_counts(point.bucket_counts)}],"explicitBounds":[{bounds}]}}'


def _exponential_point(point: Any, *, strict: bool) -> str:
    return (
        f'{{{_distribution(point, strict=strict)}"scale":{int(point.scale)},"zeroCount":{fixed64(point.zero_count)}'
        + _buckets("positive", point.positive)
        + _buckets("negative", point.negative)
        + (f',"flags":{uint32(point.flags)}' if point.flags else "")
        + "}"
    )


def _buckets(name: str, buckets: Any) -> str:
    if not buckets.bucket_counts:
        return ""
    return f',"{name}":{{"offset":{int(buckets.offset)},"bucketCounts":[{_counts(buckets.bucket_counts)}]}}'


def _counts(counts: Sequence[int]) -> str:
    return ",".join([fixed64(count) for count in counts])


def _exemplars(exemplars: Sequence[Any], *, strict: bool) -> str:
    if not exemplars:
        return ""
    return f'"exemplars":[{",".join([_exemplar(exemplar, strict=strict) for exemplar in exemplars])}],'


def _exemplar(exemplar: Any, *, strict: bool) -> str:
    linked = exemplar.span_id is not None and exemplar.trace_id is not None
    ids = f'"spanId":"{exemplar.span_id:016x}","traceId":"{exemplar.trace_id:032x}",' if linked else ""
    filtered = attributes(exemplar.filtered_attributes, strict=strict).replace('"attributes"', '"filteredAttributes"', 1)
    return f'{{{filtered}{ids}"timeUnixNano":{fixed64(exemplar.time_unix_nano)},{_value(exemplar.value)}}}'
