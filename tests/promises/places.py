"""What programs in many places have in common: one configured destination, and a record of when they leave."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from promises.program import Home

SETUP = """
import os, signal, sys, threading, time
from otel_smart_agents import agent, configure, skill, tool, workflow
handle = configure(service_name="acme", endpoint=os.environ["URL"], audience="own", protocol="http/json")
"""

LEAVING = """
with open(os.environ["HOME"] + "/leaving", "w") as file: file.write(repr(time.time()))
"""

NEXT = (
    SETUP
    + """
until = time.monotonic() + 10
while not handle.flush(2) and time.monotonic() < until: pass  # what the programs before left goes first
"""
)

EXIT_S = 1.5
INTERPRETER_S = 1.0
"""What the interpreter's own end, and a machine with other work, may add to a measured exit."""


def exit_s(user: Home) -> float:
    """Return the seconds since the program wrote that it leaves; to be called when it has ended."""
    return time.time() - float((user.folder / "leaving").read_text())


def telemetry(user: Home) -> Path:
    return user.folder / ".smart-agents" / "telemetry"


def next_run(user: Home, url: str) -> None:
    """Run the product once more, which sends what is left."""
    user.run(NEXT + '\nwith agent("next"): pass\nhandle.flush(10)\n', URL=url)


def status(user: Home, **environ: str) -> dict[str, Any]:
    """Return what ``status --json`` says about the only destination."""
    (found,) = json.loads(user.cli("status", "--json", **environ).stdout)["destinations"]
    return found


def names(receiver: Any) -> Counter[str]:
    return Counter(span["name"] for span in receiver.stored_once())


def outcome(span: dict[str, Any]) -> str:
    return span["attributes"]["smart_agents.outcome"]


def each_once(receiver: Any) -> bool:
    return max(Counter(span["span_id"] for span in receiver.stored_once()).values(), default=1) == 1
