"""The reading end of the spool: everything of one destination, for its sender and for the user's eyes."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from otel_smart_agents.spool import state as shared
from otel_smart_agents.spool.caps import enforce_caps, entries, prune_rejected, prune_sent
from otel_smart_agents.spool.clear import ClearReport, clear_all, clear_older
from otel_smart_agents.spool.drops import Drops
from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.limits import SIGNALS, Signal, SignalStats, SpoolLimits, SpoolStats
from otel_smart_agents.spool.lines import count_items
from otel_smart_agents.spool.names import parse_name
from otel_smart_agents.spool.ready import ReadyFile
from otel_smart_agents.spool.recovery import RecoveryReport, recover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from otel_smart_agents.spool.state import Deletion, SpoolState


class SpoolFolder:
    """One destination's folder (``paths.spool / destination.key``). Reading makes nothing; a folder that is missing is an empty one.

    Args:
        folder: the destination's folder.
        limits: sizes and ages.
        clock: Unix time in nanoseconds.
    """

    def __init__(self, folder: Path, *, limits: SpoolLimits | None = None, clock: Callable[[], int] = time.time_ns) -> None:
        self.folder = folder
        self._limits = limits or SpoolLimits()
        self._clock = clock

    def ready_files(self, signal: Signal) -> list[ReadyFile]:
        """Return the sealed files, oldest first."""
        return self._files(signal, "ready")

    def ready_names(self, signal: Signal) -> list[str]:
        """Return the names of the sealed files, oldest first: with 10⁵ of them, a tenth of the time of ``ready_files``."""
        with suppress(FileNotFoundError), opened_directory(self.folder, signal, "ready") as directory:
            return directory.names()
        return []

    def sent_files(self, signal: Signal) -> list[ReadyFile]:
        """Return the bodies kept after they were sent, oldest first."""
        return self._files(signal, "sent")

    def _files(self, signal: Signal, place: str) -> list[ReadyFile]:
        with suppress(FileNotFoundError), opened_directory(self.folder, signal, place) as directory:
            found = filter(None, map(parse_name, directory.names()))
            return [ReadyFile(self.folder, signal, name, place) for name in found if name.suffix == "jsonl"]
        return []

    def recover(self, signal: Signal) -> RecoveryReport:
        """Adopt files of dead processes, emit their killed runs as ``interrupted``, and bring the folder within its limits.

        May be killed at any point and called by many processes at once.

        Raises:
            OSError: the folder cannot be read or is not safe to use.
        """
        report = recover(self.folder, signal, clock=self._clock)
        now = self._clock()
        drops = Drops(self.folder, None)
        if self.folder.exists():
            enforce_caps(self.folder, self._limits, now_ns=now, drop=drops.add)
            drops.persist()
            prune_sent(self.folder, self._limits, now_ns=now)
            prune_rejected(self.folder, signal, keep=self._limits.rejected_files)
        return report

    def clear(self, *, older_than_ns: int | None = None, wait_s: float = 2.0) -> ClearReport:
        """Delete what has not been sent: everything, or ready files begun before ``older_than_ns`` (Unix nanoseconds).

        Everything also takes files that other processes are writing, bodies kept after sending, and ``rejected/``. Deletion requests and
        the record of requests stay. A file that is being sent is waited for ``wait_s`` seconds.

        Raises:
            OSError: the folder cannot be written.
        """
        report = clear_older(self.folder, older_than_ns) if older_than_ns is not None else clear_all(self.folder, wait_s=wait_s)
        self.count("cleared", report.items)
        return report

    def stats(self) -> SpoolStats:
        """Return what waits and what was lost. Reads every waiting file once."""
        signals = {signal: self._signal_stats(signal) for signal in SIGNALS}
        places = [(signal, place) for signal in SIGNALS for place in ("ready", "active")]
        waiting = [entry.created_ns for signal, place in places for entry in entries(self.folder, signal, place)]
        return SpoolStats(
            signals=signals,
            oldest_ns=min(waiting, default=None),
            dropped=self.state().dropped,
            sent_files=sum(len(self.sent_files(signal)) for signal in SIGNALS),
            deletions=len(self.deletions()),
        )

    def _signal_stats(self, signal: Signal) -> SignalStats:
        spans = files = size = 0
        for place in ("ready", "active"):
            for entry in entries(self.folder, signal, place):
                with suppress(OSError), opened_directory(self.folder, signal, place) as directory:
                    items = count_items(signal, directory.read(entry.name))
                    # A process makes its file a moment before it writes to it: an empty one does not wait for anything.
                    spans, files, size = spans + items, files + bool(items), size + entry.size
        rejected = 0
        with suppress(FileNotFoundError), opened_directory(self.folder, signal, "rejected") as directory:
            rejected = sum(not name.startswith(".") for name in directory.names())
        return SignalStats(spans, files, size, rejected)

    def state(self) -> SpoolState:
        """Return what all processes share: endpoint, next attempt, counts."""
        return shared.read_state(self.folder)

    def update_state(self, **changes: Any) -> SpoolState:
        """Set fields of the shared state atomically and return it, for example ``update_state(next_attempt_ns=…, attempts=3)``.

        Raises:
            SpoolError, OSError: it cannot be written, or another process held it for a second.
        """
        return shared.update_state(self.folder, lambda state: replace(state, **changes))

    def count(self, reason: str, count: int = 1) -> None:
        """Add to the shared counts of dropped spans; a disk that is full costs the count, not the caller."""
        with suppress(OSError):
            shared.count_drops(self.folder, {reason: count})

    def record_sent(self, entry: Mapping[str, Any]) -> None:
        """Append one request to ``sent.jsonl``; see ``state.record_sent``."""
        shared.record_sent(self.folder, entry)

    def sent_log(self, *, last: int | None = None) -> list[dict[str, Any]]:
        """Return recorded requests, oldest first."""
        return shared.sent_log(self.folder, last=last)

    def queue_deletion(self, request: Mapping[str, Any]) -> Deletion:
        """Put a deletion request on the disk; see ``state.queue_deletion``."""
        return shared.queue_deletion(self.folder, request, clock=self._clock)

    def deletions(self) -> list[Deletion]:
        """Return the queued deletion requests, oldest first."""
        return shared.deletions(self.folder)
