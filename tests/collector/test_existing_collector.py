"""``existing-collector.yaml`` with stock components alone: what has no consent is dropped, and what passes holds no secret."""

from __future__ import annotations

import hashlib
import hmac

import pytest
import yaml
from support.receiver import HttpReceiver

from .harness import CONFIG, eventually, running
from .telemetry import CONSENT, INSTALLATION, agent, attributes, post, span, traces

KEY = "0123456789abcdef0123456789abcdef"
FILES = (CONFIG / "existing-collector.yaml", CONFIG / "generated" / "allow-list.yaml")
SECRETS = ("sk-live-4f8a9b2c7d1e6f3a", "bob@example.com", "/home/bob", "4111 1111 1111 1111", "hunter2", "192.168.7.31", "Project Falcon")
OURS = ("agentprivacy", "agentrights", "agent_spool")


@pytest.fixture(scope="module")
def back_end():
    with HttpReceiver() as found:
        yield found


@pytest.fixture(scope="module")
def collector(program, back_end, tmp_path_factory):
    environ = {"SMART_AGENTS_BACK_END": back_end.url, "SMART_AGENTS_HMAC_KEY": KEY}
    with running(program, *FILES, folder=tmp_path_factory.mktemp("existing"), **environ) as found:
        yield found


@pytest.fixture
def sent(collector, back_end):
    """Sends a request and returns what comes out, up to a span that marks the end."""

    def send(body, signal="traces"):
        back_end.requests.clear()
        assert post(collector.ports.url, body, signal=signal) == 200
        marker = agent("the-end")
        assert post(collector.ports.url, traces(marker)) == 200
        assert back_end.wait(1, timeout_s=15)
        while not any(found["span_id"] == marker["spanId"] for found in back_end.spans()):
            assert back_end.wait(len(back_end.requests) + 1, timeout_s=15), collector.tail()
        wire = b"".join(request.body for request in back_end.requests).decode(errors="replace")
        return [found for found in back_end.spans() if found["span_id"] != marker["spanId"]], wire

    return send


def test_only_stock_components_are_in_it():
    text = "".join(yaml.safe_dump(yaml.safe_load(path.read_text())) for path in FILES)
    assert not [name for name in OURS if name in text]


def test_a_consented_span_passes_with_its_names(sent):
    (found,), _ = sent(traces(agent("reviewer", failed=True)))
    assert found["name"] == "invoke_agent reviewer"
    assert found["attributes"]["gen_ai.agent.name"] == "reviewer"
    assert found["attributes"]["smart_agents.outcome"] == "failure"
    assert found["attributes"]["error.type"] == "TimeoutError"
    assert found["resource"]["service.name"] == "acme"


def test_without_consent_nothing_passes(sent):
    found, _ = sent(traces(agent("reviewer"), consent=False))
    assert found == []


def test_consent_of_one_span_is_not_that_of_its_neighbour(sent):
    with_consent = agent("yes")
    with_consent["attributes"] += attributes(CONSENT)
    found, _ = sent(traces(with_consent, agent("no"), consent=False))
    assert [item["attributes"]["gen_ai.agent.name"] for item in found] == ["yes"]


def test_ids_are_keyed_pseudonyms(sent):
    (found,), wire = sent(traces(agent("reviewer")))
    assert INSTALLATION not in wire
    assert found["resource"]["app.installation.id"] == hmac.new(KEY.encode(), INSTALLATION.encode(), hashlib.sha256).hexdigest()


def test_no_secret_passes_wherever_it_is(sent):
    planted = " ".join(SECRETS)
    body = traces(
        span(
            f"read {planted}",
            {
                "gen_ai.input.messages": planted,
                "gen_ai.agent.name": f"agent {SECRETS[0]} {SECRETS[1]}",
                "gen_ai.tool.name": f"tool {SECRETS[2]} {SECRETS[3]}",
                "smart_agents.workflow.steps": [f"agent:{SECRETS[1]}", f"password={SECRETS[4]}"],
                "gen_ai.request.model": f"at {SECRETS[5]}",
                "unknown.key": planted,
            },
            status={"code": 2, "message": planted},
            traceState="vendor=bob@example.com",
            events=[
                {"timeUnixNano": "1", "name": planted, "attributes": attributes({"exception.message": planted, "exception.type": "E"})}
            ],
        ),
        resource={"host.name": planted},
    )
    body["resourceSpans"][0]["scopeSpans"][0]["scope"]["attributes"] = attributes({"who": planted})
    (found,), wire = sent(body)
    assert found["attributes"].keys() <= {"gen_ai.agent.name", "gen_ai.tool.name", "smart_agents.workflow.steps", "gen_ai.request.model"}
    assert [secret for secret in SECRETS if secret in wire] == []


def test_bodies_of_logs_do_not_pass(collector, back_end):
    record = {"timeUnixNano": "1", "body": {"stringValue": "Project Falcon"}, "eventName": "smart_agents.feature.usage"}
    record["attributes"] = attributes({"smart_agents.feature.name": "evolution", "note": "Project Falcon"})
    resource = {"attributes": attributes({"service.name": "acme", **CONSENT})}
    body = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": [record]}]}]}
    assert post(collector.ports.url, body, signal="logs") == 200
    (request,) = eventually(lambda: [request for request in back_end.requests if request.signal == "logs"])
    (found,) = request.records()
    assert found["attributes"] == {"smart_agents.feature.name": "evolution"}
    assert b"Project Falcon" not in request.body
