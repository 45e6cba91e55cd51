"""Data points that became the same series: redaction dropped what they differed in, and two points of one series would be read as one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from opentelemetry.sdk.metrics.export import Buckets, ExponentialHistogram, Gauge, Histogram

_MAX_BUCKETS: Final = 160


def merged(points: list[Any], data: Any) -> list[Any]:
    """Return one point per set of attributes, in order of first appearance.

    Sums and histograms are added up, of gauges the latest counts. Histograms with different boundaries cannot be added and stay apart.
    """
    series: dict[Any, list[Any]] = {}
    for point in points:
        bounds = tuple(point.explicit_bounds) if isinstance(data, Histogram) else ()
        series.setdefault((repr(sorted(point.attributes.items())), bounds), []).append(point)
    if len(series) == len(points):
        return points
    add = _latest if isinstance(data, Gauge) else _histograms if isinstance(data, Histogram) else _sums
    if isinstance(data, ExponentialHistogram):
        add = _exponentials
    return [reduce(add, same) for same in series.values()]


def _span_of(one: Any, two: Any) -> dict[str, Any]:
    return {
        "start_time_unix_nano": min(one.start_time_unix_nano or 0, two.start_time_unix_nano or 0),
        "time_unix_nano": max(one.time_unix_nano, two.time_unix_nano),
        "exemplars": [*one.exemplars, *two.exemplars],
    }


def _latest(one: Any, two: Any) -> Any:
    return two if two.time_unix_nano >= one.time_unix_nano else one


def _sums(one: Any, two: Any) -> Any:
    return replace(one, value=one.value + two.value, **_span_of(one, two))


def _totals(one: Any, two: Any) -> dict[str, Any]:
    return {
        "count": one.count + two.count,
        "sum": one.sum + two.sum,
        "min": min(one.min, two.min),
        "max": max(one.max, two.max),
    } | _span_of(one, two)


def _histograms(one: Any, two: Any) -> Any:
    counts = [a + b for a, b in zip(one.bucket_counts, two.bucket_counts, strict=True)]
    return replace(one, bucket_counts=counts, **_totals(one, two))


def _exponentials(one: Any, two: Any) -> Any:
    """Add two base-2 exponential histograms at the coarser scale of both, coarser still if the buckets are too many.

    One step of scale joins two neighbouring buckets: index i becomes i >> 1 (OpenTelemetry metrics data model, exponential histogram).
    """
    scale = min(one.scale, two.scale)
    while True:
        positive = _at(one.positive, one.scale - scale) + _at(two.positive, two.scale - scale)
        negative = _at(one.negative, one.scale - scale) + _at(two.negative, two.scale - scale)
        if max(_width(positive), _width(negative)) <= _MAX_BUCKETS:
            break
        scale -= 1
    return replace(
        one,
        scale=scale,
        zero_count=one.zero_count + two.zero_count,
        positive=_buckets(positive),
        negative=_buckets(negative),
        **_totals(one, two),
    )


def _at(buckets: Any, steps: int) -> Counter[int]:
    counts: Counter[int] = Counter()
    for index, count in enumerate(buckets.bucket_counts):
        if count:
            counts[(buckets.offset + index) >> steps] += count
    return counts


def _width(counts: Counter[int]) -> int:
    return max(counts) - min(counts) + 1 if counts else 0


def _buckets(counts: Counter[int]) -> Buckets:
    if not counts:
        return Buckets(offset=0, bucket_counts=[])
    first = min(counts)
    return Buckets(offset=first, bucket_counts=[counts[first + index] for index in range(_width(counts))])
