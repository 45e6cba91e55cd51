"""Rows for ``spans.json``: kinds of spans, and what their attributes may be. ``⟦…⟧`` stands around what must not survive."""

from __future__ import annotations

from typing import Any

from otlp_requests import own_scope, span
from row_parts import AGENT, ALL, KEYED, LLM, MORE, NAMES, OWN, SCAN, SKILL, SPANS, UPSTREAM, WORKFLOW, Row, policy, without


def _kinds() -> list[Row]:
    rows: list[Row] = []
    for kind, attributes in (*SPANS, *MORE):
        request = span(NAMES[kind], attributes, scope=own_scope())
        rows.append((f"{kind}, everything agreed to", "traces", OWN, request))
        rows.append((f"{kind}, upstream", "traces", UPSTREAM, request))
        rows += [(f"{kind} without {category}", "traces", without(category), request) for category in ALL]
    return rows


def _foreign() -> list[Row]:
    http = {
        "http.request.method": "GET",
        "url.full": "https://api.example.com/users/42?token=⟦t0psecret⟧&page=2",
        "http.response.status_code": 200,
        "server.address": "api.example.com",
        "user_agent.original": "curl/8.5.0",
        "network.peer.address": "⟦203.0.113.77⟧",
    }
    db = {"db.system.name": "postgresql", "db.query.text": "SELECT * FROM users WHERE mail = '⟦ada@example.org⟧' AND age > 30"}
    names = [
        ("a route", "GET /users/{id}/orders"),
        ("ids in a route", "GET /users/⟦1234567⟧/orders/⟦0b7c3a529f3e4d1c⟧"),
        ("a query", "POST /search?q=⟦ada⟧"),
        ("an address", "GET https://⟦ada.example.org⟧/x"),
        ("ASGI's inner span", "GET /users/⟦12345⟧ http send"),
        ("the method alone", "GET"),
        ("a sentence", "please write to ⟦Ada Byron⟧ and ask"),
        ("five words", "one two three four five"),
        ("a statement", "SELECT users"),
        ("an e-mail address", "mail ⟦ada@example.org⟧"),
        ("not ASCII", "日本語"),
        ("nothing", ""),
    ]
    scope = {"scope": {"name": "opentelemetry.instrumentation.requests", "version": "0.66b0"}}
    rows: list[Row] = [(f"foreign span named by {what}", "traces", KEYED, span(name, {}, scope=scope)) for what, name in names]
    rows += [
        ("an HTTP span", "traces", OWN, span("GET", http, scope=scope)),
        ("an HTTP span is not for upstream", "traces", UPSTREAM, span("GET", http, scope=scope)),
        ("an HTTP span needs no category", "traces", policy(categories=[]), span("GET", http, scope=scope)),
        ("a statement of SQL", "traces", OWN, span("SELECT users", db, scope=scope)),
        ("OpenInference's words", "traces", OWN, span("run", {"openinference.span.kind": "AGENT", "llm.model_name": "x"})),
        ("OpenInference's words without agent", "traces", without("agent"), span("run", {"openinference.span.kind": "LLM"})),
        ("OpenLLMetry's words without skill", "traces", without("skill"), span("run", {"traceloop.span.kind": "tool"})),
        ("MCP without skill", "traces", without("skill"), span("tools/call x", {"mcp.method.name": "tools/call"})),
        ("a key of a model without agent", "traces", without("agent"), span("ask", {"llm.vendor": "x"})),
        ("an unknown operation without agent", "traces", without("agent"), span("x", {"gen_ai.operation.name": "dream"})),
        ("an operation that is no text", "traces", OWN, span("x", {"gen_ai.operation.name": 7})),
        (
            "our kind against another operation",
            "traces",
            without("skill"),
            span("chat x", AGENT | {"gen_ai.operation.name": "execute_tool"}),
        ),
        ("a name alone tells the kind", "traces", without("agent"), span("invoke_agent x", {})),
        ("a step's name alone, our scope", "traces", without("workflow"), span("step plan", {}, scope=own_scope())),
        ("a skill of another instrumentation", "traces", without("agent"), span("execute_tool s", _rest(SKILL, "smart_agents.kind"))),
    ]
    return rows


def _rest(attributes: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key not in keys}


def _attributes() -> list[Row]:
    def one(title: str, facts: dict[str, Any], **attributes: Any) -> Row:
        named = {key.replace("__", "."): value for key, value in attributes.items()}
        return (title, "traces", facts, span("GET", named))

    never = {
        "gen_ai.input.messages": "⟦hello there⟧", "enduser.id": "⟦ada⟧", "host.name": "⟦adas-laptop⟧", "user.email": "⟦ada@example.org⟧",
        "gen_ai.tool.description": "⟦does things⟧", "process.command_line": "⟦python x.py⟧", "exception.message": "⟦no such Ada⟧",
        "email": "⟦a@b.example⟧",
        "apiToken": "⟦adas-abc⟧", "my.client_secret": "⟦adas-s⟧", "DB_PASSWORD": "⟦adas-p⟧", "x.userEmailAddress": "⟦adas-m⟧",
        "filePath": "⟦/a/b⟧",
    }  # fmt: skip
    benign = {"author": "nobody", "monkey": "x", "session.duration": 3, "my.input_tokens": 7, "tokenizer": "bpe", "cache.key": "k"}
    shapes = {
        "nested": {
            "plain": "ok",
            "password": "⟦adas-p⟧",
            "mail": "⟦ada@example.org⟧",
            "deep": {"list": [1, 2.5, True, None, "⟦a@b.example⟧"]},
        },
        "list": ["one", "⟦ada@example.org⟧", 3, ["two", b"bytes"]],
        "bytes": b"\x00\x01",
        "number": 4111111111111111,
        "small": 1234567,
        "infinite": float("inf"),
        "path": "/home/⟦ada⟧/projects/x.txt",
        "windows": "C:\\Users\\⟦ada⟧\\x.txt",
        "none": None,
    }
    labels = {
        "smart_agents.label.team": "core", "smart_agents.label.note": "⟦Ada likes tea⟧", "smart_agents.label.mail": "⟦ada@example.org⟧",
        "smart_agents.label.count": 3, "smart_agents.label.password": "⟦adas-p⟧", "smart_agents.label.": "x",
        "smart_agents.label.a b": "x",
        "smart_agents.capture.args": {"path": "/home/⟦ada⟧/x.py", "n": 3},
    }  # fmt: skip
    types = {
        "gen_ai.usage.input_tokens": "12", "gen_ai.usage.output_tokens": True, "gen_ai.request.temperature": 1,
        "gen_ai.request.top_p": float("nan"), "gen_ai.request.stream": 1, "gen_ai.response.finish_reasons": "stop",
        "gen_ai.agent.name": 7, "smart_agents.outcome": ["success"], "gen_ai.request.max_tokens": 2**62,
    }  # fmt: skip
    words = {
        "smart_agents.outcome": "exploded", "gen_ai.provider.name": "⟦adas-own-llm⟧", "gen_ai.request.model": "⟦adas-model⟧",
        "gen_ai.response.finish_reasons": ["stop", "⟦because Ada⟧", 3], "gen_ai.tool.type": "magic", "smart_agents.source": "market",
        "smart_agents.task.size": "100-1k", "smart_agents.task.file_type": "c++", "smart_agents.cost.currency": "usd", "os.type": "linux",
    }  # fmt: skip
    many = {f"db.query.summary{index}": "x" for index in range(4)} | {f"http.k{index}": index for index in range(6)}
    return [
        ("the never-list", "traces", SCAN, span("GET", never)),
        ("words that only look like secrets", "traces", SCAN, span("GET", benign)),
        ("unknown keys are dropped", "traces", OWN, span("GET", benign)),
        ("values of any shape", "traces", SCAN, span("GET", {f"x.{name}": value for name, value in shapes.items()})),
        ("labels and captures", "traces", KEYED, span("GET", labels)),
        ("labels and captures, unknown scanned", "traces", SCAN, span("GET", labels | {"smart_agents.label.note": "free text stays"})),
        ("labels are not for upstream", "traces", UPSTREAM, span(NAMES["agent"], AGENT | labels, scope=own_scope())),
        ("values of another type", "traces", OWN, span(NAMES["model"], LLM | types)),
        ("words outside closed lists", "traces", KEYED, span(NAMES["model"], LLM | words)),
        ("words outside closed lists, no key", "traces", OWN, span(NAMES["model"], LLM | words)),
        one("a conversation without a key", OWN, gen_ai__conversation__id="⟦thread-17⟧"),
        one("a conversation with a key", KEYED, gen_ai__conversation__id="⟦thread-17⟧"),
        one("an id that is none", KEYED, session__id="⟦ada⟧", service__instance__id="⟦adas-laptop⟧"),
        one("an id that is none, no key", OWN, session__id="⟦ada⟧"),
        ("limits of a text", "traces", policy(max_value_length=20), span("GET",
            {"http.route": "a" * 19 + " ⟦ada@example.org⟧ " + "b" * 400})),
        ("a text beyond its limit", "traces", OWN, span("GET", {"db.query.text": "SELECT " + "word " * 600 + "⟦ada@example.org⟧"})),
        ("a long text of many bytes", "traces", policy(max_value_length=30), span("GET", {"http.route": "/ä/ö " * 40})),
        ("a token without an end", "traces", policy(max_value_length=30), span("GET", {"http.route": "x" * 600})),
        ("limit of attributes", "traces", policy(max_attributes=3, unknown="scan"), span("GET", many)),
        ("limit of depth", "traces", policy(max_depth=2, unknown="scan"), span("GET", {"x": {"a": {"b": {"c": 1}}, "d": [[1]]}})),
        ("limit of elements", "traces", policy(max_attributes=5, unknown="scan"), span("GET", {"x": {"a": [1, 2, 3, 4, 5, 6], "b": 1,
            "c": 2}})),
        ("content that code let through", "traces", policy(content=["gen_ai.input.messages"]),
         span(NAMES["model"], LLM | {"gen_ai.input.messages": [{"role": "user", "content": "mail ⟦ada@example.org⟧"}],
             "gen_ai.prompt": "⟦adas-x⟧"})),
        ("names and their forms", "traces", KEYED, span("invoke_agent ⟦Ada's agent⟧", {
            "gen_ai.agent.name": "⟦Ada's agent⟧", "gen_ai.agent.version": "1.0.0",
            "smart_agents.task.type": "one two three four five six",
            "smart_agents.command.name": "/review", "smart_agents.error.component": "⟦ada@example.org⟧",
            "gen_ai.workflow.name": "other"})),
        ("names that are not declared", "traces", UPSTREAM,
         span("invoke_agent ⟦adas-agent⟧", AGENT | {"gen_ai.agent.name": "⟦adas-agent⟧", "smart_agents.task.type": "review"},
             scope=own_scope())),
        ("hashes of this key stay", "traces", KEYED, span("invoke_agent other-k1-0123456789abcdef", {
            "gen_ai.agent.name": "other-k1-0123456789abcdef", "gen_ai.conversation.id": "k1-" + "0123456789abcdef" * 2})),
        ("consent facts", "traces", KEYED, span("GET", {
            "smart_agents.consent.categories": ["agent", "skill", "⟦magic⟧"], "smart_agents.consent.epoch": 3,
            "smart_agents.consent.policy_version": "2026-11", "smart_agents.consent.receipt_hash": "a" * 64,
            "smart_agents.consent.subject": "⟦customer-7⟧"})),
        ("product facts on a span, upstream", "traces", UPSTREAM,
         span(NAMES["agent"], AGENT | {"service.name": "⟦ada⟧", "service.version": "1"}, scope=own_scope())),
        ("own-only keys", "traces", OWN, span("GET", {"smart_agents.drop.reason": "age", "gen_ai.token.type": "input"})),
    ]  # fmt: skip


def _corners() -> list[Row]:
    mine, text = AGENT | {"gen_ai.agent.name": "code-reviewer"}, "http.route"
    deep = {"a": [float("nan"), {"b": float("inf")}], "⟦ada@example.org⟧": 1, "d" * 200: 1, "apiKey": "⟦adas-key⟧"}
    many = {f"x.{n}": n for n in range(5)} | {"error.type": "ValueError", "smart_agents.redaction.count": 1}
    return [
        ("an agent's span with a name of its own", "traces", OWN, span("my run", mine)),
        ("an agent's span with a name of its own, upstream", "traces", UPSTREAM, span("my run", mine, scope=own_scope())),
        ("an agent's span with a method's name", "traces", OWN, span("GET /users/⟦1234567⟧", mine)),
        ("an operation without a name's key", "traces", OWN, span("retrieval ⟦adas-docs⟧", {"gen_ai.operation.name": "retrieval"})),
        ("an operation alone", "traces", OWN, span("chat", LLM)),
        ("a model that is none, in the name", "traces", OWN, span("chat ⟦adas-model⟧", LLM)),
        ("our scope, another operation", "traces", OWN, span("sleep", {"gen_ai.system": "openai"}, scope=own_scope())),
        ("a step of a request that is none", "traces", OWN, span("GET /x carrier send", {})),
        ("a step of another request", "traces", OWN, span("GET /x http fly", {})),
        ("one word that is a step", "traces", OWN, span("GET send", {})),
        ("ids of several forms", "traces", OWN, span("GET /a/1/b-c-9-0123456/" + "ab" * 10 + "/deadbeef/1-2/x1", {})),
        ("nested values without a form", "traces", SCAN, span("GET", {"x.deep": deep})),
        ("what the filter adds stays beyond the limit", "traces", policy(max_attributes=2, unknown="scan"), span("GET", many)),
        ("a class with a module's path and no name", "traces", OWN, span("GET", {"error.type": "acme.", "exception.type": "."})),
        ("a value that failed before", "traces", KEYED, span("GET", {
            "gen_ai.conversation.id": "[redaction_error]", "session.id": "[redaction_error]", text: "[redaction_error]",
            "gen_ai.agent.name": "[redaction_error]", "smart_agents.outcome": "[redaction_error]"})),
        ("an address that is a path", "traces", OWN, span("GET", {"url.path": "/a/b/c.txt", "service.namespace": "/a/b/c.txt"})),
        ("paths that are none", "traces", SCAN,
         span("GET", {"x.a": "//a/b", "x.b": "/a", "x.c": "/a b/c", "x.d": "/a/b/", "x.e": "~/a/b"})),
        ("a cut that makes a number", "traces", policy(max_value_length=24), span("GET", {text: "1234567 " * 40})),
        ("a limit of a label", "traces", KEYED,
         span("GET", {"smart_agents.label.x": "a" * 300, "smart_agents.label.y": ["one", "two words"]})),
        ("a placeholder in a label", "traces", KEYED, span("GET", {"smart_agents.label.x": "[email]", "smart_agents.label.y": "other"})),
    ]  # fmt: skip


def _workflows() -> list[Row]:
    strange = ["agent:⟦Ada's agent⟧", "skill", "magic:x", "other", "step:", ":x", 7, "tool:lint"]
    return [
        ("steps of kinds that were not agreed to", "traces", without("skill"), span(NAMES["workflow"], WORKFLOW)),
        ("strange steps", "traces", KEYED, span(NAMES["workflow"], WORKFLOW | {"smart_agents.workflow.steps": strange})),
        ("many steps", "traces", OWN, span(NAMES["workflow"], WORKFLOW | {"smart_agents.workflow.steps": ["tool"] * 40})),
        ("steps that are no list", "traces", OWN, span(NAMES["workflow"], WORKFLOW | {"smart_agents.workflow.steps": "tool"})),
        ("steps upstream", "traces", UPSTREAM, span("invoke_workflow review", WORKFLOW, scope=own_scope())),
    ]


SPAN_ROWS: list[Row] = [*_kinds(), *_foreign(), *_attributes(), *_corners(), *_workflows()]
