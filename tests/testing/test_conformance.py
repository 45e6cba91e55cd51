"""The live-check: a span that keeps to the registry has no findings, each kind of deviation has one that names it."""

from __future__ import annotations

import base64
import json

import pytest
from google.protobuf.json_format import MessageToJson
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags

from otel_smart_agents.testing import Finding, check_conformance

AGENT = {
    "gen_ai.operation.name": "invoke_agent",
    "smart_agents.kind": "agent",
    "smart_agents.outcome": "success",
    "gen_ai.agent.name": "planner",
    "gen_ai.usage.input_tokens": 12,
    "smart_agents.cost.amount": 0.5,
    "smart_agents.label.color": "blue",
}
CONTEXT = SpanContext(1, 1, is_remote=False, trace_flags=TraceFlags(1))
UUID = "8f14e45f-ceea-467a-9d8f-1b2c3d4e5f60"


def span(name="invoke_agent planner", *, status=None, resource=None, events=(), links=(), scope="otel_smart_agents", without=(), **changed):
    attributes = {key: value for key, value in {**AGENT, **changed.pop("attributes", {})}.items() if key not in without}
    return ReadableSpan(
        name=name,
        context=CONTEXT,
        resource=Resource(resource or {"service.name": "acme", "app.installation.id": UUID}),
        attributes=attributes,
        events=events,
        links=links,
        status=status or Status(StatusCode.UNSET),
        start_time=1,
        end_time=2,
        instrumentation_scope=InstrumentationScope(scope),
    )


def failed(error="TimeoutError", description="TimeoutError", outcome="failure", **more):
    attributes = {"error.type": error, "smart_agents.outcome": outcome, "smart_agents.error.stack_hash": "v1:a3f5e2c19b04d7e8"}
    return span(status=Status(StatusCode.ERROR, description), attributes={k: v for k, v in attributes.items() if v is not None} | more)


GOOD = {
    "an agent": span(),
    "a failed agent": failed(),
    "a failure without consent to errors": failed("_OTHER", "_OTHER"),
    "a withheld name": span("invoke_agent", without=("gen_ai.agent.name",)),
    "a replaced name": span("invoke_agent other-k1-0123456789abcdef", attributes={"gen_ai.agent.name": "other-k1-0123456789abcdef"}),
    "a skill": span(
        "execute_tool debugging",
        attributes={"gen_ai.operation.name": "execute_tool", "smart_agents.kind": "skill", "gen_ai.skill.name": "debugging"},
    ),
    "a step": span(
        "step collect", attributes={"smart_agents.kind": "step", "smart_agents.step.name": "collect"}, without=("gen_ai.operation.name",)
    ),
    "a feature": span(
        "smart_agents.feature evolution",
        attributes={"smart_agents.kind": "feature", "smart_agents.feature.name": "evolution", "smart_agents.feature.action": "used"},
        without=("gen_ai.operation.name", "smart_agents.outcome"),
    ),
    "a hashed conversation": span(attributes={"gen_ai.conversation.id": "k1-" + "0123456789abcdef" * 2}),
    "an unknown model": span(attributes={"gen_ai.request.model": "other", "gen_ai.provider.name": "other"}),
    "a call of a model": ReadableSpan(
        "chat gpt-4",
        CONTEXT,
        resource=Resource({}),
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4", "gen_ai.response.finish_reasons": ("stop",)},
        instrumentation_scope=InstrumentationScope("opentelemetry.instrumentation.openai_v2"),
    ),
    "a request": ReadableSpan(
        "GET /items",
        CONTEXT,
        resource=Resource({}),
        attributes={"http.request.method": "GET", "http.response.status_code": 200, "url.path": "/items"},
        instrumentation_scope=InstrumentationScope("opentelemetry.instrumentation.requests"),
    ),
}
BAD = {
    "an unknown key": (span(attributes={"gen_ai.agent.nam": "x"}), "unregistered", "gen_ai.agent.nam", "nearest: gen_ai.agent.name"),
    "an unknown key of the resource": (span(resource={"acme.region": "eu"}), "unregistered", "acme.region", "of the resource"),
    "a prefix without a name": (
        span(attributes={"smart_agents.label.": "x"}),
        "unregistered",
        "smart_agents.label.",
        "not in the registry",
    ),
    "content": (span(attributes={"gen_ai.input.messages": "hi"}), "never", "gen_ai.input.messages", "class N"),
    "a key under a never prefix": (span(attributes={"user.email": "a@b.c"}), "never", "user.email", "class N"),
    "a description": (span(attributes={"acme.description": "x"}), "never", "acme.description", "class N"),
    "a host name": (span(resource={"host.name": "box"}), "never", "host.name", "class N"),
    "a message in an event": (
        span(events=(Event("exception", {"exception.message": "no"}, 1),)),
        "never",
        "exception.message",
        "of the event exception",
    ),
    "an unknown key of a link": (span(links=(Link(CONTEXT, {"acme.x": 1}),)), "unregistered", "acme.x", "of the link"),
    "text for a number": (span(attributes={"gen_ai.usage.input_tokens": "12"}), "type", "gen_ai.usage.input_tokens", "is string"),
    "a boolean for a number": (span(attributes={"gen_ai.usage.input_tokens": True}), "type", "gen_ai.usage.input_tokens", "is boolean"),
    "a whole number for a double": (span(attributes={"smart_agents.cost.amount": 1}), "type", "smart_agents.cost.amount", "says double"),
    "text for a list": (
        span(attributes={"smart_agents.consent.categories": "agent"}),
        "type",
        "smart_agents.consent.categories",
        "string[]",
    ),
    "a list of numbers": (span(attributes={"smart_agents.workflow.steps": (1,)}), "type", "smart_agents.workflow.steps", "a list of int"),
    "a word outside its list": (span(attributes={"smart_agents.outcome": "fine"}), "value", "smart_agents.outcome", "'fine'"),
    "an element outside its list": (
        span(attributes={"smart_agents.consent.categories": ("agents",)}),
        "value",
        "smart_agents.consent.categories",
        "'agents'",
    ),
    "a name that is no name": (
        span("invoke_agent ?!", attributes={"gen_ai.agent.name": "?!"}),
        "value",
        "gen_ai.agent.name",
        "wants the form",
    ),
    "a raw conversation id": (span(attributes={"gen_ai.conversation.id": "jane"}), "value", "gen_ai.conversation.id", "a keyed hash"),
    "a name too long": (span(attributes={"gen_ai.agent.version": "1" * 65}), "length", "gen_ai.agent.version", "65 characters"),
    "too many steps": (
        span(attributes={"smart_agents.workflow.steps": ("agent:a",) * 33}),
        "length",
        "smart_agents.workflow.steps",
        "33 items",
    ),
    "another operation in the name": (span("run planner"), "name", "", "begins with 'run'"),
    "another name in the name": (span("invoke_agent writer"), "name", "", "'invoke_agent planner'"),
    "a name that its attribute does not have": (span(without=("gen_ai.agent.name",)), "name", "", "'invoke_agent'"),
    "a kind with another operation": (
        span("execute_tool planner", attributes={"gen_ai.operation.name": "execute_tool"}),
        "kind",
        "",
        "a span of kind agent has 'invoke_agent'",
    ),
    "no kind": (span(without=("smart_agents.kind",)), "kind", "", "must have smart_agents.kind"),
    "no outcome": (span(without=("smart_agents.outcome",)), "outcome", "", "is missing"),
    "an OK status": (span(status=Status(StatusCode.OK)), "status", "", "leave it unset"),
    "an error without a type": (failed(None, None), "error", "", "error.type is missing"),
    "a type without an error": (span(attributes={"error.type": "ValueError"}), "error", "", "the status is not ERROR"),
    "a message in the status": (failed(description="no such user: jane"), "status", "", "not error.type"),
    "a cancelled run with an error": (failed(outcome="cancelled"), "outcome", "", "must be unset"),
    "a failure without an error": (span(attributes={"smart_agents.outcome": "failure"}), "outcome", "", "not ERROR"),
    "a timeout without an error": (span(attributes={"smart_agents.outcome": "timeout"}), "outcome", "", "not ERROR"),
}


def otlp_json(one):
    """The SDK's own encoder, and the hex ids of OTLP's JSON mapping."""
    document = json.loads(MessageToJson(encode_spans([one])))
    for group in document["resourceSpans"]:
        for scoped in group["scopeSpans"]:
            for each in scoped["spans"]:
                for name in ("traceId", "spanId"):
                    each[name] = base64.b64decode(each[name]).hex()
    return document


@pytest.mark.parametrize("one", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("form", [lambda one: one, otlp_json], ids=["SDK", "OTLP JSON"])
def test_a_span_that_keeps_to_the_registry_has_no_findings(one, form):
    assert check_conformance(form(one)) == []


@pytest.mark.parametrize(("one", "rule", "key", "words"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("form", [lambda one: one, otlp_json], ids=["SDK", "OTLP JSON"])
def test_each_deviation_is_found_once_and_explained(one, rule, key, words, form):
    found = check_conformance(form(one))
    assert [(finding.rule, finding.key) for finding in found] == [(rule, key)], [str(finding) for finding in found]
    assert words in found[0].message
    assert str(found[0]) == f"{one.name}: {found[0].message}"


def test_content_that_code_let_through_is_no_finding():
    talks = span(attributes={"gen_ai.input.messages": "hello", "user.email": "a@b.c"})
    found = check_conformance(talks, content={"gen_ai.input.messages", "user.email"})
    assert [finding.key for finding in found] == ["user.email"], "only content may be let through"


def test_several_spans_and_documents_at_once():
    bad = span(attributes={"acme.x": 1})
    assert len(check_conformance([span(), bad, otlp_json(bad), [bad]])) == 3
    assert check_conformance([]) == []


def test_a_lone_span_of_a_document():
    lone = otlp_json(span("run"))["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert [finding.rule for finding in check_conformance(lone)] == ["name"]


@pytest.mark.parametrize("wrong", [None, 3, "span", b"span", object()])
def test_what_is_no_span_is_refused(wrong):
    with pytest.raises(TypeError, match="not a span"):
        check_conformance(wrong)


def test_findings_are_plain_data():
    finding = check_conformance(span("run planner"))[0]
    assert finding == Finding("name", "run planner", "", finding.message)
    assert len({finding, finding}) == 1
