"""Spans as the SDK makes them, policies, planted secrets, and a way to look at everything that a redacted object shows."""

from __future__ import annotations

import json
from types import MappingProxyType

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, TraceFlags, TraceState

from otel_smart_agents.privacy.policy import Policy

KEY = b"0123456789abcdef0123456789abcdef"
OWN = Policy(pseudonym_key=KEY, pseudonym_key_id="k1")
UPSTREAM = Policy(
    audience="upstream",
    pseudonym_key=KEY,
    pseudonym_key_id="k1",
    catalogue=frozenset({"planner", "debugging", "nightly", "grep", "collect", "tidy", "1.0", "search"}).__contains__,
)
SCAN = Policy(pseudonym_key=KEY, pseudonym_key_id="k1", unknown="scan", content=frozenset({"gen_ai.input.messages", "log.body"}))

SECRETS = {
    "mail": "jane.roe@mail.example.com",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "card": "5555 5555 5555 4444",
    "home": "/home/janeroe/clients/report.txt",
    "bearer": "Authorization: Bearer 7Fq2mLp0Zr9Xv4Tn8Kd1Wc6Bg3Hs5Jy",
}
SECRET_PARTS = {
    "mail": SECRETS["mail"][:8],
    "github": SECRETS["github"][4:],
    "aws": SECRETS["aws"][4:],
    "card": SECRETS["card"][10:],
    "home": SECRETS["home"][6:13],
    "bearer": SECRETS["bearer"][22:],
}
RUN_ID = "7f0e8d0a-1111-4222-8333-94444555566f"


class Recorder:
    """A provider of its own whose ended spans can be picked up."""

    def __init__(self, *, resource=None, scope="acme", version=None, scope_attributes=None, schema_url=None):
        self.memory = InMemorySpanExporter()
        self.provider = TracerProvider(resource=resource or Resource({"service.name": "acme"}), shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self.memory))
        self.tracer = self.provider.get_tracer(scope, version, schema_url=schema_url, attributes=scope_attributes)

    def last(self):
        return self.memory.get_finished_spans()[-1]


def span_of(name="work", *, resource=None, scope="acme", version=None, scope_attributes=None, schema_url=None, fill=None, **start):
    """Return one ended span; ``fill(span)`` runs while it is open."""
    recorder = Recorder(resource=resource, scope=scope, version=version, scope_attributes=scope_attributes, schema_url=schema_url)
    span = recorder.tracer.start_span(name, **start)
    if fill is not None:
        fill(span)
    span.end()
    return recorder.last()


def agent_span(name="planner", **attributes):
    """Return an agent's span as this package records it."""
    return span_of(
        f"invoke_agent {name}",
        scope="otel_smart_agents",
        attributes={"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "agent", "gen_ai.agent.name": name} | attributes,
    )


def remote_context(state=()):
    return SpanContext(0xA1B2C3D4E5F60718293A4B5C6D7E8F90, 0x1122334455667788, True, TraceFlags(1), TraceState(list(state)))


def plain(value):
    if isinstance(value, MappingProxyType | dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def everything(span):
    """Return all that a span shows, as one comparable structure."""
    scope, resource = span.instrumentation_scope, span.resource
    return {
        "name": span.name,
        "kind": str(span.kind),
        "context": repr(span.get_span_context()),
        "parent": repr(span.parent),
        "times": [span.start_time, span.end_time],
        "status": [span.status.status_code.name, span.status.description],
        "attributes": plain(dict(span.attributes or {})),
        "events": [[e.name, e.timestamp, plain(dict(e.attributes or {})), e.dropped_attributes] for e in span.events],
        "links": [[repr(link.context), plain(dict(link.attributes or {})), link.dropped_attributes] for link in span.links],
        "resource": [plain(dict(resource.attributes)), resource.schema_url],
        "scope": scope and [scope.name, scope.version, scope.schema_url, plain(dict(scope.attributes or {}))],
        "dropped": [span.dropped_attributes, span.dropped_events, span.dropped_links],
    }


def text_of(span):
    """Return all that a span shows, as text to search."""
    return json.dumps(everything(span), ensure_ascii=False, default=str)
