"""What importing the package costs, beside the OpenTelemetry SDK: ``python -m benchmarks.import_time [--json] [--rounds N]``.

Every import runs in a fresh interpreter; the rounds go through all of them in turn, so that a busy moment of the machine hits all alike.
The figure is the median time of the statement alone, without the interpreter's own start.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

BASE = "import opentelemetry.sdk.trace"
STATEMENTS = {
    "the OpenTelemetry SDK": BASE,
    "the OpenTelemetry API": "import opentelemetry.trace",
    "the package": "import otel_smart_agents",
    "the decorators": "from otel_smart_agents import agent, skill, tool, workflow, step",
    "decorators, sessions, events": "from otel_smart_agents import agent, skill, tool, workflow, step, session, feature, feedback",
}
TARGET = 0.50
MEASURED = ("the package", "the decorators", "decorators, sessions, events")
PROGRAM = "import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"


def seconds(statement: str) -> float:
    """Return the time of one import in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(statement=statement)], capture_output=True, text=True, timeout=60, check=True
    )
    return float(done.stdout)


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Return name → median milliseconds and ratio to the SDK."""
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for statement in STATEMENTS.values():
        seconds(statement)  # writes the byte code
    for _ in range(rounds):
        for name, statement in STATEMENTS.items():
            times[name].append(seconds(statement))
    base = statistics.median(times["the OpenTelemetry SDK"])
    return {name: {"ms": statistics.median(found) * 1e3, "ratio": statistics.median(found) / base} for name, found in times.items()}


def main() -> int:
    """Print the table; 1 if an import of the package takes more than its share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    found = measure(options.rounds)
    met = all(found[name]["ratio"] <= TARGET for name in MEASURED)
    if options.json:
        print(json.dumps({"benchmark": "import_time", "target": TARGET, "met": met, "imports": found}, indent=2))
    else:
        for name, row in found.items():
            target = f"  (target ≤ {TARGET})" if name in MEASURED else ""
            print(f"{name:32} {row['ms']:7.1f} ms   {row['ratio']:.2f} of the SDK{target}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
