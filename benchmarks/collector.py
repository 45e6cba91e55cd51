"""What the policy costs in the collector: ``python -m benchmarks.collector [--json] [--rounds N] [--soak SECONDS]``.

Whole processes: a Go program sends spans of 1.1 KB with 22 string attributes over OTLP/HTTP as fast as they are accepted, our collector
passes them on, and the same program receives them and counts. The collector has one processor core (``GOMAXPROCS=1``) and no queue, so a
span counts when it has been delivered. Four pipelines of the same binary take turns in the same run: without a processor, with
``agentprivacy`` (consent required, an erasure set), and with the stock ``redaction`` processor, once with all patterns by which our
detectors begin and once with the few of ``collector-config/existing-collector.yaml``.

``--soak`` is the endurance test: one run at full speed with persistent queues, memory read every second.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.collector_pipelines import PIPELINES, SOAK

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from collector.harness import Collector, Ports, built_program, free_port  # noqa: E402 - the tests' harness is not on the path by itself

from otel_smart_agents.cli.collector_go import find_toolchain  # noqa: E402 - kept beside the line above

MOST, LEAST = 1.2, 8.0  # of the empty pipeline's CPU time; times the throughput of stock redaction
TICKS = os.sysconf("SC_CLK_TCK")


def programs() -> tuple[Path, Path]:
    """Return the collector, built before by ``make collector``, and the load tool, built now."""
    binary, reason = built_program()
    if binary is None:
        raise SystemExit(reason)
    go = find_toolchain(os.environ)
    tool = binary.with_name("otlpload")
    subprocess.run([go.go, "build", "-o", tool, "./internal/cmd/otlpload"], cwd=ROOT / "processors", env=go.environ, check=True)
    return binary, tool


def cpu_s(pid: int) -> float:
    """Return the CPU time that a process has used, in seconds (proc(5): utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def running(binary: Path, text: str, **environ: str):
    """Run one pipeline in a folder of its own; yields the collector and the address where its spans arrive."""
    sink = f"127.0.0.1:{free_port()}"
    with (
        tempfile.TemporaryDirectory() as folder,
        Collector(binary, text, ports=Ports(Path(folder)), environ={"BENCHMARK_SINK": sink, **environ}) as collector,
    ):
        yield collector, sink


def load(tool: Path, collector: Collector, sink: str, **options: object) -> subprocess.Popen[str]:
    """Start sending; the tool ends by itself and prints its result."""
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return subprocess.Popen([tool, f"--target={collector.ports.url}", f"--sink={sink}", *flags], stdout=subprocess.PIPE, text=True)


def result_of(process: subprocess.Popen[str]) -> dict[str, object]:
    """Wait for the load tool and return what it says."""
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"otlpload ended with {process.returncode}")
    return json.loads(out)


def measure(binary: Path, tool: Path, text: str, *, seconds: float) -> dict[str, object]:
    """One measurement on one core, after two seconds that warm the process up; CPU time per span in microseconds is the collector's."""
    with running(binary, text, GOMAXPROCS="1") as (collector, sink):
        result_of(load(tool, collector, sink, spans=1_000_000, seconds=2, drain=5))
        before = cpu_s(collector.pid)
        result = result_of(load(tool, collector, sink, spans=100_000_000, seconds=seconds, drain=10))
        result["cpu_us_per_span"] = (cpu_s(collector.pid) - before) / max(1, result["accepted"]) * 1e6
    return result


def rounds(binary: Path, tool: Path, *, count: int, seconds: float) -> dict[str, list[dict[str, object]]]:
    """Measure every pipeline ``count`` times, in turn."""
    found: dict[str, list[dict[str, object]]] = {name: [] for name in PIPELINES}
    for number in range(count):
        for name, text in PIPELINES.items():
            print(f"round {number + 1} of {count}: {name}", file=sys.stderr)
            found[name].append(measure(binary, tool, text, seconds=seconds))
    return found


def report(found: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """Return medians and ratios."""
    rows = {
        name: {
            "cpu_us_per_span": statistics.median(run["cpu_us_per_span"] for run in runs),
            "spans_per_second": statistics.median(run["spans_per_second"] for run in runs),
            "lost": sum(run["lost"] for run in runs),
            "doubled": sum(run["doubled"] for run in runs),
        }
        for name, runs in found.items()
    }
    ours = rows["agentprivacy"]
    return {
        "pipelines": rows,
        "cpu_of_empty": ours["cpu_us_per_span"] / rows["empty"]["cpu_us_per_span"],
        "throughput_of_redaction": ours["spans_per_second"] / max(1e-9, rows["redaction"]["spans_per_second"]),
        "throughput_of_redaction_few": ours["spans_per_second"] / max(1e-9, rows["redaction, few"]["spans_per_second"]),
    }


def show(result: dict[str, object]) -> None:
    """Print the table of the README."""
    for name, row in result["pipelines"].items():
        print(f"{name:14} {row['cpu_us_per_span']:8.2f} µs CPU a span  {row['spans_per_second']:10,.0f} spans/s  lost {row['lost']}")
    most, least = result["cpu_of_empty"], result["throughput_of_redaction"]
    print(f"agentprivacy: {most:.2f} times the CPU time of the empty pipeline (target ≤ {MOST:g} {'✓' if most <= MOST else '✗'})")
    print(f"agentprivacy: {result['throughput_of_redaction_few']:.1f} times the throughput of stock redaction with a few patterns")
    print(
        f"agentprivacy: {least:.1f} times the throughput of stock redaction with ours (target ≥ {LEAST:g} {'✓' if least >= LEAST else '✗'})"
    )


def soak(binary: Path, tool: Path, *, seconds: float) -> dict[str, object]:
    """Full speed for so long through a queue on disk; resident memory in MiB, in both halves after the first tenth, and at most."""
    with running(binary, SOAK) as (collector, sink):
        sending = load(tool, collector, sink, spans=2_000_000_000, seconds=seconds, drain=120, senders=4)
        memory: list[float] = []
        while sending.poll() is None:
            memory.append(collector.rss_bytes() / 2**20)
            time.sleep(1)
        result = result_of(sending)
    warm = memory[len(memory) // 10 :]
    return {
        **result,
        "rss_mib_first_half": statistics.median(warm[: len(warm) // 2]),
        "rss_mib_second_half": statistics.median(warm[len(warm) // 2 :]),
        "rss_mib_most": max(memory),
    }


def main() -> None:
    """Build the load tool, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="seconds of each measurement")
    parser.add_argument("--soak", type=float, default=0, help="seconds of the endurance run instead; the README's is 600")
    arguments = parser.parse_args()
    binary, tool = programs()
    if arguments.soak:
        print(json.dumps(soak(binary, tool, seconds=arguments.soak), indent=None if arguments.json else 1))
        return
    result = report(rounds(binary, tool, count=arguments.rounds, seconds=arguments.seconds))
    if arguments.json:
        print(json.dumps({**result, "cores": os.cpu_count(), "machine": platform.machine()}))
    else:
        show(result)


if __name__ == "__main__":
    main()
