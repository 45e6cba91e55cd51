"""Tools for tests: the pytest fixture ``traces``, and the check of spans against the registry.

The fixture comes with the package, pytest finds it by itself. Names are loaded on first use: a test run that never asks for them pays
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otel_smart_agents.testing.clock import Clock as Clock
    from otel_smart_agents.testing.conformance import Finding as Finding
    from otel_smart_agents.testing.conformance import check_conformance as check_conformance
    from otel_smart_agents.testing.traces import Traces as Traces

_HOMES = {"Clock": "clock", "Finding": "conformance", "Traces": "traces", "check_conformance": "conformance"}
__all__ = ["Clock", "Finding", "Traces", "check_conformance"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
