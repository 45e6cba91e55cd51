"""A program that is killed: runs agents, tells the parent about every finished one, and dies in the way and at the moment it is told.

Started once; forks one child per run, so that a run costs milliseconds. Usage: crash_program.py FOLDER WAY DURABILITY RUNS. Each child
writes lines ``<time.monotonic_ns()> <name>`` to FOLDER/<run>/done after each finished agent; the parent prints the moment of death per run.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path


def child(folder: Path, way: str, durability: str) -> None:
    os.environ["HOME"] = str(folder)
    from otel_smart_agents import agent, configure, skill

    configure(service_name="acme", audience="own", durability=durability)
    done = os.open(folder / "done", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    deadline = time.monotonic() + random.uniform(0.02, 0.12)
    with agent("root"):
        os.write(done, b"0 begun\n")
        for number in range(100_000):
            with skill(f"s{number}"):
                pass
            os.write(done, f"{time.monotonic_ns()} s{number}\n".encode())
            time.sleep(0.0005)
            if way != "kill" and time.monotonic() > deadline:
                os.write(done, f"{time.monotonic_ns()} died\n".encode())
                if way == "_exit":
                    os._exit(0)
                if way == "term":
                    os.kill(os.getpid(), signal.SIGTERM)
                if way == "exit":
                    sys.exit(0)


def warm_up() -> None:
    """Load, before the forks, every module that a first span loads: what is tried here is not how long an import takes."""
    from opentelemetry.sdk.trace import TracerProvider

    from otel_smart_agents.export import pipeline  # noqa: F401
    from otel_smart_agents.privacy import Policy, redact, redact_value
    from otel_smart_agents.setup import wire  # noqa: F401

    redact_value("warm", "dana@acme.example")
    span = TracerProvider(shutdown_on_exit=False).get_tracer("warm").start_span("up", attributes={"gen_ai.agent.name": "warm"})
    span.end()
    redact(span, Policy())


def main(folder: Path, way: str, durability: str, runs: int) -> None:
    warm_up()
    for run in range(runs):
        home = folder / str(run)
        home.mkdir()
        pid = os.fork()
        if pid == 0:
            child(home, way, durability)
            os._exit(0)
        if way == "kill":
            wait = time.monotonic() + 5
            while not (home / "done").exists() and time.monotonic() < wait:
                time.sleep(0.002)
            time.sleep(random.uniform(0.01, 0.12))
            killed = time.monotonic_ns()
            os.kill(pid, signal.SIGKILL)
        else:
            killed = 0
        os.waitpid(pid, 0)
        print(run, killed or time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
