"""The queue in front of the disk: what a program that never rests ends, the thread still gets to write."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from support.programs import run

from otel_smart_agents.export import pace
from otel_smart_agents.export.pace import LONG_SLICE, SLICE, Pace
from otel_smart_agents.export.write_behind import WriteBehind

BUSY = """
import asyncio
from otel_smart_agents import agent, configure

def unit(size):
    for number in range(size):
        number * number % 7

async def call():
    unit(600)
    await asyncio.sleep(0)
    unit(600)

def busy():
    for _ in range(COUNT):
        work_sync(1200)

async def busy_loop():
    for _ in range(0, COUNT, 50):
        await asyncio.gather(*(work() for _ in range(50)))

COUNT = 12_000
handle = configure(service_name="busy", provider="isolated")
work, work_sync = agent("planner")(call), agent("planner")(unit)
work_sync(1)
handle.flush(10, to="disk")
asyncio.run(busy_loop()) if os.environ["TEST_LOAD"] == "asyncio" else busy()
assert handle.flush(20, to="disk")
handle.shutdown()
from otel_smart_agents.spool.folder import SpoolFolder
(spool,) = (folder / ".smart-agents/telemetry/spool").iterdir()
stats = SpoolFolder(spool).stats()
print(stats.spans, dict(stats.dropped))
"""


@pytest.mark.parametrize("load", ["cpu", "asyncio"])
def test_a_program_that_never_rests_loses_nothing(tmp_path, load):
    done = run(BUSY, folder=tmp_path, timeout_s=100, TEST_LOAD=load)
    assert done.stdout.split(" ", 1) == ["12001", "{}\n"]


class Written:
    """What a queue wrote, slice by slice, while ``hold`` is not set."""

    def __init__(self):
        self.slices = []
        self.hold = threading.Event()
        self.hold.set()
        self.began = threading.Event()

    def __call__(self, batch):
        self.began.set()
        self.hold.wait(10)
        self.slices.append(batch)


@pytest.fixture
def written():
    return Written()


@pytest.fixture
def dropped():
    return []


@pytest.fixture
def queue(written, dropped):
    made = WriteBehind(
        written,
        rest=lambda: None,
        sync=lambda: None,
        on_start=lambda: None,
        prepare=lambda: None,
        on_drop=dropped.append,
        on_error=print,
        size=50,
    )
    made.linger_s = 0.0
    yield made
    written.hold.set()
    assert made.stop(5)


def test_notes_take_no_room_from_items_and_go_first(queue, written, dropped):
    written.hold.clear()
    queue.submit("first")
    assert written.began.wait(5)
    for number in range(50):
        queue.submit(number)
        queue.submit_note(f"note {number}")
    assert (len(queue), dropped) == (50, [])
    written.hold.set()
    assert queue.flush(5)
    assert written.slices[0] == ["first"]
    assert [item for batch in written.slices[1:] for item in batch] == [*(f"note {number}" for number in range(50)), *range(50)]


def test_of_too_many_notes_the_oldest_go_and_count_as_no_loss(queue, written, dropped):
    written.hold.clear()
    queue.submit("first")
    assert written.began.wait(5)
    for number in range(80):
        queue.submit_note(number)
    written.hold.set()
    assert queue.flush(5)
    assert [item for batch in written.slices[1:] for item in batch] == list(range(30, 80))
    assert dropped == []


def test_a_note_alone_wakes_the_thread(queue, written):
    queue.submit_note("begun")
    assert written.began.wait(5)


@pytest.fixture
def clock(monkeypatch):
    """The module's clock: time passes by sleeping, and by so much more each time as ``late`` says."""
    made = SimpleNamespace(now=100.0, late=0.0, slept=[])

    def sleep(seconds):
        made.slept.append(seconds)
        made.now += seconds + made.late

    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=sleep))
    return made


def test_a_caller_gives_way_only_while_the_queue_is_crowded_and_not_too_often(queue, written, dropped, clock):
    written.hold.clear()
    queue.submit("first")
    assert written.began.wait(5)
    for number in range(25):
        queue.submit(number)
    assert clock.slept == []
    for number in range(25):
        queue.submit(number)
    assert len(clock.slept) == 1
    for number in range(100):  # full: the newest are dropped, and the clock goes on by one millisecond a call
        clock.now += 0.001
        queue.submit(number)
    assert len(dropped) == 100
    assert 15 <= len(clock.slept) <= 21
    assert sum(clock.slept) < 0.005


def test_slices_grow_while_the_lock_comes_back_late_and_shrink_when_it_does_not(clock):
    learning = Pace()
    clock.late = 0.006
    sizes = []
    for _ in range(7):
        learning.pause()
        sizes.append(learning.slice)
    assert sizes == [2 * SLICE, 4 * SLICE, 8 * SLICE, 16 * SLICE, LONG_SLICE, LONG_SLICE, LONG_SLICE]
    clock.late = 0.0
    for _ in range(7):
        learning.pause()
    assert learning.slice == SLICE
    assert learning.slice_of(8_192) == 512
