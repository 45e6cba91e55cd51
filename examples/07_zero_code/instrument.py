"""The same from Python: wrap the targets, run the program, put everything back."""

from __future__ import annotations

import runpy
from pathlib import Path

from otel_smart_agents import SmartAgentsInstrumentor, configure

TARGETS = {
    "shop_agents:Assistant.run": {"kind": "agent", "name": "shop-assistant", "version": "4.1.0"},
    "shop_agents:Assistant.describe": {"kind": "skill", "name": "describe-items"},
    "shop_agents:search": "tool",
}

if __name__ == "__main__":
    with configure(service_name="shop"):
        SmartAgentsInstrumentor().instrument(targets=TARGETS)
        runpy.run_path(str(Path(__file__).with_name("main.py")))
        SmartAgentsInstrumentor().uninstrument()
