"""Upstream: nothing ambient goes there, and it cannot be moved."""

from __future__ import annotations

import pytest
from support.pipelines import emit, make_pipeline, own_policy, tracer_of
from support.receiver import GrpcReceiver, HttpReceiver, Reply

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.http_transport import HttpTransport


def make_upstream(folder, url, **more):
    return make_pipeline(folder, url, audience="upstream", protocol=more.pop("protocol", "http/json"), **more)


@pytest.mark.parametrize("url", ["http://telemetry.acme.example", "http://10.1.2.3:4318", "http://localhost.acme.example"])
def test_http_beyond_this_machine_is_refused(url):
    for protocol in ("http/json", "http/protobuf", "grpc"):
        with pytest.raises(ConfigError, match="https"):
            Endpoint(url, protocol, upstream=True)
    assert Endpoint(url).url == url  # the operator's own network is the operator's business


def test_https_and_loopback_are_allowed():
    for url in ("https://telemetry.acme.example", "http://127.0.0.1:4318", "http://[::1]:4318", "http://localhost:1"):
        assert Endpoint(url, upstream=True).url == url


def test_the_users_environment_is_never_trusted():
    with pytest.raises(ConfigError, match="trust_env"):
        Endpoint("https://telemetry.acme.example", upstream=True, trust_env=True)


def test_a_pipeline_refuses_an_endpoint_of_the_other_audience(tmp_path):
    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.export.pipeline import Pipeline

    with pytest.raises(ConfigError, match="audience"):
        Pipeline(
            Destination("upstream", "shop", "https://a.example", "Acme"),
            gate=None,
            folder=tmp_path,
            policy=own_policy,
            endpoint=Endpoint("https://a.example"),
        )


def test_memory_is_no_place_for_upstream(tmp_path):
    with pytest.raises(ConfigError, match="own"):
        make_upstream(tmp_path, "http://127.0.0.1:9", spool="memory")


def test_no_header_cookie_or_credential_of_the_user_goes_along(home, tmp_path, monkeypatch):
    (home / ".netrc").write_text("machine 127.0.0.1 login user password netrcsecret\n")
    (home / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(home / ".netrc"))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer ambientsecret,x-tenant=userstenant")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-api-key=ambientsecret")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.name=usersplace,team=userteam")
    with HttpReceiver([Reply(headers={"Set-Cookie": "track=you"}), Reply()]) as receiver:
        pipeline = make_upstream(tmp_path, receiver.url, headers={"X-Product": "acme"})
        tracer = tracer_of(pipeline)
        for _ in range(2):
            emit(tracer)
            assert pipeline.flush(5, to="backend")
        pipeline.shutdown()
    for request in receiver.requests:
        everything = repr(request.headers) + request.body.decode()
        for secret in ("netrcsecret", "ambientsecret", "userstenant", "usersplace", "userteam", "track=you"):
            assert secret not in everything
        assert request.headers["x-product"] == "acme"
        assert set(request.headers) == {
            "host", "x-product", "user-agent", "content-type", "idempotency-key", "content-encoding", "content-length", "accept-encoding",
        }  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(tmp_path, status):
    with HttpReceiver() as elsewhere, HttpReceiver(default=Reply(status=status, headers={"Location": elsewhere.url})) as receiver:
        pipeline = make_upstream(tmp_path, receiver.url)
        emit(tracer_of(pipeline))
        assert not pipeline.flush(5, to="backend")
        pipeline.shutdown()
        assert (len(receiver.requests), len(elsewhere.requests)) == (1, 0)


def test_the_way_out_is_taken_from_the_environment_by_name(monkeypatch, tmp_path):
    with HttpReceiver() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/own-authorities.pem")
        transport = HttpTransport(Endpoint("http://collector.invalid:4318"))
        answer = transport.send(b"{}", signal="traces", timeout_s=5)
        assert answer.verdict == "accepted"
        assert proxy.requests[0].path == "http://collector.invalid:4318/v1/traces"
        assert transport._session.verify == "/etc/ssl/own-authorities.pem"
        assert transport._session.trust_env is False
        transport.close()


def test_a_proxy_never_sees_what_stays_on_this_machine(monkeypatch):
    with HttpReceiver() as proxy, HttpReceiver() as receiver:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("all_proxy", proxy.url)
        transport = HttpTransport(Endpoint(receiver.url))
        assert transport.send(b"{}", signal="traces", timeout_s=5).verdict == "accepted"
        transport.close()
        assert (len(proxy.requests), len(receiver.requests)) == (0, 1)


def test_the_makers_see_no_address_of_the_user_in_the_spool_state(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_upstream(tmp_path, receiver.url, headers={"Authorization": "Bearer headersecret"})
        emit(tracer_of(pipeline))
        assert pipeline.flush(5, to="backend")
        pipeline.shutdown()
    for path in pipeline.folder.rglob("*"):
        if path.is_file():
            assert b"headersecret" not in path.read_bytes()


def test_what_was_sent_upstream_can_be_looked_at(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_upstream(tmp_path, receiver.url)
        emit(tracer_of(pipeline), 3)
        assert pipeline.flush(5, to="backend")
        pipeline.shutdown()
        from otel_smart_agents.spool.folder import SpoolFolder

        (kept,) = SpoolFolder(pipeline.folder).sent_files("traces")
        assert kept.body().json() == receiver.requests[0].body


@pytest.mark.parametrize(("protocol", "make"), [("http/protobuf", HttpReceiver), ("grpc", GrpcReceiver)])
def test_no_proxy_stands_between_this_machine_and_itself(tmp_path, monkeypatch, protocol, make):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with make() as receiver:
        pipeline = make_upstream(tmp_path, receiver.url, protocol=protocol, timeout_s=3)
        ids = emit(tracer_of(pipeline), 2)
        assert pipeline.flush(5, to="backend")
        assert len(receiver.spans()) == len(ids)
        pipeline.shutdown(1)
