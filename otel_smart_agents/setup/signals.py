"""Logs and metrics of one destination: providers of their own, because readers and views cannot be added to an existing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.export.pipeline import Pipeline

MAX_BUCKETS: Final = 160
"""Size of the base-2 exponential histograms: the error of p95 is about 2 % in under 600 bytes."""
_EXIT_MS: Final = 1_000


def event_logger(pipeline: Pipeline, resource: dict[str, str], closing: list[Callable[[], Any]]) -> Any:
    """Return a logger whose records go to the pipeline; its shutdown is appended to ``closing``."""
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
    from opentelemetry.sdk.resources import Resource

    from otel_smart_agents.export.exporters import ConsentAwareLogExporter

    provider = LoggerProvider(resource=Resource(resource), shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(ConsentAwareLogExporter(pipeline)))
    closing.append(provider.shutdown)
    return provider.get_logger(semconv.SCOPE_NAME, __version__, schema_url=semconv.SCHEMA_URL)


def histogram_meter(
    pipeline: Pipeline, resource: dict[str, str], closing: list[Callable[[], Any]], flushing: list[Callable[[], Any]]
) -> Any:
    """Return a meter whose histograms are exponential and whose readings are deltas: right for commands that live for seconds.

    An ``own`` destination also gets the pipeline's health: queue, spool, drops by reason, redactions, requests.
    """
    from opentelemetry.sdk.metrics import Histogram, MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
    from opentelemetry.sdk.resources import Resource

    from otel_smart_agents.export.exporters import ConsentAwareMetricExporter
    from otel_smart_agents.export.selfmetrics import observe
    from otel_smart_agents.instrument.durations import DURATIONS

    reader = PeriodicExportingMetricReader(ConsentAwareMetricExporter(pipeline))
    view = View(instrument_type=Histogram, aggregation=ExponentialBucketHistogramAggregation(max_size=MAX_BUCKETS))
    provider = MeterProvider([reader], resource=Resource(resource), views=[view], shutdown_on_exit=True)
    flushing += [DURATIONS.flush, lambda: provider.force_flush(_EXIT_MS)]
    closing += [DURATIONS.flush, lambda: provider.shutdown(timeout_millis=_EXIT_MS)]
    if pipeline.destination.audience == "own":
        observe(pipeline, provider)
    return provider.get_meter(semconv.SCOPE_NAME, __version__, schema_url=semconv.SCHEMA_URL)
