"""No surface lets a planted secret through, for any audience, and what is harmless stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import Link, NonRecordingSpan, Status, StatusCode, set_span_in_context

from otel_smart_agents.privacy import redact
from spans.build import OWN, RUN_ID, SCAN, SECRET_PARTS, SECRETS, UPSTREAM, agent_span, everything, remote_context, span_of, text_of

KEYS = ("url.full", "db.query.text", "gen_ai.agent.name", "gen_ai.conversation.id", "smart_agents.label.team", "unheard.of", "session.id")


def by_attribute(key):
    return lambda secret: span_of("GET /", attributes={key: f"see {secret} there"})


SURFACES = {
    "span name": lambda secret: span_of(f"handle {secret}"),
    "http span name": lambda secret: span_of(f"GET /files/{secret}"),
    "agent span name": lambda secret: agent_span(f"agent {secret}"),
    "attribute key": lambda secret: span_of(attributes={f"note {secret}": 1, f"smart_agents.label.{secret}": 1}),
    "sequence": lambda secret: span_of(attributes={"smart_agents.label.list": ("fine", f"see {secret}")}),
    "nested": lambda secret: span_of(attributes={"smart_agents.label.tree": {"a": {"b": [f"see {secret}"]}}}),
    "nested key": lambda secret: span_of(attributes={"smart_agents.label.tree": {f"for {secret}": 1}}),
    "content": lambda secret: span_of(attributes={"gen_ai.input.messages": f'[{{"role": "user", "content": "see {secret}"}}]'}),
    "event name": lambda secret: span_of(fill=lambda span: span.add_event(f"saw {secret}")),
    "event attribute": lambda secret: span_of(fill=lambda span: span.add_event("e", {"url.full": f"see {secret}", "message": secret})),
    "exception": lambda secret: span_of(fill=lambda span: span.record_exception(ValueError(f"bad {secret}"))),
    "status": lambda secret: span_of(fill=lambda span: span.set_status(Status(StatusCode.ERROR, f"ValueError: bad {secret}"))),
    "bare status": lambda secret: span_of(fill=lambda span: span.set_status(Status(StatusCode.ERROR, secret))),
    "link attribute": lambda secret: span_of(links=[Link(remote_context(), {"url.full": f"see {secret}", "why": secret})]),
    "link trace state": lambda secret: span_of(links=[Link(remote_context([("vendor", secret.replace(" ", "_"))]))]),
    "trace state": lambda secret: span_of(
        context=set_span_in_context(NonRecordingSpan(remote_context([("vendor", secret.replace(" ", "_"))])))
    ),
    "resource": lambda secret: span_of(resource=Resource({"service.name": f"svc {secret}", "owner": secret, "service.version": secret})),
    "resource schema": lambda secret: span_of(resource=Resource({}, f"https://x.example/{secret}")),
    "scope name": lambda secret: span_of(scope=f"acme {secret}"),
    "scope version": lambda secret: span_of(version=f"1 {secret}"),
    "scope schema": lambda secret: span_of(schema_url=f"https://user:{secret}@x.example/1"),
    "scope attribute": lambda secret: span_of(scope_attributes={"note": secret, "url.full": f"see {secret}"}),
} | {f"attribute {key}": by_attribute(key) for key in KEYS}


@pytest.mark.parametrize("policy", [OWN, SCAN, UPSTREAM], ids=["own", "scan", "upstream"])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_leaks(surface, secret, policy):
    span = SURFACES[surface](SECRETS[secret])
    redacted = redact(span, policy)
    if redacted is not None:
        assert SECRET_PARTS[secret] not in text_of(redacted)
        assert SECRET_PARTS[secret].replace(" ", "_") not in text_of(redacted)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_works_without_a_secret(surface):
    assert redact(SURFACES[surface]("plain"), OWN) is not None


def test_what_is_harmless_stays_as_it_is():
    resource = Resource({"service.name": "shop", "service.version": "1.2.3", "os.type": "linux"}, "https://opentelemetry.io/schemas/1.44.0")
    parent = remote_context([("ot", "th:8"), ("vendor", "x")])
    attributes = {"http.request.method": "GET", "http.response.status_code": 200, "http.route": "/users/{id}", "server.port": 8080}
    span = span_of(
        "GET /users/{id}",
        resource=resource,
        scope="opentelemetry.instrumentation.flask",
        version="0.66b2",
        attributes=attributes,
        links=[Link(parent, {"server.port": 1})],
        context=set_span_in_context(NonRecordingSpan(parent)),
        fill=lambda open_span: open_span.add_event("retry", {"http.request.resend_count": 2}),
    )
    redacted = redact(span, OWN)
    assert redacted.name == span.name
    assert dict(redacted.attributes) == attributes
    assert redacted.resource == resource
    assert (redacted.instrumentation_scope.name, redacted.instrumentation_scope.version) == (
        "opentelemetry.instrumentation.flask",
        "0.66b2",
    )
    assert dict(redacted.events[0].attributes) == {"http.request.resend_count": 2}
    assert redacted.events[0].timestamp == span.events[0].timestamp
    assert dict(redacted.links[0].attributes) == {"server.port": 1}
    assert (redacted.start_time, redacted.end_time, redacted.kind) == (span.start_time, span.end_time, span.kind)
    assert redacted.context.trace_id == span.context.trace_id == parent.trace_id
    assert dict(redacted.parent.trace_state) == {"ot": "th:8"}
    assert redacted.flags == 0x300
    assert redacted.redactions == 0
    assert redacted.dropped_attributes == 0


def test_other_vendors_trace_state_goes():
    odd = [("vendor", "user-jane")], [("ot", "th:jane")]
    for state in odd:
        redacted = redact(span_of(context=set_span_in_context(NonRecordingSpan(remote_context(state)))), OWN)
        assert not redacted.context.trace_state
        assert not redacted.parent.trace_state


def test_a_resource_and_a_scope_are_redacted_once_and_stay_one_object():
    first = span_of(resource=Resource({"service.name": "shop", "host.name": "janes-laptop"}))
    one, two = redact(first, OWN), redact(first, OWN)
    assert dict(one.resource.attributes) == {"service.name": "shop"}
    assert one.resource is two.resource
    assert one.instrumentation_scope is two.instrumentation_scope


def test_the_policys_own_attributes_stand_on_every_resource():
    policy = replace(
        OWN, resource=(("app.installation.id", RUN_ID), ("service.name", "shop"), ("smart_agents.consent.categories", ("agent",)))
    )
    want = {"app.installation.id": RUN_ID, "service.name": "shop", "smart_agents.consent.categories": ("agent",)}
    span = span_of(resource=Resource({"service.name": "shop of jane", "host.name": "janes-laptop"}))
    redacted = redact(span, policy)
    assert dict(redacted.resource.attributes) == want
    assert everything(redact(redacted, replace(policy, max_depth=5))) == everything(redacted)
    assert dict(redact(span, replace(policy, resource=(("owner", "jane"),))).resource.attributes) == {"service.name": "shop of jane"}
