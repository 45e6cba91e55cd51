"""Which spans and which names leave, by consent and by audience."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.privacy import Counters, kind_of, redact
from otel_smart_agents.privacy.counters import CONSENT
from otel_smart_agents.privacy.kinds import category_of
from spans.build import OWN, RUN_ID, UPSTREAM, agent_span, everything, span_of

SKILL = {"gen_ai.operation.name": "execute_tool", "smart_agents.kind": "skill", "gen_ai.skill.name": "debugging"}
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "grep"}
FLOW = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "nightly"}


def only(*categories, policy=OWN):
    return replace(policy, categories=frozenset(categories))


@pytest.mark.parametrize(
    ("name", "attributes", "scope", "kind", "category"),
    [
        ("invoke_agent planner", {"gen_ai.operation.name": "invoke_agent"}, "x", "agent", "agent"),
        ("create_agent planner", {"gen_ai.operation.name": "create_agent"}, "x", "agent", "agent"),
        ("execute_tool grep", TOOL, "x", "tool", "skill"),
        ("execute_tool debugging", SKILL, "x", "skill", "skill"),
        ("execute_tool debugging", {"gen_ai.operation.name": "execute_tool", "gen_ai.skill.name": "a"}, "x", "skill", "skill"),
        ("invoke_workflow nightly", FLOW, "x", "workflow", "workflow"),
        ("chat gpt-4", {"gen_ai.operation.name": "chat"}, "x", "inference", "agent"),
        ("anything", {"gen_ai.operation.name": "plan_things"}, "x", "inference", "agent"),
        ("anything", {"gen_ai.operation.name": 7}, "x", "inference", "agent"),
        ("lie", {"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "feature"}, "x", "agent", "agent"),
        ("step collect", {"smart_agents.kind": "step"}, "x", "step", "workflow"),
        ("smart_agents.feature f", {"smart_agents.kind": "feature"}, "x", "feature", "feature"),
        ("smart_agents.rating r", {"smart_agents.kind": "rating"}, "x", "rating", "skill"),
        ("x", {"smart_agents.kind": "unheard"}, "x", None, None),
        ("x", {"openinference.span.kind": "LLM"}, "x", "inference", "agent"),
        ("x", {"openinference.span.kind": "AGENT"}, "x", "agent", "agent"),
        ("x", {"openinference.span.kind": "CHAIN"}, "x", None, None),
        ("x", {"traceloop.span.kind": "workflow"}, "x", "workflow", "workflow"),
        ("tools/call grep", {"mcp.method.name": "tools/call"}, "x", "tool", "skill"),
        ("ping", {"mcp.method.name": "ping"}, "x", None, None),
        ("invoke_agent planner", {}, "x", "agent", "agent"),
        ("step 3", {}, "x", None, None),
        ("step collect", {}, "otel_smart_agents", "step", "workflow"),
        ("smart_agents.feature f", {}, "otel_smart_agents", "feature", "feature"),
        ("unheard", {}, "otel_smart_agents", None, None),
        ("completion", {"gen_ai.system": "openai"}, "x", "inference", "agent"),
        ("completion", {"llm.request.type": "chat"}, None, "inference", "agent"),
        ("GET /", {"http.request.method": "GET"}, "x", None, None),
    ],
)
def test_kind_of_any_span(name, attributes, scope, kind, category):
    assert kind_of(name, attributes, scope) == kind
    assert category_of(kind) == category


@pytest.mark.parametrize("attributes", [SKILL, TOOL, FLOW, {"smart_agents.kind": "feature"}, {"gen_ai.operation.name": "chat"}])
def test_a_span_leaves_only_with_its_category(attributes):
    span = span_of("anything", attributes=attributes)
    category = category_of(kind_of(span.name, attributes, "acme"))
    counters = Counters()
    assert redact(span, only(*(CATEGORIES - {category})), counters=counters) is None
    assert redact(span, only(*(CATEGORIES - {category}))) is None
    assert counters[CONSENT] == 1
    assert redact(span, only(category), counters=counters) is not None
    assert counters[CONSENT] == 1


def test_other_instrumentations_spans_stay_at_home():
    http = span_of("GET /", attributes={"http.request.method": "GET"})
    assert redact(http, only()) is not None
    assert redact(http, UPSTREAM) is None
    foreign_agent = span_of("invoke_agent planner", attributes={"gen_ai.operation.name": "invoke_agent"})
    assert redact(foreign_agent, UPSTREAM) is None
    assert redact(span_of("whatever", scope="otel_smart_agents"), UPSTREAM) is None


def test_a_name_needs_its_own_consent():
    attributes = SKILL | {"gen_ai.workflow.name": "nightly", "gen_ai.agent.name": "planner", "gen_ai.usage.input_tokens": 3}
    span = span_of("execute_tool debugging", attributes=attributes)
    kept = redact(span, only("skill"))
    assert kept.name == "execute_tool debugging"
    assert set(kept.attributes) == {"gen_ai.operation.name", "smart_agents.kind", "gen_ai.skill.name", "gen_ai.agent.name"}
    tool = redact(span_of("execute_tool grep", attributes=TOOL | {"gen_ai.agent.name": "planner"}), only("skill"))
    assert "gen_ai.agent.name" not in tool.attributes


def test_a_model_call_without_the_consent_of_its_name_keeps_the_operation():
    span = span_of("chat gpt-4", attributes={"smart_agents.kind": "step"})
    assert redact(span, only("workflow")).name == "chat"


@pytest.mark.parametrize(
    ("categories", "steps"),
    [
        (CATEGORIES, ("agent:planner", "skill:debugging", "tool:grep", "workflow", "other", "other")),
        ({"workflow"}, ("agent", "skill", "tool", "workflow", "other", "other")),
        ({"workflow", "skill"}, ("agent", "skill:debugging", "tool:grep", "workflow", "other", "other")),
    ],
)
def test_every_name_in_a_list_of_steps_needs_its_own_consent(categories, steps):
    source = ("agent:planner", "skill:debugging", "tool:grep", "workflow", "mail to jane", "other")
    span = span_of("invoke_workflow nightly", attributes=FLOW | {"smart_agents.workflow.steps": source})
    redacted = redact(span, only(*categories))
    assert redacted.attributes["smart_agents.workflow.steps"] == steps
    assert everything(redact(redacted, only(*categories, policy=replace(OWN, max_depth=5)))) == everything(redacted)


def test_a_fingerprint_of_steps_leaves_only_if_all_their_names_may():
    steps = {"smart_agents.workflow.steps": ("agent:planner", "step:collect"), "smart_agents.workflow.pattern_hash": "v1:0c9d2f4b6a8e1357"}
    span = span_of("invoke_workflow nightly", attributes=FLOW | steps, scope="otel_smart_agents")
    assert "smart_agents.workflow.pattern_hash" in redact(span, OWN).attributes
    assert "smart_agents.workflow.pattern_hash" in redact(span, UPSTREAM).attributes
    assert "smart_agents.workflow.pattern_hash" not in redact(span, only("workflow", "agent")).attributes
    named = span_of(
        "invoke_workflow nightly",
        attributes=FLOW | steps | {"smart_agents.workflow.steps": ("agent:janes own",)},
        scope="otel_smart_agents",
    )
    assert "smart_agents.workflow.pattern_hash" not in redact(named, UPSTREAM).attributes


def test_without_error_there_is_only_that_there_was_one():
    def fail(span):
        span.record_exception(ValueError("bad"))
        span.set_status(*error)

    from opentelemetry.trace import StatusCode

    error = (StatusCode.ERROR, "ValueError")
    attributes = TOOL | {
        "smart_agents.outcome": "failure",
        "error.type": "ValueError",
        "smart_agents.error.stack_hash": "v1:a3f5e2c19b04d7e8",
        "smart_agents.error.category": "runtime",
    }
    redacted = redact(span_of("execute_tool grep", attributes=attributes, fill=fail), only("skill"))
    assert (redacted.status.status_code, redacted.status.description) == (StatusCode.ERROR, None)
    assert redacted.attributes["smart_agents.outcome"] == "failure"
    assert redacted.attributes["error.type"] == "_OTHER"
    assert "smart_agents.error.stack_hash" not in redacted.attributes
    assert "smart_agents.error.category" not in redacted.attributes
    assert dict(redacted.events[0].attributes) == {}
    assert redact(span_of("execute_tool grep", attributes=TOOL, fill=fail), only("skill")).attributes["error.type"] == "_OTHER"


def test_upstream_gets_declared_names_only():
    declared = redact(agent_span("planner", **{"gen_ai.agent.version": "1.0"}), UPSTREAM)
    assert declared.name == "invoke_agent planner"
    assert (declared.attributes["gen_ai.agent.name"], declared.attributes["gen_ai.agent.version"]) == ("planner", "1.0")
    free = redact(agent_span("Janes letters", **{"gen_ai.agent.version": "9"}), UPSTREAM)
    assert free.name.startswith("invoke_agent other-k1-")
    assert free.attributes["gen_ai.agent.name"] == free.name.removeprefix("invoke_agent ")
    assert free.attributes["gen_ai.agent.version"].startswith("other-k1-")


def test_upstream_without_a_catalogue_gets_no_name_at_all_but_the_packages_own():
    policy = replace(UPSTREAM, catalogue=None)
    assert redact(agent_span("planner"), policy).name.startswith("invoke_agent other-k1-")
    rating = {"smart_agents.kind": "rating", "gen_ai.evaluation.name": "user_satisfaction", "gen_ai.evaluation.score.value": 4}
    span = span_of("smart_agents.rating user_satisfaction", scope="otel_smart_agents", attributes=rating)
    for audience in (policy, UPSTREAM):
        redacted = redact(span, audience)
        assert redacted.name == "smart_agents.rating user_satisfaction"
        assert redacted.attributes["gen_ai.evaluation.name"] == "user_satisfaction"
        assert redacted.attributes["gen_ai.evaluation.score.value"] == 4.0


def test_upstream_never_gets_labels_captures_other_keys_or_renamed_spans():
    extra = {"smart_agents.label.x": "y", "smart_agents.capture.a": "y", "server.address": "db", "url.full": "https://x.example/"}
    redacted = redact(agent_span(**extra), UPSTREAM)
    assert not set(redacted.attributes) & set(extra)
    renamed = span_of("letters of jane", scope="otel_smart_agents", attributes={"smart_agents.kind": "agent"})
    assert redact(renamed, UPSTREAM).name == "invoke_agent"


def test_own_may_have_a_catalogue_too():
    policy = replace(OWN, catalogue=frozenset({"planner"}).__contains__)
    assert redact(agent_span("planner"), policy).name == "invoke_agent planner"
    assert redact(agent_span("elsewhere"), policy).name.startswith("invoke_agent other-")


def test_times_of_a_trace_move_together_and_only_once():
    policy = replace(UPSTREAM, time_offset_of=lambda trace_id: trace_id % 1_000 + 1)
    span = span_of(
        "invoke_agent planner", scope="otel_smart_agents", attributes={"smart_agents.kind": "agent"}, fill=lambda s: s.add_event("tidy")
    )
    shift = span.context.trace_id % 1_000 + 1
    redacted = redact(span, policy)
    assert (redacted.start_time, redacted.end_time) == (span.start_time + shift, span.end_time + shift)
    assert redacted.events[0].timestamp == span.events[0].timestamp + shift
    assert everything(redact(redacted, replace(policy, max_depth=5))) == everything(redacted)


def test_a_span_made_for_own_is_filtered_again_for_upstream():
    own = redact(agent_span("letters of jane", **{"smart_agents.label.x": "y", "session.id": RUN_ID}), OWN)
    upstream = redact(own, UPSTREAM)
    assert upstream.name.startswith("invoke_agent other-k1-")
    assert set(upstream.attributes) == {
        "gen_ai.operation.name",
        "smart_agents.kind",
        "gen_ai.agent.name",
        "session.id",
        "smart_agents.redaction.count",
    }
