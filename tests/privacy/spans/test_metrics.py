"""Metrics: names, attributes, exemplars, and points that became one series."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Buckets,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    InMemoryMetricReader,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import NonRecordingSpan, use_span

from otel_smart_agents.privacy import Counters, RedactedMetrics, redact_metrics
from otel_smart_agents.privacy.counters import CONSENT, REDACTION_ERROR
from otel_smart_agents.privacy.merge import merged
from spans.build import OWN, SECRET_PARTS, SECRETS, UPSTREAM, plain, remote_context

TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "grep", "smart_agents.outcome": "success"}


def metrics_of(record, *, scope="acme", resource=None, views=(), **meter):
    """Return what ``record(meter)`` recorded, as the SDK hands it to exporters."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], resource or Resource({"service.name": "acme"}), shutdown_on_exit=False, views=views)
    record(provider.get_meter(scope, **meter))
    data = reader.get_metrics_data()
    provider.shutdown()
    return data


def duration(attributes=None, value=1.0):
    return lambda meter: meter.create_histogram("gen_ai.execute_tool.duration", "s", "made up").record(value, attributes or TOOL)


def series(data):
    return [metric for resource in data.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics]


def show(data):
    """Return all that metrics show, as one comparable structure."""
    shown = []
    for resource in data.resource_metrics:
        shown.append([dict(resource.resource.attributes), resource.resource.schema_url, resource.schema_url])
        for scope in resource.scope_metrics:
            shown.append(scope.scope and [scope.scope.name, scope.scope.version, dict(scope.scope.attributes or {}), scope.schema_url])
            shown.extend(
                [metric.name, metric.description, metric.unit, dict(point.attributes), point.time_unix_nano]
                + [dict(exemplar.filtered_attributes or {}) for exemplar in point.exemplars]
                for metric in scope.metrics
                for point in metric.data.data_points
            )
    return plain(shown)


def count(attributes=None, **instrument):
    return lambda meter: meter.create_counter("visits", **instrument).add(1, attributes)


def with_exemplar(secret):
    def record(meter):
        with use_span(NonRecordingSpan(remote_context())):
            meter.create_counter("visits").add(1, {"url.full": f"see {secret}", "note": secret})

    return metrics_of(record, views=[View(instrument_name="visits", attribute_keys=set())])


SURFACES = {
    "name": lambda secret: odd_name(f"visits {secret}"),
    "description": lambda secret: metrics_of(count(description=f"see {secret}")),
    "unit": lambda secret: metrics_of(count(unit=secret[:60])),
    "attribute": lambda secret: metrics_of(count({"url.full": f"see {secret}", "note": secret})),
    "exemplar": with_exemplar,
    "scope": lambda secret: metrics_of(count(), scope=f"acme {secret}"),
    "scope attribute": lambda secret: metrics_of(count(), attributes={"note": secret}),
    "scope schema": lambda secret: metrics_of(count(), schema_url=f"https://a:{secret}@x.example"),
    "resource": lambda secret: metrics_of(count(), resource=Resource({"owner": secret})),
}


def odd_name(name):
    data = metrics_of(count())
    return rebuilt(data, [replace(series(data)[0], name=name)])


def rebuilt(data, metrics):
    resource = data.resource_metrics[0]
    scope = replace(resource.scope_metrics[0], metrics=metrics)
    return MetricsData([replace(resource, scope_metrics=[scope])])


@pytest.mark.parametrize("policy", [OWN, replace(OWN, unknown="scan")], ids=["own", "scan"])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_leaks(surface, secret, policy):
    assert SECRET_PARTS[secret] not in str(show(redact_metrics(SURFACES[surface](SECRETS[secret]), policy)))


def test_other_instrumentations_metrics_stay_useful():
    data = metrics_of(
        lambda meter: meter.create_counter("http.server.requests", "{request}", "Requests served").add(
            3, {"http.response.status_code": 200}
        )
    )
    redacted = redact_metrics(data, OWN)
    assert isinstance(redacted, MetricsData)
    assert (redacted.audience, redacted.redactions) == ("own", 0)
    metric = series(redacted)[0]
    assert (metric.name, metric.unit, metric.description) == ("http.server.requests", "{request}", "Requests served")
    assert metric.data.data_points[0].value == 3
    assert dict(metric.data.data_points[0].attributes) == {"http.response.status_code": 200}


def test_metrics_need_the_category_performance():
    data = metrics_of(duration(), scope="otel_smart_agents")
    counters = Counters()
    for policy in (OWN, UPSTREAM):
        without = replace(policy, categories=policy.categories - {"performance"})
        assert redact_metrics(data, without, counters=counters) is None
        assert redact_metrics(data, without) is None
        kept = series(redact_metrics(data, policy, counters=counters))[0]
        assert dict(kept.data.data_points[0].attributes) == TOOL
        assert kept.description.startswith("Duration of runs of skills and tools")
    assert counters[CONSENT] == 2


def test_a_name_in_a_metric_needs_its_own_consent():
    data = metrics_of(duration(), scope="otel_smart_agents")
    kept = series(redact_metrics(data, replace(OWN, categories=frozenset({"performance"}))))[0]
    assert dict(kept.data.data_points[0].attributes) == {"gen_ai.operation.name": "execute_tool", "smart_agents.outcome": "success"}


def test_upstream_gets_registered_metrics_of_this_package_without_exemplars():
    def record(meter):
        with use_span(NonRecordingSpan(remote_context())):
            duration()(meter)
            meter.create_counter("smart_agents.dropped").add(1)
            meter.create_counter("of.janes.own").add(1)

    data = metrics_of(record, scope="otel_smart_agents", views=[View(instrument_name="*", attribute_keys={"gen_ai.operation.name"})])
    upstream = series(redact_metrics(data, UPSTREAM))
    assert [metric.name for metric in upstream] == ["gen_ai.execute_tool.duration"]
    assert [list(point.exemplars) for point in upstream[0].data.data_points] == [[]]
    assert {metric.name for metric in series(redact_metrics(data, OWN))} == {
        "gen_ai.execute_tool.duration",
        "smart_agents.dropped",
        "of.janes.own",
    }
    assert redact_metrics(metrics_of(duration()), UPSTREAM) is None


def test_the_packages_own_health_needs_no_category_at_home():
    def record(meter):
        meter.create_counter("smart_agents.dropped").add(1, {"smart_agents.signal": "traces"})

    data = metrics_of(record, scope="otel_smart_agents")
    assert redact_metrics(data, replace(OWN, categories=frozenset())) is not None
    assert redact_metrics(data, UPSTREAM) is None


def test_an_upstream_description_is_the_registrys_or_none():
    assert series(redact_metrics(metrics_of(duration(), scope="otel_smart_agents"), UPSTREAM))[0].description != "made up"


def test_filtering_twice_changes_nothing():
    data = metrics_of(count({"url.full": SECRETS["mail"]}, unit="jane's", description="see jane.roe@mail.example.com"))
    once = redact_metrics(data, OWN)
    assert redact_metrics(once, OWN) is once
    assert show(redact_metrics(once, replace(OWN, max_depth=5))) == show(once)


def test_a_filter_that_fails_drops_the_metrics_and_counts_it():
    counters = Counters()
    assert redact_metrics(object(), OWN, counters=counters) is None
    assert redact_metrics(object(), OWN) is None
    assert counters[REDACTION_ERROR] == 1


def test_nobody_else_can_make_them():
    with pytest.raises(TypeError, match="redact functions"):
        RedactedMetrics([])
    with pytest.raises(TypeError, match="subclassed"):
        type("Mine", (RedactedMetrics,), {})
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(redact_metrics(metrics_of(duration()), OWN))


def test_points_that_became_one_series_are_added_up():
    def record(meter):
        for user in ("jane", "john"):
            meter.create_counter("sum").add(2, {"user.id": user})
            meter.create_histogram("histogram").record(10, {"user.id": user})
            meter.create_histogram("exponential").record(10, {"user.id": user})
            meter.create_gauge("gauge").set(7, {"user.id": user})

    view = View(instrument_name="exponential", aggregation=ExponentialBucketHistogramAggregation())
    kept = {metric.name: metric.data.data_points for metric in series(redact_metrics(metrics_of(record, views=[view]), OWN))}
    assert {name: len(points) for name, points in kept.items()} == {"sum": 1, "histogram": 1, "exponential": 1, "gauge": 1}
    assert kept["sum"][0].value == 4
    assert kept["gauge"][0].value == 7
    for name in ("histogram", "exponential"):
        point = kept[name][0]
        assert (point.count, point.sum, point.min, point.max) == (2, 20, 10, 10)
    assert sum(kept["histogram"][0].bucket_counts) == 2
    assert sum(kept["exponential"][0].positive.bucket_counts) == 2


def number(value, at, attributes=()):
    return NumberDataPoint(dict(attributes), 5, at, value)


def exponential(scale, offset, counts, negative=()):
    count = sum(counts) + sum(negative)
    positive, below = Buckets(offset, counts), Buckets(0, list(negative))
    return ExponentialHistogramDataPoint({}, 1, 2, count, 1.0, scale, 1, positive, below, 0, 0.5, 9.0)


def test_of_gauges_the_latest_counts():
    data = Gauge([])
    assert merged([number(1, 9), number(2, 8)], data)[0].value == 1
    assert merged([number(1, 8), number(2, 9)], data)[0].value == 2


def test_points_that_differ_stay_apart():
    points = [number(1, 9, {"a": 1}), number(2, 9, {"a": 2})]
    assert merged(points, Sum([], AggregationTemporality.DELTA, True)) is points


def test_histograms_with_other_boundaries_stay_apart():
    points = [HistogramDataPoint({}, 1, 2, 1, 1.0, [1, 0], [bound], 1.0, 1.0) for bound in (1.0, 2.0, 2.0)]
    kept = merged(points, Histogram([], AggregationTemporality.DELTA))
    assert [(point.explicit_bounds, point.count) for point in kept] == [([1.0], 1), ([2.0], 2)]


def test_exponential_histograms_meet_at_the_coarser_scale():
    data = ExponentialHistogram([], AggregationTemporality.DELTA)
    one = merged([exponential(1, 2, [1, 2, 3, 4], [5]), exponential(0, 1, [10, 20])], data)[0]
    assert (one.scale, one.positive, one.negative.bucket_counts) == (0, Buckets(1, [13, 27]), [5])
    assert (one.count, one.zero_count) == (45, 2)


def test_exponential_histograms_that_grow_too_wide_become_coarser():
    data = ExponentialHistogram([], AggregationTemporality.DELTA)
    far = merged([exponential(3, 0, [1]), exponential(3, 1_000, [1])], data)[0]
    assert len(far.positive.bucket_counts) <= 160
    assert sum(far.positive.bucket_counts) == 2
    assert far.negative == Buckets(0, [])


def test_a_scope_without_metrics_and_a_missing_scope():
    data = metrics_of(count())
    resource = data.resource_metrics[0]
    scopes = [ScopeMetrics(None, series(data), ""), ScopeMetrics(resource.scope_metrics[0].scope, [], "")]
    kept = redact_metrics(MetricsData([ResourceMetrics(resource.resource, scopes, "")]), OWN)
    assert [scope.scope for scope in kept.resource_metrics[0].scope_metrics] == [None]
    assert redact_metrics(MetricsData([]), OWN) is None
    assert isinstance(series(kept)[0], Metric)
