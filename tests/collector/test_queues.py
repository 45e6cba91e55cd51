"""What waits for a back end that is down: kept within a cap, refused beyond it so that senders come back, and sent once it is up."""

from __future__ import annotations

import pytest
from support.receiver import GrpcReceiver

from .harness import CONFIG, Collector, Ports, eventually
from .telemetry import agent, post, traces

CAP = 20_000


@pytest.fixture
def port():
    with GrpcReceiver() as found:
        return found.port


@pytest.mark.parametrize(("name", "variable"), [("tempo", "SMART_AGENTS_TEMPO"), ("jaeger", "SMART_AGENTS_JAEGER")])
def test_a_full_queue_refuses_and_keeps_what_it_took_through_a_kill(program, tmp_path, port, name, variable):
    environ = {variable: f"http://127.0.0.1:{port}", "SMART_AGENTS_QUEUE_BYTES": str(CAP)}
    collector = Collector(program, CONFIG / f"{name}.yaml", ports=Ports(tmp_path / "state"), environ=environ).start()
    try:
        taken, refused = [], 0
        for number in range(400):
            status = post(collector.ports.url, traces(agent(f"agent-{number}"), consent=False))
            if status == 200:
                taken.append(f"agent-{number}")
            else:
                assert status == 503, "a status that senders come back for"
                refused += 1
        assert taken
        assert refused, "the cap holds"
        collector.kill()
        collector.start()
        back_end = GrpcReceiver(port=port)
        try:
            names = lambda: {one["attributes"]["gen_ai.agent.name"] for one in back_end.spans()}
            assert eventually(lambda: names() == set(taken), timeout_s=60), collector.tail()
        finally:
            back_end.close()
    finally:
        collector.stop()
