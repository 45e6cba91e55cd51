"""The command line: ``main`` is the console script, ``telemetry`` the click group that a host product mounts as its own command."""

from __future__ import annotations

from otel_smart_agents.cli import collector, data, demo, doctor, enable, explain, identity, launch, preview, review, status
from otel_smart_agents.cli.group import telemetry

__all__ = [
    "collector",
    "data",
    "demo",
    "doctor",
    "enable",
    "explain",
    "identity",
    "launch",
    "main",
    "preview",
    "review",
    "status",
    "telemetry",
]


def main() -> None:
    """Run the command line as ``otel-smart-agents``."""
    telemetry(prog_name="otel-smart-agents")
