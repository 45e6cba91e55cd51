"""Behind the SDK's batch processor nothing waits: what has ended is taken at once, and once, where that is safe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from importlib.metadata import entry_points
from types import SimpleNamespace

import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from support.pipelines import emit, make_pipeline, wait_until
from support.programs import run

from otel_smart_agents import semconv
from otel_smart_agents.consent.percall import PerCallConsent
from otel_smart_agents.export import wired
from otel_smart_agents.export.exporters import ConsentAwareSpanExporter, Given
from otel_smart_agents.export.processor import AheadSpanProcessor
from otel_smart_agents.instrument.context import CONSENT_KEY
from otel_smart_agents.privacy import Policy, PrivacySpanProcessor
from otel_smart_agents.spool.folder import SpoolFolder


class Derived(BatchSpanProcessor):
    """Hands on what it likes."""

    def on_end(self, span):
        if "internal" not in span.name:
            super().on_end(span)


class Way:
    """A provider, a pipeline, and what leads from one to the other."""

    def __init__(self, folder, wrap, *, provider=None, sampler=None):
        self.pipeline = make_pipeline(folder, None)
        self.ahead = AheadSpanProcessor(Given(self.pipeline))
        self.exporter = ConsentAwareSpanExporter(self.pipeline, ahead=self.ahead)
        resource = Resource({"service.name": "shop"})
        self.provider = provider or TracerProvider(resource=resource, sampler=sampler, shutdown_on_exit=False)
        self.provider.add_span_processor(wrap(self.exporter))
        self.ahead.attach(self.provider, self.exporter, fed=False)
        self.tracer = self.provider.get_tracer(semconv.SCOPE_NAME)

    def names(self):
        assert self.pipeline.seal()
        spool = SpoolFolder(self.pipeline.folder)
        bodies = [json.loads(file.body().json()) for file in spool.ready_files("traces")]
        spans = [span for body in bodies for group in body["resourceSpans"] for scope in group["scopeSpans"] for span in scope["spans"]]
        assert max(Counter(span["spanId"] for span in spans).values(), default=1) == 1
        return [span["name"] for span in spans]

    def end(self):
        self.provider.shutdown()


def slow_batch(exporter):
    return BatchSpanProcessor(exporter, schedule_delay_millis=60_000)


@pytest.fixture
def way(tmp_path):
    made = []

    def make(wrap=slow_batch, **more):
        made.append(Way(tmp_path / str(len(made)), wrap, **more))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_what_has_ended_is_kept_at_once_and_the_batch_adds_nothing(way):
    w = way()
    assert w.ahead.takes
    emit(w.tracer, 3)
    assert w.pipeline.flush(5, to="disk")
    assert len(w.names()) == 3
    assert w.provider.force_flush()
    assert len(w.names()) == 3


def test_a_flush_puts_what_was_taken_on_the_disk(way):
    w = way()
    emit(w.tracer, 300)
    assert w.provider.force_flush()
    active = w.pipeline.folder / "traces" / "active"
    assert sum(file.read_text().count('"spanId"') for file in active.glob("*.jsonl")) == 300


@pytest.mark.parametrize(
    "wrap",
    [
        SimpleSpanProcessor,
        lambda exporter: Derived(exporter, schedule_delay_millis=60_000),
        lambda exporter: PrivacySpanProcessor(slow_batch(exporter), Policy()),
    ],
    ids=["at once", "derived", "wrapped"],
)
def test_where_the_exporter_may_get_others_it_takes_them_alone(way, wrap):
    w = way(wrap)
    assert not w.ahead.takes
    emit(w.tracer, 3)
    assert w.provider.force_flush()
    assert len(w.names()) == 3


def test_the_exporter_alone_keeps_everything(tmp_path, way):
    w = way()
    other = TracerProvider(resource=Resource({"service.name": "shop"}), shutdown_on_exit=False)
    other.add_span_processor(slow_batch(w.exporter))
    emit(other.get_tracer(semconv.SCOPE_NAME), 2)
    emit(w.tracer, 1)
    assert other.force_flush()
    assert wait_until(lambda: w.pipeline.queued == 0)
    assert len(w.names()) == 3
    other.shutdown()


def test_two_exporters_on_one_provider_get_everything_once_each(way):
    one = way()
    two = way(provider=one.provider)
    emit(one.tracer, 3)
    assert one.provider.force_flush()
    assert (len(one.names()), len(two.names())) == (3, 3)


def test_joins_only_the_provider_that_feeds_the_exporter(way):
    w = way()
    elsewhere = AheadSpanProcessor(Given(w.pipeline))
    stranger = TracerProvider(shutdown_on_exit=False)
    for provider in (stranger, SimpleNamespace(), trace.ProxyTracerProvider()):
        elsewhere.attach(provider, w.exporter)
    assert not elsewhere.takes
    assert stranger._active_span_processor._span_processors == ()
    before = w.provider._active_span_processor._span_processors
    w.ahead.attach(w.provider, w.exporter)
    assert w.provider._active_span_processor._span_processors == before
    stranger.shutdown()


def test_what_is_not_sampled_is_not_taken(way):
    w = way(sampler=TraceIdRatioBased(0.0))
    emit(w.tracer, 3)
    assert w.names() == []


def test_the_consent_of_a_call_counts(way):
    w = way()
    consent = PerCallConsent(frozenset({"agent"}), policy_version="1", subject="")
    token = context.attach(context.set_value(CONSENT_KEY, consent))
    try:
        emit(w.tracer, 1, name="covered")
        with w.tracer.start_as_current_span("execute_tool search", attributes={"smart_agents.kind": "skill"}):
            pass
    finally:
        context.detach(token)
    assert w.provider.force_flush()
    assert w.names() == ["invoke_agent covered"]


DECORATED = """
from otel_smart_agents import agent
@agent("reviewer")
def review(): pass
review()
"""
PLAIN = """
from opentelemetry import trace
with trace.get_tracer("somebody.else").start_as_current_span("GET"): pass
"""


@pytest.mark.parametrize("durability", ["write_behind", "write_through"])
@pytest.mark.parametrize("way_wired", ["variables", "file"])
@pytest.mark.parametrize(("program", "name"), [(DECORATED, "invoke_agent reviewer"), (PLAIN, "GET")], ids=["decorated", "plain"])
def test_a_kill_takes_nothing_along_that_had_ended(tmp_path, durability, way_wired, program, name):
    """The promises of ``durability``, for a program in which nobody called ``configure()``."""
    path = tmp_path / "program.py"
    pause = "import time; time.sleep(2)" if durability == "write_behind" else ""  # the first span has to wait for imports
    path.write_text(f"{program}\n{pause}\nimport os; os.kill(os.getpid(), {int(signal.SIGKILL)})\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")} | {"HOME": str(tmp_path)}
    exporter = {"endpoint": "http://127.0.0.1:9", "protocol": "http/json", "durability": durability}
    if way_wired == "file":
        batch = {"batch": {"schedule_delay": 60_000, "exporter": {"smart_agents": exporter}}}
        config = tmp_path / "otel.yaml"
        config.write_text(json.dumps({"file_format": "1.0", "tracer_provider": {"processors": [batch]}}))  # JSON is YAML
        environ |= {"OTEL_CONFIG_FILE": str(config)}
    else:
        environ |= {f"OTEL_PYTHON_SMART_AGENTS_{key.upper()}": value for key, value in exporter.items()}
        environ |= {"OTEL_TRACES_EXPORTER": "smart_agents", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
        environ |= {"OTEL_BSP_SCHEDULE_DELAY": "60000"}
    launcher = "import sys; from opentelemetry.instrumentation.auto_instrumentation import run; sys.exit(run())"
    done = subprocess.run(
        [sys.executable, "-c", launcher, sys.executable, str(path)], env=environ, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    (folder,) = (tmp_path / ".smart-agents" / "telemetry" / "spool").iterdir()
    spool = SpoolFolder(folder)
    spool.recover("traces")
    body = b"".join(file.body().json() for file in spool.ready_files("traces"))
    assert body.count(f'"name":"{name}"'.encode()) == 1


def test_without_our_exporter_nothing_is_loaded(tmp_path):
    body = """
    from otel_smart_agents.export.wired import attach
    attach()
    assert "otel_smart_agents.export.entry" not in sys.modules
    """
    run(body, folder=tmp_path)


def test_opentelemetry_instrument_calls_it():
    (point,) = [point for point in entry_points(group="opentelemetry_post_instrument") if point.name == "smart_agents"]
    assert point.load() is wired.attach
