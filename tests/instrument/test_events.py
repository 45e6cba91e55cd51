"""Feature use, ratings and duration histograms."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from otel_smart_agents import agent, feature, feedback, skill, step, tool, workflow
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.durations import DURATIONS


class Logs:
    def __init__(self):
        self.provider = LoggerProvider(shutdown_on_exit=False)
        self.memory = InMemoryLogRecordExporter()
        self.provider.add_log_record_processor(SimpleLogRecordProcessor(self.memory))
        self.logger = self.provider.get_logger("otel_smart_agents")

    @property
    def records(self):
        return [item.log_record for item in self.memory.get_finished_logs()]


def test_a_feature_is_an_event_and_where_asked_for_a_span(own, no_failures):
    logs = Logs()
    own.replace(logger=logs.logger, event_spans=True)
    with agent("a"):
        feature("evolution_system", "enabled")
    record = logs.records[0]
    assert record.event_name == "smart_agents.feature.usage"
    assert record.attributes["smart_agents.feature.name"] == "evolution_system"
    assert record.attributes["smart_agents.feature.action"] == "enabled"
    parent = own.one("invoke_agent a")
    assert (record.trace_id, record.span_id) == (parent.context.trace_id, parent.context.span_id)
    span = own.one("smart_agents.feature evolution_system")
    assert span.end_time - span.start_time == 1, "nothing lasts no time: Jaeger warns of spans that do"
    assert span.attributes["smart_agents.kind"] == "feature"
    assert own.parent_of("smart_agents.feature evolution_system") == "invoke_agent a"


def test_a_rating_now_later_and_by_its_ref(own, no_failures):
    logs = Logs()
    own.replace(logger=logs.logger, event_spans=True)
    with agent("a"), skill("s") as run:
        run.rate(4)
    feedback(run, "user_satisfaction", 5, label="pass")
    feedback(run.ref, "helpfulness", 0.5)
    rated = own.one("execute_tool s")
    assert [record.attributes["gen_ai.evaluation.score.value"] for record in logs.records] == [4.0, 5.0, 0.5]
    assert {(record.trace_id, record.span_id) for record in logs.records} == {(rated.context.trace_id, rated.context.span_id)}
    assert logs.records[1].attributes["gen_ai.evaluation.score.label"] == "pass"
    assert logs.records[0].attributes["gen_ai.skill.name"] == "s"
    assert logs.records[0].attributes["gen_ai.agent.name"] == "a"
    spans = [span for span in own.spans if span.name == "smart_agents.rating user_satisfaction"]
    assert [link.context.span_id for span in spans for link in span.links] == [rated.context.span_id] * 2
    assert {span.context.trace_id for span in spans} == {rated.context.trace_id}


def test_a_rating_goes_where_its_run_went_with_that_sides_ids(own, make, no_failures):
    ours, theirs = Logs(), Logs()
    own.replace(logger=ours.logger)
    upstream = make("up", key="k", logger=theirs.logger).on()
    with skill("s") as run:
        pass
    feedback(run.ref, "user_satisfaction", 3)
    assert ours.records[0].trace_id == own.spans[0].context.trace_id
    assert theirs.records[0].trace_id == upstream.spans[0].context.trace_id
    feature("f")
    assert theirs.records[1].trace_id == 0
    with own.tracer.start_as_current_span("user"):
        feature("f")
    assert theirs.records[2].trace_id == 0
    assert ours.records[2].trace_id != 0


def test_two_own_destinations_share_spans_and_an_event_reaches_each_logger_once(own, make, no_failures):
    first, second = Logs(), Logs()
    own.replace(logger=first.logger, event_spans=True)
    other = make("other", logger=second.logger, event_spans=True).on()
    feature("f")
    assert (len(first.records), len(second.records)) == (1, 1)
    assert (own.names, other.names) == ([], ["smart_agents.feature f"])
    other.off()
    feature("f")
    assert (len(first.records), len(second.records), len(own.names)) == (2, 1, 1)


def test_what_was_not_recorded_is_rated_silently(no_failures):
    with agent("a") as run:
        pass
    feedback(run, "user_satisfaction", 3)
    feedback(run.ref, "user_satisfaction", 3)
    feature("f")


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: feature("two\nlines"), ConfigError),
        (lambda: feature("f", "clicked"), ConfigError),
        (lambda: feature(3), TypeError),
        (lambda: feedback("", "user_satisfaction", 6), ConfigError),
        (lambda: feedback("", "user_satisfaction", float("nan")), ConfigError),
        (lambda: feedback("", "user_satisfaction", "good"), TypeError),
        (lambda: feedback("", "user_satisfaction", True), TypeError),
        (lambda: feedback("", "helpful", 1, label="because\nof"), ConfigError),
        (lambda: feedback("not a ref", "helpful", 1), ConfigError),
        (lambda: feedback(None, "helpful", 1), TypeError),
    ],
)
def test_a_wrong_event_says_so(call, error):
    with pytest.raises(error):
        call()


def test_rating_a_run_wrongly_raises_nothing(own):
    with agent("a") as run:
        run.rate(17)
        run.rate("good")
    assert runtime.FAILURES == {"rate": 2}


@pytest.fixture
def metrics(own):
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    own.replace(meter=provider.get_meter("otel_smart_agents"))

    def read():
        DURATIONS.flush()
        data = reader.get_metrics_data()
        return {
            (metric.name, tuple(sorted(dict(point.attributes).items()))): point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.data.data_points
        }

    yield read
    provider.shutdown()


def test_durations_are_histograms_by_kind_name_and_outcome(own, metrics, no_failures):
    for _ in range(3):
        with workflow("w"), agent("a"), skill("s"), step("x"):
            pass
    with pytest.raises(KeyError), tool("t"):
        raise KeyError
    points = metrics()
    assert sorted(name for name, _ in points) == [
        "gen_ai.execute_tool.duration",
        "gen_ai.execute_tool.duration",
        "gen_ai.invoke_agent.duration",
        "gen_ai.invoke_workflow.duration",
    ]
    by_name = {
        dict(attributes).get("gen_ai.skill.name") or dict(attributes).get("gen_ai.tool.name"): (dict(attributes), point)
        for (_, attributes), point in points.items()
    }
    attributes, point = by_name["s"]
    assert attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.skill.name": "s",
        "gen_ai.agent.name": "a",
        "smart_agents.outcome": "success",
    }
    assert point.count == 3
    assert 0 <= point.sum < 10
    assert by_name["t"][0]["error.type"] == "KeyError"


AT_EXIT = """
import os, sys, time
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, InMemoryMetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from otel_smart_agents import agent
from otel_smart_agents.instrument.runtime import Route, install
provider = MeterProvider([PeriodicExportingMetricReader(ConsoleMetricExporter(), export_interval_millis=600_000)])
install(Route("own", TracerProvider().get_tracer("x"), meter=provider.get_meter("x")))
with agent("a"):
    pass
if len(sys.argv) > 1 and os.fork() == 0:
    with agent("in-child"):
        pass
"""


@pytest.mark.parametrize("fork", [False, pytest.param(True, marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"))])
def test_durations_that_wait_are_recorded_at_the_end_of_the_process(fork):
    command = [sys.executable, "-c", AT_EXIT, *(["fork"] if fork else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count('"count": 1') == (2 if fork else 1), done.stdout + done.stderr
    assert ("in-child" in done.stdout) is fork


def test_the_thread_records_by_itself_and_sleeps_in_between(own):
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    own.replace(meter=provider.get_meter("otel_smart_agents"))
    for _ in range(2):
        with agent("a"):
            pass
        deadline = time.monotonic() + 20
        while DURATIONS._waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not DURATIONS._waiting
        assert not DURATIONS._wake.is_set()
    provider.shutdown()
