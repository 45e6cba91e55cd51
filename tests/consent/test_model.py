"""Destinations, modes and categories."""

from __future__ import annotations

import pytest

from otel_smart_agents.consent.model import CATEGORIES, Destination, check_categories, check_mode, stricter
from otel_smart_agents.consent.percall import PerCallConsent
from otel_smart_agents.errors import ConfigError


def test_two_products_never_share_a_folder():
    names = ["acme", "Acme", "acme!", "acme-", "ac me", "ac-me", "日本", "中国", "a" * 60, "a" * 61, "-acme", "product"]
    keys = {Destination("upstream", name, "https://t.example").key for name in names}
    assert len(keys) == len(names)
    assert Destination("upstream", "acme", "https://t.example").key.startswith("acme.upstream.")


def test_a_folder_name_is_safe_whatever_the_product_is_called():
    for name in ("../../etc", "a/b", "a\\b", "CON", "x" * 300, "\x00", "…"):
        key = Destination("own", name, "").key
        assert key.replace(".own.", "").replace("-", "").replace("_", "").isalnum()
        assert len(key) < 80


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("mine", "acme", ""), "audience must be"),
        (("own", "", ""), "needs the product's name"),
        (("own", "acme", "https://user:secret@t.example"), "must not carry credentials"),
    ],
)
def test_a_destination_that_cannot_be_is_refused(arguments, what):
    with pytest.raises(ConfigError, match=what):
        Destination(*arguments)


def test_the_stricter_mode_wins():
    assert stricter("on", "local") == stricter("local", "on") == "local"
    assert stricter("off", "on") == "off"
    with pytest.raises(ConfigError, match="mode must be one of"):
        check_mode("maybe", where="mode")


@pytest.mark.parametrize("values", ["agent", 5])
def test_categories_are_a_set_and_not_a_string(values):
    with pytest.raises(ConfigError, match="takes a set of categories"):
        check_categories(values, where="categories")


def test_an_unknown_category_gets_the_nearest_or_the_list():
    with pytest.raises(ConfigError, match="did you mean 'agent'"):
        check_categories({"agents"}, where="categories")
    with pytest.raises(ConfigError, match="the categories are agent, error"):
        check_categories({"zzz"}, where="categories")
    with pytest.raises(ConfigError, match="unknown category 7"):
        check_categories({7}, where="categories")


class TestPerCallConsent:
    def test_it_narrows_and_never_widens(self):
        some = PerCallConsent.of({"agent", "error"}, policy_version="3", subject="user-7")
        assert some.narrow(CATEGORIES) == {"agent", "error"}
        assert some.narrow(frozenset({"agent", "skill"})) == {"agent"}
        assert (some.policy_version, some.subject) == ("3", "user-7")

    def test_none_is_a_user_who_agreed_to_nothing(self):
        assert PerCallConsent.of(None).narrow(CATEGORIES) == frozenset()

    def test_mistakes_are_named(self):
        with pytest.raises(ConfigError, match="did you mean 'agent'"):
            PerCallConsent.of({"agents"})
        with pytest.raises(ConfigError, match="not 'agent'"):
            PerCallConsent.of("agent")
        with pytest.raises(ConfigError, match=r"subject=….* takes a string, not int"):
            PerCallConsent.of({"agent"}, subject=7)
