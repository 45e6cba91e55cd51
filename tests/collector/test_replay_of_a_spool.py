"""``replay.yaml`` on what the package itself wrote, and through a kill of the collector."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from support.receiver import HttpReceiver

from otel_smart_agents.spool.lines import make_line

from .harness import CONFIG, Collector, Ports, eventually
from .telemetry import agent, traces

PROGRAM = """
from otel_smart_agents import agent, configure, skill

@skill("find-flights")
def find(): ...

@agent("trip-planner")
def plan():
    find()

with configure(service_name="trips", signals=frozenset({"traces", "metrics"})):
    plan()
"""
LINES = "otelcol_receiver_agent_spool_lines_total"


@pytest.fixture
def back_end():
    with HttpReceiver() as receiver:
        yield receiver


def replaying(program, folder, pattern, back_end):
    settings = {"SMART_AGENTS_SPOOL": json.dumps([str(pattern)]), "SMART_AGENTS_BACK_END": back_end.url}
    environ = {"SMART_AGENTS_CONSENT": "not_required", **settings}
    return Collector(program, CONFIG / "replay.yaml", ports=Ports(folder / "collector"), environ=environ)


def line(name):
    """One line of a spool with one agent's run."""
    return make_line("traces", json.dumps(traces(agent(name))["resourceSpans"])[1:-1].encode())


def names(back_end):
    return Counter(span["name"] for span in back_end.spans())


def accepted(collector):
    return sum(value for name, value in collector.metrics().items() if name.startswith(LINES) and "accepted" in name)


def test_what_a_program_kept_on_the_disk_reaches_the_back_end_once(program, home, back_end):
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)
    spool = home / "copy"
    shutil.copytree(home / ".smart-agents" / "telemetry" / "spool", spool)
    before = {path: path.read_bytes() for path in spool.rglob("*") if path.is_file()}
    for _restart in range(2):
        with replaying(program, home, spool / "*" / "*" / "ready" / "*.jsonl", back_end):
            assert eventually(lambda: names(back_end)["gen_ai.invoke_agent.duration"])
            assert not eventually(lambda: max(names(back_end).values()) > 1, timeout_s=1.5)
    assert names(back_end)["invoke_agent trip-planner"] == names(back_end)["execute_tool find-flights"] == 1
    assert {path: path.read_bytes() for path in spool.rglob("*") if path.is_file()} == before, "the spool is not written to"


def test_a_kill_in_the_middle_loses_nothing(program, tmp_path, back_end):
    want = set()
    for number in range(20):
        runs = [f"run-{number}-{index}" for index in range(20)]
        want |= {f"invoke_agent {run}" for run in runs}
        (tmp_path / f"{number:02}.jsonl").write_bytes(b"".join(map(line, runs)))
    collector = replaying(program, tmp_path, tmp_path / "*.jsonl", back_end).start()
    assert back_end.wait_spans(20, timeout_s=20)
    collector.kill()
    assert len(names(back_end)) < len(want), "it was killed too late to say anything"
    with replaying(program, tmp_path, tmp_path / "*.jsonl", back_end) as collector:
        assert eventually(lambda: set(names(back_end)) == want, timeout_s=40), collector.tail()
        assert accepted(collector) < len(want), "the second collector read everything again"
