"""Spans, logs and metrics as OTLP JSON, built by hand: what any sender in any language could send."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any

CATEGORIES = ["agent", "skill", "feature", "error", "performance", "workflow"]
CONSENT = {"smart_agents.consent.categories": CATEGORIES, "smart_agents.consent.epoch": 3, "smart_agents.consent.policy_version": "2026-11"}
"""Resource attributes of a sender with consent."""
INSTALLATION = "11111111-2222-4333-8444-555555555555"


def value(item: Any) -> dict[str, Any]:
    """An OTLP AnyValue."""
    if isinstance(item, bool):
        return {"boolValue": item}
    if isinstance(item, int):
        return {"intValue": str(item)}
    if isinstance(item, float):
        return {"doubleValue": item}
    if isinstance(item, (list, tuple)):
        return {"arrayValue": {"values": [value(one) for one in item]}}
    if isinstance(item, dict):
        return {"kvlistValue": {"values": attributes(item)}}
    return {"stringValue": str(item)}


def attributes(items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value(item)} for key, item in items.items()]


def span(name: str, items: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """One span of a second that ends now; ``fields`` are further fields of the span (``traceId``, ``parentSpanId``, ``events`` ...)."""
    now = time.time_ns()
    return {
        "traceId": secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(now - 1_000_000_000),
        "endTimeUnixNano": str(now),
        "attributes": attributes(items or {}),
        **fields,
    }


def agent(name: str, *, failed: bool = False, **fields: Any) -> dict[str, Any]:
    """The span of an agent's run, as this project's decorators make it."""
    items = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": name,
        "smart_agents.kind": "agent",
        "smart_agents.outcome": "failure" if failed else "success",
    }
    if failed:
        items |= {"error.type": "TimeoutError", "smart_agents.error.category": "timeout"}
        fields.setdefault("status", {"code": 2, "message": "TimeoutError"})
    return span(f"invoke_agent {name}", items, **fields)


def traces(*spans: dict[str, Any], resource: dict[str, Any] | None = None, consent: bool = True) -> dict[str, Any]:
    """One request; ``resource`` adds to a service's resource with (or without) consent."""
    items = {"service.name": "acme", "app.installation.id": INSTALLATION, **(CONSENT if consent else {}), **(resource or {})}
    scope = {"scope": {"name": "otel_smart_agents"}, "spans": list(spans)}
    return {"resourceSpans": [{"resource": {"attributes": attributes(items)}, "scopeSpans": [scope]}]}


def post(url: str, body: dict[str, Any] | bytes, *, signal: str = "traces", headers: dict[str, str] | None = None) -> int:
    """Send one OTLP/HTTP request with JSON and return the status."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/v1/{signal}", data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
