"""Spans of other instrumentations on the same provider, made by those instrumentations."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from opentelemetry import baggage, context
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import SpanProcessor

from otel_smart_agents.privacy import redact
from spans.build import OWN, Recorder, text_of


@pytest.fixture
def site():
    """A web site on the loopback interface that knows every address but /missing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404 if self.path.startswith("/missing") else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@contextmanager
def instrumented(**options):
    recorder = Recorder()
    instrumentor = RequestsInstrumentor()
    instrumentor.instrument(tracer_provider=recorder.provider, **options)
    try:
        yield recorder
    finally:
        instrumentor.uninstrument()


def session():
    made = requests.Session()
    made.trust_env = False
    return made


@pytest.mark.parametrize("convention", ["", "http", "http/dup"])
def test_requests_stay_useful_and_say_nothing_about_anybody(site, convention, monkeypatch):
    from opentelemetry.instrumentation._semconv import _OpenTelemetrySemanticConventionStability as Stability

    # The instrumentation reads its opt-in once per process and offers no public way to read it again.
    monkeypatch.setattr(Stability, "_initialized", False)
    monkeypatch.setenv("OTEL_SEMCONV_STABILITY_OPT_IN", convention)
    with instrumented() as recorder, session() as client:
        client.get(f"{site}/users/jane.roe@mail.example.com?email=jane.roe%40mail.example.com&page=2")
        span = recorder.last()
    monkeypatch.setattr(Stability, "_initialized", False)
    assert "jane.roe" in text_of(span)
    redacted = redact(span, OWN)
    assert "jane" not in text_of(redacted)
    assert redacted.name == "GET"
    attributes = dict(redacted.attributes)
    assert (attributes.get("http.request.method") or attributes.get("http.method")) == "GET"
    assert 200 in (attributes.get("http.response.status_code"), attributes.get("http.status_code"))
    assert "page=2" in (attributes.get("url.full") or attributes.get("http.url"))


def test_a_request_that_fails_leaves_the_class_of_the_error(site):
    with instrumented() as recorder, session() as client:
        client.get(f"{site}/missing/jane.roe@mail.example.com")
        missing = redact(recorder.last(), OWN)
        with pytest.raises(requests.ConnectionError):
            client.get("http://127.0.0.1:9/users/jane.roe@mail.example.com", timeout=2)
        refused = redact(recorder.last(), OWN)
    assert missing.status.status_code.name == refused.status.status_code.name == "ERROR"
    assert refused.attributes["error.type"] == "ConnectionError"
    assert refused.status.description in (None, "ConnectionError")
    for span in (missing, refused):
        assert "jane" not in text_of(span)
        assert "error.type" in span.attributes


def test_what_a_users_hook_adds_is_dropped(site):
    def hook(span, request):
        span.set_attribute("customer.name", "Jane Roe")
        span.set_attribute("http.request.header.authorization", ("Bearer 7Fq2mLp0Zr9Xv4Tn8Kd1",))
        span.update_name("order of Jane Roe, again")

    with instrumented(request_hook=hook) as recorder, session() as client:
        client.get(site)
        redacted = redact(recorder.last(), OWN)
    assert "Jane" not in text_of(redacted)
    assert "7Fq2" not in text_of(redacted)
    assert redacted.name.startswith("other-k1-")


def test_baggage_copied_to_attributes_is_dropped():
    class BaggageToAttributes(SpanProcessor):
        def on_start(self, span, parent_context=None):
            for key, value in baggage.get_all(parent_context).items():
                span.set_attribute(key, value)

    recorder = Recorder()
    recorder.provider.add_span_processor(BaggageToAttributes())
    carrier = {"baggage": "customer=jane,tier=gold"}
    token = context.attach(W3CBaggagePropagator().extract(carrier))
    try:
        with recorder.tracer.start_as_current_span("work"):
            pass
    finally:
        context.detach(token)
    assert dict(recorder.last().attributes) == {"customer": "jane", "tier": "gold"}
    redacted = redact(recorder.last(), OWN)
    assert dict(redacted.attributes) == {}
    assert redacted.dropped_attributes == 2
