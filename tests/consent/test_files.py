"""Private files: whole or not at all, locked, short writes undone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading

import pytest

from otel_smart_agents.consent import files
from otel_smart_agents.errors import ConsentError

from .conftest import CHILD_PATH, needs_root

CRASH = """
import os, sys
from pathlib import Path
from otel_smart_agents.consent import files
step, target = sys.argv[1], Path(sys.argv[2])
real_fsync, real_replace = os.fsync, Path.replace
if step == "written":
    os.fsync = lambda descriptor: os._exit(9)
elif step == "synced":
    Path.replace = lambda self, other: os._exit(9)
elif step == "renamed":
    files.sync_folder = lambda folder: os._exit(9)
files.write_atomic(target, b"new" * 1000)
"""


@pytest.mark.parametrize(("step", "holds"), [("written", b"old"), ("synced", b"old"), ("renamed", b"new" * 1000), ("none", b"new" * 1000)])
def test_after_a_crash_the_file_is_old_or_new_and_never_a_mixture(step, holds, tmp_path):
    target = tmp_path / "consent.json"
    target.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", CRASH, step, str(target)], check=False, timeout=30)
    assert done.returncode == (0 if step == "none" else 9)
    assert target.read_bytes() == holds
    files.remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["consent.json"]


def test_a_crash_in_the_middle_of_a_grant_leaves_no_grant_and_the_next_one_cleans_up(store, paths, upstream, notice):
    store.deny(upstream, notice, method="cli")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from consent.conftest import NOTICE, UPSTREAM\n"
        "from otel_smart_agents.consent.store import ConsentStore; from otel_smart_agents.paths import TelemetryPaths\n"
        "real = Path.replace\n"
        "Path.replace = lambda self, other: os._exit(9) if other.name == 'consent.json' else real(self, other)\n"
        "folder = Path(sys.argv[1])\n"
        "ConsentStore(TelemetryPaths(folder, folder, Path(sys.argv[2])), environ={}).grant(UPSTREAM, NOTICE, method='cli')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(paths.consent), str(paths.policy)],
        env={**os.environ, "PYTHONPATH": CHILD_PATH},
        check=False,
        timeout=30,
    )
    assert done.returncode == 9
    assert list(paths.consent.glob(".*.tmp"))
    assert store.decide(upstream, notice=notice).state == "denied"
    store.grant(upstream, notice, method="cli")
    assert not list(paths.consent.glob(".*.tmp"))
    assert store.decide(upstream, notice=notice).epoch == 2
    assert store.verify_log().ok


def test_a_refused_write_leaves_no_temporary_file(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write_atomic(tmp_path / "file", b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_short_append_is_undone(tmp_path, monkeypatch):
    path = tmp_path / "log"
    files.append_line(path, b"one\n")
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:2]))
    with pytest.raises(OSError, match="no space left"):
        files.append_line(path, b"two\n")
    assert path.read_bytes() == b"one\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_written_through_a_link(tmp_path):
    (tmp_path / "target").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError):
        files.append_line(tmp_path / "link", b"x")
    with pytest.raises(OSError):
        files.empty_own(tmp_path / "link")
    with pytest.raises(OSError), files.locked(tmp_path / "link"):
        pass
    files.write_atomic(tmp_path / "link", b"ours")  # replaces the link itself
    assert (tmp_path / "target").read_bytes() == b"theirs"


def test_a_lock_excludes_threads_and_gives_up_with_a_message(tmp_path):
    path = tmp_path / ".lock"
    held, done = threading.Event(), threading.Event()

    def hold():
        with files.locked(path):
            held.set()
            done.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    with pytest.raises(ConsentError, match=r"held by another process for more than 0\.05 s"), files.locked(path, timeout_s=0.05):
        pass
    done.set()
    thread.join()
    with files.locked(path, timeout_s=0.05):
        pass


def test_a_waiting_lock_is_taken_when_it_is_free(tmp_path):
    path = tmp_path / ".lock"
    waited = []
    holder = files.locked(path)
    holder.__enter__()

    def sleep(seconds):
        waited.append(seconds)
        holder.__exit__(None, None, None)

    with files.locked(path, sleep=sleep):
        assert waited == [0.01]


def test_missing_folders_and_files_read_as_nothing(tmp_path):
    assert files.read_private(tmp_path / "a" / "b" / "c", folders=(tmp_path / "a", tmp_path / "a" / "b")) is None
    (tmp_path / "a").mkdir(mode=0o700)
    assert files.read_private(tmp_path / "a" / "b" / "c", folders=(tmp_path / "a", tmp_path / "a" / "b")) is None


def test_a_path_that_cannot_be_reached_is_said(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(ConsentError, match="cannot be reached"):
        files.read_private(tmp_path / "a" / "c", folders=())


def test_a_file_that_vanishes_or_is_locked_away_while_it_is_opened(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"data")
    answers = iter([FileNotFoundError(2, "gone"), PermissionError(13, "Permission denied")])

    def refuse(*arguments, **keywords):
        raise next(answers)

    monkeypatch.setattr(os, "open", refuse)
    assert files.read_private(path, folders=()) is None
    with pytest.raises(ConsentError, match="Permission denied"):
        files.read_private(path, folders=())


@needs_root
def test_root_makes_no_files_in_the_home_of_someone_else(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 12345, 12345)
    with pytest.raises(ConsentError, match="root makes no telemetry files there"):
        files.ensure_folder(home / ".smart-agents" / "telemetry", outermost=home / ".smart-agents")
    assert list(home.iterdir()) == []


def test_the_token_changes_with_content_mode_and_presence(tmp_path):
    path = tmp_path / "file"
    assert files.stat_token(str(path)) is None
    path.write_bytes(b"1")
    one = files.stat_token(str(path))
    files.write_atomic(path, b"2")
    two = files.stat_token(str(path))
    assert None not in (one, two)
    assert one != two
