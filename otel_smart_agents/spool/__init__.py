"""The disk spool: OTLP JSON lines that survive crashes, that their owner can read, and that a sender turns into requests.

Every name is loaded on first use, so that importing this package costs nothing to a program that records nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otel_smart_agents.spool.body import Body as Body
    from otel_smart_agents.spool.body import sha256_hex as sha256_hex
    from otel_smart_agents.spool.clear import ClearReport as ClearReport
    from otel_smart_agents.spool.encode import encode_logs as encode_logs
    from otel_smart_agents.spool.encode import encode_metrics as encode_metrics
    from otel_smart_agents.spool.encode import encode_spans as encode_spans
    from otel_smart_agents.spool.folder import SpoolFolder as SpoolFolder
    from otel_smart_agents.spool.limits import SIGNALS as SIGNALS
    from otel_smart_agents.spool.limits import Signal as Signal
    from otel_smart_agents.spool.limits import SpoolLimits as SpoolLimits
    from otel_smart_agents.spool.limits import SpoolStats as SpoolStats
    from otel_smart_agents.spool.ready import ClaimedFile as ClaimedFile
    from otel_smart_agents.spool.ready import ReadyFile as ReadyFile
    from otel_smart_agents.spool.recovery import RecoveryReport as RecoveryReport
    from otel_smart_agents.spool.state import Deletion as Deletion
    from otel_smart_agents.spool.state import SpoolState as SpoolState
    from otel_smart_agents.spool.writer import Spool as Spool

_MODULES = {
    "body": ("Body", "sha256_hex"),
    "clear": ("ClearReport",),
    "encode": ("encode_logs", "encode_metrics", "encode_spans"),
    "folder": ("SpoolFolder",),
    "limits": ("SIGNALS", "Signal", "SpoolLimits", "SpoolStats"),
    "ready": ("ClaimedFile", "ReadyFile"),
    "recovery": ("RecoveryReport",),
    "state": ("Deletion", "SpoolState"),
    "writer": ("Spool",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - one table says both where a name lives and that it is public


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
