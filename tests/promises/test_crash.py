"""Processes that die at random moments lose at most what ended in the last 100 ms, or nothing; and a killed run is seen."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from otel_smart_agents.spool.folder import SpoolFolder

PROGRAM = str(Path(__file__).with_name("crash_program.py"))
LOST_MS = 100


def run_all(user, tmp_path, way: str, durability: str, runs: int) -> list[tuple[Path, int]]:
    done = user.command(sys.executable, PROGRAM, str(tmp_path), way, durability, str(runs), timeout=100)
    return [(tmp_path / run, int(killed)) for run, killed in (line.split() for line in done.stdout.splitlines())]


def spans_of(home: Path) -> list[dict]:
    folders = list((home / ".smart-agents/telemetry/spool").glob("*"))
    if not folders:  # killed before anything had ended
        return []
    spool = SpoolFolder(folders[0])
    spool.recover("traces")
    assert spool.stats().dropped.get("corrupt", 0) == 0
    bodies = [json.loads(file.body().json()) for file in spool.ready_files("traces")]
    return [span for body in bodies for group in body["resourceSpans"] for scope in group["scopeSpans"] for span in scope["spans"]]


def check(home: Path, killed_ns: int, *, tolerance_ms: float) -> None:
    finished = [line.split() for line in (home / "done").read_text().splitlines() if not line.endswith("begun")]
    killed_ns = next((int(moment) for moment, name in finished if name == "died"), killed_ns)
    due = {f"execute_tool {name}" for moment, name in finished if name[0] == "s" and int(moment) <= killed_ns - tolerance_ms * 1e6}
    spans = spans_of(home)
    names = Counter(span["name"] for span in spans)
    assert due <= set(names), sorted(due - set(names))[:5]
    assert max(Counter(span["spanId"] for span in spans).values(), default=1) == 1
    if spans or due:
        (root,) = [span for span in spans if span["name"] == "invoke_agent root"]
        outcome = {item["key"]: item["value"] for item in root["attributes"]}["smart_agents.outcome"]["stringValue"]
        assert outcome == "interrupted"
        assert {span["parentSpanId"] for span in spans if span is not root} <= {root["spanId"]}


@pytest.mark.parametrize(("durability", "tolerance_ms"), [("write_behind", LOST_MS), ("write_through", 0)])
def test_kill_9(user, tmp_path, durability, tolerance_ms):
    for home, killed in run_all(user, tmp_path, "kill", durability, 50):
        check(home, killed, tolerance_ms=tolerance_ms)


@pytest.mark.parametrize("way", ["_exit", "term"])
@pytest.mark.parametrize(("durability", "tolerance_ms"), [("write_behind", LOST_MS), ("write_through", 0)])
def test_sudden_ends(user, tmp_path, way, durability, tolerance_ms):
    for home, killed in run_all(user, tmp_path, way, durability, 12):
        check(home, killed, tolerance_ms=tolerance_ms)
