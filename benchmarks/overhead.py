"""What a decorated call costs its caller: ``python -m benchmarks.overhead [--json] [--rounds N] [--peers] [--peer-python PATH]``.

Every figure is a ratio to ``with tracer.start_as_current_span(...)`` of the bare SDK (batch processor, dropping exporter) in the same
process: CPU time of the calling thread, blocks in random order, the median over the rounds of block ÷ base block of the same round. Pins of
peers conflict, so each may live in an environment of its own: ``--peer-python`` (repeatable) runs their part there and merges it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import DEFAULT_ON, Sampler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ROOT = Path(__file__).resolve().parent.parent
CALLS = 200
ITEMS = 1_500


class Dropping(SpanExporter):
    """An exporter that costs nothing."""

    def export(self, spans):  # noqa: ARG002 - signature of the protocol
        """Drop the batch."""
        return SpanExportResult.SUCCESS


def provider(sampler: Sampler = DEFAULT_ON) -> TracerProvider:
    """Return a provider whose queue never fills while a round runs."""
    made = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    made.add_span_processor(BatchSpanProcessor(Dropping(), max_queue_size=1 << 16, schedule_delay_millis=20, max_export_batch_size=512))
    return made


@dataclass(frozen=True)
class Case:
    """One thing to measure.

    Attributes:
        name: as it is printed.
        block: runs the call many times and returns nanoseconds per call.
        base: name of the case that its ratio is taken to.
        target: the ratio (or nanoseconds, for added costs) that must not be passed; ``None`` has none.
        less: name of a case whose time is taken off first, for what is added per item or while off.
        absolute: the target is in nanoseconds.
        setup, teardown: run around each block, outside the time.
    """

    name: str
    block: Callable[[], float]
    base: str = "SDK span"
    target: float | None = None
    less: str | None = None
    absolute: bool = False
    setup: Callable[[], object] = lambda: None
    teardown: Callable[[], object] = lambda: None


def sync_block(call: Callable[[], object], count: int = CALLS) -> Callable[[], float]:
    """Return a block of plain calls."""

    def block() -> float:
        start = time.thread_time_ns()
        for _ in range(count):
            call()
        return (time.thread_time_ns() - start) / count

    return block


def async_block(call: Callable[[], Awaitable[object]], count: int = CALLS) -> Callable[[], float]:
    """Return a block of awaited calls; starting the event loop is not in the time."""

    async def run() -> float:
        start = time.thread_time_ns()
        for _ in range(count):
            await call()
        return (time.thread_time_ns() - start) / count

    return lambda: asyncio.run(run())


def item_block(stream: Callable[[int], object]) -> Callable[[], float]:
    """Return a block that consumes a generator; nanoseconds per item."""

    def block() -> float:
        start = time.thread_time_ns()
        for _ in stream(ITEMS):
            pass
        return (time.thread_time_ns() - start) / ITEMS

    return block


def async_item_block(stream: Callable[[int], object]) -> Callable[[], float]:
    """Return a block that consumes an async generator; nanoseconds per item."""

    async def run() -> float:
        start = time.thread_time_ns()
        async for _ in stream(ITEMS):
            pass
        return (time.thread_time_ns() - start) / ITEMS

    return lambda: asyncio.run(run())


def sdk_cases(tracer) -> list[Case]:
    """Return the bare SDK's cases, which the others are compared to."""
    from benchmarks.overhead_calls import acall, call, raising

    def span() -> None:
        with tracer.start_as_current_span("invoke_agent planner"):
            call()

    async def aspan() -> None:
        with tracer.start_as_current_span("invoke_agent planner"):
            await acall()

    def raising_span() -> None:
        try:
            with tracer.start_as_current_span("invoke_agent planner"):
                raising()
        except LookupError:
            pass

    return [
        Case("SDK span", sync_block(span)),
        Case("SDK span, async", async_block(aspan)),
        Case("SDK span, raising", sync_block(raising_span)),
    ]


def measure(cases: list[Case], rounds: int) -> dict[str, dict[str, float | bool | None]]:
    """Return case → nanoseconds, ratio and whether its target is met."""
    taken: dict[str, list[float]] = {case.name: [] for case in cases}
    order = list(cases)
    for number in range(rounds + 2):
        random.shuffle(order)
        for case in order:
            case.setup()
            found = case.block()
            case.teardown()
            if number >= 2:  # the first rounds warm caches and the interpreter's specialising
                taken[case.name].append(found)
    return {case.name: _figures(case, taken) for case in cases}


def _figures(case: Case, taken: dict[str, list[float]]) -> dict[str, float | bool | None]:
    own = taken[case.name]
    if case.less:
        own = [a - b for a, b in zip(own, taken[case.less], strict=True)]
    ratio = statistics.median(a / b for a, b in zip(own, taken[case.base], strict=True))
    nanoseconds = statistics.median(own)
    value = nanoseconds if case.absolute else ratio
    return {
        "ns": nanoseconds,
        "ratio": ratio,
        "base": case.base,
        "target": case.target,
        "absolute": case.absolute,
        "met": None if case.target is None else value <= case.target,
    }


def peers_elsewhere(python: str, rounds: int) -> dict[str, object]:
    """Return the peers' figures of another interpreter; its own SDK is their base."""
    command = [python, "-m", "benchmarks.overhead", "--peers-only", "--json", "--rounds", str(rounds)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout.strip():
        print(f"{python}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found = json.loads(done.stdout[done.stdout.index("{") :])
    return found["peers"]


def run(options: argparse.Namespace) -> dict[str, object]:
    """Measure what was asked for."""
    result: dict[str, object] = {"benchmark": "overhead", "rounds": options.rounds, "python": sys.version.split()[0]}
    if not options.peers_only:
        from benchmarks.overhead_cases import our_cases

        made = provider()
        tracer = made.get_tracer("otel_smart_agents")
        result["ours"] = measure([*sdk_cases(tracer), *our_cases(tracer)], options.rounds)
        made.shutdown()
    peers: dict[str, object] = {}
    if options.peers or options.peers_only:
        from benchmarks.overhead_peers import measured_peers

        peers |= measured_peers(options.rounds)
    for python in options.peer_python:
        peers |= {
            name: found for name, found in peers_elsewhere(python, options.rounds).items() if "error" not in found or name not in peers
        }
    result["peers"] = peers
    return result


def show(result: dict[str, object]) -> None:
    """Print the tables."""
    for name, row in result.get("ours", {}).items():
        target = (
            "" if row["target"] is None else f"  target ≤ {row['target']:g}{' ns' if row['absolute'] else ''} {'✓' if row['met'] else '✗'}"
        )
        print(f"{name:36} {row['ns']:9.0f} ns   {row['ratio']:6.3f} of the {row['base']}{target}")
    for name, row in result["peers"].items():
        if "error" in row:
            print(f"{name:36} {row['error']}")
        else:
            print(f"{name + ' ' + row['version']:36} " + "   ".join(f"{case} {ratio:.2f}" for case, ratio in row["ratios"].items()))


def main() -> int:
    """Print the figures; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=60, help="rounds of all cases (at least 40 for figures worth quoting)")
    parser.add_argument("--peers", action="store_true", help="also measure every peer that can be imported here")
    parser.add_argument("--peers-only", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--peer-python", action="append", default=[], metavar="PATH", help="interpreter of another environment with peers")
    options = parser.parse_args()
    result = run(options)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    return 0 if all(row["met"] is not False for row in result.get("ours", {}).values()) else 1


if __name__ == "__main__":
    sys.exit(main())
