"""The six usage events, read back from what real programs have recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from otel_smart_agents import semconv
from otel_smart_agents._pb.consent.v1 import consent_pb2
from otel_smart_agents._pb.usage.v1 import usage_pb2
from otel_smart_agents.export.usage import usage_events

PROGRAM = """
import os
from otel_smart_agents import agent, configure, feature, feedback, skill, step, tool, workflow

handle = configure(service_name="shop", service_version="1.2", audience="own", endpoint="http://127.0.0.1:9",
                   signals=os.environ["SIGNALS"].split(","))

@skill("lint", version="2")
def lint(): ...

@tool("grep")
def grep(): raise TimeoutError("private")

@agent("reviewer", version="4")
def review():
    lint()
    with skill("rated") as run: ...
    feedback(run, "user_satisfaction", 4, label="good")
    try: grep()
    except TimeoutError: ...
    feature("dark-mode", "enabled")

@workflow("release")
def release():
    review()
    with step("publish"): ...

release()
handle.flush()
handle.shutdown(0)
"""


@pytest.fixture(scope="module", params=["traces", "traces,logs,metrics"])
def recorded(request, tmp_path_factory):
    """The events of ``PROGRAM``, as ``export --format usage`` writes them; the signals that were on."""
    home = tmp_path_factory.mktemp("home")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "SMART_AGENTS_", "DO_NOT_TRACK"))},
        "HOME": str(home),
        "SIGNALS": request.param,
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    }
    subprocess.run([sys.executable, "-c", PROGRAM], env=environ, check=True, timeout=60)
    command = [sys.executable, "-m", "otel_smart_agents", "export", "--format", "usage", "-"]
    done = subprocess.run(command, env=environ, capture_output=True, check=True, timeout=60)
    events = [json_format.ParseDict(json.loads(line), usage_pb2.UsageEvent()) for line in done.stdout.splitlines()]
    return events, request.param.split(",")


def of(events, name):
    return [getattr(event, name) for event in events if event.WhichOneof("event") == name]


def test_every_run_is_one_event_with_its_facts(recorded):
    events, _ = recorded
    (agent,) = of(events, "agent_run")
    assert (agent.agent_name, agent.agent_version, agent.outcome) == ("reviewer", "4", usage_pb2.OUTCOME_SUCCESS)
    (workflow,) = of(events, "workflow_run")
    assert list(workflow.steps) == ["agent:reviewer", "skill:lint", "skill:rated", "tool:grep", "step:publish"]
    assert (workflow.workflow_name, workflow.step_count) == ("release", 5)
    assert agent.span.parent_span_id == workflow.span.span_id
    lint, rated, grep = of(events, "skill_run")
    assert (lint.skill_name, lint.skill_version, lint.agent_name) == ("lint", "2", "reviewer")
    assert (grep.tool_name, grep.skill_name, grep.outcome) == ("grep", "", usage_pb2.OUTCOME_TIMEOUT)
    assert 0 < lint.span.start_time_unix_nano <= lint.span.end_time_unix_nano
    assert not lint.ratings
    (rating,) = rated.ratings
    assert (rating.name, rating.value, rating.label) == ("user_satisfaction", 4.0, "good")
    assert rating.time_unix_nano >= rated.span.start_time_unix_nano


def test_an_error_is_an_event_of_its_own_with_the_span_of_its_run(recorded):
    events, _ = recorded
    (error,) = of(events, "error_seen")
    (grep,) = (run for run in of(events, "skill_run") if run.tool_name == "grep")
    assert error.span == grep.span
    assert (error.kind, error.error_type, error.component) == ("tool", "TimeoutError", "grep")
    assert error.category == usage_pb2.ERROR_CATEGORY_TIMEOUT
    assert error.stack_hash.startswith("v1:")


def test_a_feature_is_the_same_event_with_every_signal(recorded):
    events, _ = recorded
    (use,) = of(events, "feature_use")
    assert (use.feature_name, use.action, use.agent_name) == ("dark-mode", usage_pb2.FEATURE_ACTION_ENABLED, "reviewer")


def test_durations_are_windows_where_metrics_are_on(recorded):
    events, signals = recorded
    windows = of(events, "perf_window")
    if "metrics" not in signals:
        assert windows == []
        return
    assert {window.metric for window in windows} == set(semconv.DURATION_METRICS.values())
    for window in windows:
        assert window.count == sum(window.bucket_counts) + window.zero_count == 1
        base = 2.0 ** (2.0**-window.scale)
        assert base**window.bucket_offset <= window.sum_s * 1.000001
        assert window.sum_s <= base ** (window.bucket_offset + 1) * 1.000001
        assert window.min_s == window.max_s == window.sum_s
        assert window.start_time_unix_nano < window.end_time_unix_nano


def test_where_events_come_from(recorded):
    events, _ = recorded
    for event in events:
        assert (event.origin.product, event.origin.product_version, event.origin.os_type) == ("shop", "1.2", sys.platform)
        assert event.origin.runtime_name == "cpython"
        assert len(event.origin.installation_id) == len(event.origin.instance_id) == 36
        assert "private" not in str(event)


def span(kind, attributes=(), **more):
    given = {semconv.SMART_AGENTS_KIND: kind, **dict(attributes)}
    return {"traceId": "0" * 31 + "1", "spanId": more.pop("span_id", "1" * 16), "attributes": attributes_of(given), **more}


def attributes_of(values):
    def plain(value):
        if isinstance(value, list):
            return {"arrayValue": {"values": [plain(item) for item in value]}}
        return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}

    return [{"key": key, "value": plain(value)} for key, value in values.items()]


def traces(*spans, resource=()):
    return {"resourceSpans": [{"resource": {"attributes": attributes_of(dict(resource))}, "scopeSpans": [{"spans": list(spans)}]}]}


def test_consent_is_the_span_s_over_the_resource_s():
    on_resource = {semconv.SMART_AGENTS_CONSENT_POLICY_VERSION: "1", semconv.SMART_AGENTS_CONSENT_EPOCH: 3}
    on_span = {semconv.SMART_AGENTS_CONSENT_CATEGORIES: ["agent", "error", "newer"], semconv.SMART_AGENTS_CONSENT_POLICY_VERSION: "2"}
    (event,) = usage_events([traces(span("agent", on_span), resource=on_resource)])
    assert event.origin.consent == consent_pb2.ConsentFacts(
        policy_version="2", epoch=3, categories=[consent_pb2.CATEGORY_AGENT, consent_pb2.CATEGORY_ERROR]
    )


def test_a_rating_finds_its_run_in_another_request_and_else_stands_alone():
    rating = {
        "traceId": "0" * 31 + "1",
        "spanId": "1" * 16,
        "timeUnixNano": "5",
        "eventName": semconv.EVENT_RATING,
        "attributes": attributes_of({semconv.GEN_AI_EVALUATION_NAME: "quality", semconv.GEN_AI_SKILL_NAME: "lint"}),
    }
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [rating]}]}]}
    (joined,) = usage_events([logs, traces(span("skill"))])
    assert joined.skill_run.ratings[0].name == "quality"
    (alone,) = usage_events([logs])
    assert (alone.skill_run.skill_name, alone.skill_run.outcome) == ("lint", usage_pb2.OUTCOME_UNSPECIFIED)
    assert alone.skill_run.span == usage_pb2.Span(trace_id="0" * 31 + "1", span_id="1" * 16)
    (of_agent,) = usage_events([traces(span("agent")), logs])
    assert of_agent.agent_run.ratings[0].name == "quality"


def test_what_is_no_usage_is_no_event():
    foreign = {"traceId": "1" * 32, "spanId": "2" * 16, "name": "GET", "attributes": attributes_of({"error.type": "500"})}
    queue = {"name": "smart_agents.queue.size", "sum": {"dataPoints": [{"asInt": "1"}]}}
    deletion = {"eventName": semconv.EVENT_DELETION, "attributes": attributes_of({"smart_agents.deletion.proof": "x"})}
    requests = [
        traces(foreign, span("step")),
        {"resourceMetrics": [{"scopeMetrics": [{"metrics": [queue]}]}]},
        {"resourceLogs": [{"scopeLogs": [{"logRecords": [deletion]}]}]},
    ]
    assert usage_events(requests) == []


def test_a_sender_without_kinds_is_read_by_its_operations():
    given = {semconv.SMART_AGENTS_KIND: "", semconv.GEN_AI_OPERATION_NAME: "execute_tool", semconv.GEN_AI_SKILL_NAME: "lint"}
    run, error = usage_events([traces(span("", {**given, semconv.ERROR_TYPE: "E"}))])
    assert run.skill_run.skill_name == "lint"
    assert error.error_seen.kind == "skill"


KEYS = st.sampled_from(sorted(semconv.ATTRIBUTES))
ODD = [None, True, -1, 2**64, 1.5, float("nan"), "", "7", "x\ud800", [], [1, "a", None], {}, {"values": 3}, {"values": [{"intValue": "y"}]}]
JSON = st.sampled_from(ODD)
VALUES = st.dictionaries(st.sampled_from(["stringValue", "intValue", "doubleValue", "boolValue", "arrayValue"]), JSON, max_size=2) | JSON
HOLDER = st.fixed_dictionaries(
    {"attributes": st.lists(st.fixed_dictionaries({"key": KEYS, "value": VALUES}), max_size=4) | JSON},
    optional={
        "traceId": JSON,
        "spanId": JSON,
        "startTimeUnixNano": JSON,
        "timeUnixNano": JSON,
        "count": JSON,
        "scale": JSON,
        "sum": JSON,
        "links": st.lists(JSON, max_size=2) | JSON,
        "positive": st.fixed_dictionaries({"offset": JSON, "bucketCounts": JSON}) | JSON,
        "eventName": st.sampled_from([semconv.EVENT_FEATURE, semconv.EVENT_RATING]) | JSON,
    },
)


@given(st.lists(HOLDER, max_size=2), st.sampled_from(["agent", "skill", "workflow", "feature", "rating", "step"]))
def test_whatever_comes_is_read_without_an_error(holders, kind):
    """A back end can be sent anything: what does not keep to the registry leaves its field unset."""
    named = [{**holder, "attributes": [*attributes_of({"smart_agents.kind": kind}), *listed(holder)]} for holder in holders]
    metrics = [{"name": name, "exponentialHistogram": {"dataPoints": holders}} for name in semconv.DURATION_METRICS.values()]
    events = usage_events(
        [
            traces(*named),
            {"resourceLogs": [{"resource": holder, "scopeLogs": [{"logRecords": holders}]} for holder in holders]},
            {"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]},
        ]
    )
    for event in events:
        assert usage_pb2.UsageEvent.FromString(event.SerializeToString()).WhichOneof("event")


def listed(holder):
    return holder["attributes"] if isinstance(holder["attributes"], list) else []
