"""Disks that are full, read-only, foreign or crowded: the program runs on, drops are counted, and errors say what to do."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import time

import pytest

from otel_smart_agents.errors import SpoolError, SpoolFullError
from otel_smart_agents.privacy import Counters
from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits
from otel_smart_agents.spool.files import open_directory, opened_directory

from .conftest import OWN, make_span, make_spans, waiting_ids

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount, or give a file to somebody else")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 128 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k,mode=0700", "tmpfs", str(disk)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this system does not let a test mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@needs_root
def test_a_full_disk_loses_only_what_was_not_acknowledged(small_disk):
    folder = small_disk / "spool" / OWN.key
    counters = Counters()
    spool = Spool(folder, OWN, epoch=1, counters=counters, limits=SpoolLimits(seal_bytes=10_000))
    written, lost, errors = [], 0, []
    for _ in range(400):
        batch = make_spans(3)
        try:
            assert spool.append(batch) == 3
            written += [span.context.span_id for span in batch]
        except SpoolFullError as error:
            errors.append(error)
            lost += 3
    assert errors
    assert "free some space" in str(errors[0])
    assert errors[0].errno == errno.ENOSPC
    assert counters["disk_full"] == lost
    assert spool.open_marker(make_span()) is False
    # Room again: the spool goes on by itself, and the counts that could not be written are written now.
    reader = SpoolFolder(folder)
    oldest = reader.ready_files("traces")[:3]
    for file in oldest:
        with file.claim() as claimed:
            gone = waiting_ids(folder)[: claimed.span_count]
            written = [span_id for span_id in written if span_id not in gone]
            claimed.ack()
    span = make_span()
    assert spool.append([span]) == 1
    spool.close()
    assert waiting_ids(folder) == [*written, span.context.span_id]
    assert reader.state().dropped == {"disk_full": lost}
    assert reader.recover("traces").damaged_lines == 0


def test_a_file_size_limit_cuts_a_line_and_the_cut_is_taken_back(folder):
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
            spool = Spool(folder, OWN, epoch=1)
            for _ in range(40):
                try:
                    spool.append(make_spans(1))
                except SpoolFullError:
                    assert os.path.getsize(next((folder / "traces" / "active").iterdir())) <= 5_000
                    os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    report = SpoolFolder(folder).recover("traces")
    assert report.damaged_lines == 0
    assert report.spans > 3


def test_a_short_write_is_cut_off_again(spool, folder, monkeypatch):
    first, lost, last = make_span(), make_span(), make_span()
    spool.append([first])
    real = os.write
    monkeypatch.setattr(
        "otel_smart_agents.spool.active.os.write", lambda fd, data: real(fd, data[:40]) if len(data) > 300 else real(fd, data)
    )
    with pytest.raises(SpoolFullError):
        spool.append([lost])
    monkeypatch.undo()
    spool.append([last])
    ready = spool.seal()
    assert waiting_ids(folder) == [first.context.span_id, last.context.span_id]
    assert ready.path.read_bytes().count(b"\n") == 2


def test_a_short_write_that_cannot_be_cut_off_costs_only_itself(spool, folder, reader, monkeypatch):
    first, lost, last = make_span(), make_span(), make_span()
    spool.append([first])
    real = os.write
    monkeypatch.setattr(
        "otel_smart_agents.spool.active.os.write", lambda fd, data: real(fd, data[:40]) if len(data) > 300 else real(fd, data)
    )
    monkeypatch.setattr("otel_smart_agents.spool.active.os.ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "x")))
    with pytest.raises(SpoolFullError):
        spool.append([lost])
    monkeypatch.undo()
    spool.append([last])
    spool.seal()
    assert waiting_ids(folder) == [first.context.span_id, last.context.span_id]
    with reader.ready_files("traces")[0].claim() as claimed:
        assert claimed.damaged_lines == 1


def test_an_error_of_the_disk_is_counted_apart_from_a_full_one(spool, reader, monkeypatch):
    def broken(fd, data):
        raise OSError(errno.EIO, "Input/output error")

    spool.append(make_spans(1))
    monkeypatch.setattr("otel_smart_agents.spool.active.os.write", broken)
    with pytest.raises(SpoolError, match="Input/output error"):
        spool.append(make_spans(2))
    monkeypatch.undo()
    spool.close()
    assert reader.state().dropped == {"disk_error": 2}


def test_a_failing_sync_or_seal_says_so_and_keeps_the_file(spool, folder, monkeypatch):
    def broken(*_args, **_more):
        raise OSError(errno.EIO, "Input/output error")

    spool.append(make_spans(1))
    monkeypatch.setattr("otel_smart_agents.spool.active.fdatasync", broken)
    with pytest.raises(SpoolError, match="cannot be written"):
        spool.sync()
    with pytest.raises(SpoolError, match="cannot be written"):
        spool.seal()
    monkeypatch.undo()
    monkeypatch.setattr("otel_smart_agents.spool.files.os.replace", broken)
    with pytest.raises(SpoolError, match="cannot be written"):
        spool.close()
    monkeypatch.undo()
    # Closed without being sealed: whoever recovers next adopts it.
    assert waiting_ids(folder) == []
    assert SpoolFolder(folder).recover("traces").spans == 1


def test_a_full_file_that_cannot_be_sealed_now_is_written_on(folder, monkeypatch):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=2))
    spool.append(make_spans(2))
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.files.os.replace", lambda *_a, **_m: (_ for _ in ()).throw(OSError(errno.EIO, "x")))
        assert spool.append(make_spans(2)) == 2
    assert spool.seal().body().items == 4
    spool.close()


def test_a_folder_without_permission_is_an_error_with_a_way_out(folder, tmp_path):
    code = _as_nobody(tmp_path, lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    assert code == "SpoolError:check that the folder exists"


def _as_nobody(tmp_path, work):
    """Run ``work`` as a user without rights in ``tmp_path`` and return its error."""
    tmp_path.chmod(0o555)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
            os.write(write, b"no error")
        except BaseException as error:
            hint = "check that the folder exists" if "check that the folder exists" in str(error) else str(error)
            os.write(write, f"{type(error).__name__}:{hint}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        tmp_path.chmod(0o700)
        return pipe.read()


@needs_root
def test_a_read_only_disk_is_an_error_with_a_way_out(small_disk):
    folder = small_disk / "spool" / OWN.key
    counters = Counters()
    spool = Spool(folder, OWN, epoch=1, counters=counters)
    spool.append(make_spans(1))
    spool.seal()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(SpoolError, match=r"Read-only file system.*check that the folder exists and that you may write to it"):
        spool.append(make_spans(2))
    assert counters["disk_error"] == 2
    reader = SpoolFolder(folder)
    assert reader.stats().spans == 1
    reader.count("queue", 1)
    with reader.ready_files("traces")[0].claim() as claimed:
        assert claimed is None or claimed.span_count == 1


@needs_root
@pytest.mark.parametrize("part", ["", "traces", "traces/active"])
def test_a_folder_of_somebody_else_is_refused(folder, part):
    (folder / "traces" / "active").mkdir(parents=True)
    os.chown(folder / part, 1234, 1234)
    counters = Counters()
    spool = Spool(folder, OWN, epoch=1, counters=counters)
    with pytest.raises(SpoolError, match="belongs to user 1234, not to you"):
        spool.append(make_spans(1))
    assert counters["disk_error"] == 1
    with pytest.raises(SpoolError, match="belongs to user 1234"):
        SpoolFolder(folder).recover("traces")


@pytest.mark.parametrize("part", [".", "traces", "traces/active"])
def test_a_symbolic_link_is_refused(folder, tmp_path, part):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = folder / part
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere)
    spool = Spool(folder, OWN, epoch=1)
    with pytest.raises(SpoolError, match="symbolic link"):
        spool.append(make_spans(1))
    assert spool.open_marker(make_span()) is False
    spool.close()
    assert list(elsewhere.iterdir()) == []


def test_the_spool_folder_itself_must_not_be_a_link(folder, tmp_path):
    folder.parent.parent.mkdir()
    (tmp_path / "elsewhere").mkdir()
    folder.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SpoolError, match="symbolic link"):
        Spool(folder, OWN, epoch=1).append(make_spans(1))
    (tmp_path / "file").touch()
    with pytest.raises(SpoolError, match="no folder"):
        Spool(tmp_path / "file" / OWN.key, OWN, epoch=1).append(make_spans(1))


def test_a_ready_file_that_is_a_link_or_foreign_is_never_sent(spool, reader, tmp_path):
    spool.append(make_spans(1))
    ready = spool.seal()
    secret = tmp_path / "secret"
    secret.write_bytes(ready.path.read_bytes())
    ready.path.unlink()
    ready.path.symlink_to(secret)
    with ready.claim() as claimed:
        assert claimed is None
    with pytest.raises(SpoolError, match="symbolic link"):
        ready.body()
    assert reader.clear(wait_s=0).live == 0
    ready.path.unlink()
    os.mkfifo(ready.path)
    with ready.claim() as claimed:
        assert claimed is None


@needs_root
def test_a_ready_file_of_somebody_else_is_never_sent(spool, reader):
    spool.append(make_spans(1))
    ready = spool.seal()
    os.chown(ready.path, 1234, 1234)
    with ready.claim() as claimed:
        assert claimed is None
    active = ready.path.parent.parent / "active" / ready.path.name
    os.rename(ready.path, active)
    assert reader.recover("traces").refused == 1


def test_folders_that_others_could_read_are_closed(folder):
    (folder / "traces").mkdir(parents=True)
    (folder / "traces").chmod(0o755)
    with opened_directory(folder, "traces", "active", create=True):
        pass
    assert (folder / "traces").stat().st_mode & 0o077 == 0
    directory = open_directory(folder, "traces")
    directory.close()
    directory.close()
    with pytest.raises(FileNotFoundError):
        open_directory(folder, "nothing")


def test_a_hundred_thousand_files_do_not_slow_an_append(folder, reader):
    spool = Spool(folder, OWN, epoch=1)
    batch = make_spans(1)

    def cost():
        times = []
        for _ in range(30):
            start = time.perf_counter()
            spool.append(batch)
            spool.seal()
            times.append(time.perf_counter() - start)
        return sorted(times)[len(times) // 2]

    before = cost()
    ready = folder / "traces" / "ready"
    for number in range(100_000):
        os.close(os.open(ready / f"{number:020d}-1-00000000-1.jsonl", os.O_CREAT, 0o600))
    after = cost()
    spool.close()
    assert after < 5 * before + 0.002
    assert len(reader.ready_files("traces")) > 100_000
