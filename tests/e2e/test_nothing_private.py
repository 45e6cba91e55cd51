"""A careless program sends raw spans and logs straight to the collector: nothing private comes out of it, and the spans do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from collector.harness import eventually, running
from promises.test_nothing_private import SECRETS, leaks

from e2e.pipelines import OPEN

PYTHON = """
import json, sys
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.trace import Link, SpanContext, TraceFlags, TraceState, Status, StatusCode, SpanKind

S, url = json.loads(sys.argv[1]), sys.argv[2]
ALL = " | ".join(S)
resource = Resource.create({"service.name": "planted-python", "enduser.name": ALL, "process.command_args": S, "note": ALL})
spans = TracerProvider(resource=resource)
spans.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=url + "/v1/traces")))
tracer = spans.get_tracer("careless " + ALL, "1.0 " + ALL, attributes={"note": ALL})

class Leaky(Exception):
    def __str__(self): return ALL

there = SpanContext(7, 7, True, TraceFlags(1), TraceState([("vendor", S[5])]))
with tracer.start_as_current_span("invoke_agent planner", links=[Link(there, {"why": ALL, "list": S})], attributes={
        "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "http.request.method": "GET",
        "url.full": "https://dana:" + S[5] + "@host/x?token=" + S[0], "prompt": ALL, "list": S, "gen_ai.input.messages": ALL,
        "db.statement": "select * from t where mail = '" + S[1] + "'", "http.route": "/mail/" + S[1]}) as span:
    span.add_event("said " + ALL, {"text": ALL, "list": S})
    try:
        with tracer.start_as_current_span("GET " + ALL, kind=SpanKind.CLIENT):
            raise Leaky(ALL)
    except Leaky:
        pass
    span.set_status(Status(StatusCode.ERROR, ALL))
logs = LoggerProvider(resource=resource)
logs.add_log_record_processor(SimpleLogRecordProcessor(OTLPLogExporter(endpoint=url + "/v1/logs")))
logs.get_logger("careless").emit(LogRecord(
    event_name="said " + ALL, severity_text=ALL, severity_number=SeverityNumber.INFO, timestamp=1,
    body={"text": ALL, "list": S, "deep": {"token": S[0], "note": ALL}}, attributes={"text": ALL, "http.route": "/users/" + S[1]}))
meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=url + "/v1/metrics"))], resource=resource)
histogram = meters.get_meter("careless", attributes={"note": ALL}).create_histogram(
    "gen_ai.invoke_agent.duration", unit="s", description=ALL)
with tracer.start_as_current_span("invoke_agent exemplar"):
    histogram.record(1.5, {"gen_ai.agent.name": "planner", "user.name": S[4], "note": ALL})
for provider in (spans, logs, meters):
    provider.force_flush()
    provider.shutdown()
"""


def send_python(user, url, _folder):
    script = user.folder.parent / "planted.py"
    script.write_text(PYTHON, encoding="utf-8")
    user.command(sys.executable, str(script), json.dumps(SECRETS), url)


def send_javascript(user, url, folder):
    done = subprocess.run(
        ["node", "plant.js", url], cwd=folder, input=json.dumps(SECRETS), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize(
    ("language", "send", "spans", "stack"), [("python", send_python, 3, "v1:"), ("javascript", send_javascript, 2, "v1:")]
)
def test_nothing_private_passes_the_collector(request, user, program, jaeger, tmp_path, language, send, spans, stack):
    folder = request.getfixturevalue("javascript") if language == "javascript" else tmp_path
    with running(program, OPEN, folder=tmp_path / "collector", BACK_END=jaeger.url) as collector:
        send(user, collector.ports.url, folder)
        written = collector.ports.folder / "written.jsonl"
        signals = {"resourceSpans", "resourceLogs"} | ({"resourceMetrics"} if language == "python" else set())
        assert eventually(lambda: written.is_file() and all(signal in written.read_text() for signal in signals))
        found = jaeger.wait_for(f"planted-{language}", spans)
        metrics = collector.metrics()
    assert "invoke_agent planner" in {span["name"] for span in found}
    failed = [span["attributes"] for span in found if "smart_agents.error.stack_hash" in span["attributes"]]
    assert failed, "the exception's stack arrives as a hash"
    assert all(attributes["smart_agents.error.stack_hash"].startswith(stack) for attributes in failed)
    shown = json.dumps(jaeger.document(f"planted-{language}"))
    for place, content in {"Jaeger": shown, "the file exporter": written.read_text(), "its own metrics": str(metrics)}.items():
        assert leaks(content.encode()) == [], place
        assert "/home/dana" not in content, place
    assert leaks(collector.log.read_bytes()) == [], "the collector's own log"
