"""What happens to single attributes: class, type, pattern, catalogue, category, deny words, hashes."""

from __future__ import annotations

import enum
from dataclasses import replace

import pytest

from otel_smart_agents.privacy import Counters, Policy, pseudonym, redact
from otel_smart_agents.privacy.counters import ATTRIBUTES, REDACTIONS, VALUE_ERROR, WRONG_TYPE
from otel_smart_agents.privacy.rules import KEYS, REMEMBERED_TEXTS, RuleTable, keep_attributes
from otel_smart_agents.privacy.tally import Tally
from spans.build import KEY, OWN, RUN_ID, SCAN, UPSTREAM, agent_span, span_of


def kept(attributes, policy=OWN, **start):
    return dict(redact(span_of(attributes=attributes, **start), policy).attributes)


class Loud(str):
    """Text whose every method would give it away."""

    __slots__ = ()

    def __str__(self):
        raise AssertionError("no method of the user's is called")

    __repr__ = __str__


class Colour(enum.IntEnum):
    RED = 3


@pytest.mark.parametrize(
    ("key", "value", "want"),
    [
        ("gen_ai.usage.input_tokens", 12, 12),
        ("gen_ai.usage.input_tokens", Colour.RED, 3),
        ("gen_ai.usage.input_tokens", 1.5, None),
        ("gen_ai.usage.input_tokens", True, None),
        ("gen_ai.usage.input_tokens", "12", None),
        ("gen_ai.usage.input_tokens", 2**63 - 1, 2**63 - 1),
        ("gen_ai.usage.input_tokens", 2**63, None),
        ("smart_agents.cost.amount", 0.5, 0.5),
        ("smart_agents.cost.amount", 2, 2.0),
        ("smart_agents.cost.amount", True, None),
        ("smart_agents.cost.amount", "2", None),
        ("smart_agents.cost.amount", float("nan"), None),
        ("smart_agents.cost.amount", float("inf"), None),
        ("gen_ai.request.stream", True, True),
        ("gen_ai.request.stream", 1, None),
        ("gen_ai.agent.name", "planner", "planner"),
        ("gen_ai.agent.name", 7, None),
        ("gen_ai.agent.name", b"planner", None),
        ("gen_ai.agent.name", ("planner",), None),
        ("smart_agents.outcome", "success", "success"),
        ("smart_agents.cost.currency", "USD", "USD"),
        ("smart_agents.task.size", "10-100", "10-100"),
        ("smart_agents.error.stack_hash", "v1:a3f5e2c19b04d7e8", "v1:a3f5e2c19b04d7e8"),
        ("session.id", RUN_ID, RUN_ID),
        ("gen_ai.request.model", "gpt-4", "gpt-4"),
        ("gen_ai.request.model", "acme-secret-tune", "other"),
        ("gen_ai.provider.name", "openai", "openai"),
        ("gen_ai.provider.name", "jane's server", "other"),
        ("gen_ai.operation.name", "chat", "chat"),
        ("gen_ai.response.finish_reasons", ("stop", "because jane said so", 7), ("stop", "other")),
        ("gen_ai.response.finish_reasons", "stop", None),
        ("gen_ai.response.finish_reasons", ("stop",) * 20, ("stop",) * 8),
        ("smart_agents.consent.categories", ("agent", "skill"), ("agent", "skill")),
        ("http.response.status_code", 404, 404),
        ("http.response.status_code", "404", None),
        ("url.full", "https://shop.example/list?page=2", "https://shop.example/list?page=2"),
        ("error.type", "requests.exceptions.ConnectionError", "ConnectionError"),
        ("error.type", "500", "500"),
        ("error.type", "no user jane", "_OTHER"),
        ("smart_agents.label.colour", "blue", "blue"),
        ("smart_agents.label.on", True, True),
        ("smart_agents.label.ratio", 0.5, 0.5),
        ("smart_agents.label.ratio", float("nan"), None),
        ("smart_agents.label.number", 12, 12),
        ("smart_agents.label.number", 2**70, None),
        ("smart_agents.label.number", 123456789012, 123456789012),
        ("smart_agents.label.bytes", b"jane", "[bytes]"),
        ("smart_agents.label.path", "/srv/clients/roe/contract.pdf", "contract.pdf"),
        ("smart_agents.label.pair", ("a", None, 1), ("a", None, 1)),
        ("smart_agents.capture.arg", {"a": {"password": "hunter2", "b": [1, "x"]}}, {"a": {"b": (1, "x")}}),
        ("smart_agents.label.api_token", "x", None),
        ("smart_agents.label.apiToken", "x", None),
        ("smart_agents.label.user_email", "x", None),
        ("smart_agents.label.", "x", None),
        ("prompt", "x", None),
        ("user.name", "x", None),
        ("host.name", "x", None),
        ("process.command_line", "x", None),
        ("gen_ai.tool.description", "x", None),
        ("acme.description", "x", None),
        ("gen_ai.input.messages", "x", None),
        ("exception.message", "x", None),
        ("code.file.path", "x", None),
    ],
)
def test_one_attribute(key, value, want):
    attributes = kept({key: value})
    attributes.pop("smart_agents.redaction.count", None)
    assert attributes == ({} if want is None else {key: want})
    assert [type(item) for item in attributes.values()] in ([], [type(want)])


@pytest.mark.parametrize("key", ["gen_ai.agent.name", "url.full", "smart_agents.label.x"])
def test_text_of_a_subclass_is_kept_as_plain_text_without_calling_it(key):
    tally = Tally()
    attributes = keep_attributes({key: Loud("planner")}, RuleTable(OWN, None), tally)
    assert type(attributes[key]) is str
    assert str.__eq__(attributes[key], "planner")


def test_names_outside_their_pattern_become_a_keyed_hash_that_meets_itself():
    one, two = kept({"gen_ai.agent.name": "jane@mail.example.com's agent"}), kept({"gen_ai.agent.name": "jane@mail.example.com's agent"})
    assert one["gen_ai.agent.name"] == two["gen_ai.agent.name"]
    assert one["gen_ai.agent.name"].startswith("other-k1-")
    assert one["smart_agents.redaction.count"] == 1
    other_key = replace(OWN, pseudonym_key=b"y" * 32)
    assert kept({"gen_ai.agent.name": "jane@mail.example.com's agent"}, other_key)["gen_ai.agent.name"] != one["gen_ai.agent.name"]
    assert kept({"gen_ai.agent.name": "jane@mail.example.com's agent"}, Policy())["gen_ai.agent.name"] == "other"


def test_ids_of_the_program_leave_as_keyed_hashes_only():
    assert kept({"gen_ai.conversation.id": "case 17 of jane"}) == {
        "gen_ai.conversation.id": pseudonym("case 17 of jane", key=KEY, key_id="k1")
    }
    assert kept({"session.id": "jane-laptop-3"})["session.id"] == pseudonym("jane-laptop-3", key=KEY, key_id="k1")
    assert kept({"gen_ai.conversation.id": "case 17", "session.id": "jane"}, Policy()) == {"smart_agents.redaction.count": 1}


def test_a_pseudonym_of_another_key_is_hashed_again():
    other = pseudonym("case 17", key=b"z" * 32, key_id="k2")
    assert kept({"gen_ai.conversation.id": other})["gen_ai.conversation.id"].startswith("k1-")


def test_unknown_keys_are_looked_at_only_where_the_operator_says_so():
    attributes = {"acme.note": "mail jane.roe@mail.example.com", "acme.secret": "x", "acme note": "x", "acme.ok": 1}
    assert kept(attributes) == {}
    scanned = kept(attributes, SCAN)
    assert scanned.pop("smart_agents.redaction.count") == 1
    assert set(scanned) == {"acme.note", "acme.ok"}
    assert "jane" not in scanned["acme.note"]
    upstream = redact(agent_span(**attributes), replace(UPSTREAM, unknown="scan"))
    assert not set(upstream.attributes) & set(attributes)


def test_content_passes_the_detectors_and_only_where_code_lets_it():
    attributes = {"gen_ai.input.messages": "ask jane.roe@mail.example.com about tea", "gen_ai.output.messages": "tea"}
    scanned = kept(attributes, SCAN)
    assert "about tea" in scanned["gen_ai.input.messages"]
    assert "jane.roe" not in scanned["gen_ai.input.messages"]
    assert "gen_ai.output.messages" not in scanned
    assert not set(redact(agent_span(**attributes), replace(UPSTREAM, content=SCAN.content)).attributes) & set(attributes)
    never = replace(OWN, content=frozenset({"exception.message", "user.name", "acme.secret"}))
    assert kept({"exception.message": "x", "user.name": "jane", "acme.secret": "x"}, never) == {}


def test_addresses_of_requests_keep_their_path():
    assert kept({"url.path": "/shop/list/all", "http.route": "/shop/{id}"}) == {"url.path": "/shop/list/all", "http.route": "/shop/{id}"}


def test_a_key_that_is_no_text_is_dropped():
    tally = Tally()
    assert keep_attributes({7: "x", None: "y"}, RuleTable(OWN, None), tally) == {}
    assert tally.dropped == 2


def test_what_is_done_is_counted():
    counters = Counters()
    span = span_of(
        attributes={
            "prompt": "x",
            "gen_ai.agent.name": "a@b.example.com",
            "gen_ai.usage.input_tokens": "many",
            "smart_agents.label.b": b"x",
        }
    )
    redacted = redact(span, OWN, counters=counters)
    assert redacted.redactions == redacted.attributes["smart_agents.redaction.count"] == counters[REDACTIONS] == 2
    assert redacted.dropped_attributes == counters[ATTRIBUTES] == 2
    assert counters[WRONG_TYPE] == 1


def test_the_count_of_an_earlier_filter_is_added_to():
    assert kept({"smart_agents.redaction.count": 2, "smart_agents.label.b": b"x"})["smart_agents.redaction.count"] == 3


def test_one_value_that_cannot_be_filtered_is_replaced_and_counted(monkeypatch):
    def broken(_text, hint=0):
        raise RuntimeError("boom")

    monkeypatch.setattr("otel_smart_agents.privacy.scanner.redact_hinted", broken)
    monkeypatch.setattr("otel_smart_agents.privacy.texts.redact_hinted", broken)
    counters = Counters()
    policy = replace(OWN, max_depth=7)
    attributes = {
        "smart_agents.label.x": "fine",
        "gen_ai.tool.name": "grep",
        "smart_agents.workflow.steps": ("agent:x",),
        "smart_agents.kind": "tool",
    }
    redacted = redact(span_of("smart", attributes=attributes), policy, counters=counters)
    assert redacted is None or "fine" not in str(dict(redacted.attributes))
    table, tally = RuleTable(policy, None), Tally()
    assert keep_attributes(attributes, table, tally) == {
        "smart_agents.label.x": "[redaction_error]",
        "gen_ai.tool.name": "[redaction_error]",
        "smart_agents.kind": "tool",
    }
    assert tally.errors == 3
    tally.add_to(counters)
    assert counters[VALUE_ERROR] >= 3
    monkeypatch.undo()
    again = RuleTable(replace(OWN, max_depth=8), None)
    assert keep_attributes({"gen_ai.tool.name": "[redaction_error]"}, again, Tally()) == {"gen_ai.tool.name": "[redaction_error]"}
    assert keep_attributes({"smart_agents.outcome": "[redaction_error]"}, again, Tally()) == {"smart_agents.outcome": "[redaction_error]"}
    assert keep_attributes({"gen_ai.conversation.id": "[redaction_error]"}, again, Tally()) == {}


def test_what_is_remembered_is_bounded():
    table, tally = RuleTable(OWN, None), Tally()
    for number in range(REMEMBERED_TEXTS + 10):
        keep_attributes({"gen_ai.agent.name": f"agent {number}"}, table, tally)
    assert len(table["gen_ai.agent.name"].known) <= REMEMBERED_TEXTS
    for number in range(KEYS + 10):
        keep_attributes({f"acme.{number}": 1}, table, tally)
    assert len(table) <= KEYS


def test_only_short_clean_texts_are_remembered():
    table, tally = RuleTable(OWN, None), Tally()
    keep_attributes({"gen_ai.agent.name": "mail jane.roe@mail.example.com", "url.full": "x" * 200}, table, tally)
    assert not table["gen_ai.agent.name"].known
    assert not table["url.full"].known


def test_a_dropped_key_drops_every_value_and_a_strange_value_is_dropped_from_any_key():
    table, tally = RuleTable(OWN, None), Tally()
    assert table["prompt"].apply("x", tally) is None
    assert keep_attributes({"smart_agents.label.x": object()}, table, tally) == {}
    assert tally.wrong_types == 1
