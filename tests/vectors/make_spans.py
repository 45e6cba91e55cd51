"""Makes ``spans.json``, what the filter leaves of whole spans, log records and metrics: ``python tests/vectors/make_spans.py``.

A row's expected request is what the real filter and the real encoder give, after the maker has proved that a second pass changes nothing
and that what stands between ⟦ and ⟧ in the modules of rows is gone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from otlp_objects import SIGNALS  # the modules beside this script
from otlp_requests import own_scope, span
from record_rows import RECORD_ROWS
from row_parts import MORE, NAMES, SPANS
from span_rows import SPAN_ROWS
from surface_rows import SURFACE_ROWS

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.privacy import redact, redact_log
from otel_smart_agents.privacy.metrics import redact_metrics
from otel_smart_agents.privacy.policy import Policy
from otel_smart_agents.spool.encode import encode_logs, encode_metrics, encode_spans

TARGET = Path(__file__).with_name("spans.json")
FORMAT = {
    "signal": "traces, logs or metrics",
    "policy": (
        "what the destination lets through: audience, categories, unknown, content, catalogue (null: every name that has the form of one), "
        "pseudonym_key (text, its UTF-8 bytes), pseudonym_key_id, packages, max_value_length, max_attributes, max_events, max_depth"
    ),
    "in": "an OTLP JSON request with one resource and one scope",
    "expected": "the request after the filter, or null if nothing may leave",
    "sent": "requests as the exporter sends them under a consent to everything: a collector that requires consent changes nothing of them",
    "rules": (
        "attributes have no order; the times are compared as they are (an exporter moves those of upstream data, a collector does not); "
        "dropped counts of resources and scopes are not compared: the Python SDK has none"
    ),
}
_OPEN, _CLOSE = "⟦", "⟧"
_REDACT = {"traces": redact, "logs": redact_log, "metrics": redact_metrics}
_KEYS = {"traces": "resourceSpans", "logs": "resourceLogs", "metrics": "resourceMetrics"}


def policy_of(facts: dict[str, Any]) -> Policy:
    """The policy that a row's facts describe."""
    names = facts["catalogue"]
    if names is None and facts["audience"] == "upstream":
        raise AssertionError("a row for upstream needs a catalogue: without one the two filters differ")
    changed = {"catalogue": None if names is None else frozenset(names).__contains__, "pseudonym_key": facts["pseudonym_key"].encode()}
    return Policy(**(facts | changed))


def encode(signal: str, redacted: Any) -> dict[str, Any]:
    """The request for what the filter left. The spool leaves the trace state of links out; a collector carries it on."""
    if signal == "metrics":
        return {_KEYS[signal]: [json.loads(encode_metrics(redacted))]}
    payload = json.loads((encode_spans if signal == "traces" else encode_logs)([redacted]))
    if signal == "traces":
        (span,) = payload["scopeSpans"][0]["spans"]
        for link, source in zip(span.get("links", []), redacted.links, strict=True):
            if source.context.trace_state:
                link["traceState"] = source.context.trace_state.to_header()
    return {_KEYS[signal]: [payload]}


def expected_of(signal: str, request: dict[str, Any], policy: Policy) -> dict[str, Any] | None:
    """What the filter leaves of a request, as a request."""
    redacted = _REDACT[signal](getattr(SIGNALS, signal)(request), policy)
    return None if redacted is None else encode(signal, redacted)


def sent() -> list[dict[str, Any]]:
    """Requests with the facts of a consent, as ``export/policies.py`` puts them on the resource."""
    facts = (
        (semconv.APP_INSTALLATION_ID, "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11"),
        (semconv.SMART_AGENTS_CONSENT_EPOCH, 3),
        (semconv.SMART_AGENTS_CONSENT_CATEGORIES, tuple(sorted(CATEGORIES))),
        (semconv.SMART_AGENTS_CONSENT_POLICY_VERSION, "2026-11"),
        (semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH, "ab" * 32),
    )
    own = {"scope": own_scope(), "resource": {"service.name": "shop", "service.instance.id": "0b7c3a52-9f3e-4d1c-8f55-0d0c3b7a9e11"}}
    requests = [span(NAMES[kind], attributes, **own) for kind, attributes in (*SPANS, *MORE)]
    return [
        {
            "signal": "traces",
            "request": expected_of("traces", request, Policy(audience=audience, catalogue=lambda _name: True, resource=facts)),
        }
        for request in requests
        for audience in ("own", "upstream")
        if not (audience == "upstream" and "chat" in json.dumps(request))
    ]


def _unmarked(text: str) -> tuple[str, list[str]]:
    secrets = [part.partition(_CLOSE)[0] for part in text.split(_OPEN)[1:]]
    return text.replace(_OPEN, "").replace(_CLOSE, ""), secrets


def rows() -> list[dict[str, Any]]:
    """Every row with its proved result."""
    made = []
    for title, signal, facts, marked in (*SPAN_ROWS, *SURFACE_ROWS, *RECORD_ROWS):
        text, secrets = _unmarked(json.dumps(marked, ensure_ascii=False))
        request, policy = json.loads(text), policy_of(facts)
        expected = expected_of(signal, request, policy)
        left = json.dumps(expected, ensure_ascii=False)
        survived = [secret for secret in secrets if secret in left]
        if survived:
            raise AssertionError(f"{title}: {survived} survived in {left}")
        if expected is not None and expected_of(signal, expected, policy) != expected:
            raise AssertionError(f"{title}: a second pass changes it")
        made.append({"title": title, "signal": signal, "policy": facts, "in": request, "expected": expected})
    titles = [row["title"] for row in made]
    if len(titles) != len(set(titles)):
        raise AssertionError(f"a title stands twice: {sorted(title for title in titles if titles.count(title) > 1)}")
    return made


def document() -> str:
    """The text of ``spans.json``. No secret scanner is to take an invented token for a real one."""
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=True).replace("ghp_", "ghp\\u005f") for row in rows())
    exported = ",\n".join("  " + json.dumps(row, ensure_ascii=True) for row in sent())
    head = '{\n "format": ' + json.dumps(FORMAT, ensure_ascii=True) + ',\n "rows": [\n'
    return head + lines + '\n ],\n "sent": [\n' + exported + "\n ]\n}\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="ascii")
