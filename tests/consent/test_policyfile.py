"""The administrator's file narrows anything, may widen ``own``, and a mistake in it opens nothing."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from otel_smart_agents.consent.model import CATEGORIES, Destination
from otel_smart_agents.consent.policyfile import MAX_FILE_BYTES, load_policy
from otel_smart_agents.errors import ConsentError, PolicyError

from .conftest import needs_root, not_root


def test_no_file_no_policy(paths):
    assert load_policy(paths.policy) is None
    assert load_policy(paths.policy.parent / "none" / "policy.toml") is None
    (paths.policy.parent / "file").touch()
    assert load_policy(paths.policy.parent / "file" / "policy.toml") is None


FULL = """
schema = 1
mode = "local"
categories = ["agent", "skill", "error"]
message = "Ask it@corp.example."
prompt = false

[own]
mode = "on"
hosts = ["otel.corp.example"]
consent = "operator"

[upstream]
mode = "off"

[[destination]]
product = "acme"
audience = "own"
categories = ["agent"]
"""


def test_every_key_of_the_schema(paths, write_policy, own, upstream):
    write_policy(FULL)
    policy = load_policy(paths.policy)
    assert policy.operator_decides
    assert not policy.prompt
    assert policy.message == "Ask it@corp.example."
    there = replace(own, endpoint="https://otel.corp.example:4318")
    assert policy.ceiling(there).mode == "local"
    assert policy.ceiling(there).categories == {"agent"}
    assert policy.ceiling(own).mode == "off"
    assert policy.ceiling(own).where == "[own]"
    assert policy.ceiling(upstream).mode == "off"
    assert policy.ceiling(upstream).where == "[upstream]"
    assert policy.ceiling(replace(there, product="other")).categories == {"agent", "skill", "error"}


def test_hosts_may_name_a_port_or_not_and_local_destinations_always_pass(paths, write_policy):
    write_policy('hosts = ["a.example:4318", "B.example"]')
    policy = load_policy(paths.policy)

    def mode(endpoint):
        return policy.ceiling(Destination("own", "p", endpoint)).mode

    assert mode("http://a.example:4318") == "on"
    assert mode("http://a.example:4317") == "off"
    assert mode("http://b.example:9999") == mode("https://B.EXAMPLE") == mode("") == "on"
    assert mode("http://[::1]:4318") == "off"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('mod = "off"', "unknown key 'mod' in top level: did you mean 'mode'"),
        ("qqq = 1", "unknown key 'qqq' in top level: known are"),
        ('[own]\nhost = ["a"]', r"unknown key 'host' in \[own\]: did you mean 'hosts'"),
        ('[upstream]\nconsent = "operator"', r"unknown key 'consent' in \[upstream\]"),
        ('[[destination]]\nprodct = "x"', "did you mean 'product'"),
        ("schema = 2", "schema = 2 is not known"),
        ('mode = "maybe"', "mode in top level must be one of off, local, on"),
        ("mode = 1", "mode in top level must be one of"),
        ('categories = ["agents"]', "did you mean 'agent'"),
        ('categories = "agent"', "must be a list of texts"),
        ("hosts = [1]", "must be a list of texts"),
        ("prompt = 1", "prompt must be true or false"),
        ("message = 1", "message must be text"),
        ("own = 1", r"\[own\] must be a table"),
        ("destination = 1", "must be an array of tables"),
        ("destination = [1]", "must be a table"),
        ("[[destination]]\nproduct = 1", "must be text"),
        ('[[destination]]\naudience = "mine"', "audience must be"),
        ('[own]\nconsent = "nobody"', "must be 'user' or 'operator'"),
        ("mode = ", "Invalid value"),
    ],
)
def test_a_mistake_is_named_and_stops_what_needs_a_persons_yes(text, what, paths, write_policy, store, own, upstream, notice):
    store.grant(upstream, notice, method="cli")
    store.grant(own, notice, method="cli")
    write_policy(text)
    with pytest.raises(PolicyError, match=what) as caught:
        load_policy(paths.policy)
    assert str(paths.policy) in str(caught.value)
    for decision in (store.decide(upstream, notice=notice), store.decide(own, gate="user", notice=notice)):
        assert (decision.mode, decision.layer) == ("off", "policy")
        assert str(caught.value) in decision.reason
    operated = store.decide(own)
    assert operated.mode == "on"
    assert str(caught.value) in operated.reason
    with pytest.raises(PolicyError):
        store.grant(upstream, notice, method="cli", categories={"agent"})


def test_bytes_that_are_no_text_are_a_mistake_too(paths):
    paths.policy.write_bytes(b'mode = "\xff"')
    with pytest.raises(PolicyError):
        load_policy(paths.policy)


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_may_write_is_refused_and_stops_upstream(mode, paths, write_policy, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    write_policy('mode = "on"')
    paths.policy.chmod(mode)
    with pytest.raises(PolicyError, match="writable by root alone"):
        load_policy(paths.policy)
    assert store.decide(upstream, notice=notice).mode == "off"


def test_a_folder_that_others_may_write_is_refused(paths, write_policy):
    write_policy('mode = "on"')
    paths.policy.parent.chmod(0o777)
    with pytest.raises(PolicyError, match="writable by root alone"):
        load_policy(paths.policy)


@needs_root
def test_a_file_of_another_user_is_refused(paths, write_policy):
    write_policy('mode = "on"')
    os.chown(paths.policy, 12345, 12345)
    with pytest.raises(PolicyError, match="must belong to root"):
        load_policy(paths.policy)


@not_root
def test_a_file_that_cannot_be_read_is_a_mistake(paths, write_policy):
    write_policy('mode = "on"')
    paths.policy.chmod(0)
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(paths.policy)


def test_a_folder_or_a_giant_in_its_place_is_a_mistake(paths):
    paths.policy.mkdir()
    with pytest.raises(PolicyError):
        load_policy(paths.policy)
    paths.policy.rmdir()
    with paths.policy.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(PolicyError, match="sensible size"):
        load_policy(paths.policy)


def test_configuration_tools_may_link_it(paths, tmp_path):
    real = tmp_path / "etc" / "real.toml"
    real.write_text('mode = "local"')
    paths.policy.symlink_to(real)
    assert load_policy(paths.policy).rules[0].mode == "local"


def test_it_narrows_a_grant_and_says_so(write_policy, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    write_policy('message = "Ask it@corp.example."\n[upstream]\nmode = "local"\ncategories = ["agent"]')
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.layer, decision.state) == ("local", "policy", "granted")
    assert decision.categories == {"agent"}
    assert "Ask it@corp.example." in decision.reason


def test_fewer_categories_alone_leave_the_mode(write_policy, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    write_policy('categories = ["agent", "error"]')
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.layer) == ("on", "user")
    assert decision.categories == {"agent", "error"}
    assert "(top level) allows only the categories agent, error" in decision.reason


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[upstream]\nmode = "off"', "([upstream]) allows mode off"),
        ('[upstream]\nproducts = ["other"]', "([upstream]) allows the products other, and acme is not among them"),
        ('hosts = ["a.example"]', "(top level) allows the hosts a.example, and telemetry.acme.example is not among them"),
        ("[upstream]\ncategories = []", "no category is left: the administrator's policy {path} ([upstream]) allows no category"),
        (
            'categories = ["agent"]\n[[destination]]\nproduct = "acme"\ncategories = ["skill"]',
            "(top level, [[destination]] 1) allows no category",
        ),
    ],
)
def test_it_says_which_rule_leaves_nothing_and_nobody_is_asked_in_vain(write_policy, paths, store, upstream, notice, text, told):
    store.grant(upstream, notice, method="cli")
    write_policy(text)
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.layer) == ("off", "policy")
    assert told.format(path=paths.policy) in decision.reason
    with pytest.raises(PolicyError, match=r"does not allow telemetry to telemetry\.acme\.example"):
        store.check_allowed(upstream)
    with pytest.raises(PolicyError):
        store.grant(upstream, notice, categories={"agent"}, method="cli")


def test_a_policy_that_takes_nothing_away_is_not_named(write_policy, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    write_policy('[upstream]\nproducts = ["acme"]')
    assert "policy" not in store.decide(upstream, notice=notice).reason
    store.check_allowed(upstream)


def test_products_may_be_listed_and_all_others_are_off(paths, write_policy, upstream, own):
    write_policy('[upstream]\nproducts = ["acme"]')
    policy = load_policy(paths.policy)
    assert policy.ceiling(upstream).mode == "on"
    assert policy.ceiling(replace(upstream, product="other")).mode == "off"
    assert policy.ceiling(replace(own, product="other")).mode == "on"


def test_it_may_decide_in_place_of_the_user_for_own_and_never_for_upstream(write_policy, store, own, upstream, notice):
    assert store.decide(own, gate="user").mode == "off"
    write_policy('[own]\nconsent = "operator"')
    decision = store.decide(own, gate="user")
    assert (decision.mode, decision.state, decision.categories) == ("on", "not_required", CATEGORIES)
    assert store.decide(upstream, notice=notice).mode == "off"
    store.deny(own, method="cli")
    assert store.decide(own, gate="user").mode == "off"


def test_a_grant_that_the_policy_forbids_is_refused_with_the_administrators_words(write_policy, store, upstream, notice, paths):
    write_policy('mode = "off"\nmessage = "Ask it@corp.example."')
    with pytest.raises(PolicyError, match=r"Ask it@corp\.example"):
        store.grant(upstream, notice, method="cli")
    assert not paths.consent.exists()
    assert not isinstance(PolicyError("x"), ConsentError)
