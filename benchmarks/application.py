"""What telemetry costs a program: its wall time at 100, 1 000 and 10 000 spans a second, beside the stock SDK's.

``python -m benchmarks.application [--json] [--rounds N] [--seconds S] [--rates 100,1000,10000] [--load cpu|asyncio|both]``

Every figure is one process of its own that does the same fixed work; 1.00 is that work without telemetry. The variants take turns, so that
what else the machine does meets all of them; the median of the rounds is shown. The receiver is another process on the loopback interface.
The receiver acknowledges at once; in brackets stands the share of the spans that had arrived when the program had ended.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM_UP = 20
"""Calls before the clock starts: what a first span loads is not what a span costs."""
VARIANTS = ("none", "batch, dropping", "stock OTLP/HTTP", "ours, spool only", "ours, http/json", "ours, http/protobuf")
ATTRIBUTES = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "gen_ai.request.model": "gpt-4"}


def set_up(variant: str, endpoint: str):
    """Return a decorator that puts one span around a function, and functions that flush and that end telemetry."""
    if variant == "none":
        return (lambda function: function), lambda: None, lambda: None
    if variant.startswith("ours"):
        from otel_smart_agents import agent, configure

        protocol = variant.partition(", ")[2]
        sends = protocol != "spool only"
        handle = configure(
            service_name="bench",
            audience="own",
            endpoint=endpoint if sends else None,
            protocol=protocol if sends else None,
            provider="isolated",
        )
        return agent("planner"), lambda: handle.flush(10), lambda: (handle.flush(20), handle.shutdown())
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

    class Dropping(SpanExporter):
        def export(self, spans):  # noqa: ARG002 - the SDK's signature
            return SpanExportResult.SUCCESS

    if variant.startswith("stock"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=endpoint + "/v1/traces")
    else:
        exporter = Dropping()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("bench")
    # The SDK's tracer is a decorator too: its context manager starts a new span with each call.
    return tracer.start_as_current_span("invoke_agent planner", attributes=ATTRIBUTES), provider.force_flush, provider.shutdown


def unit(size: int) -> int:
    """Do a fixed piece of work."""
    total = 0
    for number in range(size):
        total += number * number % 7
    return total


def calibrate(seconds: float, spans: int) -> int:
    """Return the size of a unit, so that ``spans`` of them take about ``seconds``."""
    size = 2_000
    begun = time.perf_counter()
    for _ in range(50):
        unit(size)
    return max(1, int(size * (seconds / spans) / ((time.perf_counter() - begun) / 50)))


def program(variant: str, load: str, endpoint: str, spans: int, size: int) -> float:
    """Do the work in this process and return its wall time in seconds."""
    instrument, flush, end = set_up(variant, endpoint)
    work = instrument(unit)
    for _ in range(WARM_UP):
        work(10)
    flush()
    if load == "cpu":
        begun = time.perf_counter()
        for _ in range(spans):
            work(size)
        took = time.perf_counter() - begun
    else:
        took = asyncio.run(_tasks(instrument, spans, size))
    end()
    return took


async def _tasks(instrument, spans: int, size: int) -> float:
    async def one() -> None:
        unit(size // 2)
        await asyncio.sleep(0)
        unit(size // 2)

    work = instrument(one)
    begun = time.perf_counter()
    for done in range(0, spans, 50):
        await asyncio.gather(*(work() for _ in range(min(50, spans - done))))
    return time.perf_counter() - begun


RECEIVER = """
import sys, gzip
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    spans = 0
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip": body = gzip.decompress(body)
        Handler.spans += body.count(b"invoke_agent planner")
        self.send_response(200); self.send_header("Content-Type", self.headers["Content-Type"])
        answer = b"{}" if "json" in self.headers["Content-Type"] else b""
        self.send_header("Content-Length", str(len(answer))); self.end_headers(); self.wfile.write(answer)
    def do_GET(self):
        answer = str(Handler.spans).encode(); Handler.spans = 0
        self.send_response(200); self.send_header("Content-Length", str(len(answer))); self.end_headers(); self.wfile.write(answer)
    def log_message(self, *a): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def measure(rates: list[int], loads: list[str], *, rounds: int, seconds: float) -> list[dict]:
    """Run every variant in turn and return one row per load and rate."""
    import urllib.request

    receiver = subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True)
    assert receiver.stdout is not None
    endpoint = f"http://127.0.0.1:{receiver.stdout.readline().strip()}"
    rows = []
    try:
        for load in loads:
            for rate in rates:
                spans = int(rate * seconds)
                size = calibrate(seconds, spans)
                times: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
                received: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
                for number in range(rounds):
                    for variant in VARIANTS:
                        _progress(f"{load} {rate}/s round {number + 1}/{rounds} {variant}")
                        times[variant].append(_run(variant, load, endpoint, spans, size))
                        with urllib.request.urlopen(endpoint) as answer:
                            received[variant].append((int(answer.read())) / (spans + WARM_UP))
                base = statistics.median(times["none"])
                rows.append(
                    {
                        "load": load,
                        "spans_per_s": rate,
                        "ratio": {variant: round(statistics.median(times[variant]) / base, 3) for variant in VARIANTS},
                        "received": {variant: round(statistics.median(received[variant]), 3) for variant in VARIANTS[2:]},
                    }
                )
    finally:
        receiver.terminate()
        receiver.wait(5)
        _progress("")
    return rows


def _run(variant: str, load: str, endpoint: str, spans: int, size: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "HOME": home, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "benchmarks.application", "--program", variant, load, endpoint, str(spans), str(size)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True, cwd=Path(__file__).parents[1])
    return float(done.stdout.split()[-1])


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def show(rows: list[dict]) -> None:
    """Print the ratios as a table; in brackets the share of the spans that arrived, where it is not all."""
    print("Wall time of the program, 1.00 = without telemetry; in brackets the share of its spans that arrived")
    print("| load | " + " | ".join(VARIANTS[1:]) + " |")
    print("|---" * len(VARIANTS) + "|")
    for row in rows:
        cells = []
        for variant in VARIANTS[1:]:
            share = row["received"].get(variant, 1.0)
            note = f" ({share:.0%})" if variant not in VARIANTS[1:4:2] and share < 0.999 else ""
            cells.append(f"{row['ratio'][variant]:.2f}{note}")
        print(f"| {row['load']}, {row['spans_per_s']} spans/s | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="time that the bare work takes")
    parser.add_argument("--rates", default="100,1000,10000", help="spans per second")
    parser.add_argument("--load", choices=["cpu", "asyncio", "both"], default="both")
    parser.add_argument("--program", nargs=5, metavar=("VARIANT", "LOAD", "ENDPOINT", "SPANS", "SIZE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.program:
        variant, load, endpoint, spans, size = options.program
        print(program(variant, load, endpoint, int(spans), int(size)))
        return
    loads = ["cpu", "asyncio"] if options.load == "both" else [options.load]
    rows = measure([int(rate) for rate in options.rates.split(",")], loads, rounds=options.rounds, seconds=options.seconds)
    print(json.dumps({"benchmark": "application", "rows": rows}, indent=2)) if options.json else show(rows)


if __name__ == "__main__":
    main()
