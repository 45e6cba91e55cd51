"""The exporter ``smart_agents`` as the SDK's own configurators construct it."""

from __future__ import annotations

import json
import sys
import textwrap

import pytest
from opentelemetry.sdk.resources import Resource
from support.programs import run
from support.receiver import GrpcReceiver, HttpReceiver

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.entry import EnvironmentSource

PROGRAM = """
from otel_smart_agents import agent, skill, session

@skill("search")
def search(question):
    return question

@agent("reviewer")
def review(question):
    return search(question)

review("what is in my diary, alice@example.com?")
"""


def instrumented(tmp_path, *arguments, url="", program=PROGRAM, timeout_s=60, **environ):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(program))
    # what the script opentelemetry-instrument does, without having to find it
    launcher = "import sys; from opentelemetry.instrumentation.auto_instrumentation import run; sys.exit(run())"
    command = [sys.executable, "-c", launcher, *arguments, sys.executable, str(path)]
    body = f"""
    import subprocess
    done = subprocess.run({command!r}, capture_output=True, text=True, timeout=50)
    print(done.stdout)
    print(done.stderr, file=sys.stderr)
    sys.exit(done.returncode)
    """
    defaults = {"OTEL_EXPORTER_OTLP_ENDPOINT": url} if url else {}
    return run(body, folder=tmp_path, timeout_s=timeout_s, **{**defaults, **environ})


ZERO_CODE = ["--traces_exporter", "smart_agents", "--metrics_exporter", "none", "--logs_exporter", "none", "--service_name", "shop"]


@pytest.mark.parametrize(("protocol", "receiver"), [("http/protobuf", HttpReceiver), ("grpc", GrpcReceiver), ("http/json", HttpReceiver)])
def test_zero_code_instrumentation(tmp_path, protocol, receiver):
    with receiver() as found:
        done = instrumented(
            tmp_path, *ZERO_CODE, url=found.url, OTEL_EXPORTER_OTLP_PROTOCOL=protocol, OTEL_EXPORTER_OTLP_HEADERS="x-tenant=operators"
        )
        spans = {span["name"]: span for span in found.spans()}
        assert set(spans) == {"invoke_agent reviewer", "execute_tool search"}
        assert spans["execute_tool search"]["parent_span_id"] == spans["invoke_agent reviewer"]["span_id"]
        assert spans["invoke_agent reviewer"]["resource"]["service.name"] == "shop"
        assert found.requests[0].headers["x-tenant"] == "operators"
        assert b"alice" not in b"".join(request.body for request in found.requests)
    assert done.stderr.strip() == ""


def test_an_endpoint_that_cannot_be_used_sends_nothing_elsewhere(tmp_path):
    """Least of all to the default address: headers of the other back end would go with it."""
    environ = {"HOME": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example:43l8", "OTEL_EXPORTER_OTLP_HEADERS": "a=b"}
    with pytest.warns(RuntimeWarning) as told:
        source = EnvironmentSource({}, environ=environ)
    assert any("kept on this machine" in str(warning.message) for warning in told)
    assert source.endpoint is None
    pipeline = source.pipeline(Resource({"service.name": "shop"}))
    assert pipeline.decision().mode == "local"
    pipeline.shutdown(0)


def test_the_consent_of_a_session_counts_behind_the_sdks_batch_processor(tmp_path):
    program = PROGRAM + "\nwith session(consent={'skill'}):\n    review('x')\n"
    with HttpReceiver() as receiver:
        instrumented(tmp_path, *ZERO_CODE, url=receiver.url, program=program, OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf")
        names = sorted(span["name"] for span in receiver.spans())
        assert names == ["execute_tool search", "execute_tool search", "invoke_agent reviewer"]


def test_a_disabled_sdk_leaves_no_trace(tmp_path):
    with HttpReceiver() as receiver:
        instrumented(tmp_path, *ZERO_CODE, url=receiver.url, OTEL_SDK_DISABLED="true")
        assert receiver.requests == []
    assert not (tmp_path / ".smart-agents").exists()


def test_constructors_do_nothing(tmp_path):
    body = """
    import threading
    from otel_smart_agents.export.entry import logs_exporter, metrics_exporter, traces_exporter
    before = set(os.listdir("/proc/self/fd"))
    for made in (traces_exporter(), logs_exporter(), metrics_exporter()):
        made.force_flush()
        made.shutdown()
    assert threading.active_count() == 1
    assert len(os.listdir("/proc/self/fd")) <= len(before)
    """
    run(body, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_otel_config_file(tmp_path):
    with HttpReceiver() as receiver:
        config = {
            "file_format": "1.0",
            "resource": {"attributes": [{"name": "service.name", "value": "from-file"}]},
            "tracer_provider": {
                "processors": [
                    {
                        "batch": {
                            "exporter": {"smart_agents": {"endpoint": receiver.url, "protocol": "http/json", "durability": "write_through"}}
                        }
                    }
                ]
            },
        }
        path = tmp_path / "otel.yaml"
        path.write_text(json.dumps(config))  # JSON is YAML
        done = instrumented(tmp_path, OTEL_CONFIG_FILE=str(path))
        assert {span["name"] for span in receiver.spans()} == {"invoke_agent reviewer", "execute_tool search"}
        assert receiver.spans()[0]["resource"]["service.name"] == "from-file"
        assert b"alice" not in b"".join(request.body for request in receiver.requests)
    assert "Traceback" not in done.stderr


def test_an_unknown_key_of_the_block_names_the_nearest_known_one():
    from otel_smart_agents.export.entry import traces_exporter

    with pytest.raises(ConfigError, match="did you mean 'endpoint'"):
        traces_exporter(endpont="http://x")


def test_logs_and_metrics_reach_the_same_destination(tmp_path):
    body = """
    import logging
    from opentelemetry._logs import SeverityNumber
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from otel_smart_agents import semconv
    from otel_smart_agents.export import entry
    resource = Resource({"service.name": "shop"})
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(SimpleLogRecordProcessor(entry.logs_exporter()))
    logs.get_logger(semconv.SCOPE_NAME).emit(
        event_name="smart_agents.feature.usage", severity_number=SeverityNumber.INFO,
        attributes={
            "smart_agents.feature.name": "evolution_system", "smart_agents.feature.action": "enabled", "secret": "alice@example.com",
        },
    )
    metrics = MeterProvider([PeriodicExportingMetricReader(entry.metrics_exporter())], resource=resource)
    histogram = metrics.get_meter(semconv.SCOPE_NAME).create_histogram("gen_ai.invoke_agent.duration", "s")
    for value in (0.1, 2.0, 7.0):
        histogram.record(value, {"gen_ai.agent.name": "reviewer", "secret": "alice@example.com"})
    metrics.force_flush()
    (pipeline,) = entry._pipelines.values()
    assert pipeline.flush(10, to="backend")
    """
    with HttpReceiver() as receiver:
        run(body, folder=tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
        by_signal = {request.signal: request for request in receiver.requests}
        assert set(by_signal) == {"logs", "metrics"}
        (record,) = by_signal["logs"].records()
        assert record["name"] == "smart_agents.feature.usage"
        assert record["attributes"]["smart_agents.feature.name"] == "evolution_system"
        metric = by_signal["metrics"].message().resource_metrics[0].scope_metrics[0].metrics[0]
        assert metric.exponential_histogram.aggregation_temporality == 1  # delta
        assert metric.exponential_histogram.data_points[0].count == 3
        assert b"alice" not in b"".join(request.body for request in receiver.requests)
