"""Processes that die at random points: what append() acknowledged is there once, whole; what it did not is there once or not at all."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import pytest

from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits
from otel_smart_agents.spool.active import ActiveFile
from otel_smart_agents.spool.encode import encode_spans
from otel_smart_agents.spool.lines import make_line
from otel_smart_agents.spool.names import FileName, new_token
from otel_smart_agents.spool.places import Places

from .conftest import OWN, make_span, waiting_ids

RUNS = 100
AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}


def _writer(folder, acknowledged, *, way, seed):
    """Append until killed, telling over a pipe what was acknowledged: 8 bytes before and after each append."""
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=40))
    chance = random.Random(seed)
    number = (seed + 1) << 20
    spool.open_marker(make_span(number, attributes=AGENT))
    os.write(acknowledged, (number | 1 << 60).to_bytes(8, "big"))
    if way == "exit":
        threading.Timer(chance.uniform(0.0, 0.02), lambda: os._exit(7)).start()
    while True:
        batch = [make_span(number + index) for index in range(1, chance.randint(2, 9))]
        number += len(batch)
        spool.append(batch)
        os.write(acknowledged, b"".join(span.context.span_id.to_bytes(8, "big") for span in batch))
        if chance.random() < 0.2:
            spool.seal()
        if way == "fork" and chance.random() < 0.1 and (child := os.fork()) == 0:
            mine = number + (1 << 19)
            spool.append([make_span(mine)])
            os.write(acknowledged, mine.to_bytes(8, "big"))
            os._exit(0)
        elif way == "fork" and chance.random() < 0.1:
            os.waitpid(-1, os.WNOHANG) if "child" in locals() else None


@pytest.mark.parametrize("way", ["kill", "term", "exit", "fork"])
def test_killed_processes_lose_nothing_that_was_acknowledged(folder, way):
    reader = SpoolFolder(folder)
    acknowledged, roots = set(), set()
    for run in range(RUNS // 4):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            os.setpgid(0, 0)
            try:
                _writer(folder, write, way=way, seed=run)
            finally:
                os._exit(1)
        os.close(write)
        data = os.read(read, 8)  # the run has begun
        time.sleep(random.Random(run).uniform(0.002, 0.02))
        if way != "exit":
            os.kill(child, signal.SIGTERM if way == "term" else signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(read, "rb") as pipe:  # until every fork of the writer is gone too
            data += pipe.read()
        told = {int.from_bytes(data[start : start + 8], "big") for start in range(0, len(data) - 7, 8)}
        roots |= {span_id ^ 1 << 60 for span_id in told if span_id >> 60}
        acknowledged |= {span_id for span_id in told if not span_id >> 60}
        if run % 5 == 0:
            reader.recover("traces")
    report = reader.recover("traces")
    assert report.refused == 0
    found = waiting_ids(folder)
    assert len(found) == len(set(found))
    assert acknowledged <= set(found)
    assert roots <= set(found)  # every killed run is there once, as interrupted
    assert len(acknowledged) > RUNS // 4
    assert reader.state().dropped.get("corrupt", 0) == 0
    assert list((folder / "traces" / "active").iterdir()) == []


def test_a_line_that_a_kill_cut_short_is_no_damage(folder):
    """The kernel ends a killed process's write between two pages: long lines make that certain within a few runs."""
    reader = SpoolFolder(folder)
    line = make_line("traces", encode_spans([make_span(number) for number in range(1, 513)]))
    for run in range(RUNS // 5):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                file = ActiveFile.create(Places(folder, "traces"), name=FileName(time.time_ns(), os.getpid(), new_token(), 1))
                os.write(write, b"x")
                while file.size < 50_000_000:
                    file.append(line, 512, now_ns=1)
            finally:
                os._exit(1)
        os.read(read, 1)
        time.sleep(random.Random(run).uniform(0.001, 0.004))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)
        os.close(write)
    report = reader.recover("traces")
    assert report.unfinished_lines > 0
    assert (report.damaged_lines, report.spans % 512) == (0, 0)
    assert reader.state().dropped.keys() <= {"unfinished", "cap"}
    assert reader.state().dropped["unfinished"] == report.unfinished_lines


def test_a_frozen_process_keeps_its_file_and_goes_on_when_resumed(folder):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            spool = Spool(folder, OWN, epoch=1)
            spool.append([make_span(1)])
            os.write(write, b"x")
            os.kill(os.getpid(), signal.SIGSTOP)
            spool.append([make_span(2)])
            spool.close()
            os._exit(0)
        finally:
            os._exit(1)
    os.read(read, 1)
    os.waitpid(child, os.WUNTRACED)
    assert SpoolFolder(folder).recover("traces").files == 0
    os.kill(child, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert waiting_ids(folder) == [1, 2]
    os.close(read)
    os.close(write)
