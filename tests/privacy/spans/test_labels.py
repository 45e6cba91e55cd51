"""Labels are words: any other text becomes a keyed hash, unless the operator lets unknown text pass the detectors."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider

from otel_smart_agents.privacy import Policy, redact

KEY = "smart_agents.label.topic"


def label(value, **policy):
    span = TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s", attributes={KEY: value})
    span.end()
    redacted = redact(span, Policy(pseudonym_key=b"k" * 32, pseudonym_key_id="k1", **policy))
    assert redacted is not None
    again = redact(redacted, Policy(pseudonym_key=b"k" * 32, pseudonym_key_id="k1", **policy))
    assert dict(again.attributes) == dict(redacted.attributes)
    return redacted.attributes[KEY]


@pytest.mark.parametrize("value", ["blue", "team-7", "v1.2.3", "a/b", True, 7, 2.5])
def test_words_and_numbers_stay(value):
    assert label(value) == value


@pytest.mark.parametrize("value", ["Dana Miller", "please summarise the contract", "two\nlines", "x" * 65, "ünïcode", ""])
def test_any_other_text_becomes_a_hash_that_groups(value):
    kept = label(value)
    assert kept.startswith("other-k1-")
    assert kept == label(value)


def test_a_list_is_looked_at_element_by_element():
    first, second = label(["blue", "Dana Miller"])
    assert first == "blue"
    assert second.startswith("other-k1-")


def test_the_operator_may_let_text_pass_the_detectors():
    assert label("mail jane@example.com about it", unknown="scan") == "mail [email] about it"
