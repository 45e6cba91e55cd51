"""Many processes of one user and one destination, back ends that go and come back, and the cost while there is nothing to do."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.receiver import HttpReceiver, Reply, dead_port

from promises.places import SETUP, each_once, names, next_run, status, telemetry

APP = """
import os
from otel_smart_agents import configure
def setup(): return configure(service_name="acme", endpoint=os.environ["URL"], audience="own", protocol="http/json")
"""

WRITER = (
    SETUP
    + """
me, until, ended = os.environ["ME"], time.monotonic() + float(os.environ["LIVES"]), 0
while time.monotonic() < until:
    with agent("writer"):
        with skill("one"): pass
        with skill("two"): pass
    ended += 3
    if not ended % 60: handle.seal()
    time.sleep(0.004)
with open(os.environ["HOME"] + "/ended-" + me, "w") as file: file.write(str(ended))
"""
)


def start(user, code: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=user.environ(**environ),
        cwd=user.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        out, err = process.communicate(timeout=40)
        assert (process.returncode, out, err) == (0, "", "")


def test_eight_writers_two_senders_and_a_clear_at_random(user):
    (user.folder / "acme_app.py").write_text(APP)
    with HttpReceiver() as receiver:
        writers = [start(user, WRITER, URL=receiver.url, ME=str(number), LIVES="2") for number in range(8)]
        command = [sys.executable, "-m", "otel_smart_agents"]
        environ = user.environ(URL=receiver.url, PYTHONPATH=str(user.folder))
        while any(writer.poll() is None for writer in writers):
            senders = [
                subprocess.Popen([*command, "--app", "acme_app:setup", "send"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for _ in range(2)
            ]
            time.sleep(random.uniform(0, 0.4))
            clear = subprocess.run(
                [*command, "clear", "--all", "--yes"], env=environ, capture_output=True, text=True, timeout=30, check=False
            )
            assert clear.returncode == 0, clear.stderr
            for sender in senders:
                _, said = sender.communicate(timeout=30)
                # 1: another process was sending; 4: or began to, meanwhile
                assert sender.returncode in (0, 1, 4), said
                assert b"Traceback" not in said
        finished(*writers)
        next_run(user, receiver.url)
        ended = sum(int(path.read_text()) for path in user.folder.glob("ended-*"))
        found = status(user)
        assert each_once(receiver)
        arrived = names(receiver)
        assert arrived.pop("invoke_agent next") == 1
        assert set(arrived) <= {"invoke_agent writer", "execute_tool one", "execute_tool two"}
        assert set(found["dropped"]) <= {"cleared"}
        assert (found["waiting"]["spans"], found["sent"]) == (0, arrived.total() + 1)
        assert arrived.total() + found["dropped"].get("cleared", 0) == ended
        assert found["dropped"].get("cleared")


def test_a_back_end_that_is_dead_for_a_while(user):
    with dead_port() as port:
        url = f"http://127.0.0.1:{port}"
        writers = [start(user, WRITER, URL=url, ME=str(number), LIVES="1") for number in range(2)]
        finished(*writers)
        offline = status(user)
        # The time of the next attempt itself may have come already.
        assert offline["last_code"]
        assert "did not take it" in offline["not_sent_because"]
        assert offline["sent"] == 0
        assert offline["dropped"] == {}
    ended = sum(int(path.read_text()) for path in user.folder.glob("ended-*"))
    assert offline["waiting"]["spans"] == ended
    with HttpReceiver(port=port) as receiver:
        next_run(user, url)
        assert names(receiver).total() == ended + 1
        assert each_once(receiver)
    assert status(user)["sent"] == ended + 1


def test_two_processes_ask_an_overloaded_back_end_once(user):
    overloaded = Reply(status=503, headers={"Retry-After": "3"})
    with HttpReceiver([overloaded]) as receiver:
        began = time.monotonic()
        for number in range(2):  # the second learns from the first one's answer
            finished(start(user, WRITER, URL=receiver.url, ME=str(number), LIVES="0.2"))
        if time.monotonic() - began < 2.5:
            assert len(receiver.requests) == 1
        next_run(user, receiver.url)
        assert all(request.at_s - receiver.requests[0].at_s >= 2.9 for request in receiver.requests[1:])
        assert len(receiver.requests) <= 8
        ended = sum(int(path.read_text()) for path in user.folder.glob("ended-*"))
        assert names(receiver).total() == ended + 1
        assert each_once(receiver)


IDLE = (
    SETUP
    + """
from pathlib import Path
def switches():
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/status")
    lines = [line.split() for task in tasks for line in task.read_text().splitlines() if line.startswith("voluntary")]
    return len(lines), sum(int(count) for _, count in lines)
with agent("planner"): pass
assert handle.flush(10)
time.sleep(1.2)  # the last write is on the disk within a second
before = switches()
time.sleep(3)
after = switches()
print(before[0], after[0], after[1] - before[1])
"""
)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's count of context switches per thread")
def test_nothing_wakes_up_while_there_is_nothing_to_do(user):
    with HttpReceiver() as receiver:
        threads, later, switches = map(int, user.run(IDLE, URL=receiver.url).stdout.split())
        assert threads == later <= 3
        assert switches <= 2  # the sleep of the program itself is one


OFF = """
import os, time
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from otel_smart_agents import agent, configure
class Nowhere(SpanExporter):
    def export(self, spans): return SpanExportResult.SUCCESS
handle = configure(service_name="acme", endpoint="https://acme.example", audience="upstream")
assert not handle.active
provider = TracerProvider(); provider.add_span_processor(BatchSpanProcessor(Nowhere()))
tracer = provider.get_tracer("plain")
def plain(): return 1
@agent("planner")
def decorated(): return 1
def spanned():
    with tracer.start_as_current_span("planner"): return 1
def cost(call, times):
    begun = time.thread_time_ns()
    for _ in range(times): call()
    return (time.thread_time_ns() - begun) / times
rounds = [(cost(plain, 20_000), cost(decorated, 20_000), cost(spanned, 500)) for _ in range(15)]
plain_ns, decorated_ns, span_ns = (sorted(column)[len(column) // 2] for column in zip(*rounds))
print((decorated_ns - plain_ns) / (span_ns - plain_ns))
"""


def test_off_is_free(user, capsys):
    ratio = float(user.run(OFF).stdout)
    with capsys.disabled():
        print(f" [a decorated call without consent costs {ratio:.4f} of a span of the SDK]", end="")
    assert ratio <= 0.1  # measured beside other work; the promise is 0.02 and benchmarks/overhead measures it
    assert user.files() == []
    assert not telemetry(user).exists()
