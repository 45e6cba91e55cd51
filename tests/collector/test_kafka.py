"""``kafka-ingest.yaml`` and ``kafka-consume.yaml`` over a Kafka-compatible broker, into a back end and a real ClickHouse engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.receiver import HttpReceiver

from otel_smart_agents.cli.collector_go import build_environ

from . import clickhouse as shipped
from .harness import CONFIG, Collector, Ports, eventually
from .telemetry import INSTALLATION, agent, attributes, post, traces

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(400),
    pytest.mark.skipif(shutil.which("go") is None, reason="no Go on PATH: the broker cannot be built"),
]
chdb = pytest.importorskip("chdb", reason="no ClickHouse engine in this Python: pip install 'chdb-core>=26.7'")

BROKER = Path(__file__).with_name("broker")


@pytest.fixture(scope="session")
def broker_program(tmp_path_factory):
    target = tmp_path_factory.mktemp("broker") / "broker"
    argv = ["go", "build", "-trimpath", "-buildvcs=false", "-o", str(target), "."]
    done = subprocess.run(argv, cwd=BROKER, env=build_environ(os.environ), capture_output=True, text=True, check=False)
    if done.returncode != 0 and "dial tcp" in done.stderr:
        pytest.skip("the broker's modules are not in Go's module cache, and the module proxy cannot be reached")
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def broker(broker_program):
    """The address of a broker."""
    with subprocess.Popen([broker_program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


@pytest.fixture
def back_end():
    with HttpReceiver() as found:
        yield found


@pytest.fixture
def store(tmp_path):
    with shipped.ClickHouse(tmp_path / "store") as found:
        yield found


@pytest.fixture
def pair(program, broker, back_end, store, tmp_path):
    """The gateway that writes, and the consumer, which is not started yet."""
    brokers = {"SMART_AGENTS_KAFKA": f'["{broker}"]'}
    stores = {"SMART_AGENTS_BACK_END": back_end.url, "SMART_AGENTS_CLICKHOUSE": store.dsn}
    consumer = Collector(program, CONFIG / "kafka-consume.yaml", ports=Ports(tmp_path / "consume"), environ=brokers | stores)
    with Collector(program, CONFIG / "kafka-ingest.yaml", ports=Ports(tmp_path / "ingest"), environ=brokers) as ingest:
        yield ingest, consumer
        consumer.stop(timeout_s=90)  # it leaves its group first


def send(ingest, *names):
    for name in names:
        assert post(ingest.ports.url, traces(agent(name))) == 200


def test_spans_go_through_kafka_into_both_stores(pair, back_end, store):
    ingest, consumer = pair
    consumer.start()
    names = [f"agent-{number}" for number in range(20)]
    assert post(ingest.ports.url, traces(agent("refused"), consent=False)) == 200
    send(ingest, *names)
    assert back_end.wait_spans(len(names), timeout_s=60), consumer.tail()
    assert sorted(one["attributes"]["gen_ai.agent.name"] for one in back_end.spans()) == sorted(names)
    count = "SELECT count() FROM smart_agents.otel_traces"
    assert eventually(lambda: int(store.one(count)) == len(names), timeout_s=60), consumer.tail()
    rows = store.rows("SELECT name, kind, outcome, service, installation_id FROM smart_agents.spans ORDER BY name")
    assert [row["name"] for row in rows] == sorted(names)
    assert {row["installation_id"] for row in rows} == {INSTALLATION}
    assert {(row["kind"], row["outcome"], row["service"]) for row in rows} == {("agent", "success", "acme")}


def test_events_and_metrics_reach_the_tables(pair, store):
    ingest, consumer = pair
    consumer.start()
    body = traces(agent("unused"))
    resource = body["resourceSpans"][0]["resource"]
    rating = {"gen_ai.evaluation.name": "user_satisfaction", "gen_ai.evaluation.score.value": 4.0, "gen_ai.skill.name": "debugging"}
    record = {"timeUnixNano": "1790000000000000000", "eventName": "gen_ai.evaluation.result", "attributes": attributes(rating)}
    logs = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": {"name": "otel_smart_agents"}, "logRecords": [record]}]}]}
    assert post(ingest.ports.url, logs, signal="logs") == 200
    point = {"attributes": attributes({"gen_ai.agent.name": "reviewer"}), "startTimeUnixNano": "1", "timeUnixNano": "1790000000000000000"}
    point |= {"count": "2", "sum": 7.0, "scale": 0, "zeroCount": "0", "positive": {"offset": 1, "bucketCounts": ["2"]}, "min": 3, "max": 4}
    histogram = {"aggregationTemporality": 1, "dataPoints": [point]}
    metric = {"name": "gen_ai.invoke_agent.duration", "unit": "s", "exponentialHistogram": histogram}
    scope = {"scope": {"name": "otel_smart_agents"}, "metrics": [metric]}
    assert post(ingest.ports.url, {"resourceMetrics": [{"resource": resource, "scopeMetrics": [scope]}]}, signal="metrics") == 200
    assert eventually(lambda: store.rows("SELECT * FROM smart_agents.events"), timeout_s=60), consumer.tail()
    (event,) = store.rows("SELECT event, skill, score FROM smart_agents.events")
    assert event == {"event": "gen_ai.evaluation.result", "skill": "debugging", "score": 4}
    rows = lambda: store.rows("SELECT MetricName, Count, Sum FROM smart_agents.otel_metrics_exponential_histogram")
    (row,) = eventually(rows, timeout_s=60) or [consumer.tail()]
    assert (row["MetricName"], int(row["Count"]), row["Sum"]) == ("gen_ai.invoke_agent.duration", 2, 7)


def test_what_was_written_while_nobody_read_is_read_later_and_a_killed_consumer_loses_nothing(pair, back_end):
    ingest, consumer = pair
    first = [f"before-{number}" for number in range(10)]
    second = [f"after-{number}" for number in range(10)]
    send(ingest, *first)
    consumer.start()
    assert back_end.wait_spans(len(first), timeout_s=60), consumer.tail()
    consumer.kill()
    send(ingest, *second)
    consumer.start()
    seen = lambda: {one["attributes"]["gen_ai.agent.name"] for one in back_end.spans()}
    # A group waits for its dead members: up to a session (10 s) and then a rebalance (60 s), longer on a busy machine.
    assert eventually(lambda: seen() == {*first, *second}, timeout_s=240), consumer.tail()
