"""What processes share: state, record of sent requests, deletion requests."""

from __future__ import annotations

import json
import os
import threading

import pytest

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool import Spool, SpoolFolder, SpoolState, state
from otel_smart_agents.spool.files import opened_directory

from .conftest import OWN, make_spans


def test_state_is_kept_and_credentials_are_not_part_of_it(reader, folder):
    assert reader.state() == SpoolState()
    new = reader.update_state(endpoint="https://a", protocol="http/json", next_attempt_ns=5, attempts=2)
    assert reader.state() == new == SpoolState("https://a", "http/json", 5, 2)
    reader.count("queue", 3)
    reader.count("queue")
    reader.count("cap", 0)
    before = os.stat(folder / "state.json").st_ino
    reader.update_state(attempts=2)  # nothing new is not written
    assert os.stat(folder / "state.json").st_ino == before
    assert reader.state().dropped == {"queue": 4}
    assert reader.state().endpoint == "https://a"
    stored = json.loads((folder / "state.json").read_bytes())
    assert stored["schema"] == 1
    assert not {"headers", "password", "token"} & set(stored)
    with pytest.raises(TypeError):
        reader.update_state(headers={})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"attempts":"many","dropped":{"x":"y","z":2},"endpoint":3}', b"\xff"])
def test_a_damaged_state_stops_nothing(reader, folder, content):
    reader.update_state(attempts=1)
    (folder / "state.json").write_bytes(content)
    assert reader.state().attempts == 0
    assert reader.update_state(attempts=7).attempts == 7
    assert reader.state().attempts == 7


def test_many_threads_and_processes_lose_no_count(reader, monkeypatch):
    monkeypatch.setattr(state, "_LOCK_WAIT_S", 30.0)  # on a busy machine six writers wait for one another longer than for a frozen one

    def work():
        for _ in range(20):
            reader.count("queue")

    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        children.append(child)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child in children:
        os.waitpid(child, 0)
    assert reader.state().dropped == {"queue": 120}


def test_a_frozen_process_that_holds_the_state_does_not_freeze_others(reader, folder, monkeypatch):
    monkeypatch.setattr(state, "_LOCK_WAIT_S", 0.05)
    spool = Spool(folder, OWN, epoch=1)
    with state._locked(folder):
        with pytest.raises(SpoolError, match="locked by another process"):
            reader.update_state(attempts=1)
        reader.count("queue", 1)
        spool.count_drop("queue", 2)
        assert spool.append(make_spans(1)) == 1
    spool.close()
    assert reader.state().dropped == {"queue": 2}


def test_a_state_that_cannot_be_written_stays_as_it_was(reader, folder, monkeypatch):
    reader.update_state(attempts=1)
    monkeypatch.setattr("otel_smart_agents.spool.files.os.write", lambda fd, data: len(data) - 1)
    with pytest.raises(OSError, match="No space left"):
        reader.update_state(attempts=2)
    monkeypatch.undo()
    assert reader.state().attempts == 1
    assert not [path for path in folder.iterdir() if path.name.endswith(".tmp")]


def test_sent_requests_are_recorded_and_rotated(reader, folder, monkeypatch):
    assert reader.sent_log() == []
    monkeypatch.setattr(state, "_SENT_LOG_BYTES", 1_000)
    for number in range(50):
        reader.record_sent({"time_ns": number, "sha256": "0" * 64, "spans": 3})
    recorded = [entry["time_ns"] for entry in reader.sent_log()]
    assert recorded == list(range(recorded[0], 50))
    assert 8 < len(recorded) < 30
    assert [entry["time_ns"] for entry in reader.sent_log(last=3)] == [47, 48, 49]
    assert reader.sent_log(last=10**6) == reader.sent_log()
    with (folder / "sent.jsonl").open("ab") as file:
        file.write(b'{"torn')
    assert len(reader.sent_log()) == len(recorded)


def test_a_sent_record_is_written_whole_or_not_at_all(reader, folder, monkeypatch):
    reader.record_sent({"n": 1})
    real = os.write
    monkeypatch.setattr("otel_smart_agents.spool.files.os.write", lambda fd, data: real(fd, data[:3]))
    with pytest.raises(OSError, match="No space left"):
        reader.record_sent({"n": 2})
    monkeypatch.undo()
    assert (folder / "sent.jsonl").read_bytes() == b'{"n":1}\n'


def test_deletion_requests_wait_in_order_until_they_are_done(folder):
    now = [5]
    reader = SpoolFolder(folder, clock=lambda: now[0])
    for number in range(3):
        now[0] += 1
        reader.queue_deletion({"id": number, "secret": "s"})
    (folder / "deletion" / "broken.json").write_bytes(b"{")
    (folder / "deletion" / ".half.json").write_bytes(b"{}")
    assert [deletion.request["id"] for deletion in reader.deletions()] == [0, 1, 2]
    assert reader.stats().deletions == 3
    first = reader.deletions()[0]
    first.done()
    first.done()
    assert [deletion.request["id"] for deletion in reader.deletions()] == [1, 2]


def test_an_interrupted_replacement_leaves_the_old_file(folder, monkeypatch):
    with opened_directory(folder, create=True) as directory:
        directory.write("a.json", b"old")
        monkeypatch.setattr("otel_smart_agents.spool.files.os.replace", lambda *_a, **_m: (_ for _ in ()).throw(OSError(5, "x")))
        with pytest.raises(OSError, match="x"):
            directory.write("a.json", b"new", durable=True)
        monkeypatch.undo()
        assert directory.read("a.json") == b"old"
        assert directory.names() == ["a.json"]
        assert directory.remove("b.json") is False
        assert directory.exists("a.json")


NOW = 1_800_000_000 * 10**9
HOUR = 3_600 * 10**9


def test_a_wait_holds_for_as_long_as_it_was_granted():
    postponed = SpoolState(next_attempt_ns=NOW + HOUR, postponed_at_ns=NOW, told_to_wait=True)
    assert postponed.wait_s(NOW) == 3_600
    assert postponed.wait_s(NOW + HOUR // 2) == 1_800
    assert postponed.wait_s(NOW + 2 * HOUR) == 0
    assert postponed.wait_s(NOW, told_only=True) == 3_600
    assert SpoolState(next_attempt_ns=NOW + HOUR, postponed_at_ns=NOW).wait_s(NOW, told_only=True) == 0
    assert postponed.at_once().wait_s(NOW) == 0


@pytest.mark.parametrize(
    ("next_attempt_ns", "postponed_at_ns"),
    [
        (NOW + 20 * 24 * HOUR, NOW + 20 * 24 * HOUR - 10**9),  # the clock was ahead
        (NOW + 8 * 24 * HOUR, NOW),  # longer than anybody means
        (NOW + 8 * 24 * HOUR, 0),
        (10**400, 0),
        (10**400, 10**400 - 1),
        (-(10**400), 0),
        (5, -(10**400)),
    ],
)
def test_a_wait_that_cannot_be_meant_does_not_hold(reader, next_attempt_ns, postponed_at_ns):
    reader.update_state(next_attempt_ns=next_attempt_ns, postponed_at_ns=postponed_at_ns, told_to_wait=True, attempts=1)
    assert reader.state().wait_s(NOW) == 0


def test_a_wait_is_forgotten_on_request(reader):
    reader.update_state(next_attempt_ns=NOW + HOUR, postponed_at_ns=NOW, told_to_wait=True, attempts=3, last_code="503", sent=7)
    reader.forget_wait()
    assert reader.state() == SpoolState(sent=7)
