"""Whatever the text: nothing planted survives, a second pass changes nothing, time grows with length, a failure keeps the text in."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otel_smart_agents.privacy import values
from otel_smart_agents.privacy.keys import key_denied, key_hint
from otel_smart_agents.privacy.values import redact_text, redact_value

# Each is told by its own form, so that no text around may hide it (apart from letters and digits glued to it).
SECRETS = (
    "ada.byron@example.org",
    "4111111111111111",
    "DE89370400440532013000",
    "ghp_" + "Ab1" * 12,
    "xoxb-" + "123456789012-" * 2 + "AbCdEfGhIjKlMnOpQrStUvWx",
    "AKIA" + "Q7" * 8,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
    "postgresql://app:s3cr3tpw@db/x",
    "219-09-9999",
    "/home/adabyron/src",
)
PLANTED = {"postgresql://app:s3cr3tpw@db/x": "s3cr3tpw", "/home/adabyron/src": "adabyron"}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)
EDGES = st.sampled_from((" ", "\n", "\t", '"', "'", "(", ">", ", ", "; "))
CLOSING = st.sampled_from((" ", "\n", "\t", '"', "'", ")", "<", ", ", "; ", ". "))
PIECES = st.sampled_from(
    (
        *SECRETS, "password: ", "token=", '"secret": "', "phone ", "call me on ", "SSN ", "curl -u a:b1 ", "Cookie: a=", "x", " ", "\\",
        '"', "'", "@", "SELECT a FROM b WHERE c = 'd'", "1.2.3.4", "+49 30 901820", "0171 1234567", "2001:db8::1:2:3", "[secret]",
        "[email]",
        "://", "?key=", "-p", "--password ", "=", ":", "{", "}", "\u200b", "\uff20", "\\u0040", "é", "7",
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(before=TEXT, opening=EDGES, secret=st.sampled_from(SECRETS), closing=CLOSING, after=TEXT)
def test_no_planted_secret_survives_in_any_text(before, opening, secret, closing, after):
    result, count = redact_text(before + opening + secret + closing + after)
    assert PLANTED.get(secret, secret) not in result
    assert count > 0


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), TEXT, st.lists(st.one_of(PIECES, TEXT), max_size=6).map("".join)))
def test_a_second_redaction_changes_nothing(text):
    once, _ = redact_text(text)
    assert redact_text(once) == (once, 0)


@pytest.mark.parametrize("found", [*SECRETS, "+44 20 7946 0958", "490154203237518", "203.0.113.7", "12345678Z"])
@pytest.mark.parametrize("after", ["219-09-9999-p", "0171 1234567", "123456789", "4711x9", "Zz11yy88aa", "490154203237518x"])
def test_what_a_placeholder_announces_is_found_at_once(found, after):
    """``[ssn] 123456789``: the placeholder is a keyword itself."""
    for between in (" ", " = ", "=", ": ", ", ", "\n", " is ", "/", "("):
        once, _ = redact_text(found + between + after)
        assert redact_text(once) == (once, 0)


@pytest.mark.parametrize("keyword", ["password: ", "token=", "passwd = ", "secret: "])
@pytest.mark.parametrize("home", ["/home/{}/src", "/Users/{}/x", "/home/{}"])
def test_a_redacted_home_path_behind_a_keyword_stays_what_it_is(keyword, home):
    once, count = redact_text(keyword + home.format("adabyron"))
    assert count > 0
    assert "adabyron" not in once
    assert redact_text(once) == (once, 0)
    already = keyword + home.format("~")
    assert redact_text(already) == (already, 0)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_and_key_give_a_text_and_no_error(value, key):
    before = values.redaction_errors()
    result = redact_value(key, value)
    assert result is None or isinstance(result, str)
    assert values.redaction_errors() == before


ADVERSARIAL = (
    "a", "1", "@", "a@", "1.", "1:", "::", "/home/", "/home/a", "://", "://a:", "a:b@", "password=", "password", "token ",
    '"password": {', "eyJ", "eyJa.", "-----BEGIN A PRIVATE KEY-----", "4111 ", "DE89 ", "+1 ", "phone 1 ", "Cookie: a=b;", "cookie=",
    "-u a:", "mysql -p", "SELECT ' FROM ", "'", "\\", "\\u0040", "ghp_", "sk-", "bearer ", "authorization: ", "[at]", "a at b dot ",
    "ssn 1", "{[", "1 2 3 4 ", "A1B2", "%40", "=>", "\u200b", "é@", "-", "name: key value: ",
    "/home/corp/", "/gpfs/a/b/users/x ", "ada@h:~/", "a@h b]$ ", "USER='", "for user 'a", "foo@1.2.3.4 ", "ip-1-2-3-4", "0049 1 ",
    "mnemonic: abc ", "birth date ", "born on 1 ab ", "a-ipad", "pytest-of-a", 'from "@/home/x',
)  # fmt: skip


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_time_is_linear_in_the_length(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = time.process_time()
        redact_text(text)
        return time.process_time() - start

    seconds(2_000)
    small = min(seconds(6_000) for _ in range(3))
    large = min(seconds(24_000) for _ in range(2))
    # Four times the text: four times the time, with room for a noisy machine; a square would be sixteen times.
    assert large < 10 * small + 0.02, (piece, small, large)


def test_many_mentions_of_a_program_cost_no_more_than_one_each():
    """The words after ``mysql`` are read once, not once for every mention among them."""

    def seconds(piece):
        text = piece * (40_000 // len(piece))
        start = time.process_time()
        redact_text(text)
        return time.process_time() - start

    seconds("mysql -p")
    plain = min(seconds("curl -u a:b ") for _ in range(3))
    for piece in ('mysql -p\\"', "mysqldump -p", ".../+49 170 mysql -p", "-u a:", "x -uab:cd "):
        assert min(seconds(piece) for _ in range(2)) < 12 * plain + 0.02, piece


def test_a_detector_that_fails_keeps_the_text_in(monkeypatch):
    class Broken:
        def redact(self, text, hint):
            raise RuntimeError(text)

    monkeypatch.setattr(values._state, "engine", Broken())
    before = values.redaction_errors()
    assert redact_value("output.value", "never seen before: x1") == "[redaction_error]"
    assert redact_text("never seen before: x2") == ("[redaction_error]", 1)
    assert values.redaction_errors() == before + 2


def test_lone_surrogates_are_not_let_through_unscanned():
    result, _ = redact_text("\ud800 mail ada@example.org")
    assert "ada@example.org" not in result


def test_what_is_remembered_holds_no_secret():
    values.forget()
    for _ in range(2):
        assert redact_value("output.value", "mail ada.byron@example.org now") == "mail [email] now"
    assert redact_value("output.value", "planner") == "planner"
    assert "planner" in values._state.clean
    assert "byron" not in repr(values._state.changed) + repr(values._state.clean)


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(values, "_MEMORY_SIZE", 3)
    values.forget()
    for number in range(20):
        redact_value("output.value", f"name{number}")
        redact_value("output.value", f"m{number}@example.org")
    assert len(values._state.clean) <= 3
    assert len(values._state.changed) <= 3


def test_many_threads_share_one_engine(monkeypatch):
    monkeypatch.setattr(values, "_state", values._State())
    results = []
    threads = [threading.Thread(target=lambda: results.append(redact_text("to ada@example.org"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [("to [email]", 1)] * 8


WITHOUT_RE2 = """
import sys
sys.modules["re2"] = None
from otel_smart_agents.privacy.values import redact_text
from otel_smart_agents.privacy.detectors.triggers import LENGTH_BUDGET
assert redact_text("mail ada@example.org, key ghp_" + "Ab1" * 12) == ("mail [email], key [token]", 2)
assert redact_text("NRIC S1234567D and password: hunter2") == ("NRIC [id] and password: [secret]", 2)
assert redact_text("plain text") == ("plain text", 0)
text, count = redact_text("x" * LENGTH_BUDGET + "ada@example.org")
assert text == "x" * LENGTH_BUDGET + "[truncated]" and count == 1
"""

LAZY = """
import sys
import otel_smart_agents.privacy
from otel_smart_agents.privacy import redact_value, key_denied
assert "re2" not in sys.modules and "otel_smart_agents.privacy.detectors.engine" not in sys.modules
assert key_denied("password") and redact_value("password", "x") is None
assert "re2" not in sys.modules
assert not [name for name in sys.modules if name.startswith("opentelemetry.sdk")]
assert redact_value("a", "ada@example.org") == "[email]"
"""


@pytest.mark.parametrize("program", [WITHOUT_RE2, LAZY], ids=["without RE2", "loads late"])
def test_in_a_process_of_its_own(program):
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_without_re2_the_shared_vectors_hold_too(monkeypatch):
    import json
    from pathlib import Path

    from otel_smart_agents.privacy.detectors import engine, national_ids, triggers, vendors

    monkeypatch.setattr(triggers, "_with_re2", lambda patterns: None)
    monkeypatch.setattr(vendors._ANCHOR_SET, "_fired", None)
    monkeypatch.setattr(national_ids._KEYWORD_SET, "_fired", None)
    plain = engine.Engine()
    rows = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "values.json").read_text(encoding="ascii"))["rows"]
    different = [
        (row["value"], got)
        for row in rows[::3]
        if row["expected"] is not None and (got := plain.redact(row["value"], key_hint(row["key"]))[0]) != row["expected"]
    ]
    assert not different


def test_every_pattern_is_one_that_re2_and_re_both_take():
    import re

    import re2

    from otel_smart_agents.privacy.detectors import engine

    for trigger in engine.TRIGGERS:
        re.compile(trigger.pattern, re.ASCII)
        re2.compile(trigger.pattern)


@pytest.mark.parametrize(
    "key", ["apiToken", "client_secret", "DB_PASSWORD", "x-api-key", "HTTP_COOKIE", "user.name", "openaiApiKey", "db.password.0"]
)
def test_denied(key):
    assert key_denied(key)


@pytest.mark.parametrize(
    "key", ["input_tokens", "author", "session.duration", "monkey", "", "...", "gen_ai.usage.input_tokens", "session.id"]
)
def test_not_denied(key):
    assert not key_denied(key)


def test_key_decisions_are_bounded_and_long_keys_are_cheap():
    for number in range(9_000):
        key_denied(f"attribute.{number}")
    assert key_denied("a" * 1_000_000 + ".password")
