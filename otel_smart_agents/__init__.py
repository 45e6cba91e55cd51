"""Private, consented, durable OpenTelemetry traces for AI agents, skills and tools.

Importing it, decorating functions and calling them while telemetry is off loads nothing of OpenTelemetry: that comes with the first use.

PYTEST_DONT_REWRITE: pytest rewrites the assertions of the packages that bring its plugins, and warns where one is imported already.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents._version import __version__

if TYPE_CHECKING:
    from otel_smart_agents.consent import Notice
    from otel_smart_agents.instrument.capture import Capture
    from otel_smart_agents.instrument.events import feature, feedback
    from otel_smart_agents.instrument.instrumentor import SmartAgentsInstrumentor as SmartAgentsInstrumentor
    from otel_smart_agents.instrument.kinds import agent, skill, step, tool, workflow
    from otel_smart_agents.instrument.mcp import continued, inject_meta
    from otel_smart_agents.instrument.pool import pool
    from otel_smart_agents.instrument.propagate import Carrier, bind, inject_environ
    from otel_smart_agents.instrument.run import Run, current
    from otel_smart_agents.instrument.session import session
    from otel_smart_agents.setup import Handle, ask, configure

_HOME: Final = {
    **dict.fromkeys(("agent", "skill", "step", "tool", "workflow"), "instrument.kinds"),
    **dict.fromkeys(("Run", "current"), "instrument.run"),
    **dict.fromkeys(("Carrier", "bind", "inject_environ"), "instrument.propagate"),
    **dict.fromkeys(("continued", "inject_meta"), "instrument.mcp"),
    **dict.fromkeys(("feature", "feedback"), "instrument.events"),
    "Capture": "instrument.capture",
    "Notice": "consent",
    "SmartAgentsInstrumentor": "instrument.instrumentor",
    "pool": "instrument.pool",
    "session": "instrument.session",
    **dict.fromkeys(("Handle", "ask", "configure"), "setup"),
}

# Not SmartAgentsInstrumentor: it needs the [auto] extra, and ``import *`` must work without.
__all__ = [
    "Capture", "Carrier", "Handle", "Notice", "Run", "__version__", "agent", "ask", "bind", "configure",
    "continued", "current", "feature", "feedback", "inject_environ", "inject_meta", "pool", "session", "skill", "step", "tool", "workflow",
]  # fmt: skip # one name a line would be most of the file


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
