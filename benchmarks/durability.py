"""What a sudden end loses: ``python -m benchmarks.durability [--json] [--runs N]``.

Each run is a child that ends a span every half millisecond, notes each ended span itself, and is gone after about 150 ms: killed
(SIGKILL), terminated (SIGTERM, no handler) or by ``os._exit``. Counted is what can be read afterwards from the disk. The stock SDK exports
through its batch processor to a file that it appends to, which is the best that it can do without a network.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

VARIANTS = ("stock batch processor", "ours, write-behind", "ours, write-through")
WAYS = ("SIGKILL", "SIGTERM", "os._exit")


def child(variant: str, home: Path, way: str) -> None:
    """End spans until death comes; never returns."""
    os.environ["HOME"] = str(home)
    noted = os.open(home / "ended", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    span = _stock(home) if variant.startswith("stock") else _ours(variant)
    deadline = time.monotonic() + 0.15
    while True:
        span()
        os.write(noted, b".")
        time.sleep(0.0005)
        if time.monotonic() > deadline and way != "SIGKILL":
            if way == "os._exit":
                os._exit(0)
            os.kill(os.getpid(), signal.SIGTERM)


def _stock(home: Path):
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    out = (home / "stock.jsonl").open("a", buffering=1)
    provider = TracerProvider(shutdown_on_exit=False)
    exporter = ConsoleSpanExporter(out=out, formatter=lambda span: json.dumps({"span": span.name}) + "\n")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("bench")
    return tracer.start_as_current_span("execute_tool look")(lambda: None)


def _ours(variant: str):
    from otel_smart_agents import configure, skill

    configure(service_name="bench", audience="own", provider="isolated", durability=variant.partition(", ")[2].replace("-", "_"))
    return skill("look")(lambda: None)


def kept(home: Path) -> int:
    """Return how many spans can be read from the disk."""
    from otel_smart_agents.spool.folder import SpoolFolder

    stock = home / "stock.jsonl"
    if stock.is_file():
        return stock.read_text().count('"span"')
    count = 0
    for folder in (home / ".smart-agents/telemetry/spool").glob("*"):
        spool = SpoolFolder(folder)
        spool.recover("traces")
        count += sum(file.body().items for file in spool.ready_files("traces"))
    return count


def measure(runs: int) -> list[dict]:
    """Return one row per variant and way of dying: spans ended, and the share that was lost (mean and worst run)."""
    _load()
    rows = []
    for variant in VARIANTS:
        for way in WAYS:
            ended, lost = [], []
            for _ in range(runs):
                with tempfile.TemporaryDirectory() as folder:
                    _one(variant, Path(folder), way)
                    ended.append((Path(folder) / "ended").stat().st_size)
                    lost.append(max(0, ended[-1] - kept(Path(folder))))
            shares = [gone / max(1, all_) for gone, all_ in zip(lost, ended, strict=True)]
            rows.append(
                {
                    "variant": variant,
                    "way": way,
                    "runs": runs,
                    "spans_per_run": round(statistics.mean(ended)),
                    "lost": round(statistics.mean(shares), 4),
                    "worst": round(max(shares), 4),
                }
            )
    return rows


def _load() -> None:
    """Load what a first span loads before the forks: an import is not what is measured."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: F401

    from otel_smart_agents.privacy import Policy, redact
    from otel_smart_agents.setup import wire  # noqa: F401

    span = TracerProvider(shutdown_on_exit=False).get_tracer("load").start_span("load")
    span.end()
    redact(span, Policy())


def _one(variant: str, home: Path, way: str) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            child(variant, home, way)
        finally:
            os._exit(1)
    if way == "SIGKILL":
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--runs", type=int, default=30, help="runs of each variant and way")
    options = parser.parse_args()
    rows = measure(options.runs)
    if options.json:
        json.dump({"benchmark": "durability", "rows": rows}, sys.stdout, indent=2)
        return
    print("Share of the ended spans that cannot be read after a sudden end (mean; worst run)")
    print("| | " + " | ".join(WAYS) + " |\n|---|---|---|---|")
    for variant in VARIANTS:
        cells = [f"{row['lost']:.1%}; {row['worst']:.1%}" for row in rows if row["variant"] == variant]
        print(f"| {variant} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
