"""What each hop on the way to a big store costs, CPU time per span: ``python -m benchmarks.collector_hops [--json]``.

The shipped configurations as they are (queues on the disk, ``fsync``, redaction where a hop redacts), each process on one core
(``GOMAXPROCS=1``), with the spans of ``benchmarks.collector``. Chains are measured whole and told apart by process: the first row of
gateways and the second, the gateway before Kafka and the consumer behind it. Broker and back end are not in the figures.
docs/explanation/scaling.md reckons with them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.collector import ROOT, Collector, Ports, cpu_s, find_toolchain, free_port, load, programs, result_of

CONFIG = ROOT / "collector-config"
BROKER = ROOT / "tests" / "collector" / "broker"
# The back end of the measurement instead of those of the file: everything else stays.
_TO_SINK = """
exporters:
  otlp_http/sink:
    endpoint: http://${env:BENCHMARK_SINK}
    compression: none
    sending_queue:
      storage: file_storage
      sizer: bytes
      queue_size: 1073741824
      batch: { sizer: items, flush_timeout: 200ms, min_size: 500, max_size: 4000 }
    retry_on_failure: { initial_interval: 100ms, max_interval: 1s, max_elapsed_time: 0 }
service:
  pipelines:
    traces: { exporters: [otlp_http/sink] }
"""


@contextmanager
def chain():
    """A folder for collectors, and a function that starts one of a shipped file; all end with the block."""
    binary, tool = programs()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sink = f"127.0.0.1:{free_port()}"

        def start(name: str, *more: str, **environ: str) -> Collector:
            settings = {"GOMAXPROCS": "1", "BENCHMARK_SINK": sink, "SMART_AGENTS_TOKEN": "x", **environ}
            ports = Ports(Path(folder) / name)
            collector = stack.enter_context(Collector(binary, CONFIG / f"{name}.yaml", *more, ports=ports, environ=settings))
            stack.callback(collector.kill)  # the back end is gone by then: an orderly end would wait for it
            return collector

        yield start, stack, tool, sink


def measure(tool: Path, sink: str, first: Collector, *others: Collector, seconds: float) -> list[dict[str, float]]:
    """Load the first collector of a chain; CPU time of each per span, in microseconds."""
    every = (first, *others)
    before = [cpu_s(one.pid) for one in every]
    result = result_of(load(tool, first, sink, spans=100_000_000, seconds=seconds, drain=150))
    spans = max(1, result["accepted"])
    return [
        {
            "cpu_us_per_span": (cpu_s(one.pid) - start) / spans * 1e6,
            "spans_per_second": result["spans_per_second"],
            "lost": result["lost"],
            "doubled": result["doubled"],
        }
        for one, start in zip(every, before, strict=True)
    ]


def one_gateway(seconds: float) -> dict[str, dict[str, float]]:
    """A collector with redaction and a queue on the disk, as jaeger.yaml has it."""
    with chain() as (start, _, tool, sink):
        (found,) = measure(tool, sink, start("jaeger", _TO_SINK), seconds=seconds)
        return {"one gateway: agentprivacy, queue on disk": found}


def two_rows(seconds: float) -> dict[str, dict[str, float]]:
    """gateway-lb.yaml before one gateway-tail.yaml that keeps everything."""
    with chain() as (start, _, tool, sink):
        second = start("gateway-tail", _TO_SINK, SMART_AGENTS_DECISION_WAIT="2s", SMART_AGENTS_SHARE="100")
        first = start("gateway-lb", SMART_AGENTS_TAIL_GATEWAYS=f'["127.0.0.1:{second.ports.otlp_grpc}"]')
        names = ("first row: agentprivacy, span_metrics, load_balancing", "second row: tail_sampling")
        return dict(zip(names, measure(tool, sink, first, second, seconds=seconds), strict=True))


def kafka(seconds: float) -> dict[str, dict[str, float]]:
    """kafka-ingest.yaml, a broker in memory, kafka-consume.yaml."""
    with chain() as (start, stack, tool, sink):
        go = find_toolchain(os.environ)
        program = tool.with_name("broker")
        subprocess.run([go.go, "build", "-o", program, "."], cwd=BROKER, env=go.environ, check=True)
        broker = stack.enter_context(subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        stack.callback(broker.stdin.close)
        address = f'["{broker.stdout.readline().strip()}"]'
        consumer = start("kafka-consume", _TO_SINK, SMART_AGENTS_KAFKA=address)
        ingest = start("kafka-ingest", SMART_AGENTS_KAFKA=address)
        names = ("before Kafka: agentprivacy, queue on disk", "behind Kafka: queue on disk")
        return dict(zip(names, measure(tool, sink, ingest, consumer, seconds=seconds), strict=True))


def main() -> None:
    """Measure every chain and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=10, help="seconds of each measurement")
    arguments = parser.parse_args()
    found = {**one_gateway(arguments.seconds), **two_rows(arguments.seconds), **kafka(arguments.seconds)}
    if arguments.json:
        print(json.dumps(found))
        return
    for name, row in found.items():
        print(f"{name:54} {row['cpu_us_per_span']:7.1f} µs a span  lost {row['lost']:.0f}, doubled {row['doubled']:.0f}")


if __name__ == "__main__":
    main()
