"""The one question: what surrounds it, on streams that say they are a terminal."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from otel_smart_agents import consent
from otel_smart_agents.consent import CATEGORIES, prompt
from otel_smart_agents.consent.prompt import ask, cannot_ask
from otel_smart_agents.consent.record import sha256_hex
from otel_smart_agents.errors import ConfigError, ConsentError


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(prompt, "_in_foreground", lambda stdin: True)
    return lambda text: {"stdin": Terminal(text), "stderr": Terminal()}


def test_yes_no_and_details_weigh_the_same():
    line = prompt.QUESTION.splitlines()[0]
    assert line.index("[y]") < line.index("[n]") < line.index("[d]")
    assert prompt.QUESTION.isascii()
    assert "recommend" not in prompt.QUESTION.lower()


def test_each_answer_without_a_terminal_of_its_own(terminal, store, upstream, notice, paths):
    streams = terminal("maybe\nd\n\n")
    assert ask(notice, upstream, store=store, **streams).state == "denied"
    shown = streams["stderr"].getvalue()
    assert "'maybe' is not an answer" in shown
    assert "Never collected:" in shown
    assert ask(notice, upstream, store=store, **terminal("y\n")).state == "denied"


@pytest.mark.parametrize("text", ["", "a\nb\nc\ny\n"])
def test_no_answer_is_remembered_for_this_run_only(text, terminal, store, upstream, notice, newer, paths):
    assert "asked, no answer" in ask(notice, upstream, store=store, **terminal(text)).reason
    assert "left unanswered in this run" in ask(notice, upstream, store=store, **terminal("y\n")).reason
    assert not paths.consent.exists()
    assert ask(newer, upstream, store=store, **terminal("y\n")).state == "granted"


def test_ctrl_c_is_aimed_at_the_question(terminal, store, upstream, notice, monkeypatch):
    streams = terminal("")

    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(streams["stdin"], "readline", interrupt, raising=False)
    assert "asked, no answer" in ask(notice, upstream, store=store, **streams).reason


def test_what_was_shown_is_what_is_hashed(terminal, store, upstream, notice):
    ask(notice, upstream, store=store, **terminal("y\n"))
    assert store.destinations()[0].notice_sha256 == sha256_hex(notice.summary(upstream).encode())
    store.revoke(upstream, method="cli")


def test_only_the_asked_categories_are_granted(terminal, store, upstream, notice):
    assert ask(notice, upstream, store=store, categories={"agent"}, **terminal("d\ny\n")).categories == {"agent"}


def test_own_behind_the_users_gate_is_asked_for_and_own_without_is_not(terminal, store, own, notice):
    streams = terminal("y\n")
    assert ask(notice, own, store=store, gate="operator", **streams).state == "not_required"
    assert streams["stderr"].getvalue() == ""
    assert ask(notice, own, store=store, gate="user", **streams).state == "granted"


def test_an_answer_that_cannot_be_stored_leaves_telemetry_off(terminal, store, upstream, notice, monkeypatch):
    def full(*arguments, **keywords):
        raise ConsentError("the disk is full")

    monkeypatch.setattr(store, "grant", full)
    streams = terminal("y\n")
    assert ask(notice, upstream, store=store, **streams).mode == "off"
    assert "the disk is full" in streams["stderr"].getvalue()


def test_a_damaged_file_may_be_answered_anew(terminal, store, paths, upstream, notice):
    store.deny(upstream, notice, method="cli")
    (paths.consent / "consent.json").write_text("junk")
    assert ask(notice, upstream, store=store, **terminal("y\n")).state == "granted"


def test_what_enable_is_told(store, paths, environ, write_policy, terminal):
    streams = terminal("")
    assert cannot_ask(store, product="acme", **streams) is None
    write_policy("prompt = false")
    assert cannot_ask(store, product="acme", **streams) is None  # about the question at start-up, not about a person's own wish
    environ["GEMINI_CLI"] = "1"
    assert "Please relay" in cannot_ask(store, product="acme", **streams)


def test_the_administrator_may_forbid_the_question_and_not_the_choice(store, write_policy, terminal, own, upstream, notice):
    write_policy('prompt = false\nmessage = "Ask it@corp.example."')
    assert "Ask it@corp.example." in ask(notice, upstream, store=store, **terminal("y\n")).reason
    store.grant(upstream, notice, method="cli")
    write_policy("prompt = true")
    assert ask(notice, own, store=store, **terminal("y\n")).state == "granted"


def test_a_broken_policy_file_is_no_time_for_questions(store, write_policy, upstream, notice, terminal):
    write_policy("mod = 1")
    streams = terminal("y\n")
    assert "did you mean 'mode'" in ask(notice, upstream, store=store, **streams).reason
    assert streams["stderr"].getvalue() == ""
    assert "did you mean 'mode'" in str(prompt._offered(store, upstream, CATEGORIES))


def test_another_thread_does_not_ask(store, terminal):
    found = []
    streams = terminal("")
    thread = threading.Thread(target=lambda: found.append(cannot_ask(store, product="acme", **streams)))
    thread.start()
    thread.join()
    assert found == ["this is not the program in the foreground of the terminal"]


def test_missing_and_closed_streams_are_no_terminal(store):
    closed = io.StringIO()
    closed.close()
    assert "not both a terminal" in cannot_ask(store, product="acme", stdin=closed, stderr=closed)
    assert not prompt._is_terminal(None)
    assert not prompt._in_foreground(io.StringIO())


def test_the_defaults_are_the_process_own(monkeypatch, home, upstream, notice):
    home.chmod(0o700)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    decision = ask(notice, upstream)
    assert "not both a terminal" in decision.reason
    assert not (home / ".smart-agents").exists()


def test_the_public_names_are_loaded_when_they_are_used():
    assert consent.ask is ask
    assert consent.Notice.__name__ == "Notice"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = consent.nothing


@pytest.mark.parametrize(
    ("categories", "told"), [({"agnet"}, "did you mean 'agent'"), (set(), "at least one"), ("agent", "takes a set of categories")]
)
def test_a_question_that_cannot_be_stored_is_an_error_before_anybody_is_asked(terminal, store, upstream, notice, categories, told, paths):
    streams = terminal("y\n")
    with pytest.raises(ConfigError, match=told):
        ask(notice, upstream, store=store, categories=categories, **streams)
    assert streams["stderr"].getvalue() == ""
    assert not paths.consent.exists()


def test_nobody_is_asked_while_the_run_is_off(terminal, store, upstream, notice, paths):
    streams = terminal("y\n")
    decision = ask(notice, upstream, store=store, run_mode="off", **streams)
    assert (decision.mode, decision.layer) == ("off", "run")
    assert streams["stderr"].getvalue() == ""
    assert not paths.consent.exists()


def test_only_what_the_run_allows_is_asked_about_and_agreed_to(terminal, store, upstream, notice):
    streams = terminal("d\ny\n")
    decision = ask(notice, upstream, store=store, allowed={"agent", "error"}, **streams)
    assert decision.categories == {"agent", "error"}
    assert store.destinations()[0].categories == {"agent", "error"}
    shown = " ".join(streams["stderr"].getvalue().split())
    assert "What: which agents ran, how they ended, how long they took, which kinds of errors came up; a random id." in shown
    assert "skills and tools that ran" not in shown


def test_nobody_is_asked_about_what_the_run_does_not_allow(terminal, store, upstream, notice, paths):
    decision = ask(notice, upstream, store=store, categories={"skill"}, allowed={"agent"}, **terminal("y\n"))
    assert "not asked: this program allows none of the categories" in decision.reason
    assert not paths.consent.exists()


@pytest.mark.parametrize(("rule", "agreed"), [("[]", None), ('["agent"]', {"agent"})])
def test_only_what_the_administrator_leaves_is_asked_about(terminal, store, upstream, notice, write_policy, rule, agreed):
    write_policy(f"[upstream]\ncategories = {rule}\n")
    decision = ask(notice, upstream, store=store, **terminal("y\n"))
    if agreed is None:
        assert "allows no category" in decision.reason
        assert store.destinations() == ()
    else:
        assert store.destinations()[0].categories == agreed


@pytest.mark.parametrize(
    ("categories", "says"),
    [
        (CATEGORIES, "which agents, skills, features and workflows ran, how they ended, how long they took; a random id"),
        ({"skill", "workflow"}, "which skills and workflows ran, how they ended, how long they took; a random id"),
        ({"error", "performance"}, "which kinds of errors came up, how long operations took; a random id"),
    ],
)
def test_the_summary_names_what_is_asked_about(upstream, notice, categories, says):
    assert f"What: {says}." in " ".join(notice.summary(upstream, categories=categories).split())
