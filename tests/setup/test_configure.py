"""``configure()``: what it refuses, what it returns twice, which provider it uses, and that it stays out of the way."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from support.receiver import HttpReceiver, dead_port

from otel_smart_agents import Capture, agent, configure
from otel_smart_agents.consent import Notice
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.setup import handles


@pytest.fixture(autouse=True)
def fresh(home):
    yield
    for handle in handles():
        handle.shutdown(0.1)


def notice() -> Notice:
    return Notice(
        version="1",
        controller="Acme",
        contact="privacy@acme.example",
        purposes=("x",),
        recipients=("Acme",),
        country="DE",
        retention="90 days",
        policy_url="https://acme.example",
        rights=("erasure",),
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"endpoint": "http://127.0.0.1:1"}, "audience="),
        ({"audience": "mine"}, "'own' or 'upstream'"),
        ({"audience": "upstream", "service_name": "a"}, "needs endpoint="),
        ({"audience": "upstream", "endpoint": "https://a.example"}, "needs service_name="),
        ({"audience": "upstream", "endpoint": "http://a.example", "service_name": "a"}, "https"),
        ({"audience": "upstream", "endpoint": "https://a.example", "service_name": "a", "unknown": "scan"}, "own destinations only"),
        ({"audience": "upstream", "endpoint": "https://a.example", "service_name": "a", "spool": "memory"}, "own destinations only"),
        ({"audience": "upstream", "endpoint": "https://a.example", "service_name": "a", "gate": "per_call"}, "per_call"),
        ({"audience": "upstream", "endpoint": "https://a.example", "service_name": "a", "provider": TracerProvider()}, "provider="),
        ({"durabilty": "write_through"}, "did you mean 'durability'"),
        ({"notise": 1}, "did you mean 'notice'"),
        ({"durability": "perhaps"}, "durability"),
        ({"gate": "nobody"}, "gate="),
        ({"capture": "full"}, "Capture"),
        ({"packages": "acme"}, "a list"),
        ({"packages": ["acme corp"]}, "acme corp"),
        ({"provider": "global"}, "isolated"),
        ({"notice": "please"}, "takes a Notice"),
        ({"compat": {"zipkin"}}, "openinference"),
        ({"compat": "openinference"}, "takes a set"),
        ({"compat": 5}, "takes a set"),
        ({"packages": 5}, "a list"),
        ({"comand": "acme"}, "did you mean 'command'"),
        ({"organisation_key": "text"}, "bytes"),
        ({"audience": "own", "endpoint": "http://user:pass@host"}, "credentials"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_way_out(arguments, says):
    with pytest.raises(ConfigError, match=says):
        configure(**arguments)
    assert handles() == ()


def test_the_same_again_is_the_same_handle():
    first = configure(service_name="acme", audience="own", provider="isolated")
    assert configure(service_name="acme", audience="own", provider="isolated") is first
    with pytest.raises(ConfigError, match="other arguments"):
        configure(service_name="acme", audience="own", provider="isolated", durability="write_through")
    other = configure(service_name="other", audience="own", provider="isolated")
    assert handles() == (first, other)
    first.shutdown()
    assert handles() == (other,)
    assert configure(service_name="acme", audience="own", provider="isolated") is not first


def test_packages_count_where_they_are_named():
    arguments = {"service_name": "acme", "audience": "own", "provider": "isolated"}
    first = configure(**arguments, packages=["acme"])
    assert configure(**arguments, packages=["acme"]) is configure(**arguments) is first
    with pytest.raises(ConfigError, match="other arguments"):
        configure(**arguments, packages=["other"])


def test_what_the_message_of_a_failed_call_says_to_do_works():
    with pytest.raises(ConfigError, match="provider='isolated'"):
        configure(service_name="acme", audience="own", provider=trace.NoOpTracerProvider())
    assert handles() == ()
    assert configure(service_name="acme", audience="own", provider="isolated").active


def test_a_handle_is_a_context_manager_and_closes_once(home):
    with configure(service_name="acme", audience="own", provider="isolated") as handle:
        assert handle.active

        @agent("planner")
        def planner() -> int:
            return 1

        assert planner() == 1
        assert handle.flush(to="disk")
    assert handle.closed
    assert handle.shutdown()
    assert planner() == 1
    assert handle.refresh().mode != "off"
    assert not handle.active
    written = [path for path in home.rglob("*.jsonl") if "traces" in path.parts]
    assert len(written) == 1


def test_own_adds_to_the_provider_that_is_given_and_its_spans_come_too(home):
    provider = TracerProvider(shutdown_on_exit=False)
    with configure(service_name="acme", audience="own", provider=provider) as handle:
        theirs = provider.get_tracer("theirs")
        with (
            theirs.start_as_current_span("GET", attributes={"http.request.method": "GET", "secret": "x"}),
            agent("planner"),
        ):
            assert trace.get_current_span().is_recording()
        assert handle.flush(to="disk")
    (file,) = [path for path in home.rglob("*.jsonl") if "traces" in path.parts]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    spans = [s for line in lines for group in line["resourceSpans"] for scope in group["scopeSpans"] for s in scope["spans"]]
    by_name = {span["name"]: span for span in spans}
    assert by_name["invoke_agent planner"]["parentSpanId"] == by_name["GET"]["spanId"]
    assert "secret" not in file.read_text()


def test_a_foreign_provider_is_refused_with_the_way_out():
    class Foreign(trace.NoOpTracerProvider):
        pass

    with pytest.raises(ConfigError, match="provider='isolated'"):
        configure(service_name="acme", audience="own", provider=Foreign())


def test_without_an_endpoint_nothing_is_sent_and_the_mode_says_so():
    with configure(service_name="acme", audience="own", provider="isolated") as handle:
        assert handle.decision().mode == "local"
        assert handle.flush(5, to="disk")
        assert not handle.flush(0.5, to="backend"), "no back end was reached, because there is none"


def test_openinference_is_added_on_request():
    with HttpReceiver() as receiver:
        with configure(service_name="acme", audience="own", endpoint=receiver.url, provider="isolated", compat={"openinference"}) as handle:
            with agent("planner"):
                pass
            assert handle.flush(10)
        (span,) = receiver.spans()
        assert span["attributes"]["openinference.span.kind"] == "AGENT"


def test_logs_and_metrics_are_sent_when_asked_for():
    from otel_smart_agents import feature

    with HttpReceiver() as receiver:
        with configure(
            service_name="acme", audience="own", endpoint=receiver.url, provider="isolated", signals={"traces", "logs", "metrics"}
        ):
            with agent("planner"):
                pass
            feature("export", "used")
        assert receiver.wait(3)
        found = {request.signal: request for request in receiver.requests}
        assert found["logs"].records()[0]["name"] == "smart_agents.feature.usage"
        names = {record["name"] for record in found["metrics"].records()}
        assert {"gen_ai.invoke_agent.duration", "smart_agents.queue.size"} <= names
        metric = next(
            m
            for group in found["metrics"].message().resource_metrics
            for scope in group.scope_metrics
            for m in scope.metrics
            if m.name == "gen_ai.invoke_agent.duration"
        )
        assert metric.WhichOneof("data") == "exponential_histogram"
        assert metric.exponential_histogram.aggregation_temporality == 1  # delta
        assert [span["name"] for span in found["traces"].records()] == ["invoke_agent planner"]


def test_capture_is_capped_by_the_destination():
    with configure(service_name="acme", audience="own", provider="isolated", capture=Capture.NONE) as handle:

        @agent("planner", capture=Capture.FULL)
        def planner(query: str) -> str:
            return query

        planner("the query")
        assert handle.flush(to="disk")
        folder = handle.store.paths.spool / handle.destination.key
        assert not any(b"the query" in path.read_bytes() for path in folder.rglob("*.jsonl"))


@pytest.mark.parametrize("protocol", ["http/json", "grpc"])
def test_a_dead_back_end_delays_the_exit_by_no_more_than_promised(home, protocol):
    with dead_port() as port:
        code = f"""
import time, sys
from otel_smart_agents import agent, configure
configure(service_name="acme", audience="own", endpoint="http://127.0.0.1:{port}", protocol={protocol!r})
@agent("planner")
def planner(): pass
for _ in range(50): planner()
sys.stdout.write(str(time.time()))
sys.stdout.flush()
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert time.time() - float(done.stdout) < 1.5 + 0.5  # half a second for the interpreter itself to end on a busy machine
    assert [path for path in home.rglob("*.jsonl") if "ready" in path.parts]
