"""``gateway.yaml``: one request reaches every back end, each in its own way; strangers and spans without consent reach none."""

from __future__ import annotations

import pytest
from support.receiver import GrpcReceiver

from . import clickhouse as shipped
from .harness import CONFIG, Collector, Ports, eventually, scrape
from .telemetry import INSTALLATION, agent, post, traces

pytest.importorskip("chdb", reason="no ClickHouse engine in this Python: pip install 'chdb-core>=26.7'")

TOKEN = {"Authorization": "Bearer open-sesame"}


@pytest.fixture
def back_ends():
    with GrpcReceiver() as jaeger, GrpcReceiver() as tempo:
        yield jaeger, tempo


@pytest.fixture
def store(tmp_path):
    with shipped.ClickHouse(tmp_path / "store") as found:
        yield found


@pytest.fixture
def gateway(program, back_ends, store, tmp_path):
    jaeger, tempo = back_ends
    environ = {"SMART_AGENTS_JAEGER": jaeger.url, "SMART_AGENTS_TEMPO": tempo.url, "SMART_AGENTS_CLICKHOUSE": store.dsn}
    environ |= {"SMART_AGENTS_TOKEN": "open-sesame", "SMART_AGENTS_METRICS_EVERY": "200ms"}
    with Collector(program, CONFIG / "gateway.yaml", ports=Ports(tmp_path / "gateway"), environ=environ) as found:
        yield found


def test_a_run_with_consent_is_in_every_back_end(gateway, back_ends, store):
    body = traces(agent("reviewer", failed=True))
    assert post(gateway.ports.url, body) == 401
    assert post(gateway.ports.url, body, headers={"Authorization": "Bearer guess"}) == 401
    assert post(gateway.ports.url, traces(agent("refused"), consent=False), headers=TOKEN) == 200
    assert post(gateway.ports.url, body, headers=TOKEN) == 200
    for back_end in back_ends:
        assert back_end.wait_spans(1, timeout_s=20), gateway.tail()
    row = eventually(lambda: store.rows("SELECT name, outcome, error_type, installation_id FROM smart_agents.spans"))
    assert row == [{"name": "reviewer", "outcome": "failure", "error_type": "TimeoutError", "installation_id": INSTALLATION}], (
        gateway.tail()
    )
    calls = lambda: [
        name for name in scrape(f"http://127.0.0.1:{gateway.ports.prometheus}/metrics") if name.startswith("smart_agents_calls")
    ]
    (series,) = eventually(calls)
    assert 'gen_ai_agent_name="reviewer"' in series
    assert 'smart_agents_outcome="failure"' in series
    names = [one["attributes"]["gen_ai.agent.name"] for back_end in back_ends for one in back_end.spans()]
    assert names == ["reviewer", "reviewer"]


def test_a_store_that_is_down_holds_nobody_back_and_misses_nothing(gateway, back_ends, store, tmp_path):
    jaeger, tempo = back_ends
    port = tempo.port
    tempo.close()
    assert post(gateway.ports.url, traces(agent("reviewer")), headers=TOKEN) == 200
    assert jaeger.wait_spans(1, timeout_s=20), gateway.tail()
    assert eventually(lambda: store.rows("SELECT name FROM smart_agents.spans")), gateway.tail()
    assert gateway.stop() == 0, "what waits is on the disk"
    back = GrpcReceiver(port=port)
    try:
        gateway.start()
        assert back.wait_spans(1, timeout_s=30), gateway.tail()
        assert len(back.spans()) == 1
    finally:
        back.close()
    assert len(jaeger.spans()) == 1, "who had it does not get it twice"
