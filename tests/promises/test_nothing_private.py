"""A program that plants private text everywhere: none of it reaches the disk or the receiver, from our spans or anybody else's."""

from __future__ import annotations

import pytest
from support.receiver import GrpcReceiver, HttpReceiver

from promises.program import NOTICE

SECRETS = [
    "sk-proj-Zq7w9Xr2Vt4mZq7w9Xr2Vt4mZq7w9Xr2Vt4m",
    "dana.miller@acme.example",
    "/home/dana/tax/2025.ods",
    "Please summarise the divorce papers",
    "Dana Miller",
    "hunter2hunter2",
    "4111 1111 1111 1111",
]

PLANT = (
    NOTICE
    + """
import logging
from opentelemetry import trace, baggage, context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import Link, SpanContext, TraceFlags, TraceState, Status, StatusCode
from otel_smart_agents import agent, skill, tool, workflow, step, session, feature, feedback, configure, Capture
S = {secrets!r}
ALL = " | ".join(S)
provider = TracerProvider(resource=Resource.create({{"service.name": "acme", "enduser.name": ALL, "process.command_args": S, "note": ALL}}))
trace.set_tracer_provider(provider)
handle = configure(service_name="acme", endpoint={url!r}, audience={audience!r}, protocol={protocol!r}, notice=NOTICE,
                   packages=["__main__"], {more})
assert handle.active

class Leaky(Exception):
    def __str__(self): return ALL
    __repr__ = __str__

@tool("lookup")
def lookup(query, **more):
    raise Leaky(ALL)
@skill("search")
def search(query):
    try:
        lookup(query, token=S[0])
    except Leaky as error:
        raise ValueError(ALL) from error
@agent("planner")
def planner(prompt, *, user):
    with step("think") as run:
        run.set("note", ALL); run.set("enduser.id", S[1]); run.event("said", text=ALL); run.input(ALL); run.output([ALL])
    search(prompt)

token = context.attach(baggage.set_baggage("user", ALL))
for _ in range(3):
    try:
        with session(conversation_id=S[1], topic=ALL), workflow("review") as flow:
            planner(S[3], user=S[4])
    except ValueError:
        pass
feature("export", "used")
feedback(flow, "user_satisfaction", 2, label="bad")
with agent(ALL): pass
if {audience!r} == "upstream":  # an operator's own back end takes any name that looks like one
    with skill("summary of " + S[4]): pass

# Another instrumentation's spans on the same provider, as careless as they come.
raw = trace.get_tracer("careless", "1.0", attributes={{"note": ALL}})
there = SpanContext(7, 7, True, TraceFlags(1), TraceState([("vendor", S[5])]))
with raw.start_as_current_span("GET " + ALL, links=[Link(there, {{"why": ALL}})], attributes={{
        "http.request.method": "GET", "url.full": "https://dana:hunter2hunter2@host/x?token=" + S[0], "prompt": ALL, "list": S,
        "gen_ai.input.messages": ALL, "db.statement": "select * from t where mail = '" + S[1] + "'"}}) as span:
    span.add_event("said " + ALL, {{"text": ALL, "list": S}})
    span.set_status(Status(StatusCode.ERROR, ALL))
try:
    with raw.start_as_current_span("careless"):
        raise Leaky(ALL)
except Leaky:
    pass
context.detach(token)
assert handle.flush(3, to="disk")
assert handle.flush(10)
"""
)


def leaks(data: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in data or secret.encode().lower() in data.lower()]


@pytest.mark.parametrize("audience", ["own", "upstream"])
@pytest.mark.parametrize("protocol", ["http/json", "http/protobuf", "grpc"])
def test_nothing_private_is_written_or_sent(user, audience, protocol):
    with GrpcReceiver() if protocol == "grpc" else HttpReceiver() as receiver:
        user.grant(receiver.url)
        user.run(PLANT.format(secrets=SECRETS, url=receiver.url, audience=audience, protocol=protocol, more=""))
        names = {span["name"] for span in receiver.spans()}
        assert {"invoke_workflow review", "invoke_agent planner", "execute_tool search", "execute_tool lookup"} <= names
        for request in receiver.requests:
            assert leaks(request.body) == []
            assert leaks(str(request.headers).encode()) == []
    for path in user.folder.rglob("*"):
        if path.is_file():
            assert leaks(path.read_bytes()) == [], path


def test_nothing_private_where_the_operator_scans_unknown_attributes(user):
    with HttpReceiver() as receiver:
        more = "unknown='scan', capture=Capture.MASKED"
        user.run(PLANT.format(secrets=SECRETS, url=receiver.url, audience="own", protocol="http/json", more=more))
        assert receiver.spans()
        # Free text and names are what detectors cannot know: everything with a form of its own must be gone.
        shaped = [secret for secret in SECRETS if secret not in ("Please summarise the divorce papers", "Dana Miller", "hunter2hunter2")]
        found = {secret for request in receiver.requests for secret in leaks(request.body)}
        assert not found & set(shaped)
