"""Promises about where the command lives: inside a host's command line, around another program, in a shell, in a demonstration."""

from __future__ import annotations

import re
import shutil
import time

import pexpect
import pytest

from otel_smart_agents.cli.launch import name_of
from otel_smart_agents.cli.progress import progress

from .user import User


def test_a_host_has_the_command_inside(user):
    done = user.host("telemetry", "status")
    assert done.code == 0
    assert "`acme telemetry enable`" in done.out
    assert user.host("telemetry", "--help").out.startswith("Usage: acme telemetry ")
    refused = user.host("telemetry", "enable", CLAUDECODE="1")
    assert refused.code == 3
    assert "`acme telemetry enable`" in refused.err
    assert user.files() == set()


def test_a_yes_in_the_host_s_command_counts(user):
    terminal = pexpect.spawn(
        "python", ["-c", "import acme_product; acme_product.main()", "telemetry", "enable"], env=user.environ, encoding="utf-8", timeout=20
    )
    terminal.expect("Share usage data")
    terminal.sendline("yes")
    terminal.expect("`acme telemetry disable` takes it back")
    terminal.expect(pexpect.EOF)
    assert user.host("telemetry", "status", "--json").json["mode"] == "on"
    assert user.host("telemetry", "disable").code == 0
    assert "`acme telemetry enable` changes it" in user.host("telemetry", "status").out


def test_looking_at_a_product_s_data_sends_none_of_it(connected, receiver):
    connected.record("planner", epoch=connected.agree())
    for command in ("status", "preview", "doctor", "receipt"):
        connected.cli(command, app=True)
    assert not receiver.requests
    assert connected.folder.stats().spans == 1


PROGRAM = """
import os
from otel_smart_agents import agent, tool

@tool("look")
def look():
    return os.environ.get("OTEL_SERVICE_NAME")

@agent("runner")
def go():
    return look()

print(go())
"""


def test_run_instruments_a_program(connected, receiver):
    script = connected.home / "program.py"
    script.write_text(PROGRAM)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "TRACEPARENT": parent}
    done = connected.cli("run", "--", "python", str(script), **environ)
    assert (done.code, done.out) == (0, "program.py\n"), done.err
    assert receiver.wait_spans(2)
    spans = {span["name"]: span for span in receiver.spans()}
    assert set(spans) == {"invoke_agent runner", "execute_tool look"}
    assert {span["trace_id"] for span in spans.values()} == {"0af7651916cd43dd8448eb211c80319c"}
    assert spans["invoke_agent runner"]["parent_span_id"] == "b7ad6b7169203331"
    assert spans["execute_tool look"]["resource"]["service.name"] == "program.py"


def test_run_passes_the_program_s_exit_code_on(user):
    assert user.cli("run", "--service-name", "x", "--", "python", "-c", "raise SystemExit(7)").code == 7
    assert user.cli("run", "--", "no-such-program").code == 127
    assert user.cli("run").code == 2


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("python secret/agent.py --prompt hello", "agent.py"),
        ("/usr/bin/python3.12 -X dev -m acme.agents my-prompt", "acme.agents"),
        ("python -c print(1) word", "python"),
        ("claude -p what-i-typed", "claude"),
        ("python", "python"),
        ("python -m", "python"),
    ],
)
def test_run_names_the_program_and_never_what_was_typed(command, name):
    assert name_of(tuple(command.split())) == name


def test_completion_works_in_bash(user):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash on this machine")
    script = user.home / "completion.sh"
    script.write_text(user.cli("completion", "bash").out)
    test = (
        f"set -eu; source {script}; complete -p otel-smart-agents >/dev/null; COMP_WORDS=(otel-smart-agents st); COMP_CWORD=1; "
        "_otel_smart_agents_completion otel-smart-agents; echo ${COMPREPLY[@]}"
    )
    done = user.run(bash, "--norc", "-c", test)
    assert (done.code, done.out.strip(), done.err) == (0, "status", "")
    for shell in ("zsh", "fish"):
        assert "otel-smart-agents" in user.cli("completion", shell).out


@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}])
def test_demo_shows_that_what_was_previewed_arrived(user, tmp_path, environ):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "home").mkdir()
    begun = time.monotonic()
    done = User(tmp_path / "home").cli("demo", TMPDIR=str(scratch), **environ)
    assert done.code == 0, done.out + done.err
    assert time.monotonic() - begun < 60
    shown = re.findall(r"SHA-256 of what would be sent +([0-9a-f]{64})$", done.out, re.MULTILINE)
    arrived = re.findall(r"SHA-256 of what arrived +([0-9a-f]{64})$", done.out, re.MULTILINE)
    assert shown
    assert shown == arrived
    assert "\x1b" not in done.out
    assert "✗ not true" not in done.out
    assert list(scratch.iterdir()) == []
    assert list((tmp_path / "home").iterdir()) == []


def test_demo_on_a_terminal(tmp_path):
    terminal = User(tmp_path).terminal("demo", app=False)
    text = terminal.read()
    terminal.close()
    assert terminal.exitstatus == 0
    assert "\x1b[" in text
    assert "nightly-review" in text


SLOW = """
import sys, time
from otel_smart_agents.cli.progress import progress
begun = time.monotonic()
with progress("working", total=10, done=lambda: int((time.monotonic() - begun) * 5), after_s=float(sys.argv[1])):
    time.sleep(float(sys.argv[2]))
print("done")
"""


@pytest.mark.parametrize(("after", "work", "bar"), [("0.1", "0.8", True), ("5", "0.1", False)])
def test_long_work_has_a_bar_on_a_terminal(user, after, work, bar):
    text = pexpect.spawn("python", ["-c", SLOW, after, work], env=user.environ, encoding="utf-8", timeout=20, dimensions=(20, 100)).read()
    assert ("working" in text) is bar
    assert user.run("python", "-c", SLOW, after, work).err == ""


def test_no_bar_for_no_work():
    with progress("nothing", total=0, done=lambda: 0):
        pass
