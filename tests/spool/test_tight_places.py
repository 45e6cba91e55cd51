"""A disk without room for a second file, a program without standard streams, a fork that closed a lock under its owner."""

from __future__ import annotations

import errno
import os

import pytest

from otel_smart_agents.spool import descriptors, locks
from otel_smart_agents.spool.files import Directory, opened_directory
from otel_smart_agents.spool.state import count_drops, read_state


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_takes_the_counts_in_the_place_of_the_old_ones(folder, monkeypatch, number):
    count_drops(folder, {"a_long_reason_that_goes": 1_000_000})

    def full(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Directory, "write", full)
    count_drops(folder, {"disk_full": 7})
    assert read_state(folder).dropped == {"a_long_reason_that_goes": 1_000_000, "disk_full": 7}


def test_another_failure_is_told(folder, monkeypatch):
    count_drops(folder, {"cap": 1})

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(Directory, "write", broken)
    with pytest.raises(OSError, match="broken"):
        count_drops(folder, {"cap": 1})
    assert read_state(folder).dropped == {"cap": 1}


def test_an_overwritten_file_has_nothing_of_the_old_one(folder):
    with opened_directory(folder, create=True) as directory:
        directory.write("state", b"a long content")
        directory.overwrite("state", b"short")
        assert directory.read("state") == b"short"


def test_our_files_stay_away_from_the_standard_streams(tmp_path, monkeypatch):
    fd = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    monkeypatch.setattr(descriptors, "_STANDARD_ERROR", fd)  # as if the program had closed every descriptor up to this one
    moved = descriptors.above_standard(fd)
    try:
        assert moved > fd
        os.write(moved, b"ours")
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
    finally:
        os.close(moved)


def test_a_descriptor_that_a_fork_dropped_is_not_closed_again(folder):
    with opened_directory(folder, create=True) as directory:
        fd = directory.open("lock", os.O_RDWR | os.O_CREAT)
        assert locks.try_lock(directory, "lock", fd) == fd
        others = {held: identity for held, identity in locks._held.items() if held != fd}
        for held in others:
            del locks._held[held]
        locks.drop_inherited()
        locks._held.update(others)
        taken = os.open(os.devnull, os.O_RDONLY)
        assert taken == fd  # the number is somebody else's now
        locks.release(fd)
        os.close(taken)
