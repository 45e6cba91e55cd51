"""Hypothesis strategies: spans, log records and metrics with everything that OTLP can carry, and some of what it cannot."""

from __future__ import annotations

import math

from hypothesis import strategies as st
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.metrics._internal.exemplar import Exemplar  # the SDK exports no public name for it
from opentelemetry.sdk.metrics._internal.point import Buckets  # the SDK exports no public name for it
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
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
from opentelemetry.sdk.util import BoundedList
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

doubles = st.floats(allow_nan=False) | st.just(math.nan)
unicode_text = st.text(max_size=12) | st.sampled_from(["", "\x00", '"\\\n', "\u2028", "ü", "😀", '","crc32":"', '{"resourceSpans":['])
any_text = unicode_text | st.sampled_from(["\ud800", "a\udfffb"])
keys = st.text(min_size=1, max_size=8) | st.sampled_from(["kind", "spanId", "crc32", "\ud83d"])
ints = st.integers() | st.sampled_from([2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**200])
scalars = st.none() | st.booleans() | any_text | ints | doubles | st.binary(max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
plain = st.dictionaries(keys, values, max_size=5)
times = st.integers(0, 2**64 - 1)


@st.composite
def bounded(draw):
    """Attributes as the SDK stores them, some dropped by a limit."""
    return BoundedAttributes(maxlen=draw(st.none() | st.integers(0, 3)), attributes=draw(plain))


attributes = st.none() | plain | bounded()
trace_states = st.dictionaries(st.sampled_from(["a", "b2", "vendor@x"]), st.sampled_from(["1", "t61rcWkgMzE"]), max_size=3).map(
    lambda entries: TraceState(list(entries.items()))
)
contexts = st.builds(
    SpanContext,
    st.integers(1, 2**128 - 1),
    st.integers(1, 2**64 - 1),
    st.booleans(),
    st.sampled_from([TraceFlags(0), TraceFlags(1)]),
    trace_states,
)
statuses = st.sampled_from([Status(StatusCode.UNSET), Status(StatusCode.OK), Status(StatusCode.ERROR)]) | unicode_text.map(
    lambda message: Status(StatusCode.ERROR, message)
)
# Few and fixed objects, so that spans share them and grouping is seen; equal ones twice, because identity must not show.
resources = st.sampled_from(
    [
        Resource({}),
        Resource({"service.name": "a", "n": 1, "list": ("x", "y"), "b": b"\x00\xff", "lone": "\ud800", "big": 2**70}, "https://schema/1"),
        Resource({"service.name": "a", "n": 1, "list": ("x", "y"), "b": b"\x00\xff", "lone": "\ud800", "big": 2**70}, "https://schema/1"),
        Resource({"service.name": "a"}, "https://schema/2"),
    ]
)
scopes = st.sampled_from(
    [
        None,
        InstrumentationScope("lib"),
        InstrumentationScope("lib", "1.0", "https://schema/1", {"k": "v", "n": None, "m": {"x": 1.5}}),
        InstrumentationScope("lib", "1.0", "https://schema/1", {"k": "v", "n": None, "m": {"x": 1.5}}),
        InstrumentationScope("", ""),
    ]
)


class DroppedSpan(ReadableSpan):
    """A span with dropped counts of its own, as a rebuilt span carries them."""

    counts = (7, 8, 9)
    dropped_attributes = property(lambda self: self.counts[0])
    dropped_events = property(lambda self: self.counts[1])
    dropped_links = property(lambda self: self.counts[2])


@st.composite
def spans(draw):
    """A finished span."""
    events = [Event(draw(unicode_text), draw(bounded()), draw(times)) for _ in range(draw(st.integers(0, 2)))]
    links = [Link(draw(contexts), draw(bounded())) for _ in range(draw(st.integers(0, 2)))]
    return draw(st.sampled_from([ReadableSpan, DroppedSpan]))(
        name=draw(unicode_text),
        context=draw(contexts),
        parent=draw(st.none() | contexts),
        resource=draw(resources),
        attributes=draw(attributes),
        events=draw(st.sampled_from([tuple(events), BoundedList.from_seq(1, events)])),
        links=draw(st.sampled_from([tuple(links), BoundedList.from_seq(1, links)])),
        kind=draw(st.sampled_from(list(SpanKind))),
        status=draw(statuses),
        start_time=draw(st.none() | times),
        end_time=draw(st.none() | times),
        instrumentation_scope=draw(scopes),
    )


@st.composite
def logs(draw):
    """A log record or event."""
    context = draw(contexts)
    linked = draw(st.booleans())
    record = LogRecord(
        timestamp=draw(st.none() | times),
        observed_timestamp=draw(times),
        severity_text=draw(st.none() | unicode_text),
        severity_number=draw(st.none() | st.sampled_from(list(SeverityNumber))),
        body=draw(st.none() | unicode_text | st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 9), max_size=2)),
        attributes=draw(attributes),
        event_name=draw(st.none() | unicode_text),
    )
    record.trace_id, record.span_id = (context.trace_id, context.span_id) if linked else (0, 0)
    record.trace_flags = context.trace_flags
    return ReadableLogRecord(record, draw(resources), draw(scopes))


numbers = st.integers(-(2**63), 2**63 - 1) | doubles
counts = st.integers(0, 2**64 - 1)


@st.composite
def exemplars(draw):
    """Exemplars with and without a span."""
    linked = draw(st.booleans())
    return Exemplar(
        draw(attributes),
        draw(numbers),
        draw(times),
        draw(st.integers(0, 2**64 - 1)) if linked else None,
        draw(st.integers(0, 2**128 - 1)) if linked else None,
    )


@st.composite
def metric_data(draw):
    """Every kind of metric data."""
    temporality = draw(st.sampled_from(list(AggregationTemporality)))
    common = {
        "attributes": draw(attributes),
        "start_time_unix_nano": draw(times),
        "time_unix_nano": draw(times),
        "exemplars": draw(st.lists(exemplars(), max_size=2)),
    }
    spread = {"count": draw(counts), "sum": draw(numbers), "min": draw(doubles), "max": draw(doubles)}
    number = NumberDataPoint(value=draw(numbers), **common)
    buckets = st.builds(Buckets, st.integers(-100, 100), st.lists(counts, max_size=3))
    return draw(
        st.sampled_from(
            [
                Gauge([number]),
                Sum([number], temporality, draw(st.booleans())),
                Histogram(
                    [
                        HistogramDataPoint(
                            bucket_counts=draw(st.lists(counts, max_size=3)),
                            explicit_bounds=draw(st.lists(doubles, max_size=2)),
                            **spread,
                            **common,
                        )
                    ],
                    temporality,
                ),
                ExponentialHistogram(
                    [
                        ExponentialHistogramDataPoint(
                            scale=draw(st.integers(-10, 20)),
                            zero_count=draw(counts),
                            positive=draw(buckets),
                            negative=draw(buckets),
                            flags=draw(st.integers(0, 1)),
                            **spread,
                            **common,
                        )
                    ],
                    temporality,
                ),
            ]
        )
    )


@st.composite
def metrics(draw):
    """One collection of metrics."""
    items = [
        Metric(draw(unicode_text), draw(st.none() | unicode_text), draw(st.none() | unicode_text), draw(metric_data()))
        for _ in range(draw(st.integers(0, 2)))
    ]
    scope = draw(scopes.filter(lambda scope: scope is not None))
    return MetricsData([ResourceMetrics(draw(resources), [ScopeMetrics(scope, items, scope.schema_url)], "")])
