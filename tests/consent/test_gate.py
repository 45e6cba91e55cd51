"""The gate: a "no" is seen by the very next call, and asking costs next to nothing."""

from __future__ import annotations

import os
import threading
import time

import pytest

from otel_smart_agents.consent import gate as module
from otel_smart_agents.consent.gate import ConsentGate


@pytest.fixture
def gate(store, upstream, notice):
    return ConsentGate(store, upstream, notice=notice)


def test_a_gate_makes_nothing(gate, paths):
    assert gate.decision().mode == "off"
    assert not paths.consent.exists()


def test_every_answer_is_seen_by_the_next_call(gate, store, upstream, notice):
    for _ in range(20):
        store.grant(upstream, notice, method="cli")
        assert gate().mode == "on"
        store.revoke(upstream, method="cli")
        assert gate().mode == "off"


def test_the_same_object_comes_back_while_nothing_changed(gate, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    first = gate.decision()
    assert gate.decision() is first
    assert gate.refresh() is first


def test_a_policy_file_is_seen_by_the_next_call(gate, store, upstream, notice, write_policy):
    store.grant(upstream, notice, method="cli")
    assert gate.decision().mode == "on"
    write_policy('mode = "off"')
    assert gate.decision().layer == "policy"


def test_variables_and_folder_modes_are_seen_within_half_a_second(store, environ, paths, upstream, notice):
    now = [0.0]
    gate = ConsentGate(store, upstream, notice=notice, monotonic=lambda: now[0])
    store.grant(upstream, notice, method="cli")
    assert gate.decision().mode == "on"
    environ["DO_NOT_TRACK"] = "1"
    now[0] += 0.51
    assert gate.decision().mode == "off"
    del environ["DO_NOT_TRACK"]
    now[0] += 0.51
    assert gate.decision().mode == "on"
    paths.consent.chmod(0o777)
    now[0] += 0.51
    assert gate.decision().mode == "off"


def test_a_file_that_is_deleted_is_off_at_once(gate, store, paths, upstream, notice):
    store.grant(upstream, notice, method="cli")
    assert gate.decision().mode == "on"
    (paths.consent / "consent.json").unlink()
    assert gate.decision().mode == "off"


def test_its_arguments_narrow(store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    gate = ConsentGate(store, upstream, notice=notice, run_mode="local", categories=["agent", "error"], project_mode="on")
    assert (gate.decision().mode, gate.decision().categories) == ("local", {"agent", "error"})
    assert ConsentGate(store, upstream, notice=notice, project_mode="off").decision().layer == "project"


def test_a_no_of_another_process_is_seen(gate, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    assert gate.decision().mode == "on"
    child = os.fork()
    if child == 0:
        store.revoke(upstream, method="cli")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert gate.decision().mode == "off"


def test_many_threads_and_one_writer_never_see_a_yes_after_a_no(gate, store, upstream, notice):
    """Once the "no" has returned, no thread gets a "yes" from a call that began afterwards."""
    wrong: list[str] = []
    said_no, stop = threading.Event(), threading.Event()

    def ask():
        while not stop.is_set():
            late = said_no.is_set()
            if gate.decision().mode == "on" and late and said_no.is_set():
                wrong.append("yes after no")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(15):
            said_no.clear()
            store.grant(upstream, notice, method="cli")
            store.revoke(upstream, method="cli")
            said_no.set()
            time.sleep(0.005)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_cached_decision_is_one_system_call_per_watched_file(gate, store, upstream, notice, monkeypatch):
    """It reads no file and decides nothing anew; on two files that is about two microseconds."""
    store.grant(upstream, notice, method="cli")
    gate.decision()
    calls = []
    real = module.stat_token
    monkeypatch.setattr(module, "stat_token", lambda path: calls.append(path) or real(path))
    monkeypatch.setattr(module, "access", lambda path, mode: calls.append(path) or os.access(path, mode))
    monkeypatch.setattr(store, "decide", None)
    assert gate.decision().mode == "on"
    assert calls == list(store.watched)
