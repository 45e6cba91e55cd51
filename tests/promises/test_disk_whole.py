"""Disks that fail: the program gives the same results, exits in time, says one clear thing on stderr, and what is lost is counted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.receiver import HttpReceiver, dead_port

from promises.places import EXIT_S, INTERPRETER_S, LEAVING, SETUP, exit_s, names, status, telemetry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners and mounts are POSIX")

WORK = (
    SETUP
    + """
@agent("worker")
def work(number):
    with skill("step"): pass
    return number * 2
for _ in range(2):
    assert [work(number) for number in range(300)] == [number * 2 for number in range(300)]
    reached = handle.flush(3, to="disk")
print(reached)
"""
    + LEAVING
)
SPANS = 1200


def run(user, url: str, **environ: str) -> str:
    """Run the program and return the one message; results, exit code and time of exit are checked."""
    done = user.run(WORK, URL=url, **environ)
    assert exit_s(user) < EXIT_S + INTERPRETER_S
    assert done.stdout.strip() == "False"
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("otel-smart-agents: ")
    assert done.stderr.endswith("; the program goes on, what is lost is counted\n")
    return done.stderr


def private(user):
    folder = telemetry(user)
    folder.mkdir(parents=True, mode=0o700)
    folder.parent.chmod(0o700)
    return folder


@pytest.fixture
def mounted():
    """Mount a small disk of its own over a folder; skip where that is not allowed."""
    done = []

    def mount(folder, options: str) -> None:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"mode=700,{options}", "tmpfs", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mounting a small disk needs root and a kernel that lets it")
        done.append(folder)

    yield mount
    for folder in done:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(user, mounted):
    with HttpReceiver() as receiver:
        mounted(private(user) / "spool", "size=64k")
        assert "No space left" in run(user, receiver.url)
        arrived = names(receiver).total()
        found = status(user)
        assert 0 < arrived < SPANS
        assert found["sent"] + found["waiting"]["spans"] + found["dropped"]["disk_full"] == SPANS
        assert found["sent"] == arrived


def test_a_full_disk_and_nobody_to_send_to(user, mounted):
    with dead_port() as port:
        mounted(private(user) / "spool", "size=64k")
        assert "No space left" in run(user, f"http://127.0.0.1:{port}")
        found = status(user)
        assert found["waiting"]["spans"] + found["dropped"]["disk_full"] == SPANS
        assert found["waiting"]["spans"]


def test_a_read_only_spool(user, mounted):
    with HttpReceiver() as receiver:
        mounted(private(user) / "spool", "ro")
        assert "Read-only file system" in run(user, receiver.url)
        assert receiver.requests == []


def test_a_read_only_home(user, mounted):
    with HttpReceiver() as receiver:
        home = user.folder
        mounted(home / "disk", "ro")
        code = WORK.replace('os.environ["HOME"] + "/leaving"', '"leaving"')
        done = user.run(code, URL=receiver.url, HOME=str(home / "disk"))
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        assert done.stderr.count("otel-smart-agents: ") == 1
        assert "Read-only file system" in done.stderr
        in_memory = user.run(code, URL=receiver.url, HOME=str(home / "disk"), OTEL_PYTHON_SMART_AGENTS_SPOOL="memory")
        assert (in_memory.stdout.strip(), in_memory.stderr) == ("True", "")
        assert names(receiver).total() == SPANS


def test_a_home_that_does_not_exist(user):
    with HttpReceiver() as receiver:
        done = user.run(WORK.replace('os.environ["HOME"] + "/leaving"', '"leaving"'), URL=receiver.url, HOME="/dev/null/nobody")
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        assert done.stderr.count("\n") == 1
        assert "set HOME or SMART_AGENTS_TELEMETRY_DIR" in done.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("part", ["spool", "spool/{key}/traces"])
def test_a_folder_of_somebody_else(user, part):
    with HttpReceiver() as receiver:
        folder = private(user) / part.format(key=key(receiver.url))
        folder.mkdir(parents=True, mode=0o700)
        os.chown(folder, 1234, 1234)
        assert "belongs to user 1234, not to you" in run(user, receiver.url)
        assert receiver.requests == []
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("part", ["spool", "spool/{key}", "spool/{key}/traces/active"])
def test_a_symbolic_link(user, part):
    with HttpReceiver() as receiver:
        folder = private(user) / part.format(key=key(receiver.url))
        folder.parent.mkdir(parents=True, exist_ok=True)
        elsewhere = user.folder / "elsewhere"
        elsewhere.mkdir()
        folder.symlink_to(elsewhere)
        assert "is a symbolic link" in run(user, receiver.url)
        assert receiver.requests == []
        assert list(elsewhere.iterdir()) == []


def test_a_hundred_thousand_files_wait(user):
    with dead_port() as port:
        url = f"http://127.0.0.1:{port}"
        user.run(SETUP + '\nwith agent("seed"): pass\nhandle.flush(5, to="disk"); handle.seal(); os._exit(0)\n', URL=url)
        (seed,) = telemetry(user).glob("spool/*/traces/ready/*.jsonl")
        created, rest = seed.name.split("-", 1)
        content = seed.read_bytes()
        for number in range(1, 100_000):
            (seed.parent / f"{int(created) + number:020d}-{rest}").write_bytes(content)
        done = user.run(WORK, URL=url)
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        assert (done.stdout.strip(), done.stderr) == ("True", "")


def key(url: str) -> str:
    from otel_smart_agents.consent import Destination

    return Destination("own", "acme", url).key
