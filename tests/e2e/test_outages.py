"""What is down comes back: the collector, the back end behind it, both one after the other. Nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter

import pytest
from collector.harness import Collector, Ports, eventually
from support.receiver import HttpReceiver, Reply

from e2e.pipelines import OPEN

DOWN_S = float(os.environ.get("OTEL_SMART_AGENTS_E2E_DOWN_S", "60"))
"""How long the collector stays down; the sender's back-off grows meanwhile."""

AT_WORK = """
import sys, time
from otel_smart_agents import agent, configure, skill

@skill("look")
def look(): pass

@agent("worker")
def work(): look()

with configure(service_name="outage") as handle:
    for _ in range({runs}):
        work()
        time.sleep({pause})
    print(handle.flush({patience}), flush=True)
"""


def program_at_work(user, collector, *, runs: int, pause: float, patience: float) -> subprocess.Popen[str]:
    """Start a program whose agents go on working whatever becomes of the collector."""
    script = user.folder.parent / "at_work.py"
    script.write_text(AT_WORK.format(runs=runs, pause=pause, patience=patience), encoding="utf-8")
    environ = user.environ(OTEL_EXPORTER_OTLP_ENDPOINT=collector.ports.url, OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf")
    return subprocess.Popen([sys.executable, str(script)], env=environ, stdout=subprocess.PIPE, text=True)


def counts(receiver: HttpReceiver) -> Counter[int]:
    """How often each span arrived, as a count of counts."""
    return Counter(Counter((span["trace_id"], span["span_id"]) for span in receiver.spans()).values())


def test_a_collector_that_is_down_for_a_while_gets_everything_once(user, program, tmp_path):
    runs = 200
    with HttpReceiver() as back_end:
        collector = Collector(program, OPEN, ports=Ports(tmp_path / "collector"), environ={"BACK_END": back_end.url})
        working = program_at_work(user, collector, runs=runs, pause=DOWN_S * 1.2 / runs, patience=120)
        time.sleep(DOWN_S)
        with collector:
            out, _ = working.communicate(timeout=300)
            assert out.strip() == "True"
            assert eventually(lambda: len(back_end.spans()) >= 2 * runs, timeout_s=30)
        assert counts(back_end) == {1: 2 * runs}


def test_what_the_collector_took_survives_its_restart_while_the_back_end_is_down(user, program, tmp_path):
    runs = 300
    with HttpReceiver(default=Reply(status=503)) as back_end:
        collector = Collector(program, OPEN, ports=Ports(tmp_path / "collector"), environ={"BACK_END": back_end.url})
        with collector:
            working = program_at_work(user, collector, runs=runs, pause=0.001, patience=60)
            out, _ = working.communicate(timeout=120)
            assert out.strip() == "True", "the collector has taken everything over"
            assert back_end.wait(1)
        assert back_end.spans() == []
        back_end.default = Reply()
        with collector:
            assert eventually(lambda: len(back_end.spans()) >= 2 * runs, timeout_s=60)
            time.sleep(2)  # whatever would come a second time comes now
        assert counts(back_end) == {1: 2 * runs}


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_restart_in_the_middle_loses_and_doubles_nothing(user, program, tmp_path, end):
    """A killed collector may have delivered what it had not yet crossed out: such a span comes again, the same byte for byte."""
    runs = 1500
    with HttpReceiver() as back_end:
        collector = Collector(program, OPEN, ports=Ports(tmp_path / "collector"), environ={"BACK_END": back_end.url})
        collector.start()
        working = program_at_work(user, collector, runs=runs, pause=0.005, patience=120)
        for _ in range(3):
            assert back_end.wait(len(back_end.requests) + 1, timeout_s=30)
            getattr(collector, end)()
            time.sleep(0.5)
            collector.start()
        out, _ = working.communicate(timeout=300)
        assert out.strip() == "True"
        assert eventually(lambda: sum(counts(back_end).values()) >= 2 * runs, timeout_s=60)
        time.sleep(2)
        collector.stop()
        found = counts(back_end)
        assert sum(found.values()) == 2 * runs
        if end == "stop":
            assert found == {1: 2 * runs}
        else:
            bodies = Counter((span["span_id"], str(span)) for span in back_end.spans())
            assert len(bodies) == 2 * runs, "what came twice is the same"
