"""The filter for metrics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.metrics.export import Metric, MetricsData, ResourceMetrics, ScopeMetrics

from otel_smart_agents import semconv
from otel_smart_agents.privacy import counters as reasons
from otel_smart_agents.privacy.bounds import bounded
from otel_smart_agents.privacy.gate import Gate, gate_of
from otel_smart_agents.privacy.merge import merged
from otel_smart_agents.privacy.names import schema_url, unit
from otel_smart_agents.privacy.sealed import Sealed
from otel_smart_agents.privacy.tally import Tally
from otel_smart_agents.privacy.values import redact_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.privacy.counters import Counters
    from otel_smart_agents.privacy.policy import Policy

_MAX_DESCRIPTION: Final = 256
_CATEGORY: Final = "performance"


class RedactedMetrics(Sealed, MetricsData):
    """Metrics that went through :func:`redact_metrics`, which alone can make them."""

    @property
    def gate(self) -> Gate:
        """The gate that the metrics went through."""
        gate: Gate = self.__dict__["_gate"]
        return gate

    @property
    def audience(self) -> str:
        """The audience that the metrics were redacted for."""
        return self.gate.policy.audience

    @property
    def redactions(self) -> int:
        """How many values, or parts of values, were replaced."""
        count: int = self.__dict__["_redactions"]
        return count


def redact_metrics(data: MetricsData, policy: Policy, *, counters: Counters | None = None) -> RedactedMetrics | None:
    """Return what may leave of these metrics, ``None`` if nothing may. Pure, never raises, idempotent.

    Metrics need the category ``performance``; the package's own health needs none and goes to own destinations only. Upstream gets
    registered metrics without exemplars, because an exemplar names a trace of the user's own. Points that differ in nothing but what was
    dropped are added up.
    """
    try:
        gate = gate_of(policy)
        if isinstance(data, RedactedMetrics) and data.gate is gate:
            return data
        tally = Tally()
        kept = [resource for resource in (_resource(item, gate, tally) for item in data.resource_metrics) if resource.scope_metrics]
    except Exception:  # noqa: BLE001 - fail closed: what cannot be filtered does not leave
        if counters is not None:
            counters.add(reasons.REDACTION_ERROR)
        return None
    if counters is not None:
        tally.add_to(counters)
        if not kept:
            counters.add(reasons.CONSENT)
    return _sealed(kept, gate, tally) if kept else None


def _sealed(kept: list[ResourceMetrics], gate: Gate, tally: Tally) -> RedactedMetrics:
    redacted = object.__new__(RedactedMetrics)
    MetricsData.__init__(redacted, kept)
    for name, value in (("_gate", gate), ("_redactions", tally.redactions)):
        object.__setattr__(redacted, name, value)  # the base is a frozen dataclass
    return redacted


def _resource(item: ResourceMetrics, gate: Gate, tally: Tally) -> ResourceMetrics:
    scopes = [scope for scope in (_scope(scope, gate, tally) for scope in item.scope_metrics) if scope.metrics]
    return ResourceMetrics(gate.resource(item.resource, tally), scopes, schema_url(item.schema_url))


def _scope(item: ScopeMetrics, gate: Gate, tally: Tally) -> ScopeMetrics:
    ours = item.scope is not None and item.scope.name == semconv.SCOPE_NAME
    metrics = [_metric(metric, gate, tally) for metric in item.metrics if _granted(metric, gate, ours=ours)]
    scope: Any = gate.scope(item.scope, tally)
    return ScopeMetrics(scope, metrics, schema_url(item.schema_url))


def _granted(metric: Metric, gate: Gate, *, ours: bool) -> bool:
    known = semconv.METRICS.get(metric.name) if ours else None
    if known is None:
        return not gate.upstream and _CATEGORY in gate.policy.categories
    return not gate.upstream if known.category is None else known.category in gate.policy.categories


def _metric(metric: Metric, gate: Gate, tally: Tally) -> Metric:
    known = semconv.METRICS.get(metric.name)
    points: Any = merged(list(_points(metric, gate, tally)), metric.data)
    return Metric(
        gate.names.metric(metric.name, tally),
        known.brief if known else _description(metric.description, gate, tally),
        unit(metric.unit),
        replace(metric.data, data_points=points),
    )


def _description(text: str | None, gate: Gate, tally: Tally) -> str:
    """Return the description that the instrument's code gives: a product's makers know it already, so upstream gets none."""
    if not text or gate.upstream:
        return ""
    kept, count = bounded(text, _MAX_DESCRIPTION, redact_text)
    tally.redactions += count
    return kept


def _points(metric: Metric, gate: Gate, tally: Tally) -> Iterator[Any]:
    for point in metric.data.data_points:
        exemplars = () if gate.upstream else [_exemplar(item, gate, tally) for item in point.exemplars]
        yield replace(point, attributes=gate.attributes(point.attributes, tally), exemplars=exemplars)


def _exemplar(exemplar: Any, gate: Gate, tally: Tally) -> Any:
    return replace(exemplar, filtered_attributes=gate.attributes(exemplar.filtered_attributes, tally))
