"""A folder in which very many files wait: looking at it reads each of them once, and what must be quick looks at names alone."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from otel_smart_agents.consent.model import CATEGORIES, Decision
from otel_smart_agents.export.outbox import DiskOutbox
from otel_smart_agents.privacy.counters import Counters
from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits, caps
from otel_smart_agents.spool.files import Directory
from otel_smart_agents.spool.names import Terms

from .conftest import OWN, make_span

FILES = 60


@pytest.fixture
def many(folder):
    """Sealed files of two epochs, two thirds of them of the second."""
    for epoch in (1, 2, 2):
        spool = Spool(folder, OWN, epoch=epoch)
        for _ in range(FILES // 3):
            spool.append([make_span()])
            spool.seal()
        spool.close()
    return folder


def test_counting_opens_each_file_once(many, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *a, **k: (opened.append(str(path)), real(path, *a, **k))[1])
    steps = []
    stats = SpoolFolder(many).stats(on_file=lambda: steps.append(1))
    assert (stats.spans, stats.files, len(steps)) == (FILES, FILES, FILES)
    assert sum(path.endswith(".jsonl") for path in opened) == FILES
    assert len(opened) < 2 * FILES  # the folders are opened once for all of it


def test_what_was_recorded_under_which_answer_is_known_from_the_names(many):
    assert SpoolFolder(many).stats().sealed == {Terms(1): FILES // 3, Terms(2): FILES * 2 // 3}
    assert SpoolFolder(many).waiting_files() == FILES


def sends(epoch):
    return Decision("on", "granted", CATEGORIES, "user", "", epoch=epoch)


def test_whether_something_waits_is_known_from_the_first_name(many, monkeypatch):
    looked = []
    real = Directory.each_name

    def each_name(self):
        for name in real(self):
            looked.append(name)
            yield name

    monkeypatch.setattr(Directory, "each_name", each_name)
    outbox = DiskOutbox(many, limits=SpoolLimits(), counters=Counters())
    assert outbox.waiting(sends(2))
    assert len(looked) <= FILES // 3 + 1  # in no order: those of the other epoch may come first
    assert not outbox.waiting(sends(3))


def test_two_that_make_room_at_the_same_time_do_not_empty_the_folder(many, monkeypatch):
    total = sum(path.stat().st_size for path in (many / "traces" / "ready").iterdir())
    limits = replace(SpoolLimits(), max_bytes=total // 2)
    dropped = []

    def taken_by_another(directory, _signal, name):
        directory.remove(name)

    monkeypatch.setattr(caps, "_taken", taken_by_another)
    left = caps.enforce_caps(many, limits, now_ns=0, drop=lambda *what: dropped.append(what))
    assert dropped == []  # whoever took them counts them
    assert total // 2 - total // FILES * 2 <= left <= total // 2
    assert len(list((many / "traces" / "ready").iterdir())) >= FILES // 2 - 1


def test_what_is_dropped_is_counted_while_more_is_being_dropped(many, monkeypatch):
    now = [10**18]

    def clock():
        now[0] += 2 * 10**9
        return now[0]

    real, done = caps._taken, []

    def taken(*where):
        if len(done) == 7:
            raise KeyboardInterrupt
        done.append(where)
        return real(*where)

    monkeypatch.setattr(caps, "_taken", taken)
    folder = SpoolFolder(many, limits=SpoolLimits(max_bytes=1), clock=clock)
    with pytest.raises(KeyboardInterrupt):
        folder.recover("traces")
    assert folder.state().dropped == {"age": 7} or folder.state().dropped == {"cap": 7}


def test_one_signal_that_cannot_be_recovered_keeps_none_of_the_others(folder):
    Spool(folder, OWN, epoch=1).append([make_span()])
    (folder / "logs").symlink_to(folder / "traces")
    SpoolFolder(folder).recover_all()
    (path,) = (folder / "traces" / "active").iterdir()
    assert path.exists()  # its process lives
    SpoolFolder(folder.with_name("missing")).recover_all()
    assert not folder.with_name("missing").exists()
