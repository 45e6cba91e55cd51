"""The question: asked of a person at a terminal, once, with "no" for a bare Enter; and of nobody else."""

from __future__ import annotations

import json
import sys

import pexpect
import pytest
from support.receiver import HttpReceiver

from promises.program import NOTICE

PROGRAM = (
    NOTICE
    + """
import sys
from otel_smart_agents import agent, ask, configure
handle = configure(service_name="acme", endpoint={url!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
print("configured", handle.active, flush=True)
decision = ask(NOTICE)
print("decided", decision.state, decision.mode, handle.active, flush=True)
@agent("planner")
def planner(): pass
planner()
handle.flush(10)
"""
)


def start(user, url: str, more: str = "", **environ: str) -> pexpect.spawn:
    script = user.folder.parent / "asks.py"
    script.write_text(PROGRAM.replace("{url!r}", repr(url)).replace('packages=["__main__"]', f'packages=["__main__"]{more}'))
    return pexpect.spawn(sys.executable, [str(script)], env=user.environ(TERM="dumb", **environ), timeout=20, encoding="utf-8")


@pytest.mark.parametrize(("answer", "state", "arrives"), [("", "denied", False), ("n", "denied", False), ("y", "granted", True)])
def test_asked_once_and_enter_means_no(user, answer, state, arrives):
    with HttpReceiver() as receiver:
        first = start(user, receiver.url)
        first.expect_exact("configured False")
        first.expect("Enter = n")
        first.sendline(answer)
        first.expect(f"decided {state}")
        first.expect(pexpect.EOF)
        first.close()
        assert first.exitstatus == 0
        second = start(user, receiver.url)
        second.expect(f"decided {state}")
        assert "Enter = n" not in second.before
        second.expect(pexpect.EOF)
        second.close()
        assert bool(receiver.requests) is arrives


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"CLAUDECODE": "1"}, {"GEMINI_CLI": "1"}, {"DO_NOT_TRACK": "1"}])
def test_never_asked_where_no_person_can_answer(user, environ):
    with HttpReceiver() as receiver:
        child = start(user, receiver.url, **environ)
        child.expect_exact("decided unknown off False")
        assert "Enter = n" not in child.before
        child.expect(pexpect.EOF)
        child.close()
        assert receiver.requests == []
        assert user.files() == []


def test_never_asked_in_a_pipe(user):
    with HttpReceiver() as receiver:
        done = user.run(PROGRAM.replace("{url!r}", repr(receiver.url)))
        assert "decided unknown off False" in done.stdout
        assert user.files() == []


def test_an_agent_is_refused_with_a_text_to_relay(user):
    with HttpReceiver() as receiver:
        user.grant(receiver.url)
        done = user.cli("enable", check=False, CLAUDECODE="1")
        assert done.returncode == 3
        assert "relay" in done.stderr
        assert user.cli("disable", CLAUDECODE="1").returncode == 0


def test_a_run_that_is_off_asks_nobody(user):
    child = start(user, "http://127.0.0.1:9", ', mode="off"')
    child.expect_exact("decided unknown off False")
    assert "Share usage data" not in child.before
    child.expect(pexpect.EOF)
    assert user.files() == []


def test_a_run_of_few_categories_asks_about_those_alone(user):
    with HttpReceiver() as receiver:
        child = start(user, receiver.url, ', categories={"agent"}')
        child.expect_exact("Enter = n")
        shown = " ".join(child.before.split())
        assert "which agents ran" in shown
        assert "skills" not in shown.partition("Never:")[0]
        child.sendline("y")
        child.expect_exact("decided granted on True")
        child.expect(pexpect.EOF)
        (span,) = receiver.spans()
        assert span["resource"]["smart_agents.consent.categories"] == ["agent"]
        stored = json.loads((user.folder / ".smart-agents" / "telemetry" / "consent.json").read_text())
        (answer,) = stored["destinations"].values()
        assert [category for category, state in answer["categories"].items() if state == "granted"] == ["agent"]
