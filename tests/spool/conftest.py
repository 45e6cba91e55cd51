"""A destination of its own for every test, and redacted spans to put into it."""

from __future__ import annotations

import itertools
import json
import os

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext

from otel_smart_agents.consent.model import Destination
from otel_smart_agents.privacy import Policy, redact, redact_log, redact_metrics
from otel_smart_agents.spool import Spool, SpoolFolder

OWN = Destination("own", "demo", "http://127.0.0.1:4318")
RESOURCE = Resource({"service.name": "demo"})
SCOPE = InstrumentationScope("otel_smart_agents", "1")
SCAN = Policy(unknown="scan")
_numbers = itertools.count(1)


def fresh_id() -> int:
    """A span id that no other process has either."""
    return (os.getpid() << 32) + next(_numbers)


def make_span(span_id=None, *, name="execute_tool search", attributes=None, policy=None, start_time=1_000, end_time=2_000):
    """One span that went through the privacy filter."""
    span = ReadableSpan(
        name,
        SpanContext(0xABC, fresh_id() if span_id is None else span_id, is_remote=False),
        resource=RESOURCE,
        attributes={"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"} if attributes is None else attributes,
        instrumentation_scope=SCOPE,
        start_time=start_time,
        end_time=end_time,
    )
    return redact(span, policy or Policy())


def make_spans(count):
    """Several spans."""
    return [make_span() for _ in range(count)]


def make_log():
    """One redacted log record."""
    record = LogRecord(
        timestamp=1, observed_timestamp=2, event_name="smart_agents.feature.used", attributes={"smart_agents.feature.name": "x"}
    )
    return redact_log(ReadableLogRecord(record, RESOURCE, SCOPE), Policy())


def make_metrics():
    """One redacted collection of two metrics."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], RESOURCE, shutdown_on_exit=False)
    meter = provider.get_meter("otel_smart_agents")
    meter.create_histogram("gen_ai.client.operation.duration", "s").record(0.5)
    meter.create_histogram("gen_ai.client.token.usage", "{token}").record(7)
    return redact_metrics(reader.get_metrics_data(), Policy())


def ids_of(payloads):
    """Every span id in payloads, in order."""
    return [
        int(span["spanId"], 16)
        for payload in payloads
        for resource in json.loads(b"[" + payload + b"]")
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def waiting_ids(folder, signal="traces"):
    """Every span id in ready files."""
    return [span_id for file in SpoolFolder(folder).ready_files(signal) for span_id in ids_of(file.body().payloads)]


@pytest.fixture
def folder(tmp_path):
    """A destination's folder that does not exist yet."""
    return tmp_path / "telemetry" / "spool" / OWN.key


@pytest.fixture
def spool(folder):
    """A writer for traces."""
    writer = Spool(folder, OWN, epoch=1)
    yield writer
    writer.close()


@pytest.fixture
def reader(folder):
    """The reading end."""
    return SpoolFolder(folder)
