"""What ``opentelemetry-instrument`` calls when everything is wired, before the program begins (``opentelemetry_post_instrument``)."""

from __future__ import annotations

import sys


def attach() -> None:
    """Let exporters of ours that configuration made take spans ahead of the SDK's batch processor. Without any, nothing is loaded."""
    entry = sys.modules.get("otel_smart_agents.export.entry")
    if entry is not None:
        entry.attach()
