"""Mutual TLS: a receiver that talks to known clients only, and a sender that talks to a known receiver only."""

from __future__ import annotations

import os
import subprocess
import sys

import grpc
import pytest
from support.certificates import Authority, Pair, mutual
from support.pipelines import emit, make_pipeline, tracer_of
from support.receiver import GrpcReceiver, HttpReceiver

from otel_smart_agents.spool.folder import SpoolFolder

PROTOCOLS = ["http/protobuf", "http/json", "grpc"]


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "tls", "authority")


@pytest.fixture
def stranger(tmp_path):
    return Authority(tmp_path / "stranger", "stranger")


@pytest.fixture
def receiver(authority):
    """Makes a receiver of a protocol that asks every client for a certificate of the authority."""
    made = []
    server = authority.sign("server", server=True)

    def make(protocol):
        if protocol == "grpc":
            chain = [(server.key.read_bytes(), server.certificate.read_bytes())]
            tls = grpc.ssl_server_credentials(chain, authority.certificate.read_bytes(), require_client_auth=True)
            made.append(GrpcReceiver(tls=tls))
        else:
            made.append(HttpReceiver(tls=mutual(server, authority)))
        assert made[-1].url.startswith("https://")
        return made[-1]

    yield make
    for one in made:
        one.close()


def trust(authority: Authority, client: Pair | None = None) -> dict[str, str]:
    """What an endpoint is told: whose receivers to believe, and who the client is."""
    found = {"certificate": str(authority.certificate)}
    return found if client is None else {**found, "client_certificate": str(client.certificate), "client_key": str(client.key)}


def send(tmp_path, receiver, protocol, tls):
    """Try once to bring a few spans to the receiver; returns the ids and whether they got there."""
    pipeline = make_pipeline(tmp_path, receiver.url, protocol=protocol, tls=tls, timeout_s=3)
    ids = emit(tracer_of(pipeline), 3)
    reached = pipeline.flush(0.8, to="backend")
    assert pipeline.shutdown(0.5) is reached
    return pipeline, ids, reached


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_known_client_is_let_in(tmp_path, receiver, authority, protocol):
    there = receiver(protocol)
    pipeline = make_pipeline(tmp_path, there.url, protocol=protocol, tls=trust(authority, authority.sign("client")))
    ids = emit(tracer_of(pipeline), 3)
    assert pipeline.flush(10, to="backend")
    assert [span["span_id"] for span in there.spans()] == ids
    assert pipeline.shutdown(2)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("who", ["nobody", "a stranger"])
def test_an_unknown_client_is_refused_and_its_data_waits(tmp_path, receiver, authority, stranger, protocol, who):
    there = receiver(protocol)
    client = None if who == "nobody" else stranger.sign("client")
    pipeline, ids, reached = send(tmp_path, there, protocol, trust(authority, client))
    assert (reached, there.requests) == (False, [])
    spool = SpoolFolder(pipeline.folder)
    assert (spool.stats().spans, spool.state().attempts > 0, dict(spool.state().dropped)) == (3, True, {})
    # Once the certificate is there, what waited arrives, once.
    spool.update_state(next_attempt_ns=0, attempts=0)
    mended = make_pipeline(tmp_path, there.url, protocol=protocol, tls=trust(authority, authority.sign("client")))
    more = emit(tracer_of(mended), 1)
    assert mended.flush(10, to="backend")
    assert sorted(span["span_id"] for span in there.spans()) == sorted(ids + more)
    assert mended.shutdown(2)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_unknown_receiver_gets_nothing(tmp_path, receiver, authority, stranger, protocol):
    there = receiver(protocol)
    pipeline, _, reached = send(tmp_path, there, protocol, trust(stranger, authority.sign("client")))
    assert (reached, there.requests) == (False, [])
    assert SpoolFolder(pipeline.folder).stats().spans == 3


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_certificate_that_cannot_be_read_loses_nothing(tmp_path, receiver, authority, protocol, capsys):
    there = receiver(protocol)
    missing = Pair(tmp_path / "missing.pem", tmp_path / "missing.key")
    pipeline, _, reached = send(tmp_path, there, protocol, trust(authority, missing))
    assert (reached, there.requests) == (False, [])
    assert SpoolFolder(pipeline.folder).stats().spans == 3
    assert "Traceback" not in capsys.readouterr().err


def test_grpc_writes_nothing_to_the_stderr_of_a_program(tmp_path, authority):
    """Its core logs every handshake that fails; a program that uses gRPC itself, or sets the variable, decides."""
    there = HttpReceiver()  # speaks no TLS
    try:
        program = f"""
import os, sys
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.grpc_transport import GrpcTransport
transport = GrpcTransport(Endpoint("https://127.0.0.1:{there.port}", "grpc"))
for _ in range(2):
    print(transport.send(b"", signal="traces", timeout_s=1.0).code)
print("GRPC_VERBOSITY" in os.environ)
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
        assert done.stderr == ""
        assert done.stdout.split() == ["UNAVAILABLE", "UNAVAILABLE", "False"]
        set_by_the_user = {**os.environ, "GRPC_VERBOSITY": "INFO"}
        loud = subprocess.run([sys.executable, "-c", program], env=set_by_the_user, capture_output=True, text=True, timeout=60, check=True)
        assert loud.stdout.endswith("True\n")
        assert "Handshake failed" in loud.stderr
    finally:
        there.close()
