"""The one question, in a real terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pexpect
import pytest

from .conftest import CHILD_PATH

PROGRAM = """
import sys
from pathlib import Path
from consent.conftest import NOTICE, UPSTREAM
from dataclasses import replace
from otel_smart_agents.consent import policyfile
from otel_smart_agents.consent.prompt import ask
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.paths import telemetry_paths
import os
policyfile.ROOT_UID = os.getuid()
policy = Path(os.environ["HOME"]) / "policy.toml"
store = ConsentStore(replace(telemetry_paths(), policy=policy))
notice = replace(NOTICE, version=sys.argv[1])
for _ in range(int(sys.argv[2])):
    decision = ask(notice, UPSTREAM, store=store)
    print("DECISION", decision.mode, decision.state, decision.layer, decision.reason, flush=True)
"""
QUESTION = "Enter = n"


@pytest.fixture
def person(tmp_path):
    """Start the program in a terminal of its own, as a person would."""
    started = []

    def start(*, version="2026-11", times=1, **variables):
        environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": CHILD_PATH, **variables}
        child = pexpect.spawn(
            sys.executable, ["-c", PROGRAM, version, str(times)], env=environ, timeout=20, encoding="utf-8", dimensions=(50, 120)
        )
        started.append(child)
        return child

    tmp_path.chmod(0o700)
    yield start
    for child in started:
        child.close(force=True)


def stored(tmp_path):
    return (tmp_path / ".smart-agents" / "telemetry" / "consent.json").exists()


def test_yes_is_stored_and_never_asked_again(person):
    child = person(times=2)
    child.expect(QUESTION)
    assert "Acme Ltd" in child.before
    assert "IP address" in child.before
    child.sendline("y")
    child.expect("DECISION on granted user")
    child.expect("DECISION on granted user")
    child.expect(pexpect.EOF)
    again = person()
    again.expect(pexpect.EOF)
    assert QUESTION not in again.before
    assert "DECISION on granted" in again.before


@pytest.mark.parametrize("answer", ["", "n", "no", "NO"])
def test_no_is_the_default_is_stored_and_final(answer, person):
    child = person()
    child.expect(QUESTION)
    child.sendline(answer)
    child.expect("DECISION off denied user")
    for version in ("2026-11", "2026-12"):
        again = person(version=version)
        again.expect(pexpect.EOF)
        assert QUESTION not in again.before
        assert "DECISION off denied" in again.before


def test_a_newer_notice_asks_once_more_after_a_yes(person):
    child = person()
    child.expect(QUESTION)
    child.sendline("yes")
    child.expect("DECISION on granted")
    newer = person(version="2026-12")
    newer.expect(QUESTION)
    newer.sendline("n")
    newer.expect("DECISION off revoked")


def test_details_show_the_whole_notice_and_ask_again(person):
    child = person()
    child.expect(QUESTION)
    assert "ratings from 1 to 5" not in child.before
    child.sendline("d")
    child.expect(QUESTION)
    for text in ("Notice version: 2026-11", "ratings from 1 to 5", "Never collected", "Your rights", "Acme Hosting GmbH"):
        assert text in child.before
    child.sendline("y")
    child.expect("DECISION on granted")


def test_ctrl_c_is_no_answer_and_the_program_goes_on(person, tmp_path):
    child = person(times=2)
    child.expect(QUESTION)
    child.sendintr()
    child.expect("No answer: nothing is recorded or sent")
    child.expect("DECISION off unknown default .*asked, no answer")
    child.expect("DECISION off unknown default .*left unanswered in this run")
    child.expect(pexpect.EOF)
    assert QUESTION not in child.before
    assert not stored(tmp_path)
    person().expect(QUESTION)  # the next start may ask again


def test_the_end_of_input_is_no_answer(person, tmp_path):
    child = person()
    child.expect(QUESTION)
    child.sendeof()
    child.expect("DECISION off unknown")
    assert not stored(tmp_path)


def test_three_unclear_answers_are_no_answer(person, tmp_path):
    child = person()
    for _ in range(3):
        child.expect(QUESTION)
        child.sendline("maybe")
        child.expect("'maybe' is not an answer")
    child.expect("DECISION off unknown")
    assert not stored(tmp_path)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"CI": "true"}, r"\(CI\)"),
        ({"GITHUB_ACTIONS": "true"}, "GitHub Actions"),
        ({"CLAUDECODE": "1"}, r"Claude Code \(CLAUDECODE\)"),
        ({"CURSOR_AGENT": "1"}, "Cursor"),
        ({"DO_NOT_TRACK": "1"}, "environment DO_NOT_TRACK"),
        ({"SMART_AGENTS_TELEMETRY": "off"}, "environment SMART_AGENTS_TELEMETRY"),
        ({"OTEL_SDK_DISABLED": "true"}, "environment OTEL_SDK_DISABLED"),
    ],
)
def test_nobody_is_asked_where_no_person_answers_or_the_answer_would_not_count(variables, says, person, tmp_path):
    child = person(**variables)
    child.expect(f"DECISION off unknown .*{says}")
    assert QUESTION not in child.before
    assert not stored(tmp_path)


def test_the_administrator_can_forbid_the_question(person, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text('prompt = false\nmessage = "Ask it@corp.example."')
    policy.chmod(0o644)
    child = person()
    child.expect(r"DECISION off unknown .*Ask it@corp\.example")
    policy.write_text('mode = "off"')
    person().expect("DECISION off unknown policy")


def test_a_job_in_the_background_does_not_ask(person, tmp_path):
    """Reading the terminal from the background would stop the program."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PS1": "$ ", "PYTHONPATH": CHILD_PATH}
    child = pexpect.spawn("/bin/sh", timeout=20, encoding="utf-8", env=environ)
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    try:
        child.sendline("set -m")
        child.sendline(f"{sys.executable} {script} 2026-11 1 &")
        child.expect(r"DECISION off unknown .*not the program in\s+the foreground")
    finally:
        child.close(force=True)
    assert not stored(tmp_path)


@pytest.mark.parametrize("closed", ["stdin", "stderr"])
def test_a_pipe_in_place_of_a_terminal_is_never_asked(closed, tmp_path):
    leader, follower = os.openpty()
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": CHILD_PATH}
    streams = {"stdin": follower, "stderr": follower, closed: subprocess.PIPE}
    tmp_path.chmod(0o700)
    try:
        done = subprocess.Popen([sys.executable, "-c", PROGRAM, "2026-11", "1"], env=environ, stdout=subprocess.PIPE, text=True, **streams)
        out, _ = done.communicate(timeout=20)
    finally:
        os.close(leader)
        os.close(follower)
    assert "DECISION off unknown" in out
    assert "not both a terminal" in out
    assert not stored(tmp_path)


def test_standard_output_stays_clean(tmp_path):
    """A program whose output is piped can be asked; the question is on standard error."""
    leader, follower = os.openpty()
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": CHILD_PATH}
    tmp_path.chmod(0o700)

    child = subprocess.Popen(
        [sys.executable, "-c", "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)" + PROGRAM, "2026-11", "1"],
        env=environ,
        stdin=follower,
        stderr=follower,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    os.close(follower)
    try:
        shown = b""
        while QUESTION.encode() not in shown:
            shown += os.read(leader, 4096)
        os.write(leader, b"y\n")
        out, _ = child.communicate(timeout=20)
    finally:
        os.close(leader)
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
    assert out.startswith("DECISION on granted")
