"""Eight writers, two senders and somebody who clears at random: each span arrives once or is counted as cleared."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter

from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits

from .conftest import OWN, ids_of, make_span

WRITERS, SENDERS, BATCHES = 8, 2, 60


def _in_child(work):
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def _write(folder, number):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=20))
    chance = random.Random(number)
    for batch in range(BATCHES):
        ids = [(number + 1) << 32 | batch << 8 | index for index in range(chance.randint(1, 6))]
        spool.append([make_span(span_id) for span_id in ids])
        if chance.random() < 0.1:
            spool.seal()
        if chance.random() < 0.02:
            # A process that dies without a goodbye.
            _leave_orphan(folder, number, batch)
        time.sleep(chance.uniform(0, 0.004))
    spool.close()


def _leave_orphan(folder, number, batch):
    def work():
        Spool(folder, OWN, epoch=1).append([make_span((number + 1) << 32 | batch << 8 | 200)])

    os.waitpid(_in_child(work), 0)


def _send(folder, number, stop, log):
    reader = SpoolFolder(folder)
    chance = random.Random(100 + number)
    with open(log, "w", encoding="utf-8") as arrived:
        while True:
            last = os.path.exists(stop)
            reader.recover("traces")
            for file in reader.ready_files("traces"):
                with file.claim() as claimed:
                    if claimed is None or chance.random() < 0.1:
                        continue
                    time.sleep(chance.uniform(0, 0.003))
                    if claimed.ack():
                        arrived.write(json.dumps(ids_of(claimed.payloads)) + "\n")
            if last and not reader.ready_files("traces"):
                return


def test_each_span_arrives_once_or_is_counted_as_cleared(folder, tmp_path):
    stop = tmp_path / "stop"
    logs = [tmp_path / f"sender-{number}" for number in range(SENDERS)]
    senders = [_in_child(lambda number=number: _send(folder, number, stop, logs[number])) for number in range(SENDERS)]
    writers = [_in_child(lambda number=number: _write(folder, number)) for number in range(WRITERS)]
    reader = SpoolFolder(folder)
    living, clears = list(writers), 0
    while living:
        time.sleep(0.07)
        if clears < 6:
            clears += bool(reader.clear(wait_s=1).items)
        living = [writer for writer in living if os.waitpid(writer, os.WNOHANG) == (0, 0)]
    assert clears
    stop.touch()
    assert [os.waitstatus_to_exitcode(os.waitpid(sender, 0)[1]) for sender in senders] == [0] * SENDERS
    arrived = Counter(span_id for log in logs for line in log.read_text().splitlines() for span_id in json.loads(line))
    assert set(arrived.values()) == {1}
    written, orphans = _count_written()
    dropped = reader.state().dropped
    assert set(dropped) == {"cleared"}
    # A process that dies in the microsecond in which its file is cleared takes its count with it.
    assert written - orphans <= len(arrived) + dropped["cleared"] <= written
    assert reader.stats().spans == 0


def _count_written():
    total = orphans = 0
    for number in range(WRITERS):
        chance = random.Random(number)
        for _ in range(BATCHES):
            total += chance.randint(1, 6)
            chance.random()
            orphans += chance.random() < 0.02
            chance.uniform(0, 0.004)
    return total + orphans, orphans
