"""What of older data may be sent under the current consent, and with which facts about that consent.

Older data was recorded under another answer. A person who picks it in a review gives the current answer for it: what needs a category that
is not part of that answer is taken out, and the resource names the epoch, notice and receipt that hold now.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.consent.receipt import bound_hash
from otel_smart_agents.privacy.explain import explain_key
from otel_smart_agents.privacy.kinds import category_of, kind_of
from otel_smart_agents.privacy.policy import Policy
from otel_smart_agents.spool.body import Body, dump
from otel_smart_agents.spool.lines import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from otel_smart_agents.consent import Decision
    from otel_smart_agents.consent.model import Audience

Item = dict[str, Any]

_FACTS: Final = frozenset(
    {
        semconv.SMART_AGENTS_CONSENT_EPOCH,
        semconv.SMART_AGENTS_CONSENT_CATEGORIES,
        semconv.SMART_AGENTS_CONSENT_POLICY_VERSION,
        semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH,
    }
)
_STEP_CATEGORIES: Final = frozenset({"agent", "skill", "workflow"})
_POINTS: Final = ("gauge", "sum", "histogram", "exponentialHistogram", "summary")


def fit_for(body: Body, decision: Decision, *, audience: Audience) -> Body:
    """Return the part of a body that the current decision covers, stating that decision. Items of other categories are left out.

    Args:
        body: recorded under an earlier answer.
        decision: the current one.
        audience: ``own`` or ``upstream``.
    """
    policy = Policy(audience=audience, categories=decision.categories, catalogue=lambda _name: True)
    payloads = [_payload(body, payload, decision, policy) for payload in body.payloads]
    return Body(body.signal, tuple(payload for payload in payloads if payload))


def _payload(body: Body, payload: bytes, decision: Decision, policy: Policy) -> bytes:
    _, middle, inner = MEMBERS[body.signal]
    fit = {"traces": _span, "logs": _log, "metrics": _metric}[body.signal]
    groups = []
    for group in json.loads(b"[" + payload + b"]"):
        scopes = []
        for scope in group[middle]:
            name = scope.get("scope", {}).get("name", "")
            kept = [item for item in scope[inner] if fit(item, name, policy)]
            if kept:
                scopes.append({**scope, inner: kept})
        if scopes:
            resource = group.get("resource", {})
            stated = {**resource, "attributes": _stated(resource.get("attributes", []), decision)}
            groups.append({**group, "resource": stated, middle: scopes})
    return dump(groups)[1:-1]


def _span(span: Item, scope: str, policy: Policy) -> bool:
    """Take out of the span what is not agreed to; False if nothing of it may leave."""
    attributes = {item["key"]: _text(item) for item in span.get("attributes", [])}
    kind = kind_of(span.get("name", ""), attributes, scope)
    category = category_of(kind)
    if category is not None and category not in policy.categories:
        return False
    for part in (span, *span.get("events", []), *span.get("links", [])):
        _narrow(part, policy, kind)
    if "error" not in policy.categories:
        span.get("status", {}).pop("message", None)
    return True


def _log(record: Item, _scope: str, policy: Policy) -> bool:
    event = semconv.EVENTS.get(record.get("eventName", ""))
    if event is not None and event.category is not None and event.category not in policy.categories:
        return False
    _narrow(record, policy, None)
    return True


def _metric(metric: Item, _scope: str, policy: Policy) -> bool:
    known = semconv.METRICS.get(metric.get("name", ""))
    if known is not None and known.category is not None and known.category not in policy.categories:
        return False
    for kind in _POINTS:
        for point in metric.get(kind, {}).get("dataPoints", []):
            _narrow(point, policy, None)
    return True


def _narrow(part: Item, policy: Policy, kind: str | None) -> None:
    if "attributes" in part:
        part["attributes"] = list(_kept(part["attributes"], policy, kind))


def _kept(attributes: Iterable[Item], policy: Policy, kind: str | None) -> Iterable[Item]:
    for item in attributes:
        key = item["key"]
        found = explain_key(key, policy, kind=kind)
        if key == semconv.SMART_AGENTS_WORKFLOW_STEPS and not policy.categories >= _STEP_CATEGORIES:
            continue  # a list of names of several categories: which name is of which cannot be told any more
        if found.privacy_class != semconv.Privacy.CONSENT or found.decision not in ("drop", "fallback"):
            yield item
        elif found.decision == "fallback":
            yield {"key": key, "value": {"stringValue": semconv.ATTRIBUTES[key].fallback}}


def _stated(attributes: list[Item], decision: Decision) -> list[Item]:
    kept = [item for item in attributes if item["key"] not in _FACTS]
    if decision.state != "granted":
        return kept
    installation = next((_text(item) for item in kept if item["key"] == semconv.APP_INSTALLATION_ID), "")
    facts: dict[str, Any] = {
        semconv.SMART_AGENTS_CONSENT_EPOCH: {"intValue": str(decision.epoch)},
        semconv.SMART_AGENTS_CONSENT_CATEGORIES: {
            "arrayValue": {"values": [{"stringValue": name} for name in sorted(decision.categories)]}
        },
    }
    if decision.notice_version:
        facts[semconv.SMART_AGENTS_CONSENT_POLICY_VERSION] = {"stringValue": decision.notice_version}
    if decision.receipt_hash:
        facts[semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH] = {"stringValue": bound_hash(decision.receipt_hash, installation)}
    return kept + [{"key": key, "value": value} for key, value in facts.items()]


def _text(item: Item) -> str:
    return str(item.get("value", {}).get("stringValue", ""))
