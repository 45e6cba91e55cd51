"""PrivacySpanProcessor in front of other people's processors and exporters."""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.privacy import Counters, PrivacySpanProcessor, RedactedSpan
from otel_smart_agents.privacy.counters import CONSENT, PROCESSOR_ERROR, REDACTIONS
from spans.build import OWN, SECRET_PARTS, SECRETS, UPSTREAM


@pytest.fixture
def receiver():
    """An OTLP/HTTP receiver on the loopback interface; it keeps every body."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.bodies = bodies
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def provider_with(processor):
    provider = TracerProvider(resource=Resource({"service.name": "acme", "host.name": "janes-laptop"}), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def work(provider):
    with provider.get_tracer("acme").start_as_current_span(
        "GET /a", attributes={"url.full": SECRETS["mail"], "note": SECRETS["aws"]}
    ) as span:
        span.add_event("saw", {"note": SECRETS["github"]})


def test_a_stock_exporter_behind_it_sends_clean_spans(receiver):
    exporter = OTLPSpanExporter(f"http://127.0.0.1:{receiver.server_port}/v1/traces", compression=Compression.NoCompression)
    counters = Counters()
    provider = provider_with(PrivacySpanProcessor(BatchSpanProcessor(exporter), OWN, counters=counters))
    work(provider)
    assert provider.force_flush(5_000)
    provider.shutdown()
    request = ExportTraceServiceRequest.FromString(b"".join(receiver.bodies))
    span = request.resource_spans[0].scope_spans[0].spans[0]
    assert span.name == "GET /a"
    assert span.dropped_attributes_count == 1
    assert span.events[0].dropped_attributes_count == 1
    for part in (*SECRET_PARTS.values(), "janes-laptop"):
        assert part not in str(request)
    assert counters[REDACTIONS] == 1


def test_it_hands_on_redacted_spans_and_nothing_else():
    memory = InMemorySpanExporter()
    provider = provider_with(PrivacySpanProcessor(SimpleSpanProcessor(memory), lambda: OWN))
    work(provider)
    assert [type(span) for span in memory.get_finished_spans()] == [RedactedSpan]


@pytest.mark.parametrize("policy", [UPSTREAM, lambda: None])
def test_what_may_not_leave_does_not_reach_the_next_processor(policy):
    memory, counters = InMemorySpanExporter(), Counters()
    work(provider_with(PrivacySpanProcessor(SimpleSpanProcessor(memory), policy, counters=counters)))
    assert memory.get_finished_spans() == ()
    assert counters[CONSENT] == 1


def test_a_policy_that_fails_lets_nothing_through(caplog):
    def policy():
        raise RuntimeError(SECRETS["mail"])

    memory = InMemorySpanExporter()
    processor = PrivacySpanProcessor(SimpleSpanProcessor(memory), policy)
    with caplog.at_level(logging.WARNING):
        work(provider_with(processor))
        work(provider_with(processor))
    assert memory.get_finished_spans() == ()
    assert processor.counters[PROCESSOR_ERROR] == 2
    assert [record.message.count("RuntimeError") for record in caplog.records] == [1]
    assert SECRETS["mail"] not in caplog.text


def test_a_next_processor_that_fails_hurts_nobody(caplog):
    class Broken(SpanProcessor):
        def _fail(self, *arguments, **named):
            raise OSError("disk")

        on_start = on_end = shutdown = force_flush = _fail

    processor = PrivacySpanProcessor(Broken(), OWN)
    provider = provider_with(processor)
    with caplog.at_level(logging.WARNING):
        work(provider)
        assert provider.force_flush() is False
        provider.shutdown()
    assert processor.counters[PROCESSOR_ERROR] == 4
    assert len(caplog.records) == 1


def test_start_flush_and_shutdown_are_handed_on():
    calls = []

    class Next(SpanProcessor):
        def on_start(self, span, parent_context=None):
            calls.append(("start", span.name))

        def on_end(self, span):
            calls.append(("end", span.name))

        def force_flush(self, timeout_millis=30_000):
            calls.append(("flush", timeout_millis))
            return True

        def shutdown(self):
            calls.append(("shutdown",))

    provider = provider_with(PrivacySpanProcessor(Next(), OWN))
    work(provider)
    assert provider.force_flush(1_000) is True
    provider.shutdown()
    assert [call[0] for call in calls] == ["start", "end", "flush", "shutdown"]
    assert 0 < calls[2][1] <= 1_000


def test_a_policy_that_is_none_is_told_at_once():
    with pytest.raises(ConfigError, match="Policy"):
        PrivacySpanProcessor(SimpleSpanProcessor(InMemorySpanExporter()), "own")


def test_two_in_a_row_are_one():
    memory = InMemorySpanExporter()
    work(provider_with(PrivacySpanProcessor(PrivacySpanProcessor(SimpleSpanProcessor(memory), OWN), OWN)))
    assert len(memory.get_finished_spans()) == 1
