"""What a pipeline tells about itself, as OpenTelemetry metrics: queue, spool, drops by reason, redactions, requests. No name, no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents import semconv
from otel_smart_agents._version import __version__
from otel_smart_agents.instrument.runtime import FAILURES
from otel_smart_agents.privacy.counters import REDACTIONS
from otel_smart_agents.spool.limits import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation

    from otel_smart_agents.export.pipeline import Pipeline


_Reading = tuple[float, dict[str, str]]


def observe(pipeline: Pipeline, provider: MeterProvider) -> None:
    """Register instruments that read the pipeline's counts whenever the provider's reader collects."""
    meter = provider.get_meter(semconv.SCOPE_NAME, __version__, schema_url=semconv.SCHEMA_URL)
    counter = meter.create_observable_counter
    for create, name, unit, read in (
        (meter.create_observable_up_down_counter, semconv.METRIC_QUEUE_SIZE, "{item}", _queue),
        (meter.create_observable_gauge, semconv.METRIC_SPOOL_SIZE, "By", _spool),
        (counter, semconv.METRIC_DROPPED, "{item}", _dropped),
        (counter, semconv.METRIC_REDACTIONS, "{value}", _redactions),
        (counter, semconv.METRIC_EXPORT_REQUESTS, "{request}", _requests),
        (counter, semconv.METRIC_EXPORT_ITEMS, "{item}", _accepted),
        (counter, semconv.METRIC_FAILURES, "{failure}", _failures),
    ):
        create(name, [_callback(pipeline, read)], unit)


def _callback(pipeline: Pipeline, read: Callable[[Pipeline], Iterable[_Reading]]) -> Callable[[CallbackOptions], list[Observation]]:
    from opentelemetry.metrics import Observation

    def observations(_options: CallbackOptions) -> list[Observation]:
        return [Observation(value, attributes) for value, attributes in read(pipeline)]

    return observations


def _queue(pipeline: Pipeline) -> Iterable[_Reading]:
    yield pipeline.queued, {semconv.SMART_AGENTS_SIGNAL: "traces"}


def _spool(pipeline: Pipeline) -> Iterable[_Reading]:
    for signal in SIGNALS:
        yield spool_bytes(pipeline, signal), {semconv.SMART_AGENTS_SIGNAL: signal}


def _dropped(pipeline: Pipeline) -> Iterable[_Reading]:
    for reason, count in pipeline.counters.snapshot().items():
        if reason in semconv.DROP_REASONS:
            yield count, {semconv.SMART_AGENTS_DROP_REASON: reason}


def _redactions(pipeline: Pipeline) -> Iterable[_Reading]:
    yield pipeline.counters[REDACTIONS], {}


def _requests(pipeline: Pipeline) -> Iterable[_Reading]:
    for (signal, result), count in pipeline.tallies.requests().items():
        yield count, {semconv.SMART_AGENTS_SIGNAL: signal, semconv.SMART_AGENTS_EXPORT_RESULT: result}


def _accepted(pipeline: Pipeline) -> Iterable[_Reading]:
    yield pipeline.tallies.accepted, {}


def _failures(_pipeline: Pipeline) -> Iterable[_Reading]:
    yield sum(FAILURES.values()), {}


def spool_bytes(pipeline: Pipeline, signal: str) -> int:
    """Return the bytes of one signal that wait on disk, without reading a file."""
    total = 0
    for place in ("active", "ready"):
        folder = pipeline.folder / signal / place
        if folder.is_dir():
            total += sum(entry.stat().st_size for entry in folder.iterdir() if entry.suffix == ".jsonl")
    return total
