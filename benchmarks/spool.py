"""What the disk spool costs, beside the SDK's protobuf encoder in the same process: ``python -m benchmarks.spool [--json]``.

Times are the best of several rounds, in microseconds per span unless the name says otherwise. The span is a usual one of an agent: ten
attributes, no events; ``rich`` adds two events and a link.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from google.protobuf.json_format import ParseDict
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans as encode_protobuf
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext

from otel_smart_agents.consent.model import Destination
from otel_smart_agents.export.to_protobuf import json_to_protobuf
from otel_smart_agents.privacy import Policy, redact
from otel_smart_agents.spool import Spool, SpoolFolder, encode_spans
from otel_smart_agents.spool.lines import parse

try:
    import orjson
except ImportError:  # an optional peer: its row is left out
    orjson = None

DESTINATION = Destination("own", "benchmark", "http://127.0.0.1:4318")
RESOURCE = Resource({"service.name": "benchmark", "service.version": "1.0", "telemetry.sdk.language": "python"})
SCOPE = InstrumentationScope("otel_smart_agents", "1.0", "https://opentelemetry.io/schemas/1.40.0")


def make_spans(count, *, rich=False, unlike=None):
    """Return redacted spans of one trace; with ``unlike`` their names and values are unlike those of another number."""
    spans = []
    for number in range(1, count + 1):
        attributes = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "planner",
            "gen_ai.agent.version": "1.4.2",
            "gen_ai.provider.name": "anthropic",
            "gen_ai.request.model": "claude-sonnet-4",
            "gen_ai.response.model": "claude-sonnet-4",
            "gen_ai.usage.input_tokens": 1_200 + number,
            "gen_ai.usage.output_tokens": 340,
            "smart_agents.kind": "agent",
            "smart_agents.outcome": "success",
        }
        events = [Event("gen_ai.choice", {"gen_ai.operation.name": "chat"}, 10**18 + number)] * 2 if rich else []
        name = "invoke_agent planner"
        if unlike is not None:
            serial = unlike * count + number
            name += str(serial)
            listed = ("gen_ai.operation.name", "smart_agents.kind", "smart_agents.outcome")  # their values come from a list
            attributes |= {
                key: value + serial if isinstance(value, int) else f"{value}{serial}"
                for key, value in attributes.items()
                if key not in listed
            }
        span = ReadableSpan(
            name,
            SpanContext(0xA0B1C2D3E4F5, number, is_remote=False),
            parent=SpanContext(0xA0B1C2D3E4F5, number // 2 + 1, is_remote=False),
            resource=RESOURCE,
            attributes=attributes,
            events=events,
            links=[Link(SpanContext(7, 8, is_remote=True))] if rich else [],
            instrumentation_scope=SCOPE,
            start_time=10**18,
            end_time=10**18 + 10**6 * number,
        )
        kept = redact(span, Policy())
        assert kept is not None
        spans.append(kept)
    return spans


def best_us(work, count, *, rounds):
    """Return the best time of ``work()`` in microseconds per one of ``count`` items."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) / count * 1e6


def encoding(rounds):
    """Compare encoders on the same redacted spans, in turns: a busy moment of the machine hits all alike."""
    results = {}
    for name, rich in (("usual", False), ("rich", True)):
        spans = make_spans(512, rich=rich)
        works = {
            "encode_us": lambda spans=spans: encode_spans(spans),
            "sdk_protobuf_us": lambda spans=spans: encode_protobuf(spans).SerializeToString(),
        }
        if orjson is not None and not rich:
            works["dict_tree_orjson_us"] = lambda spans=spans: orjson.dumps([_tree(span) for span in spans])
        figures = dict.fromkeys(works, float("inf"))
        for _ in range(rounds):
            for key, work in works.items():
                figures[key] = min(figures[key], best_us(work, len(spans), rounds=1))
        figures["ratio"] = figures["encode_us"] / figures["sdk_protobuf_us"]
        figures["json_bytes"] = len(encode_spans(spans)) / len(spans)
        figures["protobuf_bytes"] = len(encode_protobuf(spans).SerializeToString()) / len(spans)
        results[name] = figures
    return results


_VALUES = {str: "stringValue", int: "intValue", float: "doubleValue", bool: "boolValue"}


def _tree(span):
    """The other way to encode: a tree of dictionaries for orjson, with the members that the usual span has."""
    return {
        "traceId": f"{span.context.trace_id:032x}",
        "spanId": f"{span.context.span_id:016x}",
        "parentSpanId": f"{span.parent.span_id:016x}",
        "name": span.name,
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "attributes": [
            {"key": key, "value": {_VALUES[type(value)]: str(value) if type(value) is int else value}}
            for key, value in span.attributes.copy().items()
        ],
        "status": {"code": span.status.status_code.value},
        "flags": 768 if span.parent.is_remote else 256,
    }


def spooling(folder, rounds):
    """Append, seal, read and recover on this machine's disk."""
    spans = make_spans(512)
    results = {}
    for size in (1, 16, 64, 512):
        batches = [spans[start : start + size] for start in range(0, len(spans), size)]
        spool = Spool(folder / f"append-{size}" / DESTINATION.key, DESTINATION, epoch=1)

        def work(spool=spool, batches=batches):
            for batch in batches:
                spool.append(batch)

        results[f"append_{size}_us"] = best_us(work, len(spans), rounds=rounds)
        spool.close()
    results |= _seal_and_recover(folder, spans, rounds)
    return results


def _seal_and_recover(folder, spans, rounds):
    spool = Spool(folder / "seal" / DESTINATION.key, DESTINATION, epoch=1)
    seals, claims = [], []
    for _ in range(rounds):
        spool.append(spans)
        start = time.perf_counter()
        ready = spool.seal()
        seals.append(time.perf_counter() - start)
        start = time.perf_counter()
        with ready.claim() as claimed:
            claimed.body_json()
            claimed.ack()
        claims.append(time.perf_counter() - start)
    for _ in range(20):
        spool.append(spans)
        spool.after_fork_in_child()  # what a death does: the descriptors close, the file stays
    data = b"".join(path.read_bytes() for path in (spool.folder / "traces" / "active").iterdir())
    start = time.perf_counter()
    report = SpoolFolder(spool.folder).recover("traces")
    recovered = time.perf_counter() - start
    return {
        "seal_ms": min(seals) * 1e3,
        "claim_body_ack_ms": min(claims) * 1e3,
        "recover_us": recovered / max(report.spans, 1) * 1e6,
        "recovered_spans": report.spans,
        "check_us": best_us(lambda: parse("traces", data), 20 * len(spans), rounds=rounds),
    }


def converting(rounds):
    """What the sender's way from the spool's JSON to protobuf costs, beside protobuf's own."""
    usual, rich = make_spans(512), make_spans(512, rich=True)
    lines = {"usual": _lines(usual, 64), "one a line": _lines(usual, 1), "rich": _lines(rich, 64)}
    figures = {
        name: best_us(lambda held=held: json_to_protobuf(held, pause=lambda: None), 512, rounds=rounds) for name, held in lines.items()
    }
    unseen = iter([_lines(make_spans(512, unlike=number), 64) for number in range(1, rounds + 1)])
    figures["every value new"] = best_us(lambda: json_to_protobuf(next(unseen), pause=lambda: None), 512, rounds=rounds)
    parse_dict = best_us(lambda: [_parsed(line) for line in lines["usual"]], 512, rounds=rounds)
    return {"us": figures, "parse_dict_us": parse_dict, "ratio": figures["usual"] / parse_dict}


def _lines(spans, size):
    return [encode_spans(spans[start : start + size]) for start in range(0, len(spans), size)]


def _parsed(line):
    return ParseDict({"resourceSpans": json.loads(b"[" + line + b"]")}, ExportTraceServiceRequest()).SerializeToString()


def measure(rounds):
    """Return every figure."""
    folder = Path(tempfile.mkdtemp(prefix="spool-benchmark-"))
    try:
        return {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "encoder": encoding(rounds),
            "conversion": converting(rounds),
            "spool": spooling(folder, rounds),
        }
    finally:
        shutil.rmtree(folder)


def main(arguments=None):
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spool", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=15, help="rounds per figure, the best counts")
    options = parser.parse_args(arguments)
    results = measure(options.rounds)
    if options.json:
        json.dump({"schema_version": 1, **results}, sys.stdout, indent=2)
        print()
        return
    for name, figures in results["encoder"].items():
        print(f"encode a {name} span: {figures['encode_us']:.1f} µs", end=", ")
        print(f"SDK protobuf {figures['sdk_protobuf_us']:.1f} µs, ratio {figures['ratio']:.2f} (target ≤ 0.60)")
        print(f"  bytes per span: {figures['json_bytes']:.0f} JSON, {figures['protobuf_bytes']:.0f} protobuf")
        if "dict_tree_orjson_us" in figures:
            print(f"  a tree of dictionaries with orjson: {figures['dict_tree_orjson_us']:.1f} µs")
    found = results["conversion"]
    print("convert to protobuf, µs a span (target ≤ 40):", ", ".join(f"{name} {value:.1f}" for name, value in found["us"].items()))
    print(f"  ParseDict {found['parse_dict_us']:.1f} µs, ratio of the usual span {found['ratio']:.3f}")
    for name, value in results["spool"].items():
        print(f"{name}: {value:.2f}" if isinstance(value, float) else f"{name}: {value}")


if __name__ == "__main__":
    main()
