"""Where the spans and records of a test go: providers of their own, in memory, without a thread, a file or a connection."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor, ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from otel_smart_agents import semconv
from otel_smart_agents.env import OTEL_SDK_DISABLED
from otel_smart_agents.instrument.context import inherited
from otel_smart_agents.testing.clock import Clock, CountingIds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.context import Context
    from opentelemetry.sdk._logs import ReadWriteLogRecord
    from opentelemetry.sdk.trace import Span

RESOURCE = Resource({semconv.SERVICE_NAME: "tests", semconv.TELEMETRY_SDK_LANGUAGE: "python"})


class TimedSpan(ReadableSpan):
    """A finished span with the test's times instead of the machine's."""

    def __init__(self, span: ReadableSpan, start_ns: int, end_ns: int) -> None:
        super().__init__(
            name=span.name,
            context=span.get_span_context(),
            parent=span.parent,
            resource=span.resource,
            attributes=dict(span.attributes or {}),
            events=[type(event)(event.name, event.attributes, start_ns + number) for number, event in enumerate(span.events, 1)],
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=start_ns,
            end_time=end_ns,
            instrumentation_scope=span.instrumentation_scope,
        )
        self._counts = (span.dropped_attributes, span.dropped_events, span.dropped_links)

    @property
    def dropped_attributes(self) -> int:
        """As counted by the SDK."""
        return self._counts[0]

    @property
    def dropped_events(self) -> int:
        """As counted by the SDK."""
        return self._counts[1]

    @property
    def dropped_links(self) -> int:
        """As counted by the SDK."""
        return self._counts[2]


class Spans(SpanProcessor):
    """Keeps every span that ends. Spans of other instrumentations get the attributes that the context hands down, as in production."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.finished: list[ReadableSpan] = []
        self._started: dict[int, int] = {}

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Note the time."""
        self._started[span.get_span_context().span_id] = self.clock.tick()
        present = span.attributes or {}
        span.set_attributes({key: value for key, value in inherited(parent_context).items() if key not in present})

    def on_end(self, span: ReadableSpan) -> None:
        """Keep the span."""
        context = span.get_span_context()
        start_ns = self._started.pop(context.span_id if context else 0, self.clock.now_ns)
        self.finished.append(TimedSpan(span, start_ns, self.clock.tick()))

    @property
    def open(self) -> int:
        """How many spans have started and not ended."""
        return len(self._started)


class Records(LogRecordProcessor):
    """Keeps every record."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.emitted: list[ReadableLogRecord] = []

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Keep the record."""
        record = log_record.log_record
        record.timestamp = record.observed_timestamp = self.clock.tick()
        self.emitted.append(ReadableLogRecord(record, log_record.resource or RESOURCE, log_record.instrumentation_scope))

    def shutdown(self) -> None:
        """Nothing to close."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - the SDK's signature
        """Everything is kept at once."""
        return True


@contextmanager
def _sdk_enabled(environ: Any = os.environ) -> Iterator[None]:
    """Let providers be made although the environment disables the SDK: what a test asserts must not depend on it."""
    before = environ.pop(OTEL_SDK_DISABLED, None)
    try:
        yield
    finally:
        if before is not None:
            environ[OTEL_SDK_DISABLED] = before


def tracer_provider(spans: Spans) -> TracerProvider:
    """Return a provider that keeps everything in ``spans``; it leaves the global one alone."""
    with _sdk_enabled():
        provider = TracerProvider(sampler=ALWAYS_ON, resource=RESOURCE, shutdown_on_exit=False, id_generator=CountingIds())
    provider.add_span_processor(spans)
    return provider


def logger_provider(records: Records) -> LoggerProvider:
    """Return a provider that keeps everything in ``records``; it leaves the global one alone."""
    with _sdk_enabled():
        provider = LoggerProvider(resource=RESOURCE, shutdown_on_exit=False)
    provider.add_log_record_processor(records)
    return provider
