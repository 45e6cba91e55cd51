"""Many processes answer at once: every answer is whole, epochs are distinct, the chain holds."""

from __future__ import annotations

import json
import multiprocessing
import threading
from dataclasses import replace

from otel_smart_agents.consent import policyfile
from otel_smart_agents.consent.identity import Identities
from otel_smart_agents.consent.store import ConsentStore

from .conftest import NOTICE, UPSTREAM


def answer(paths, number, rounds):
    policyfile.ROOT_UID = paths.policy.parent.stat().st_uid
    store = ConsentStore(paths, environ={})
    mine = replace(UPSTREAM, product=f"acme{number}")
    for turn in range(rounds):
        store.grant(mine, NOTICE, categories={"agent"} if turn % 2 else {"error"}, method="cli")
        store.grant(UPSTREAM, NOTICE, categories={"agent"} if (turn + number) % 2 else {"error"}, method="cli")
        if turn % 3 == 0:
            store.deny(UPSTREAM, method="cli")


def test_six_processes_lose_no_answer(paths, store):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=answer, args=(paths, number, 4)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 6
    report = store.verify_log()
    assert report.ok, report.reason
    assert not report.pending
    lines = [json.loads(line) for line in (paths.consent / "consent-log.jsonl").read_text().splitlines()]
    for key in {line["destination"] for line in lines}:
        epochs = [line["epoch"] for line in lines if line["destination"] == key]
        assert epochs == list(range(1, len(epochs) + 1))
    records = {record.destination.product: record for record in store.destinations()}
    assert len(records) == 7
    assert all(records[f"acme{number}"].categories == {"agent"} for number in range(6))


def test_threads_that_need_the_first_id_get_the_same_one(paths, upstream):
    found = []
    start = threading.Barrier(8)

    def first():
        start.wait()
        found.append(Identities(paths).current(upstream).id)

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
