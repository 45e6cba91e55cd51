"""From a decorated agent to a trace on screen: spool, our collector, and the query APIs of Jaeger and Tempo."""

from __future__ import annotations

import pytest
from collector.harness import CONFIG, eventually, running
from examples.seen import one, tree

FAILING = """
from otel_smart_agents import agent, configure, skill

@skill("find-secrets", version="1.2.0")
def find(text):
    raise TimeoutError("no answer about dana@acme.example in /home/dana/tax.ods")

@agent("code-reviewer", version="2.0.0")
def review(text):
    return find(text)

with configure(service_name={service!r}):
    try:
        review("please look at this")
    except TimeoutError:
        pass
"""


@pytest.fixture
def through(program, jaeger, tmp_path):
    """Our collector on the way to Jaeger, as shipped."""
    with running(program, CONFIG / "jaeger.yaml", folder=tmp_path / "collector", SMART_AGENTS_JAEGER=jaeger.grpc) as collector:
        yield collector


def sent_to(collector, protocol="http/protobuf"):
    url = f"http://127.0.0.1:{collector.ports.otlp_grpc}" if protocol == "grpc" else collector.ports.url
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": protocol}


@pytest.mark.parametrize("protocol", ["http/protobuf", "http/json", "grpc"])
def test_an_agent_its_skill_and_its_error_are_seen_in_jaeger(user, through, jaeger, protocol):
    service = "viewing-" + protocol.replace("/", "-")
    user.run(FAILING.format(service=service), **sent_to(through, protocol))
    spans = jaeger.wait_for(service, 2)
    assert tree(spans) == "invoke_agent code-reviewer [timeout]\n  execute_tool find-secrets [timeout]"
    skill = one(spans, "execute_tool find-secrets")
    assert skill["duration_us"] > 0
    found = skill["attributes"]
    assert found["gen_ai.skill.name"] == "find-secrets"
    assert found["smart_agents.skill.version"] == "1.2.0"
    assert found["gen_ai.agent.name"] == "code-reviewer"
    assert found["error.type"] == "TimeoutError"
    assert found["smart_agents.error.category"] == "timeout"
    assert found["smart_agents.error.stack_hash"] == one(spans, "invoke_agent code-reviewer")["attributes"]["smart_agents.error.stack_hash"]
    assert found["error"] is True
    for private in ("dana", "tax.ods", "please look"):
        assert private not in str(jaeger.document(service))


def test_jaeger_finds_nothing_to_warn_of(user, through, jaeger):
    user.run(
        """
from otel_smart_agents import agent, configure, feature, feedback
with configure(service_name="viewing-warnings"), agent("planner") as run:
    run.event("chosen")
    feature("export", "used")
    feedback(run, "user_satisfaction", 4)
""",
        **sent_to(through),
    )
    assert len(jaeger.wait_for("viewing-warnings", 3)) == 3
    assert [span for trace in jaeger.document("viewing-warnings")["data"] for span in trace["spans"] if span["warnings"]] == []


def test_a_failing_skill_is_found_with_traceql(user, program, tempo, tmp_path):
    with running(program, CONFIG / "tempo.yaml", folder=tmp_path / "collector", SMART_AGENTS_TEMPO=tempo.grpc) as collector:
        user.run(FAILING.format(service="viewing-tempo"), **sent_to(collector))
        query = '{ span.gen_ai.skill.name = "find-secrets" && status = error && resource.service.name = "viewing-tempo" }'
        (found,) = eventually(lambda: tempo.search(query), timeout_s=90, every_s=1)
        trace = str(tempo.trace(found["traceID"]))
        for shown in ("code-reviewer", "find-secrets", "TimeoutError", "v1:"):
            assert shown in trace
        assert "dana" not in trace
