"""The notice is complete or refused, and says what the registry says."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.consent.notice import Notice
from otel_smart_agents.errors import ConfigError

from .conftest import NOTICE, UPSTREAM


def flat(text: str) -> str:
    return " ".join(text.split())


def test_an_empty_notice_names_every_missing_field():
    with pytest.raises(ConfigError, match="incomplete") as caught:
        Notice()
    for name in ("version", "controller", "contact", "purposes", "recipients", "country", "retention", "policy_url", "rights"):
        assert name in str(caught.value)
    assert "language" not in str(caught.value)


@pytest.mark.parametrize("name", [field.name for field in fields(Notice)])
def test_each_field_is_needed_and_the_message_names_it(name):
    empty = () if isinstance(getattr(NOTICE, name), tuple) else "  "
    with pytest.raises(ConfigError, match=f"fill in {name}$"):
        replace(NOTICE, **{name: empty})


def test_a_blank_entry_of_a_list_is_missing_too():
    with pytest.raises(ConfigError, match="fill in purposes"):
        replace(NOTICE, purposes=("To fix bugs.", " "))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"purposes": "one string"}, "purposes must be a list"),
        ({"recipients": 3}, "recipients must be a list"),
        ({"version": 3}, "version must be text"),
        ({"rights": ("fine", 3)}, "rights must be text"),
        ({"controller": "Acme\x1b[2J"}, "controller must be one line"),
        ({"purposes": ("two\nlines",)}, "purposes must be one line"),
        ({"country": "Ire\u202eland"}, "country must be one line"),
        ({"version": "v" * 65}, "version must be at most 64"),
        ({"version": "-1"}, "version must be at most 64"),
        ({"policy_url": "acme.example/privacy"}, "policy_url must be an http"),
        ({"policy_url": "file:///etc/passwd"}, "policy_url must be an http"),
        ({"policy_url": "https:///privacy"}, "policy_url must be an http"),
    ],
)
def test_a_field_that_cannot_be_shown_is_refused(change, what):
    with pytest.raises(ConfigError, match=what):
        replace(NOTICE, **change)


def test_lists_are_taken_as_they_come():
    assert replace(NOTICE, purposes=["a", "b"]).purposes == ("a", "b")


def test_the_text_holds_every_field_and_everything_of_the_registry():
    text = flat(NOTICE.text(UPSTREAM))
    for value in (
        NOTICE.version,
        NOTICE.controller,
        NOTICE.contact,
        *NOTICE.purposes,
        *NOTICE.recipients,
        NOTICE.country,
        NOTICE.retention,
    ):
        assert value in text
    for value in (NOTICE.policy_url, *NOTICE.rights, NOTICE.ip_address, UPSTREAM.product, UPSTREAM.host):
        assert value in text
    for line in (*semconv.NOTICE_ALWAYS, *semconv.NOTICE_NEVER, *(line for lines in semconv.NOTICE_COLLECTED.values() for line in lines)):
        assert flat(line) in text
    assert set(semconv.NOTICE_COLLECTED) == CATEGORIES


def test_the_text_of_some_categories_leaves_the_others_out():
    text = flat(NOTICE.text(UPSTREAM, categories={"error"}))
    assert flat(semconv.NOTICE_COLLECTED["error"][0]) in text
    assert flat(semconv.NOTICE_COLLECTED["agent"][3]) not in text


def test_the_summary_says_who_what_never_and_that_the_server_sees_the_address():
    summary = flat(NOTICE.summary(UPSTREAM))
    for value in (NOTICE.controller, NOTICE.country, UPSTREAM.host, *NOTICE.purposes, NOTICE.ip_address, NOTICE.policy_url):
        assert value in summary
    assert all(flat(line) in summary for line in semconv.NOTICE_NEVER)


def test_text_fits_a_terminal():
    for text in (NOTICE.text(UPSTREAM), NOTICE.summary(UPSTREAM)):
        assert max(map(len, text.splitlines())) <= 88


def test_the_hash_changes_with_every_field_and_not_with_the_destination():
    assert NOTICE.sha256 == replace(NOTICE).sha256
    assert replace(NOTICE, retention="1 year.").sha256 != NOTICE.sha256
    assert len(NOTICE.sha256) == 64


@pytest.mark.parametrize(
    ("new", "old", "rises"),
    [
        ("2026-11", "2026-9", True),
        ("2026-9", "2026-11", False),
        ("10", "9", True),
        ("v2", "v10", False),
        ("1.2.1", "1.2", True),
        ("1", "1", False),
        ("2", "", True),
        ("b", "a", True),
    ],
)
def test_versions_are_ordered_as_people_read_them(new, old, rises):
    assert replace(NOTICE, version=new).rises_above(old) is rises


@given(one=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True), two=st.from_regex(r"[A-Za-z0-9._-]{0,12}", fullmatch=True))
def test_any_two_versions_can_be_compared_and_never_both_ways(one, two):
    up = replace(NOTICE, version=one).rises_above(two)
    if up and two and two[0] not in "._-":
        assert not replace(NOTICE, version=two).rises_above(one)
