"""Promises of ``fit_for``: older data leaves only as far as the current answer goes, and states that answer."""

from __future__ import annotations

import json

import pytest

from otel_smart_agents.consent import CATEGORIES
from otel_smart_agents.consent.model import Decision
from otel_smart_agents.consent.receipt import bound_hash
from otel_smart_agents.setup.restamp import fit_for
from otel_smart_agents.spool.body import Body, dump
from otel_smart_agents.spool.lines import MEMBERS


def attribute(key, text):
    return {"key": key, "value": {"stringValue": text}}


def body_of(signal, *items, resource=()):
    outer, middle, inner = MEMBERS[signal]
    assert outer
    group = {"resource": {"attributes": list(resource)}, middle: [{"scope": {"name": "otel_smart_agents"}, inner: list(items)}]}
    return Body(signal, (dump(group),))


def decision(*categories, receipt="c" * 64):
    return Decision("on", "granted", frozenset(categories), "user", "", epoch=5, notice_version="2", receipt_hash=receipt)


def fitted(body, now):
    return json.loads(fit_for(body, now, audience="upstream").json())


def span(*attributes, **more):
    return {
        "name": "invoke_agent planner",
        "kind": 1,
        "attributes": [attribute("gen_ai.operation.name", "invoke_agent"), *attributes],
        **more,
    }


def keys(item):
    return [one["key"] for one in item["attributes"]]


def test_everything_stays_where_everything_is_agreed_to():
    body = body_of("traces", span(attribute("gen_ai.agent.name", "planner"), status={"code": 2, "message": "ValueError"}))
    (group,) = fitted(body, decision(*CATEGORIES))["resourceSpans"]
    assert group["scopeSpans"] == json.loads(body.json())["resourceSpans"][0]["scopeSpans"]


def test_the_resource_states_the_current_answer():
    resource = [attribute("app.installation.id", "an-id"), {"key": "smart_agents.consent.epoch", "value": {"intValue": "2"}}]
    (group,) = fitted(body_of("traces", span(), resource=resource), decision("agent"))["resourceSpans"]
    found = {one["key"]: one["value"] for one in group["resource"]["attributes"]}
    assert found == {
        "app.installation.id": {"stringValue": "an-id"},
        "smart_agents.consent.epoch": {"intValue": "5"},
        "smart_agents.consent.categories": {"arrayValue": {"values": [{"stringValue": "agent"}]}},
        "smart_agents.consent.policy_version": {"stringValue": "2"},
        "smart_agents.consent.receipt_hash": {"stringValue": bound_hash("c" * 64, "an-id")},
    }


def test_errors_leave_only_if_they_are_agreed_to():
    failed = span(
        attribute("error.type", "ValueError"),
        attribute("smart_agents.error.stack_hash", "v1:0123456789abcdef"),
        status={"code": 2, "message": "ValueError"},
        events=[{"name": "exception", "attributes": [attribute("exception.type", "ValueError")]}],
    )
    (group,) = fitted(body_of("traces", failed), decision("agent"))["resourceSpans"]
    (kept,) = group["scopeSpans"][0]["spans"]
    assert keys(kept) == ["gen_ai.operation.name", "error.type"]
    assert kept["attributes"][1]["value"] == {"stringValue": "_OTHER"}
    assert kept["status"] == {"code": 2}
    assert "ValueError" not in json.dumps(kept)


def test_names_of_steps_need_every_category_of_steps():
    flow = span(
        {"key": "smart_agents.workflow.steps", "value": {"arrayValue": {"values": [{"stringValue": "planner"}]}}},
        attribute("smart_agents.workflow.pattern_hash", "0123456789abcdef"),
    )
    (group,) = fitted(body_of("traces", flow), decision("agent", "workflow"))["resourceSpans"]
    assert keys(group["scopeSpans"][0]["spans"][0]) == ["gen_ai.operation.name"]


@pytest.mark.parametrize(
    ("signal", "item", "category"),
    [
        ("traces", span(), "agent"),
        ("logs", {"eventName": "smart_agents.feature.usage", "observedTimeUnixNano": "1", "attributes": []}, "feature"),
        ("metrics", {"name": "gen_ai.invoke_agent.duration", "histogram": {"dataPoints": [{"attributes": []}]}}, "performance"),
    ],
)
def test_what_is_of_another_category_is_left_out(signal, item, category):
    body = body_of(signal, item)
    assert fit_for(body, decision(*CATEGORIES - {category}), audience="upstream").items == 0
    assert fit_for(body, decision(category), audience="upstream").items == 1


def test_attributes_of_data_points_are_narrowed_too():
    metric = {
        "name": "gen_ai.invoke_agent.duration",
        "histogram": {"dataPoints": [{"attributes": [attribute("gen_ai.agent.name", "planner")]}]},
    }
    (group,) = fitted(body_of("metrics", metric), decision("performance"))["resourceMetrics"]
    assert group["scopeMetrics"][0]["metrics"][0]["histogram"]["dataPoints"] == [{"attributes": []}]
