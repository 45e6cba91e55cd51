"""How a pipeline works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from otel_smart_agents.export.write_behind import QUEUE_SIZE
from otel_smart_agents.spool.limits import SpoolLimits

if TYPE_CHECKING:
    from otel_smart_agents.config import Settings
    from otel_smart_agents.export.erasure import Erasure

_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """How one pipeline works.

    Attributes:
        durability: ``write_behind`` (kill -9 loses at most the last 100 ms) or ``write_through`` (it loses nothing).
        spool: ``disk``, or ``memory`` for an ``own`` destination without a writable disk.
        limits: sizes and ages of the spool.
        queue_size: spans that may wait for the writer; the newest is dropped when it is full.
        per_call: only spans inside ``session(consent=…)`` are recorded.
        seal_age_s: age at which a file is sealed; ``None`` takes 5 s for ``own`` and 60 s for ``upstream``.
        exit_timeout_s: longest time that the end of the program may wait for the back end.
        keep_sent: keep what was sent for a while; ``None`` does so for ``upstream``.
        erasure: what it takes to have erased again what is sent; ``None`` where nobody can ask for that.
    """

    durability: Literal["write_behind", "write_through"] = "write_behind"
    spool: Literal["disk", "memory"] = "disk"
    limits: SpoolLimits = field(default_factory=SpoolLimits)
    queue_size: int = QUEUE_SIZE
    per_call: bool = False
    seal_age_s: float | None = None
    exit_timeout_s: float = 1.0
    keep_sent: bool | None = None
    erasure: Erasure | None = None

    @classmethod
    def from_settings(cls, settings: Settings, *, per_call: bool = False, erasure: Erasure | None = None) -> PipelineOptions:
        """Return the options that settings describe."""
        return cls(
            durability=settings.durability,
            spool=settings.spool,
            limits=SpoolLimits(max_bytes=settings.max_spool_bytes, max_age_s=settings.max_spool_age_days * _DAY_S),
            per_call=per_call,
            exit_timeout_s=settings.exit_timeout_s,
            erasure=erasure,
        )
