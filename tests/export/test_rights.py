"""Erasure is asked for at the destination's RightsService where it has one, else by log event; never lost, never in the way."""

from __future__ import annotations

import json
import time

import pytest
from support.pipelines import ScriptedGate, emit, make_pipeline, tracer_of
from support.receiver import HttpReceiver, Reply, dead_port, silent_port
from support.rights import RightsService

from otel_smart_agents.config import resolve
from otel_smart_agents.consent.identity import DeletionProof
from otel_smart_agents.consent.idfile import id_of
from otel_smart_agents.consent.model import Destination
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.deletion import deletion_payload, queue_deletions
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.rights import erasure_request
from otel_smart_agents.spool.state import deletions, read_state, sent_log

SECRET = bytes(range(32))
PROOF = DeletionProof(id_of(SECRET), SECRET.hex())


@pytest.fixture
def receiver():
    with HttpReceiver() as found:
        yield found


def erase(tmp_path, receiver, rights_url, *, headers=None, wait_s=5.0, emitted=0):
    """Queue one request, let the pipeline of a switched-off destination send it, and return the folder."""
    pipeline = make_pipeline(
        tmp_path, receiver.url, gate=ScriptedGate("off" if not emitted else "on"), headers=headers or {}, rights_url=rights_url
    )
    queue_deletions(pipeline.folder, [PROOF])
    emit(tracer_of(pipeline), emitted)
    pipeline.resume()
    until = time.monotonic() + wait_s
    while time.monotonic() < until and deletions(pipeline.folder) and not read_state(pipeline.folder).attempts:
        time.sleep(0.02)
    pipeline.shutdown(1.0)
    return pipeline.folder


def test_the_rights_service_is_asked_and_its_receipt_is_kept(tmp_path, receiver):
    with RightsService() as rights:
        folder = erase(tmp_path, receiver, rights.url, headers={"Authorization": "Bearer topsecret"})
        ((request, metadata),) = rights.requests
    assert rights.erased == [PROOF.id]
    assert request.proof == SECRET
    assert abs(request.requested_time_unix_nano - time.time_ns()) < 60e9
    assert metadata["authorization"] == "Bearer topsecret"
    assert not deletions(folder)
    assert receiver.requests == []
    (entry,) = sent_log(folder)
    assert (entry["kind"], entry["result"], entry["code"]) == ("deletion", "ok", "OK")
    assert entry["erasure_id"] == f"{1:048x}"
    assert PROOF.secret_hex not in json.dumps(entry)


def test_without_one_the_log_event_is_sent(tmp_path, receiver):
    folder = erase(tmp_path, receiver, "")
    (request,) = receiver.requests
    assert request.signal == "logs"
    assert not deletions(folder)


def test_a_server_that_has_no_such_service_gets_the_log_event(tmp_path, receiver):
    with RightsService(default="UNIMPLEMENTED") as rights:
        folder = erase(tmp_path, receiver, rights.url)
    (request,) = receiver.requests
    assert request.signal == "logs"
    assert not deletions(folder)


@pytest.mark.parametrize("code", ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "INTERNAL", "EMPTY"])
def test_a_request_waits_until_it_is_promised(tmp_path, receiver, code):
    with RightsService(default=code) as rights:
        folder = erase(tmp_path, receiver, rights.url)
        assert [found.request["proof"] for found in deletions(folder)] == [SECRET.hex()]
        assert receiver.requests == []
        attempts = read_state(folder).attempts  # more than one where the back-off, up to a second, was short enough for the exit
        assert attempts == len(rights.requests) >= 1
        rights.default = "OK"
        time.sleep(1.1 * 2 ** (attempts - 1))
        again = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("off"), rights_url=rights.url)
        again.resume()
        until = time.monotonic() + 5
        while deletions(folder) and time.monotonic() < until:
            time.sleep(0.02)
        again.shutdown(1.0)
    assert rights.erased == [PROOF.id]
    first, *others = rights.requests
    assert all(other[0] == first[0] for other in others)  # every attempt sends the same
    assert not deletions(folder)
    assert read_state(folder).attempts == 0


def test_what_was_recorded_is_not_sent_before_erasure_is_promised(tmp_path, receiver):
    with RightsService(default="UNAVAILABLE") as rights:
        erase(tmp_path, receiver, rights.url, emitted=3)
    assert receiver.requests == []


def test_a_service_that_does_not_answer_delays_no_exit(tmp_path, receiver):
    with dead_port() as port:
        begin = time.monotonic()
        folder = erase(tmp_path, receiver, f"http://127.0.0.1:{port}")
        assert time.monotonic() - begin < 8
    assert len(deletions(folder)) == 1
    with silent_port() as port:
        pipeline = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("off"), rights_url=f"http://127.0.0.1:{port}")
        pipeline.resume()
        begin = time.monotonic()
        pipeline.shutdown(0.5)
        assert time.monotonic() - begin < 1.5
    assert len(deletions(folder)) == 1


def test_a_request_that_is_none_stays_and_hinders_nothing(tmp_path, receiver):
    with RightsService() as rights:
        pipeline = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("off"), rights_url=rights.url)
        queue_deletions(pipeline.folder, [DeletionProof("x", "no hexadecimal"), PROOF])
        pipeline.resume()
        until = time.monotonic() + 5
        while len(deletions(pipeline.folder)) > 1 and time.monotonic() < until:
            time.sleep(0.02)
        pipeline.shutdown(1.0)
    assert rights.erased == [PROOF.id]
    assert [found.request["installation_id"] for found in deletions(pipeline.folder)] == ["x"]


def test_the_request_and_the_event_are_what_the_collector_reads():
    """processors/internal/erasure/events_test.go has the same bytes."""
    request = {"installation_id": PROOF.id, "proof": PROOF.secret_hex, "requested_ns": 1_700_000_000_000_000_000}
    assert PROOF.id == "630dcd29-66c4-3366-9112-5448bbb25b4f"
    assert deletion_payload(request, Destination("own", "shop", "http://127.0.0.1:1")).decode() == (
        '{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},'
        '"scopeLogs":[{"scope":{"name":"otel_smart_agents"},"logRecords":[{"timeUnixNano":"1700000000000000000",'
        '"observedTimeUnixNano":"1700000000000000000","severityNumber":9,"eventName":"smart_agents.deletion.request","attributes":['
        '{"key":"smart_agents.deletion.installation_id","value":{"stringValue":"630dcd29-66c4-3366-9112-5448bbb25b4f"}},'
        '{"key":"smart_agents.deletion.proof","value":{"stringValue":"'
        '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}}]}],'
        '"schemaUrl":"https://opentelemetry.io/schemas/1.44.0"}]}'
    )
    assert erasure_request(request) == (
        b"\x0a\x24630dcd29-66c4-3366-9112-5448bbb25b4f\x12\x20" + SECRET + b"\x19" + (1_700_000_000_000_000_000).to_bytes(8, "little")
    )


@pytest.mark.parametrize(
    ("url", "rights", "message"),
    [
        ("https://telemetry.acme.example", "https://rights.acme.example", "on the host that people agree to"),
        ("https://telemetry.acme.example", "http://telemetry.acme.example", "must use https"),
        ("https://telemetry.acme.example", "https://u:p@telemetry.acme.example", "must not carry credentials"),
    ],
)
def test_upstream_asks_only_where_people_agreed_to(url, rights, message):
    with pytest.raises(ConfigError, match=message):
        Endpoint(url, upstream=True, rights_url=rights)


def test_the_port_of_a_rights_service():
    assert Endpoint("https://a.example", upstream=True, rights_url="https://a.example").rights.grpc_target == "a.example:4319"
    assert Endpoint("https://a.example", rights_url="https://b.example:99").rights.grpc_target == "b.example:99"
    assert Endpoint("https://a.example").rights is None


def test_credentials_go_to_the_host_they_were_given_for():
    given = {"headers": {"authorization": "topsecret"}, "client_certificate": "c.pem", "client_key": "k.pem", "certificate": "ca.pem"}
    same = Endpoint("https://a.example:4318", rights_url="https://a.example:4319", **given).rights
    assert (same.headers, same.client_key, same.certificate) == (given["headers"], "k.pem", "ca.pem")
    other = Endpoint("https://a.example:4318", rights_url="https://b.example:4319", **given).rights
    assert (other.headers, other.client_certificate, other.client_key, other.certificate) == ({}, "", "", "ca.pem")


def test_the_setting():
    assert resolve({"rights_endpoint": "collector.example:4319"}).rights_endpoint == "https://collector.example:4319"
    variable = {"OTEL_PYTHON_SMART_AGENTS_RIGHTS_ENDPOINT": "http://127.0.0.1:4319"}
    assert resolve({}, environ=variable).rights_endpoint == "http://127.0.0.1:4319"
    assert resolve({}, audience="upstream", environ=variable).rights_endpoint == ""
    with pytest.raises(ConfigError, match="rights_endpoint"):
        resolve({"rights_endpoint": "ftp://collector.example"})


def test_a_log_event_that_was_refused_waits(tmp_path):
    with HttpReceiver(default=Reply(status=500)) as receiver, RightsService(default="UNIMPLEMENTED") as rights:
        folder = erase(tmp_path, receiver, rights.url)
    assert len(deletions(folder)) == 1
