"""A writer keeps its folders open: a file costs few system calls, and whatever happens to the folders meanwhile is noticed."""

from __future__ import annotations

import collections
import os
import shutil

import pytest

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits
from otel_smart_agents.spool.files import Directory
from otel_smart_agents.spool.places import Places

from .conftest import OWN, make_spans, waiting_ids

CALLS = (
    "open",
    "close",
    "stat",
    "lstat",
    "fstat",
    "write",
    "fsync",
    "fdatasync",
    "replace",
    "rename",
    "unlink",
    "mkdir",
    "utime",
    "scandir",
    "listdir",
)
MOST = 10
"""System calls for one full file; each gives the interpreter lock away, and a program that never rests gives it back 5 ms later."""


@pytest.fixture
def clock():
    """Seconds that a test sets."""
    return [100.0]


def test_a_full_file_costs_few_system_calls(folder, monkeypatch):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=8))
    for _ in range(3):
        spool.append(make_spans(8))
        spool.seal_full()
    calls = collections.Counter()
    for name in CALLS:
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, _real=real, _name=name, **k: (calls.update([_name]), _real(*a, **k))[1])
    for _ in range(10):
        spool.append(make_spans(8))
        assert spool.seal_full() is not None
    monkeypatch.undo()
    # flock and, where the spool took its name directly, fdatasync are not among them.
    assert sum(calls.values()) <= 10 * (MOST - 2), calls
    spool.close()
    assert len(waiting_ids(folder)) == 13 * 8


def test_a_move_survives_a_power_cut_from_the_next_sync_on(folder, monkeypatch):
    synced = []
    real = Directory.sync
    monkeypatch.setattr(Directory, "sync", lambda self: (synced.append(self.path.name), real(self))[1])
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=2))
    assert spool.dirty_since_ns is None
    spool.append(make_spans(2))
    assert spool.seal_full() is not None
    assert synced == []
    assert spool.dirty_since_ns is not None  # so that whoever looks after the one second knows
    spool.sync()
    assert sorted(synced) == ["active", "ready"]
    assert spool.dirty_since_ns is None
    spool.append(make_spans(1))
    assert spool.seal_full() is None
    assert spool.seal() is not None
    assert sorted(synced) == ["active", "active", "ready", "ready"]
    spool.close()


def test_a_folder_that_was_removed_is_made_again(folder):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=2))
    spool.append(make_spans(2))
    spool.seal_full()
    shutil.rmtree(folder)
    spans = make_spans(2)
    assert spool.append(spans) == 2
    spool.close()
    assert waiting_ids(folder) == [span.context.span_id for span in spans]


def test_a_folder_that_was_removed_under_a_file_is_not_made_again_by_letting_go(folder):
    spool = Spool(folder, OWN, epoch=1)
    spool.append(make_spans(1))
    shutil.rmtree(folder)
    assert spool.seal() is None
    shutil.rmtree(folder, ignore_errors=True)  # the count of what was cleared
    spool.close()
    assert not folder.exists()


def test_a_folder_that_was_removed_does_not_come_back_by_a_sync(folder, clock):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=2))
    spool._places._monotonic = lambda: clock[0]
    spool.append(make_spans(2))
    assert spool.seal_full() is not None
    shutil.rmtree(folder)
    clock[0] += 0.6
    spool.sync()
    spool.close()
    assert not folder.exists()


def test_a_ready_folder_that_was_removed_costs_no_file(folder):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=2))
    spool.append(make_spans(2))
    spool.seal_full()
    shutil.rmtree(folder / "traces" / "ready")
    spans = make_spans(2)
    spool.append(spans)
    assert spool.seal() is not None
    assert waiting_ids(folder) == [span.context.span_id for span in spans]
    spool.close()


def test_a_folder_that_was_moved_away_is_left_within_half_a_second(folder, clock):
    places = Places(folder, "traces", monotonic=lambda: clock[0])
    first = places.active(create=True)
    folder.rename(folder.with_name("away"))
    clock[0] += 0.6
    assert places.active(create=True) is not first
    assert (folder / "traces" / "active").is_dir()
    places.close()


def test_a_link_in_its_place_is_refused_within_half_a_second(folder, tmp_path, clock):
    places = Places(folder, "traces", monotonic=lambda: clock[0])
    places.ready()
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "traces" / "ready").mkdir(parents=True)
    folder.rename(folder.with_name("away"))
    folder.symlink_to(elsewhere)
    clock[0] += 0.6
    with pytest.raises(SpoolError):
        places.ready()
    places.close()


def test_a_folder_that_others_can_read_is_closed_to_them_within_half_a_second(folder, clock):
    places = Places(folder, "traces", monotonic=lambda: clock[0])
    places.active(create=True)
    (folder / "traces" / "active").chmod(0o755)
    clock[0] += 0.6
    places.active(create=True)
    assert (folder / "traces" / "active").stat().st_mode & 0o777 == 0o700
    clock[0] += 0.6
    same = places.active()
    assert places.active() is same
    places.close()


def test_a_folder_that_does_not_exist_is_not_made_by_looking(folder):
    with pytest.raises(FileNotFoundError):
        Places(folder, "traces").active()
    assert not folder.exists()


def test_a_forked_child_has_folders_of_its_own(folder):
    spool = Spool(folder, OWN, epoch=1)
    spool.append(make_spans(1))
    child = os.fork()
    if child == 0:
        try:
            spool.append(make_spans(1))
            spool.close()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    spool.append(make_spans(1))
    spool.close()
    assert len(waiting_ids(folder)) == 3
    assert SpoolFolder(folder).recover("traces").files == 0
