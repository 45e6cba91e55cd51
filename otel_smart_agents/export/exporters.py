"""Exporters for the SDK's own processors: whoever hands something over, it is redacted and asked consent for before it is kept.

They write to the spool in the calling thread; the sender's thread does the rest. Their constructors do nothing at all:
``OTEL_SDK_DISABLED`` constructs exporters too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics import Counter, Histogram, ObservableCounter
from opentelemetry.sdk.metrics.export import AggregationTemporality, MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from otel_smart_agents.instrument.runtime import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan

    from otel_smart_agents.export.pipeline import Pipeline
    from otel_smart_agents.export.processor import AheadSpanProcessor

_FLUSH_MS: Final = 30_000.0
_DELTA: Final = AggregationTemporality.DELTA


class Source(Protocol):
    """Where an exporter finds its pipeline, once there is something to export."""

    def pipeline(self, resource: Resource | None) -> Pipeline | None:
        """Return the pipeline, made for the resource at the first call; ``None`` if nothing may be exported."""


class Given:
    """A pipeline that exists already."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def pipeline(self, resource: Resource | None) -> Pipeline:
        """See ``Source``."""
        del resource
        return self._pipeline


def _source(pipeline: Pipeline | Source) -> Source:
    return Given(pipeline) if hasattr(pipeline, "writer") else pipeline  # type: ignore[arg-type] # told apart by that


class _Exporter:
    """What the three signals share."""

    def __init__(self, pipeline: Pipeline | Source) -> None:
        self._source = _source(pipeline)

    def _write(self, resource: Resource | None, write: Callable[[Pipeline], bool]) -> bool:
        try:
            pipeline = self._source.pipeline(resource)
            return pipeline is None or write(pipeline)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("export", error)
            return False

    def _flush(self, timeout_ms: float) -> bool:
        return self._write(None, lambda pipeline: pipeline.flush(timeout_ms / 1e3, to="disk"))

    def _shutdown(self) -> None:
        self._write(None, lambda pipeline: pipeline.shutdown())


class ConsentAwareSpanExporter(_Exporter, SpanExporter):
    """Writes the spans of any span processor to a pipeline.

    Args:
        pipeline: a pipeline, or a source that makes one at the first export.
        ahead: knows what was noted when the spans started, and which of them it has taken already; without it a user's consent for single
            calls is unknown here.
    """

    def __init__(self, pipeline: Pipeline | Source, *, ahead: AheadSpanProcessor | None = None) -> None:
        super().__init__(pipeline)
        self._ahead = ahead

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Redact and keep the spans; ``FAILURE`` if the disk could not keep them."""
        done = self._write(spans[0].resource if spans else None, lambda pipeline: self._export(spans, pipeline))
        return SpanExportResult.SUCCESS if done else SpanExportResult.FAILURE

    def _export(self, spans: Sequence[ReadableSpan], pipeline: Pipeline) -> bool:
        return pipeline.write(spans if self._ahead is None else self._ahead.joined(spans, pipeline))

    def shutdown(self) -> None:
        """Seal what is written and send what may be sent, within the time that the end of a program may take."""
        self._shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Put what was exported on the disk; sending is not part of it."""
        return self._flush(timeout_millis or _FLUSH_MS)


class ConsentAwareLogExporter(_Exporter, LogRecordExporter):
    """Writes log records to a pipeline; only registered events and their registered attributes remain of them."""

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Redact and keep the records; ``FAILURE`` if the disk could not keep them."""
        done = self._write(batch[0].resource if batch else None, lambda pipeline: pipeline.write_logs(batch))
        return LogRecordExportResult.SUCCESS if done else LogRecordExportResult.FAILURE

    def shutdown(self) -> None:
        """See ``ConsentAwareSpanExporter``."""
        self._shutdown()

    def force_flush(self, timeout_millis: int = 10_000) -> bool:
        """See ``ConsentAwareSpanExporter``."""
        return self._flush(timeout_millis or _FLUSH_MS)


class ConsentAwareMetricExporter(_Exporter, MetricExporter):
    """Writes metrics to a pipeline: delta temporality (short-lived programs), base-2 exponential histograms."""

    def __init__(self, pipeline: Pipeline | Source) -> None:
        _Exporter.__init__(self, pipeline)
        MetricExporter.__init__(
            self,
            preferred_temporality={Counter: _DELTA, ObservableCounter: _DELTA, Histogram: _DELTA},
            preferred_aggregation={Histogram: ExponentialBucketHistogramAggregation(max_size=160)},
        )

    def export(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any) -> MetricExportResult:
        """Redact and keep one reading; ``FAILURE`` if the disk could not keep it."""
        del timeout_millis, kwargs
        groups = metrics_data.resource_metrics
        done = self._write(groups[0].resource if groups else None, lambda pipeline: not groups or pipeline.write_metrics(metrics_data))
        return MetricExportResult.SUCCESS if done else MetricExportResult.FAILURE

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        """See ``ConsentAwareSpanExporter``."""
        return self._flush(timeout_millis or _FLUSH_MS)

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        """See ``ConsentAwareSpanExporter``."""
        del timeout_millis, kwargs
        self._shutdown()
