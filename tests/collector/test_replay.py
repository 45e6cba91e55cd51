"""``replay.yaml``: what a program kept in its spool reaches any back end, once, also across a restart, and never a damaged line."""

from __future__ import annotations

import json
import zlib

import pytest
from support.receiver import HttpReceiver

from .harness import CONFIG, Collector, Ports, eventually
from .telemetry import agent, traces


def spool_line(body) -> str:
    """A line as the spool writes it: the checksum is of everything before it."""
    text = json.dumps(body, separators=(",", ":"))
    return f'{text[:-1]},"crc32":"{zlib.crc32(text[:-1].encode()):08x}"}}\n'


@pytest.fixture
def back_end():
    with HttpReceiver() as found:
        yield found


@pytest.fixture
def replay(program, tmp_path, back_end):
    """A collector that replays a folder."""
    spool = tmp_path / "spool"
    spool.mkdir()
    environ = {"SMART_AGENTS_BACK_END": back_end.url, "SMART_AGENTS_SPOOL": f'["{spool}/*.jsonl"]'}
    collector = Collector(program, CONFIG / "replay.yaml", ports=Ports(tmp_path / "state"), environ=environ)
    collector.spool = spool
    yield collector
    collector.stop()


def names(back_end):
    return sorted(span["attributes"]["gen_ai.agent.name"] for span in back_end.spans())


def test_files_are_sent_once_across_a_restart(replay, back_end):
    (replay.spool / "1.jsonl").write_text(spool_line(traces(agent("first"), agent("second"))))
    replay.start()
    assert back_end.wait_spans(2), replay.tail()
    replay.stop()
    with (replay.spool / "1.jsonl").open("a") as file:
        file.write(spool_line(traces(agent("third"))))
    (replay.spool / "2.jsonl").write_text(spool_line(traces(agent("fourth"))))
    replay.start()
    assert back_end.wait_spans(4), replay.tail()
    assert names(back_end) == ["first", "fourth", "second", "third"]
    assert sorted(path.name for path in replay.spool.glob("*.jsonl")) == ["1.jsonl", "2.jsonl"], "the files stay"


def test_a_damaged_line_and_one_without_consent_do_not_pass(replay, back_end):
    damaged = spool_line(traces(agent("reviewer"))).replace("reviewer", "rewiever")
    refused = spool_line(traces(agent("refused"), consent=False))
    (replay.spool / "1.jsonl").write_text(damaged + refused + spool_line(traces(agent("good"))))
    replay.start()
    assert back_end.wait_spans(1), replay.tail()
    assert eventually(lambda: len(back_end.requests) > 1, timeout_s=2) is False
    assert names(back_end) == ["good"]


def test_what_a_back_end_that_is_down_missed_comes_when_it_is_up(program, tmp_path):
    with HttpReceiver() as found:
        port = found.port
    spool = tmp_path / "spool"
    spool.mkdir()
    (spool / "1.jsonl").write_text("".join(spool_line(traces(agent(f"a{number}"))) for number in range(20)))
    environ = {"SMART_AGENTS_BACK_END": f"http://127.0.0.1:{port}", "SMART_AGENTS_SPOOL": f'["{spool}/*.jsonl"]'}
    with Collector(program, CONFIG / "replay.yaml", ports=Ports(tmp_path / "state"), environ=environ) as collector:
        assert eventually(lambda: "failed" in collector.logs().lower() or "refused" in collector.logs().lower())
        with HttpReceiver(port=port) as back_end:
            assert back_end.wait_spans(20, timeout_s=40), collector.tail()
            assert names(back_end) == sorted(f"a{number}" for number in range(20))
