"""RightsService of a real collector: asked by the command line, by hand with a wrong proof, and after its restart."""

from __future__ import annotations

import json
import os
import time

import grpc
import pytest
from promises.program import NOTICE, Home

from otel_smart_agents._pb.rights.v1 import rights_pb2, rights_pb2_grpc
from otel_smart_agents.consent.idfile import id_of

from .harness import Collector, Ports, eventually
from .telemetry import agent, post, traces

CONFIG = """
extensions:
  health_check:
    endpoint: ${env:SMART_AGENTS_HEALTH}
  file_storage:
    directory: ${env:SMART_AGENTS_STATE}
    fsync: true
  agentrights:
    storage: file_storage
    grpc:
      endpoint: ${env:SMART_AGENTS_RIGHTS}
    list:
      path: ${env:SMART_AGENTS_STATE}/erasures.jsonl
      done_path: ${env:SMART_AGENTS_STATE}/erased
receivers:
  otlp:
    protocols:
      http:
        endpoint: ${env:SMART_AGENTS_OTLP_HTTP}
processors:
  agentprivacy:
    consent: required
    erasure: agentrights
exporters:
  file:
    path: ${env:SMART_AGENTS_STATE}/written.jsonl
    append: true
    flush_interval: 50ms
service:
  extensions: [health_check, file_storage, agentrights]
  telemetry:
    metrics:
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: ${env:SMART_AGENTS_METRICS_PORT}
  pipelines:
    traces:
      receivers: [otlp]
      processors: [agentprivacy]
      exporters: [file]
    logs:
      receivers: [otlp]
      processors: [agentprivacy]
      exporters: [file]
"""
PRODUCT = (
    NOTICE
    + """
from otel_smart_agents import agent, configure

def setup():
    return configure(service_name="acme", endpoint={url!r}, audience="upstream", notice=NOTICE, packages=["acme_usage"],
                     rights_endpoint={rights!r})

@agent("planner")
def planner(): pass
"""
)
RUN = "import acme_usage\nhandle = acme_usage.setup()\nacme_usage.planner()\nassert handle.flush(20, to='backend')"


@pytest.fixture
def collector(program, tmp_path):
    with Collector(program, CONFIG, ports=Ports(tmp_path / "collector")) as found:
        yield found


@pytest.fixture
def service(collector):
    with grpc.insecure_channel(f"127.0.0.1:{collector.ports.rights}") as channel:
        yield rights_pb2_grpc.RightsServiceStub(channel)


@pytest.fixture
def user(tmp_path, collector):
    """A person who agreed, with the product installed."""
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    rights = f"http://127.0.0.1:{collector.ports.rights}"
    (home.folder / "acme_usage.py").write_text(PRODUCT.format(url=collector.ports.url, rights=rights))
    home.grant(collector.ports.url)
    return home


def written(collector):
    path = collector.ports.folder / "written.jsonl"
    return path.read_text() if path.exists() else ""


def erasures(collector):
    return [json.loads(line) for line in (collector.ports.folder / "erasures.jsonl").read_text().splitlines()]


def test_disable_gets_a_receipt_and_the_erase_job_s_word(user, collector, service):
    user.run(RUN, PYTHONPATH=str(user.folder))
    assert eventually(lambda: "invoke_agent planner" in written(collector))
    command = ("--app", "acme_usage:setup")
    done = json.loads(user.cli(*command, "disable", "--json", PYTHONPATH=str(user.folder)).stdout)
    assert done["destinations"][0]["erasure_requests_waiting"] == 0
    (line,) = erasures(collector)
    assert (line["sequence"], line["source"]) == (1, "grpc")
    assert line["installation_id"] in written(collector)
    (at,) = json.loads(user.cli(*command, "status", "--json", PYTHONPATH=str(user.folder)).stdout)["destinations"]
    assert at["erasure"]["pending"] == 0
    (acknowledged,) = at["erasure"]["acknowledged"]
    assert acknowledged["by"] == "rights_service"

    again = {"app.installation.id": line["installation_id"]}
    assert post(collector.ports.url, traces(agent("late"), resource=again)) == 200
    assert post(collector.ports.url, traces(agent("neighbour"))) == 200
    assert eventually(lambda: "invoke_agent neighbour" in written(collector))
    assert "invoke_agent late" not in written(collector)

    question = rights_pb2.GetErasureStatusRequest(request_id=acknowledged["request_id"])
    assert service.GetErasureStatus(question).state == rights_pb2.ERASURE_STATE_ACCEPTED
    (collector.ports.folder / "erased").write_text("1\n")
    time.sleep(1.1)  # the extension looks at the file once a second
    assert service.GetErasureStatus(question).state == rights_pb2.ERASURE_STATE_ERASED


def test_nobody_erases_what_is_somebody_else_s(collector, service):
    victim, secret = id_of(os.urandom(32)), os.urandom(32)
    with pytest.raises(grpc.RpcError) as refused:
        service.RequestErasure(rights_pb2.RequestErasureRequest(installation_id=victim, proof=secret))
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    forged = {"smart_agents.deletion.installation_id": victim, "smart_agents.deletion.proof": secret.hex()}
    record = {
        "eventName": "smart_agents.deletion.request",
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in forged.items()],
    }
    body = {"resourceLogs": [{"scopeLogs": [{"scope": {"name": "otel_smart_agents"}, "logRecords": [record]}]}]}
    assert post(collector.ports.url, body, signal="logs") == 200
    assert post(collector.ports.url, traces(agent("victim"), resource={"app.installation.id": victim})) == 200
    assert eventually(lambda: "invoke_agent victim" in written(collector))
    assert erasures(collector) == []
    assert secret.hex() not in written(collector)
    name = "otelcol_agentrights_erasure_requests"
    assert eventually(lambda: collector.counted(name, source="otlp", result="unproved") == 1)
    assert collector.counted(name, source="grpc", result="unproved") == 1


def test_a_kill_forgets_no_acknowledged_request(collector, service):
    secrets = [os.urandom(32) for _ in range(50)]
    for secret in secrets:
        service.RequestErasure(rights_pb2.RequestErasureRequest(installation_id=id_of(secret), proof=secret))
    collector.kill()
    collector.start()
    for secret in secrets:
        assert post(collector.ports.url, traces(agent("erased"), resource={"app.installation.id": id_of(secret)})) == 200
    assert post(collector.ports.url, traces(agent("neighbour"))) == 200
    assert eventually(lambda: "invoke_agent neighbour" in written(collector))
    assert "invoke_agent erased" not in written(collector)
    assert [line["installation_id"] for line in erasures(collector)] == [id_of(secret) for secret in secrets]
