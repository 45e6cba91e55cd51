"""Rows for ``spans.json``: log records and metrics. ``⟦…⟧`` stands around what must not survive."""

from __future__ import annotations

from typing import Any

from otlp_requests import log, metrics, number, own_scope
from row_parts import KEYED, OWN, STACK, UPSTREAM, Row, policy, without


def _logs() -> list[Row]:
    scope = {"scope": {"name": "acme.app"}}
    rating = {
        "gen_ai.evaluation.name": "user_satisfaction",
        "gen_ai.evaluation.score.value": 4.0,
        "gen_ai.skill.name": "systematic-debugging",
    }
    feature = {
        "smart_agents.feature.name": "evolution_system",
        "smart_agents.feature.action": "used",
        "smart_agents.command.name": "/review",
    }
    deletion = {"smart_agents.deletion.installation_id": "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11", "smart_agents.deletion.proof": "ab" * 32}
    body = "user ⟦ada@example.org⟧ logged in from ⟦203.0.113.77⟧"
    stack = {"exception.type": "acme.MyError", "exception.stacktrace": STACK, "exception.message": "⟦no such Ada⟧"}
    rating_event, feature_event = "gen_ai.evaluation.result", "smart_agents.feature.usage"
    return [
        ("log: a body is dropped", "logs", OWN, log(body="⟦anything⟧", scope=scope)),
        ("log: a body is scanned", "logs", policy(unknown="scan"), log(body=body, scope=scope)),
        ("log: a body that code let through", "logs", policy(content=["log.body"]), log(body={"text": body, "password": "⟦adas-p⟧"},
            scope=scope)),
        ("log: an infinite body", "logs", policy(unknown="scan"), log(body=float("inf"), scope=scope)),
        ("log: attributes and severity", "logs", KEYED, log({"http.route": "/x", "user.id": "⟦ada⟧"}, severity="⟦Ada!⟧", scope=scope)),
        ("log: severity", "logs", OWN, log({}, severity="ERROR3", scope=scope)),
        ("log: a stack", "logs", OWN, log(stack, scope=scope)),
        ("log: a stack without consent", "logs", without("error"), log(stack, scope=scope)),
        ("log: not for upstream", "logs", UPSTREAM, log({}, scope=scope)),
        ("log: a rating", "logs", OWN, log(rating, name=rating_event, scope=own_scope())),
        ("log: a rating upstream", "logs", UPSTREAM, log(rating, name=rating_event, scope=own_scope())),
        ("log: a rating without skill", "logs", without("skill"), log(rating, name=rating_event, scope=own_scope())),
        ("log: a feature", "logs", OWN, log(feature, name=feature_event, scope=own_scope())),
        ("log: a feature without feature", "logs", without("feature"), log(feature, name=feature_event, scope=own_scope())),
        ("log: a request for erasure", "logs", policy(categories=[]), log(deletion, name="smart_agents.deletion.request",
            scope=own_scope())),
        ("log: an event of a model without agent", "logs", without("agent"), log({}, name="gen_ai.choice", scope=scope)),
        ("log: an event of a model", "logs", OWN, log({"gen_ai.system": "openai"}, name="gen_ai.choice", scope=scope)),
        ("log: an event's name", "logs", KEYED, log({}, name="⟦Ada came by and said hello⟧", scope=scope)),
        ("log: ids and counts", "logs", OWN, log({"x": 1, "smart_agents.redaction.count": 1}, scope=scope, traced=True,
            droppedAttributesCount=2)),
    ]  # fmt: skip


def _metrics() -> list[Row]:
    name = "gen_ai.invoke_agent.duration"
    mine = {"gen_ai.agent.name": "code-reviewer", "gen_ai.operation.name": "invoke_agent", "smart_agents.outcome": "success"}
    by_user = [number({"http.route": "/x", "user.id": f"⟦user{n}⟧"}, n + 1, time=n + 5) for n in range(3)]
    exemplar = {"filteredAttributes": {"user.id": "⟦ada⟧", "http.route": "/x"}, "asDouble": 2.5, "timeUnixNano": "5"}
    own, foreign = own_scope(), {"scope": {"name": "acme.metrics"}}
    histogram = {"count": "3", "sum": 6.0, "min": 1.0, "max": 3.0, "bucketCounts": ["1", "2", "0"], "explicitBounds": [1.0, 5.0]}
    exponential = {
        "count": "3",
        "sum": 6.0,
        "min": 1.0,
        "max": 3.0,
        "scale": 2,
        "zeroCount": "0",
        "positive": {"offset": 3, "bucketCounts": ["1", "2"]},
    }
    wide = exponential | {"scale": 4, "positive": {"offset": -200, "bucketCounts": ["1"] * 150}}
    counter = metrics("hits", "sum", by_user, scope=foreign, description="hits of ⟦ada@example.org⟧", unit="{hit}")
    return [
        ("metric: a duration", "metrics", OWN, metrics(name, "histogram", [mine_point(mine, histogram)], scope=own)),
        ("metric: a duration upstream", "metrics", UPSTREAM, metrics(name, "histogram", [mine_point(mine,
            histogram | {"exemplars": [exemplar]})], scope=own)),
        ("metric: a duration without performance", "metrics", without("performance"), metrics(name, "histogram", [mine_point(mine,
            histogram)], scope=own)),
        ("metric: points become one series", "metrics", OWN, counter),
        ("metric: not for upstream", "metrics", UPSTREAM, counter),
        ("metric: the latest of a gauge", "metrics", OWN, metrics("load", "gauge", by_user, scope=foreign)),
        ("metric: exemplars", "metrics", OWN, metrics("hits", "sum", [number({}, 2.5, exemplars=[exemplar])], scope=foreign)),
        ("metric: histograms become one", "metrics", OWN, metrics("took", "histogram", [
            mine_point({"user.id": "⟦ada-1⟧"}, histogram), mine_point({"user.id": "⟦ada-2⟧"}, histogram),
            mine_point({"user.id": "⟦ada-3⟧"}, histogram | {"explicitBounds": [1.0, 6.0]})], scope=foreign)),
        ("metric: exponential histograms become one", "metrics", OWN, metrics("took", "exponentialHistogram", [
            mine_point({"user.id": "⟦ada-1⟧"}, exponential), mine_point({"user.id": "⟦ada-2⟧"}, wide)], scope=foreign)),
        ("metric: own health", "metrics", policy(categories=[]), metrics("smart_agents.dropped", "sum", [
            number({"smart_agents.drop.reason": "age", "smart_agents.signal": "traces"}, 2)], scope=own)),
        ("metric: own health upstream", "metrics", UPSTREAM, metrics("smart_agents.dropped", "sum", [number({}, 2)], scope=own)),
        ("metric: a name that is none", "metrics", KEYED, metrics("⟦Ada's metric⟧", "sum", [number({}, 2)], scope=foreign,
            unit="⟦Ada!⟧")),
    ]  # fmt: skip


def mine_point(attributes: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """A data point of a histogram."""
    return {"attributes": attributes, "startTimeUnixNano": "1", "timeUnixNano": "9"} | facts


RECORD_ROWS: list[Row] = [*_logs(), *_metrics()]
