"""The reading end of the spool: everything of one destination, for its sender and for the user's eyes."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.spool import state as shared
from otel_smart_agents.spool.caps import enforce_caps, prune_rejected, prune_sent
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

    from otel_smart_agents.spool.names import Terms
    from otel_smart_agents.spool.state import Deletion, SpoolState


_WAITING: Final = tuple((signal, place) for signal in SIGNALS for place in ("ready", "active"))


@dataclass(slots=True)
class _Counts:
    spans: int = 0
    files: int = 0
    bytes: int = 0
    oldest_ns: int | None = None
    sealed: Counter[Terms] = field(default_factory=Counter)

    def add(self, items: int, size: int, *, terms: Terms | None) -> None:
        # A process makes its file a moment before it writes to it: an empty one does not wait for anything.
        self.spans += items
        self.files += bool(items)
        self.bytes += size
        if terms is not None:
            self.sealed[terms] += items


class SpoolFolder:
    """One destination's folder (``paths.spool / destination.key``). Reading makes nothing; a folder that is missing is an empty one.

    Args:
        folder: the destination's folder.
        limits: sizes and ages.
        clock: Unix time in nanoseconds.
        requests: another folder of it that has requests for erasure: the one in the home folder, if data is moved.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limits: SpoolLimits | None = None,
        clock: Callable[[], int] = time.time_ns,
        requests: Path | None = None,
    ) -> None:
        self.folder = folder
        self._all = tuple(dict.fromkeys((folder, folder if requests is None else requests)))
        self._limits = limits or SpoolLimits()
        self._clock = clock

    def ready_files(self, signal: Signal) -> list[ReadyFile]:
        """Return the sealed files, oldest first."""
        return self._files(signal, "ready")

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
        self._tidy(signal)
        return report

    def recover_all(self) -> None:
        """Do so for every signal, as far as that is possible: one that fails keeps none of the others."""
        for signal in SIGNALS:
            with suppress(OSError):
                recover(self.folder, signal, clock=self._clock)
        with suppress(OSError):
            self._tidy(*SIGNALS)

    def _tidy(self, *signals: Signal) -> None:
        if not self.folder.exists():
            return
        now = self._clock()
        drops = Drops(self.folder, None)

        def drop(reason: str, count: int) -> None:
            drops.add(reason, count)
            drops.persist(now_ns=self._clock())  # now and then: with 10⁵ files this takes long, and the program may end meanwhile

        enforce_caps(self.folder, self._limits, now_ns=now, drop=drop)
        drops.persist()
        prune_sent(self.folder, self._limits, now_ns=now)
        for signal in signals:
            prune_rejected(self.folder, signal, keep=self._limits.rejected_files)

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

    def forget_wait(self) -> None:
        """Let the next request be made now, whatever was waited for."""
        with suppress(OSError):
            shared.update_state(self.folder, lambda state: state.at_once())

    def waiting_files(self) -> int:
        """Return how many files wait, by their names alone."""
        found = 0
        for signal, place in _WAITING:
            with suppress(FileNotFoundError), opened_directory(self.folder, signal, place) as directory:
                found += sum(name.endswith(".jsonl") for name in directory.each_name())
        return found

    def stats(self, *, on_file: Callable[[], object] = lambda: None) -> SpoolStats:
        """Return what waits and what was lost. Reads every waiting file once, and calls ``on_file`` after each."""
        counts = {signal: _Counts() for signal in SIGNALS}
        for signal, place in _WAITING:
            self._count(signal, place, counts[signal], on_file)
        sealed: Counter[Terms] = Counter()
        for count in counts.values():
            sealed.update(count.sealed)
        return SpoolStats(
            signals={
                signal: SignalStats(count.spans, count.files, count.bytes, self._rejected(signal)) for signal, count in counts.items()
            },
            oldest_ns=min([count.oldest_ns for count in counts.values() if count.oldest_ns is not None], default=None),
            dropped=self.state().dropped,
            sent_files=sum(len(self.sent_files(signal)) for signal in SIGNALS),
            deletions=len(self.deletions()),
            sealed=sealed,
        )

    def _count(self, signal: Signal, place: str, into: _Counts, on_file: Callable[[], object]) -> None:
        with suppress(FileNotFoundError), opened_directory(self.folder, signal, place) as directory:
            for text in directory.each_name():
                name = parse_name(text)
                if name is None or name.suffix != "jsonl":
                    continue
                into.oldest_ns = name.created_ns if into.oldest_ns is None else min(into.oldest_ns, name.created_ns)
                with suppress(OSError):  # sent, cleared or sealed meanwhile, or not safe to open
                    data = directory.read(text)
                    into.add(count_items(signal, data), len(data), terms=name.terms if place == "ready" else None)
                on_file()

    def _rejected(self, signal: Signal) -> int:
        with suppress(FileNotFoundError), opened_directory(self.folder, signal, "rejected") as directory:
            return sum(not name.startswith(".") for name in directory.each_name())
        return 0

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
        entries = [entry for folder in self._all for entry in shared.sent_log(folder)]
        if len(self._all) > 1:
            entries.sort(key=lambda entry: str(entry.get("time", "")))
        return entries if last is None else entries[len(entries) - min(last, len(entries)) :]

    def queue_deletion(self, request: Mapping[str, Any]) -> Deletion:
        """Put a deletion request on the disk; see ``state.queue_deletion``."""
        return shared.queue_deletion(self.folder, request, clock=self._clock)

    def deletions(self) -> list[Deletion]:
        """Return the queued deletion requests, oldest first."""
        return [deletion for folder in self._all for deletion in shared.deletions(folder)]
