"""The host product's own ``telemetry`` command and its one question, at a real terminal."""

from __future__ import annotations

import json
import sys

import pytest

from examples.seen import EXAMPLES, assert_absent, tree

pexpect = pytest.importorskip("pexpect", reason="a terminal needs pexpect and POSIX")

ACME = str(EXAMPLES / "06_host_cli.py")
REVIEW = ("review", str(EXAMPLES / "README.md"))


def acme(user, back_end, *arguments, check=True):
    return user.command(sys.executable, ACME, *arguments, ACME_TELEMETRY=back_end.url, check=check)


def at_a_terminal(user, back_end, answer):
    environ = user.environ(ACME_TELEMETRY=back_end.url, TERM="dumb")
    with pexpect.spawn(sys.executable, [ACME, *REVIEW], env=environ, cwd=str(user.folder), encoding="utf-8", timeout=20) as terminal:
        terminal.expect_exact("(Enter = n):")
        terminal.sendline(answer)
        terminal.expect_exact("looks fine")
        terminal.expect(pexpect.EOF)
        terminal.wait()
        assert terminal.exitstatus == 0


def test_a_pipe_is_never_asked_and_nothing_happens(user, back_end):
    done = acme(user, back_end, *REVIEW)
    assert "looks fine" in done.stdout
    assert done.stderr == ""
    status = json.loads(acme(user, back_end, "telemetry", "status", "--json").stdout)
    assert (status["mode"], status["layer"]) == ("off", "default")
    assert "acme telemetry enable" in acme(user, back_end, "telemetry", "status").stdout
    assert user.files() == []
    assert back_end.requests == []
    assert acme(user, back_end, "telemetry", "enable", check=False).returncode == 3


def test_yes_at_the_terminal_and_no_more_questions(user, back_end):
    at_a_terminal(user, back_end, "y")
    assert back_end.wait_spans(2)
    assert tree(back_end.spans()) == "invoke_agent reviewer [success]\n  execute_tool count-lines [success]"
    assert {span["resource"]["service.version"] for span in back_end.spans()} == {"4.2.0"}
    assert acme(user, back_end, *REVIEW).stderr == ""
    assert json.loads(acme(user, back_end, "telemetry", "status", "--json").stdout)["mode"] == "on"
    waiting = json.loads(acme(user, back_end, "telemetry", "preview", "--json").stdout)["requests"]
    assert sum(request["items"] for request in waiting) == 2  # upstream uses the end of a program once an hour
    assert_absent(user, back_end, "README", str(EXAMPLES))
    acme(user, back_end, "telemetry", "disable")
    assert json.loads(acme(user, back_end, "telemetry", "preview", "--json").stdout)["requests"] == []


def test_a_bare_enter_is_no(user, back_end):
    at_a_terminal(user, back_end, "")
    assert back_end.requests == []
    assert json.loads(acme(user, back_end, "telemetry", "status", "--json").stdout)["mode"] == "off"
    assert not any("spool" in name for name in user.files())
