"""Spellings that people and terminals make: colours, typographic blanks and hyphens, invisible characters inside a word."""

from __future__ import annotations

import pytest

from otel_smart_agents.privacy import redact_value

GITHUB = "ghp_Zq7w9Xr2Zq7w9Xr2Zq7w9Xr2Zq7w9Xr2Vt4m"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"\x1b[31m{GITHUB}\x1b[0m", "[token]"),
        (f"\\u001b[31m{GITHUB}\\u001b[0m", "[token]"),
        (f"\\x1b[31m{GITHUB}", "[token]"),
        (f"ghp_\x1b[1;31m{GITHUB[4:]}", "[token]"),
        ("\x1b[1mpassword\x1b[0m=hunter2hunter2", "password=[secret]"),
        ("4111\u00a01111\u00a01111\u00a01111", "[card]"),
        ("4111\u20111111\u20111111\u20111111", "[card]"),
        ("+33\u202f6\u202f12\u202f34\u202f56\u202f78", "[phone]"),
        ("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "[iban]"),
        ("sk\u2011proj\u2011Zq7w9Xr2Vt4mZq7w9Xr2Vt4mZq7w9Xr2Vt4m", "[token]"),
        ("dana.mil\u200bler@acme.example", "[email]"),  # seen without its first half before
        ("dana.mil\u00adler@acme.ex\u00adample", "[email]"),
    ],
)
def test_a_spelling_hides_nothing(text, kept):
    assert redact_value("note", text) == kept
    assert redact_value("note", kept) == kept


@pytest.mark.parametrize("text", ["prix 12\u00a0345\u00a0678 euros", "\x1b[32mok\x1b[0m 12 passed", "well\u2011known", "1914\u20131918"])
def test_what_is_harmless_stays_as_it_is_written(text):
    assert redact_value("note", text) == text
