"""How much the spool may keep, and what it tells about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.spool.names import Terms

Signal = Literal["traces", "logs", "metrics"]
SIGNALS: Final[tuple[Signal, ...]] = ("traces", "logs", "metrics")

MAX_LINE_BYTES: Final = 2**20
"""A line, and so the smallest unit that damage can take, stays below 1 MiB."""

DROP_REASONS: Final = frozenset(
    {
        "age",
        "busy",
        "cap",
        "cleared",
        "consent",
        "corrupt",
        "disk_error",
        "disk_full",
        "oversize",
        "queue",
        "rejected",
        "unencodable",
        "unfinished",
    }
)
"""Why spans (of ``corrupt`` and ``unfinished``: lines) are counted as dropped. ``cleared`` was asked for; ``busy`` is a signal handler that
ended a span while the same thread was writing one; ``unfinished`` is what a process was writing when it was killed."""


class DropCounter(Protocol):
    """Whatever else wants to hear about drops, for example self-metrics."""

    def add(self, reason: str, amount: int = 1, /) -> None:
        """Count ``amount`` more spans dropped for ``reason``."""


@dataclass(frozen=True, slots=True)
class SpoolLimits:
    """Bounds of one destination's spool.

    Attributes:
        max_bytes: bytes on disk of one destination, all signals; the oldest ready file goes first.
        max_age_s: seconds after which a ready file is dropped.
        seal_spans: spans (log records, metrics) after which a file is sealed; one file is one request.
        seal_bytes: bytes after which a file is sealed.
        sent_bytes: bytes of sent bodies kept for ``preview --sent``.
        sent_age_s: seconds that sent bodies are kept.
        rejected_files: files kept per signal in ``rejected/``, newest first.
    """

    max_bytes: int = 50 * 10**6
    max_age_s: float = 30 * 86_400.0
    seal_spans: int = 512
    seal_bytes: int = 900 * 1024
    sent_bytes: int = 10 * 10**6
    sent_age_s: float = 7 * 86_400.0
    rejected_files: int = 20


@dataclass(frozen=True, slots=True)
class SignalStats:
    """What waits for one signal: spans (log records, metrics), files and bytes, ready and still open ones together."""

    spans: int = 0
    files: int = 0
    bytes: int = 0
    rejected_files: int = 0


@dataclass(frozen=True, slots=True)
class SpoolStats:
    """One destination's spool at a moment.

    Attributes:
        signals: what waits, by signal.
        oldest_ns: creation of the oldest waiting file in Unix nanoseconds, ``None`` if nothing waits.
        dropped: spans lost since the folder was made, by reason (see ``DROP_REASONS``).
        sent_files: sent bodies that are kept.
        deletions: deletion requests that wait to be sent.
        sealed: spans (log records, metrics) in sealed files, by the terms of consent that they were recorded under.
    """

    signals: Mapping[Signal, SignalStats] = field(default_factory=dict)
    oldest_ns: int | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    sent_files: int = 0
    deletions: int = 0
    sealed: Mapping[Terms, int] = field(default_factory=dict)

    @property
    def spans(self) -> int:
        """Spans (log records, metrics) that wait to be sent."""
        return sum(stats.spans for stats in self.signals.values())

    @property
    def files(self) -> int:
        """Files that wait, sealed or still open."""
        return sum(stats.files for stats in self.signals.values())

    @property
    def bytes(self) -> int:
        """Bytes that wait."""
        return sum(stats.bytes for stats in self.signals.values())
