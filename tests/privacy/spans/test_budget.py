"""Limits: length, depth, number. Cutting never halves a secret, and what was cut is stable."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from opentelemetry.trace import Link

from otel_smart_agents.privacy import redact, redact_text
from otel_smart_agents.privacy.bounds import HEAD, MARK, TAIL, bounded
from spans.build import OWN, SECRETS, everything, remote_context, span_of

NOTE = "smart_agents.capture.note"
MAIL = SECRETS["mail"]


def kept(value, policy=OWN, key="acme.note"):
    return redact(span_of(attributes={key: value}), replace(policy, unknown="scan")).attributes.get(key)


def test_a_text_within_its_limit_stays_the_same_object():
    text = "fine words " * 50
    assert bounded(text, 1_000, redact_text) == (text, 0)
    assert bounded(text, 1_000, redact_text)[0] is text


def test_a_long_text_is_cut_at_a_border_with_a_mark():
    text = "fine words " * 500
    cut = kept(text)
    assert len(cut) <= 1_000
    assert cut.endswith((f"words{MARK}", f"fine{MARK}"))
    assert text.startswith(cut.removesuffix(MARK))


@pytest.mark.parametrize("at", range(940, 1_290, 7))
def test_no_secret_is_halved_by_the_limit(at):
    text = "x " * (at // 2) + f" {MAIL} " + "y " * 1_000
    cut = kept(text)
    assert "jane" not in cut
    assert "roe@" not in cut
    assert len(cut) <= 1_000


@pytest.mark.parametrize("mails", range(40))
def test_a_secret_stays_out_when_redactions_make_the_text_shorter(mails):
    """What is cut at the end of the scanned window moves into the kept part when something long before it was replaced."""
    before = f"see {MAIL} " * mails
    text = before + " z" * ((1_256 - len(before) - 12) // 2) + f" {MAIL}" + " and more" * 50
    cut = kept(text)
    assert "jane" not in cut
    assert "roe" not in cut


def test_a_token_without_an_end_goes_whole():
    assert kept("a" * 5_000) == MARK
    assert kept("note: " + "a" * 5_000) == f"note:{MARK}"


def test_cutting_again_changes_nothing():
    for text in ("fine words " * 500, "a" * 5_000, "4111 1111 1111 1111 " * 100, "12 34 " * 900, f"{MAIL} " * 200):
        once = kept(text)
        assert kept(once) == once


def test_a_replacement_that_is_longer_than_the_secret_does_not_break_the_limit():
    short = "a@b.co " * 143
    assert len(short) > 1_000
    policy = replace(OWN, max_value_length=1_001)
    assert len(kept(short, policy)) <= 1_001


def test_a_raised_limit_keeps_the_head_and_the_tail():
    whole = "word " * 20_000
    text, _ = bounded(whole, 100_000, redact_text)
    assert len(text) <= HEAD + TAIL + 2
    assert text.startswith("word word")
    assert text.endswith("word word ")
    assert MARK in text
    between = "word " * 14_000
    assert bounded(between, 100_000, redact_text)[0] == between
    assert bounded("word " * 300, 100_000, redact_text)[0] == "word " * 300


def test_the_tail_begins_at_a_border():
    text, _ = bounded("b" * 100_000, 100_000, redact_text)
    assert text == MARK
    mails = f"{MAIL} " * 4_000
    assert "jane" not in bounded(mails, 100_000, redact_text)[0]


def test_texts_that_utf8_cannot_hold_are_mended():
    assert bounded("a\ud800b", 100, redact_text)[0] == "a\ufffdb"
    assert bounded("a\ud83d\ude00b", 100, redact_text)[0] == "a\U0001f600b"
    assert bounded("käse", 100, redact_text)[0] == "käse"
    kept("\ud800" * 3_000).encode()


def test_a_detector_that_never_settles_cannot_keep_us():
    def growing(text):
        return text + "x", 1

    text, count = bounded("word " * 100, 50, growing)
    assert len(text) <= 50
    assert count > 0


def test_attributes_events_links_depth_and_items_are_limited():
    policy = replace(OWN, unknown="scan", max_attributes=5, max_events=3, max_depth=2)

    def fill(span):
        for number in range(10):
            span.add_event(f"event{number}", {f"k{n}": n for n in range(9)})

    links = [Link(remote_context(), {"server.port": number}) for number in range(10)]
    attributes = {f"k{n}": n for n in range(9)} | {"k0": (0, 1, 2, 3, 4, 5, 6)}
    redacted = redact(span_of(attributes=attributes, fill=fill, links=links), policy)
    assert len(redacted.attributes) == 5
    assert redacted.attributes["k0"] == (0, 1, 2, 3, 4)
    assert [event.name for event in redacted.events] == ["event7", "event8", "event9"]
    assert [len(event.attributes) for event in redacted.events] == [5, 5, 5]
    assert [link.attributes["server.port"] for link in redacted.links] == [7, 8, 9]
    assert (redacted.dropped_events, redacted.dropped_links) == (7, 7)
    assert redacted.events[0].dropped_attributes == 4
    deep = redact(span_of(attributes={"k": {"a": {"b": {"c": 1}}}}), policy)
    assert deep.attributes["k"] == {"a": {"b": "[too deep]"}}
    assert everything(redact(redacted, replace(policy, max_value_length=999))) == everything(redacted)


@pytest.mark.parametrize(
    "unit", ["a", "a ", "@", "jane@", "1", "1 ", "/", "{", '{"a":', "-----BEGIN ", "ey", ".", "=", "password=", "%40", "é"]
)
def test_adverse_texts_take_linear_time(unit):
    span = span_of(attributes={NOTE: (unit * 200_000)[:200_000]})
    begin = time.perf_counter()
    redact(span, replace(OWN, max_attributes=99))
    assert time.perf_counter() - begin < 5
