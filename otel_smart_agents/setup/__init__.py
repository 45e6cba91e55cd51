"""The parts wired together: the only package that knows them all."""

from __future__ import annotations

from otel_smart_agents.setup.api import ask, configure, handles
from otel_smart_agents.setup.handle import Handle
from otel_smart_agents.setup.withdraw import Withdrawn, withdraw

__all__ = ["Handle", "Withdrawn", "ask", "configure", "handles", "withdraw"]
