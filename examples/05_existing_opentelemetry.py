"""Join an OpenTelemetry set-up that is there already: its provider, its HTTP spans, its log correlation.

``configure()`` adds a processor and replaces nothing. HTTP calls inside an agent hang under its span, log lines carry its trace id, and
the back end that was there before gets everything through the privacy filter.
"""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from opentelemetry import trace
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from otel_smart_agents import agent, configure, tool
from otel_smart_agents.privacy import Policy, PrivacySpanProcessor

# What the program had before (the console stands for its exporter): only the filter is new.
provider = TracerProvider()
old = SimpleSpanProcessor(ConsoleSpanExporter(formatter=lambda span: f"old back end: {span.name}\n"))
provider.add_span_processor(PrivacySpanProcessor(old, Policy()))
trace.set_tracer_provider(provider)
RequestsInstrumentor().instrument()
logging.basicConfig(level=logging.INFO, format="%(levelname)s trace=%(trace_id)s %(message)s")
logging.getLogger().handlers[0].addFilter(lambda record: setattr(record, "trace_id", trace_id()) or True)


def trace_id() -> str:
    return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)


@tool("get_weather")
def get_weather(url: str) -> str:
    return requests.get(url, params={"user": "dana@acme.example"}, timeout=5).text


@agent("weather", version="1.0.0")
def answer(url: str) -> str:
    logging.info("asking the weather service")  # noqa: LOG015 - one logger is enough here
    return get_weather(url)


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response_only(200)
        self.end_headers()
        self.wfile.write(f"sunny (the service saw traceparent {self.headers['traceparent']})".encode())


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server, configure(service_name="weather"):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(answer(f"http://127.0.0.1:{server.server_address[1]}/today"))
        server.shutdown()
