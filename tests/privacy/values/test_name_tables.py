"""What is denied as a key is found as a name in a text: both read the same tables."""

from __future__ import annotations

import json
import re

import pytest

from otel_smart_agents.privacy import key_words
from otel_smart_agents.privacy.detectors import assignments
from otel_smart_agents.privacy.detectors.secret_values import looks_chosen, looks_issued
from otel_smart_agents.privacy.keys import key_denied, names_a_person, tokens_of
from otel_smart_agents.privacy.values import redact_text, redact_value

SECRET = "Zf3D0LXCM3EIMbg0sVtQ"
WORDS = sorted(
    key_words.STRONG_WORDS
    | key_words.LAST_WORDS
    | key_words.OWNED_WORDS
    | key_words.PHONE_WORDS
    | key_words.NAME_WORDS
    | set(key_words.ENDINGS)
    | {f"{owner}_pass" for owner in key_words.PASS_OWNERS}
    | {separator.join(pair) for pair in key_words.PHRASES for separator in ("_", "-", ".")}
    | {first + second.title() for first, second in key_words.PHRASES}
    | {f"{owner}_{part}" for part in key_words.PERSON_PARTS for owner in key_words.PERSONS.get(part, key_words.PERSONS[""])}
)


@pytest.mark.parametrize("text", [f"{{}}={SECRET}", f"export {{}}={SECRET} x", f"a: 1\n{{}}: {SECRET}\nb: 2", f"tool --{{}} {SECRET} x"])
def test_every_denied_word_is_a_name_in_a_line_or_flag(text):
    words = WORDS if "--" not in text else [word for word in WORDS if word.isascii() and not names_a_person(tokens_of(word))]
    kept = [word for word in words if key_denied(word) and SECRET in redact_text(text.format(word))[0]]
    assert not kept


@pytest.mark.parametrize("plain", [True, False], ids=["letters", "escapes"])
def test_every_denied_word_is_a_name_in_json(plain):
    def written(word):
        return json.dumps({"id": 7, word: SECRET, "nested": json.dumps({word: SECRET}, ensure_ascii=not plain)}, ensure_ascii=not plain)

    kept = [word for word in WORDS if key_denied(word) and SECRET in redact_text(written(word))[0]]
    assert not kept


@pytest.mark.parametrize("name", ["OPENAI_KEY", "hfKey", "fernet_key", "GH_PAT", "PAT", "writekey", "COSMOS-KEY", "hash_salt"])
def test_under_a_name_that_ends_in_key_what_was_generated_goes(name):
    assert not key_denied(name)
    for text in (f"{name}={SECRET}", json.dumps({name: SECRET}), f"{name}: {SECRET}"):
        assert SECRET not in redact_text(text)[0]
    assert redact_value(name, SECRET) == "[secret]"
    for value in ("orders.created.v2", "550e8400-e29b-41d4-a716-446655440000", "users/2024/report-17", "none", "20240101T120000Z"):
        assert redact_text(f"{name}={value}") == (f"{name}={value}", 0)
        assert redact_value(name, value) == value


@pytest.mark.parametrize("name", [f"{owner}_key" for owner in sorted(key_words.PLAIN_KEYS)] + ["key", "monkey", "keyboard", "keys"])
def test_keys_of_rows_caches_and_messages_stay(name):
    assert redact_text(f"{name}={SECRET}") == (f"{name}={SECRET}", 0)
    assert redact_value(name, SECRET) == SECRET


def test_what_looks_issued_or_chosen():
    assert all(map(looks_issued, (SECRET, "0a1b2c3d4e5f60718293a4b5c6d7e8f9")))
    assert not any(
        map(looks_issued, ("short1a2b", "onboarding2024-experiment", "a/b/c/d/e/f/g/h/i", "1234567890123456", "q7Kd93hFs0aLm2Xz é"))
    )
    assert all(map(looks_chosen, ("S3cr3t!pass7", "aB3dE6gH9", "swordfish!")))
    assert not any(map(looks_chosen, ("12", "phase2", "98.5%", "report(x!)", "a1b", "test_login.py", "***", "swordfish")))


def test_words_that_only_contain_a_short_name_are_not_looked_at():
    """``passed:`` stands in every report of tests: the search for names would read the whole text for it."""
    named = next(trigger.pattern for trigger in assignments.TRIGGERS if trigger.name == "named")
    for text in (
        "all tests passed: see below",
        "my opinion is that",
        "inside: two",
        "the salted: one",
        "path: a",
        "passes = 3",
        "pinned: no",
    ):
        assert re.search(named, text) is None
    for text in ("pass: a", "db_pass=a", "pin: 1", "sid=a", "tok: a", "userPass: a", "pass_old: a"):
        assert re.search(named, text) is not None
