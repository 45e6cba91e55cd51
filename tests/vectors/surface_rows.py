"""Rows for ``spans.json``: errors, and every surface of a span besides its attributes. ``⟦…⟧`` stands around what must not survive."""

from __future__ import annotations

from typing import Any

from otlp_requests import event, link, own_scope, span
from row_parts import AGENT, FAILED, JAVA, KEYED, NAMES, OWN, STACK, UPSTREAM, Row, policy, without


def _errors() -> list[Row]:
    def failed(title: str, facts: dict[str, Any], message: str = "", attributes: dict[str, Any] | None = None, **more: Any) -> Row:
        status = {"code": 2} | ({"message": message} if message else {})
        return (title, "traces", facts, span(NAMES["agent"], AGENT | (attributes or {}), status=status, scope=own_scope(), **more))

    raised = event(
        "exception", {"exception.type": "acme.errors.MyError", "exception.message": "⟦no user Ada⟧", "exception.stacktrace": STACK}
    )
    java = event("exception", {"exception.type": "java.lang.IllegalStateException", "exception.stacktrace": JAVA})
    return [
        failed("an error with its facts", OWN, "ValueError", FAILED),
        failed("an error without consent to errors", without("error"), "ValueError: ⟦no user Ada⟧", FAILED),
        failed("an error with a message", OWN, "ValueError: ⟦no user Ada⟧"),
        failed("an error with a message alone", OWN, "⟦Ada was not found⟧"),
        failed("an error with a module's path", OWN, "acme.errors.TimeoutError: ⟦adas-x⟧", {"error.type": "acme.errors.TimeoutError"}),
        failed("an error without anything", OWN),
        failed("an error type that is none", OWN, "", {"error.type": "⟦no user Ada⟧"}),
        failed("an error with an exception's event", OWN, "MyError: ⟦no such Ada⟧", events=[raised]),
        failed("an error with an exception's event, no consent", without("error"), "MyError: ⟦no such Ada⟧", events=[raised]),
        failed("an error with an exception's event, packages", policy(packages=["acme"]), events=[event("log", {}), raised]),
        failed("an error of a class that is not declared, upstream", UPSTREAM, "AdasError: ⟦no such Ada⟧", {"error.type": "⟦AdasError⟧"}),
        failed("an error of a declared class, upstream", UPSTREAM, "MyError", {"error.type": "MyError"}),
        failed("an error of a known class, upstream", UPSTREAM, "ValueError", {"error.type": "ValueError"}),
        failed("an error of Java", OWN, events=[java, event("done", {})]),
        failed("a stack on the span", OWN, "", {"exception.stacktrace": STACK, "exception.type": "ValueError"}),
        failed("a stack on the span without consent", without("error"), "", {"exception.stacktrace": STACK}),
        ("a description without an error", "traces", OWN, span(NAMES["agent"], AGENT, status={"code": 1})),
    ]


def _surfaces() -> list[Row]:
    private = {"gen_ai.agent.name": "x", "http.route": "⟦ada@example.org⟧", "enduser.id": "⟦ada⟧"}
    events = [event("step done", private, dropped=2), event("⟦Ada said hello to everybody here⟧", {}), event("⟦ada@example.org⟧", {})]
    states = "ot=th:8;rv:abcdef,vendor=⟦adas-state⟧"
    resource = {
        "service.name": "shop", "service.version": "2.0.0", "telemetry.sdk.name": "opentelemetry", "telemetry.sdk.language": "python",
        "app.installation.id": "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11", "os.type": "linux", "host.name": "⟦adas-laptop⟧",
        "process.command_line": "⟦python x⟧", "process.runtime.version": "3.12.1", "service.namespace": "⟦ada@example.org⟧",
        "gen_ai.agent.name": "code-reviewer", "smart_agents.consent.epoch": 3, "smart_agents.consent.categories": ["agent"],
    }  # fmt: skip
    scopes = [
        ("named by a person", {"scope": {"name": "⟦Ada's code⟧", "version": "⟦of Ada⟧", "attributes": private},
            "schemaUrl": "https://x.example/1?⟦adas-q⟧"}),
        ("plain", {"scope": {"name": "@acme/lib", "version": "1.0.0-rc.1", "attributes": {"http.route": "/x"}},
            "schemaUrl": "https://x.example/1.0"}),
        ("none", {}),
    ]  # fmt: skip
    rows: list[Row] = [(f"scope: {what}", "traces", KEYED, span("GET", {}, scope=scope)) for what, scope in scopes]
    return [
        *rows,
        ("events", "traces", KEYED, span("GET", {}, events=events, droppedEventsCount=1)),
        ("many events", "traces", policy(max_events=2), span("GET", {}, events=[event(f"e{n}", {}) for n in range(5)],
            droppedEventsCount=1)),
        ("links", "traces", OWN, span("GET", {}, links=[link(private, dropped=1, state=states), link({}, remote=True)])),
        ("many links", "traces", policy(max_events=1), span("GET", {}, links=[link({}), link(private)])),
        ("trace state", "traces", OWN, span("GET", {}, state=states)),
        ("trace state upstream", "traces", UPSTREAM, span(NAMES["agent"], AGENT, scope=own_scope(), state=states)),
        ("trace state of others alone", "traces", OWN, span("GET", {}, state="vendor=⟦adas-state⟧")),
        ("trace state that is none", "traces", OWN, span("GET", {}, state="ot=⟦ada⟧")),
        ("resource", "traces", OWN, span("GET", {}, resource=resource, url="https://opentelemetry.io/schemas/1.44.0")),
        ("resource without agent", "traces", without("agent"), span("GET", {}, resource=resource)),
        ("resource upstream", "traces", UPSTREAM, span(NAMES["agent"], AGENT, scope=own_scope(), resource=resource)),
        ("counts go on", "traces", OWN, span("GET", {"smart_agents.redaction.count": 2, "http.route": "⟦a@b.example⟧", "x": 1},
            droppedAttributesCount=4)),
        ("a remote parent", "traces", OWN, span("GET", {}, parent=True, flags=0x300)),
    ]  # fmt: skip


SURFACE_ROWS: list[Row] = [*_errors(), *_surfaces()]
