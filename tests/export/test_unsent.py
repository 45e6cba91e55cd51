"""What certainly did not leave this machine is told apart from what may have."""

from __future__ import annotations

import socket

import pytest
from support.receiver import GrpcReceiver, HttpReceiver, Reply, dead_port, silent_port

from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.transport import make_transport
from otel_smart_agents.export.unsent import grpc_left


def answer_of(url, protocol="http/json", *, timeout_s=5.0, **endpoint):
    transport = make_transport(Endpoint(url, protocol, **endpoint))
    try:
        return transport.send(b'{"resourceSpans":[]}', signal="traces", timeout_s=timeout_s)
    finally:
        transport.close()


@pytest.mark.parametrize("protocol", ["http/json", "grpc"])
def test_a_refused_connection_took_nothing(protocol):
    with dead_port() as port:
        answer = answer_of(f"http://127.0.0.1:{port}", protocol)
    assert (answer.verdict, answer.left) == ("retry", False)


def test_a_name_that_is_not_found_took_nothing(monkeypatch):
    def nobody(*_args, **_named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    answer = answer_of("https://collector.example")
    assert (answer.verdict, answer.left) == ("retry", False)


def test_a_proxy_that_refuses_took_nothing(monkeypatch):
    with dead_port() as port:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        for scheme in ("http", "https"):
            assert not answer_of(f"{scheme}://collector.example:4318").left


def test_a_mistake_in_the_settings_took_nothing():
    with dead_port() as port:
        url = f"https://127.0.0.1:{port}"
        for more in ({"certificate": "/nope.pem"}, {"headers": {"x": "\nboo"}}, {"headers": {"x": "\u20ac"}}):
            assert not answer_of(url, **more).left, more
        assert not answer_of(url, "grpc", certificate="/nope.pem").left


@pytest.mark.parametrize("protocol", ["http/json", "grpc"])
def test_silence_after_a_connection_may_have_taken_it(protocol):
    with silent_port() as port:
        answer = answer_of(f"http://127.0.0.1:{port}", protocol, timeout_s=0.5)
    assert (answer.verdict, answer.left) == ("retry", True)


@pytest.mark.parametrize("reply", [Reply(action="reset"), Reply(action="lose_ack"), Reply(503), Reply(400), Reply(413)])
def test_whatever_came_back_may_have_taken_it(reply):
    with HttpReceiver([reply]) as receiver:
        assert answer_of(receiver.url).left


def test_words_of_a_receiver_about_its_own_back_end_are_not_ours():
    endpoint = Endpoint("http://collector:4317", "grpc")
    ours = "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.0.7:4317: Failed to connect to remote host"
    assert not grpc_left("UNAVAILABLE", ours, endpoint)
    assert not grpc_left("UNAVAILABLE", "errors resolving collector:4317: [field:hostname lookup error]", endpoint)
    assert not grpc_left("UNAVAILABLE", "DNS resolution failed for collector:4317: C-ares", endpoint)
    assert grpc_left("UNAVAILABLE", ours.replace("10.0.0.7:4317", "10.0.0.9:9000"), endpoint)
    assert grpc_left("UNAVAILABLE", "errors resolving elsewhere:9000: []", endpoint)
    assert grpc_left("UNAVAILABLE", "Socket closed", endpoint)
    assert grpc_left("DEADLINE_EXCEEDED", ours, endpoint)


def test_a_grpc_answer_may_have_taken_it():
    with GrpcReceiver([Reply(code="UNAVAILABLE")]) as receiver:
        assert answer_of(receiver.url, "grpc").left
