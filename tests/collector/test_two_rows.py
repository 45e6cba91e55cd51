"""``gateway-lb.yaml`` and ``gateway-tail.yaml``: whole traces meet in one gateway of the second row, which keeps those that matter."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from support.receiver import HttpReceiver

from .harness import CONFIG, Collector, Ports, eventually
from .telemetry import agent, post, span, traces

TRACES = 40


def trace_of(number: int):
    """An agent with a skill, sent as two requests: every fourth trace fails in the skill."""
    trace = f"{number + 1:032x}"
    root = agent(f"agent-{number}", traceId=trace)
    outcome = "failure" if number % 4 == 0 else "success"
    items = {"gen_ai.operation.name": "execute_tool", "gen_ai.skill.name": "debugging", "gen_ai.tool.name": "debugging"}
    skill = span(
        "execute_tool debugging",
        items | {"smart_agents.kind": "skill", "smart_agents.outcome": outcome},
        traceId=trace,
        parentSpanId=root["spanId"],
        status={"code": 2 if outcome == "failure" else 0},
    )
    return root, skill


@pytest.fixture
def rows(program, tmp_path):
    """One gateway of the first row, two of the second, a back end behind each of these."""
    with ExitStack() as stack:
        back_ends = [stack.enter_context(HttpReceiver()) for _ in range(2)]
        second = []
        for number, back_end in enumerate(back_ends):
            environ = {"SMART_AGENTS_BACK_END": back_end.url, "SMART_AGENTS_DECISION_WAIT": "3s", "SMART_AGENTS_SHARE": "0"}
            gateway = Collector(program, CONFIG / "gateway-tail.yaml", ports=Ports(tmp_path / f"tail-{number}"), environ=environ)
            second.append(stack.enter_context(gateway))
        names = ", ".join(f'"127.0.0.1:{gateway.ports.otlp_grpc}"' for gateway in second)
        environ = {"SMART_AGENTS_TAIL_GATEWAYS": f"[{names}]", "SMART_AGENTS_METRICS_EVERY": "200ms"}
        first = Collector(program, CONFIG / "gateway-lb.yaml", ports=Ports(tmp_path / "lb"), environ=environ)
        yield stack.enter_context(first), second, back_ends


def test_failed_traces_are_kept_whole_and_each_is_decided_in_one_place(rows):
    first, second, back_ends = rows
    for part in (0, 1):
        for number in range(TRACES):
            assert post(first.ports.url, traces(trace_of(number)[part])) == 200
    kept = TRACES // 4
    assert eventually(lambda: sum(len(one.spans()) for one in back_ends) >= 2 * kept, timeout_s=40), first.tail() + second[0].tail()
    places: dict[str, set[int]] = {}
    found: dict[str, list[str]] = {}
    for number, back_end in enumerate(back_ends):
        for one in back_end.spans():
            places.setdefault(one["trace_id"], set()).add(number)
            found.setdefault(one["trace_id"], []).append(one["attributes"]["smart_agents.kind"])
    assert set(found) == {f"{number + 1:032x}" for number in range(0, TRACES, 4)}, "failed ones, and no other"
    assert all(sorted(kinds) == ["agent", "skill"] for kinds in found.values()), "whole traces"
    assert all(len(numbers) == 1 for numbers in places.values())
    received = [gateway.counted("otelcol_receiver_accepted_spans") for gateway in second]
    assert sum(received) == 2 * TRACES, "nothing was lost or doubled on the way"
    assert min(received) > 0, "both gateways have work"


def test_when_a_gateway_goes_its_traces_go_to_the_other(rows):
    first, (gone, stays), back_ends = rows
    gone.kill()
    for number in range(0, TRACES, 4):
        root, skill = trace_of(number)
        assert post(first.ports.url, traces(root, skill)) == 200
    counted = lambda: stays.counted("otelcol_receiver_accepted_spans")
    sent_there = eventually(lambda: counted() > 0 and counted(), timeout_s=30)
    assert sent_there, "those whose gateway is up are not held back by those whose is not"
    assert back_ends[1].wait_spans(2, timeout_s=30)


def test_a_span_without_consent_reaches_no_second_row(rows):
    first, second, _ = rows
    assert post(first.ports.url, traces(agent("refused"), consent=False)) == 200
    assert post(first.ports.url, traces(agent("agreed"))) == 200
    total = lambda: sum(gateway.counted("otelcol_receiver_accepted_spans") for gateway in second)
    assert eventually(total) == 1
