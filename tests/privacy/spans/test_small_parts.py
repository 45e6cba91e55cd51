"""Counters, pseudonyms, explanations, and an import that costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otel_smart_agents import privacy
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.privacy import Counters, Policy, explain_key, other_name, pseudonym
from otel_smart_agents.privacy.pseudonyms import is_other_name, is_pseudonym
from spans.build import KEY, OWN, SCAN, UPSTREAM


def test_counters_count_by_reason_across_threads():
    counters = Counters()
    threads = [threading.Thread(target=lambda: [counters.add("x") for _ in range(1_000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters.add("y", 5)
    assert counters.snapshot() == {"x": 4_000, "y": 5}
    assert (counters["x"], counters["z"]) == (4_000, 0)
    assert counters.take() == {"x": 4_000, "y": 5}
    assert counters.snapshot() == {}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_never_waits_for_a_lock_of_its_parent():
    counters = Counters()
    counters.add("x")
    counters._lock.acquire()
    child = os.fork()
    if child == 0:
        counters.add("x")
        os._exit(counters.snapshot().get("x", 0) + counters.take()["x"])
    counters._lock.release()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4


def test_counts_of_another_process_get_a_lock_of_their_own():
    counters = Counters()
    counters._pid, lock = 0, counters._lock
    counters.add("x")
    counters.add("x")
    assert counters._lock is not lock
    assert counters["x"] == 2


@given(st.text())
def test_a_pseudonym_is_keyed_stable_and_recognised(value):
    one = pseudonym(value, key=KEY, key_id="k1")
    assert one == pseudonym(value, key=KEY, key_id="k1")
    assert one != pseudonym(value, key=b"other", key_id="k1")
    assert is_pseudonym(one, "k1")
    assert not is_pseudonym(one, "k2")
    name = other_name(value, key=KEY, key_id="k1")
    assert is_other_name(name, "k1")
    assert not is_other_name(name, "k2")
    assert one.startswith(name.removeprefix("other-"))
    assert len(one) == len("k1-") + 32


@pytest.mark.parametrize("odd", ["other-k1-", "other-k1-0123456789abcdeg", "other-k1-0123456789abcdef0", "0123456789abcdef", "k1-xyz", ""])
def test_what_only_looks_like_a_pseudonym(odd):
    assert not is_other_name(odd, "k1")
    assert not is_pseudonym(odd, "k1")


def test_without_a_key_there_is_no_hash():
    assert other_name("jane", key=b"", key_id="") == "other"
    for key, key_id in ((b"", "k1"), (KEY, ""), (KEY, "k 1"), (KEY, "k" * 17)):
        with pytest.raises(ConfigError, match="key"):
            pseudonym("jane", key=key, key_id=key_id)


@pytest.mark.parametrize(
    ("key", "policy", "decision", "privacy_class", "category"),
    [
        ("gen_ai.agent.name", OWN, "keep", "C", "agent"),
        ("gen_ai.agent.name", Policy(categories=frozenset()), "drop", "C", "agent"),
        ("error.type", Policy(categories=frozenset()), "fallback", "C", "error"),
        ("smart_agents.workflow.pattern_hash", Policy(categories=frozenset({"workflow"})), "drop", "C", "workflow"),
        ("smart_agents.outcome", OWN, "keep", "S", None),
        ("session.id", OWN, "keep", "P", None),
        ("gen_ai.conversation.id", OWN, "hash", "P", None),
        ("gen_ai.conversation.id", Policy(), "drop", "P", None),
        ("gen_ai.input.messages", OWN, "drop", "N", None),
        ("gen_ai.input.messages", SCAN, "content", "N", None),
        ("exception.message", SCAN, "drop", "N", None),
        ("url.full", OWN, "scan", "scan", None),
        ("url.full", UPSTREAM, "drop", "scan", None),
        ("smart_agents.label.team", OWN, "scan", "scan", None),
        ("smart_agents.label.team", UPSTREAM, "drop", "scan", None),
        ("smart_agents.label.password", OWN, "drop", "N", None),
        ("acme.tool.description", SCAN, "drop", "N", None),
        ("user.favourite", SCAN, "drop", "N", None),
        ("acme.fileContent", SCAN, "drop", "N", None),
        ("acme.DB_PASSWORD", SCAN, "drop", "N", None),
        ("acme.input_tokens", SCAN, "scan", None, None),
        ("acme.monkey", SCAN, "scan", None, None),
        ("acme.monkey", OWN, "drop", None, None),
        ("not a key", SCAN, "drop", None, None),
    ],
)
def test_every_decision_about_a_key_can_be_explained(key, policy, decision, privacy_class, category):
    told = explain_key(key, policy)
    assert (told.key, told.decision, told.privacy_class, told.category) == (key, decision, privacy_class, category)
    assert told.reason.endswith(".")


def test_an_explanation_has_the_form_of_the_value():
    assert explain_key("smart_agents.skill.phase", OWN).form == "command, load, resource, run"
    assert explain_key("gen_ai.agent.name", OWN).max_length == 128
    assert explain_key("gen_ai.agent.name", OWN, kind="skill").category == "skill"
    assert explain_key("gen_ai.usage.input_tokens", OWN).type == "int"
    assert explain_key("http.route", OWN).max_length == OWN.max_value_length


def test_importing_the_package_loads_neither_the_sdk_nor_the_detectors():
    code = (
        "import sys, otel_smart_agents.privacy as p; p.Policy; p.kind_of; p.Counters; p.pseudonym; p.literals_of;"
        "print([m for m in sys.modules if m == 're2' or m.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in privacy.__all__:
        assert getattr(privacy, name).__name__ == name or name == "literals_of"
    with pytest.raises(AttributeError, match="nothing"):
        privacy.nothing  # noqa: B018 - the look-up is the test
