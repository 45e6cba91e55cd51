"""The writing end of the spool: one writer per process, destination and signal."""

from __future__ import annotations

import errno
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from otel_smart_agents.errors import SpoolError, SpoolFullError
from otel_smart_agents.spool.active import ActiveFile
from otel_smart_agents.spool.body import parsed_items
from otel_smart_agents.spool.caps import CapCheck
from otel_smart_agents.spool.drops import Drops
from otel_smart_agents.spool.encode import encode_spans
from otel_smart_agents.spool.faults import spool_error
from otel_smart_agents.spool.fit import check_items, encode_items, fitting
from otel_smart_agents.spool.limits import SIGNALS, DropCounter, Signal, SpoolLimits
from otel_smart_agents.spool.lines import count_items, make_line
from otel_smart_agents.spool.markers import OpenRuns, key_of, key_of_json, marker_line
from otel_smart_agents.spool.names import FileName, new_token
from otel_smart_agents.spool.places import Places
from otel_smart_agents.spool.ready import ReadyFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.privacy import RedactedLog, RedactedMetrics, RedactedSpan


class Spool:
    """Appends redacted spans to this process's file and seals files for the sender. Thread-safe; makes nothing before the first append.

    Args:
        folder: the destination's folder (``paths.spool / destination.key``).
        destination: where the spans will go; another destination has another folder.
        signal: ``traces`` takes RedactedSpan, ``logs`` RedactedLog, ``metrics`` RedactedMetrics.
        epoch, marks: consent that the spans are recorded under (see ``names.Terms``); part of every file name.
        limits: sizes and ages.
        clock: Unix time in nanoseconds.
        counters: hears about every drop as it happens; totals are also kept in ``state.json``.
    """

    def __init__(
        self,
        folder: Path,
        destination: Destination,
        *,
        signal: Signal = "traces",
        epoch: int,
        marks: str = "",
        limits: SpoolLimits | None = None,
        clock: Callable[[], int] = time.time_ns,
        counters: DropCounter | None = None,
    ) -> None:
        if signal not in SIGNALS:
            raise ValueError(f"signal must be one of {', '.join(SIGNALS)}, not {signal!r}")
        self.folder = folder
        self.destination = destination
        self.signal: Signal = signal
        self.epoch = epoch
        self.marks = marks
        self._limits = limits or SpoolLimits()
        self._clock = clock
        self._counters = counters
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._token = new_token()
        self._last_ns = 0
        self._lock = threading.RLock()
        self._busy = False
        self._places = Places(self.folder, self.signal)
        self._active: ActiveFile | None = None
        self._runs = OpenRuns(self.folder)
        self._failure: SpoolError | None = None
        self._drops = Drops(self.folder, self._counters)
        self._caps = CapCheck(self.folder, self._limits, clock=self._clock)

    @contextmanager
    def _alone(self, items: int) -> Iterator[None]:
        if self._pid != os.getpid():
            self.after_fork_in_child()
        with self._lock:
            # The lock lets the same thread in again: a signal handler that ends a span while this thread is writing one. Waiting would be a
            # deadlock and writing would tear the file's books, so what it brings is refused.
            if self._busy:
                self._drops.add("busy", items)
                raise SpoolError(errno.EDEADLK, "a signal handler used the spool while its thread was writing to it")
            self._busy = True
            try:
                yield
            finally:
                self._busy = False

    @property
    def active_items(self) -> int:
        """Spans (log records, metrics) in the file that is being written."""
        return self._active.items if self._active is not None else 0

    @property
    def open_markers(self) -> int:
        """Runs that would be reported as interrupted if this process died now."""
        return self._runs.count

    @property
    def dirty_since_ns(self) -> int | None:
        """Time of the oldest write that ``sync()`` has not yet put on the disk, ``None`` if there is none."""
        written = self._active.dirty_since_ns if self._active is not None else None
        return min([since for since in (written, self._places.moved_since_ns) if since is not None], default=None)

    def age_s(self, now_ns: int | None = None) -> float | None:
        """Return the age of the file that is being written in seconds, ``None`` if there is none."""
        active = self._active
        if active is None or not active.items:
            return None
        return max(((self._clock() if now_ns is None else now_ns) - active.name.created_ns) / 1e9, 0.0)

    def should_seal(self, max_age_s: float, *, now_ns: int | None = None) -> bool:
        """Tell whether the file being written is full or older than ``max_age_s``."""
        active, age = self._active, self.age_s(now_ns)
        return active is not None and age is not None and (age >= max_age_s or self._is_full(active))

    def _is_full(self, active: ActiveFile, *, items: int = 1, size: int = 1) -> bool:
        return active.items + items > self._limits.seal_spans or active.size + size > self._limits.seal_bytes

    def append(self, items: Sequence[RedactedSpan] | Sequence[RedactedLog] | Sequence[RedactedMetrics]) -> int:
        """Write items to the disk's cache and return how many spans (log records, metrics) were written: kill -9 cannot lose those.

        Items that cannot be written are counted by reason here; the caller need not count them again.

        Raises:
            TypeError: an item did not come from the privacy filter of this audience; nothing is written.
            SpoolFullError: the disk is full: what could not be written is counted as ``disk_full``.
            SpoolError: the folder cannot be written or is not safe to use: counted as ``disk_error``.
        """
        batch = check_items(self.signal, items, audience=self.destination.audience)
        step = 1 if self.signal == "metrics" else max(self._limits.seal_spans, 1)
        with self._alone(len(batch)):
            written = sum([self._append_chunk(batch[start : start + step]) for start in range(0, len(batch), step)])
            failure, self._failure = self._failure, None
            self._drops.persist(now_ns=self._clock())
        if failure is not None:
            raise failure
        return written

    def _append_chunk(self, chunk: list[Any]) -> int:
        payload = encode_items(self.signal, chunk, drop=self._drops.add)
        parts = list(fitting(self.signal, payload, limit=self._limits.seal_bytes, drop=self._drops.add))
        written = 0
        for part in parts:
            written += self._write(part)
            if len(parts) > 1 and self.open_markers:
                # Before the next part can seal this one: recovery looks for ended spans in files that are not sealed.
                self._runs.close_keys([key_of_json(item) for item in parsed_items(self.signal, part)])
        if self.open_markers:
            self._runs.close_keys([key_of(span) for span in chunk])
        return written

    def _write(self, payload: bytes) -> int:
        items = count_items(self.signal, payload)
        line = make_line(self.signal, payload)
        try:
            self._room_for(len(line), items).append(line, items, now_ns=self._clock())
        except OSError as error:
            self._failure = spool_error(error, self.folder)
            self._drops.add("disk_full" if isinstance(self._failure, SpoolFullError) else "disk_error", items)
            return 0
        return items

    def _room_for(self, size: int, items: int) -> ActiveFile:
        active = self._active
        if active is not None and not active.linked:
            self._cleared(active)
        elif active is not None and active.items and self._is_full(active, items=items, size=size):
            # A file that cannot be moved now is still a good place to write to.
            with suppress(OSError):
                self._seal()
        if self._active is None:
            self._active = ActiveFile.create(self._places, name=self._new_name())
        return self._active

    def _new_name(self) -> FileName:
        # Never twice, even if the clock stands still or steps back: a file would replace its elder in ready/.
        self._last_ns = max(self._clock(), self._last_ns + 1)
        return FileName(self._last_ns, self._pid, self._token, self.epoch, marks=self.marks)

    def _cleared(self, active: ActiveFile) -> None:
        """Account for a file that somebody removed: only its writer knows what it wrote up to the last moment."""
        self._drops.add("cleared", active.cleared_items())
        active.close()
        self._active = None

    def open_marker(self, span: RedactedSpan) -> bool:
        """Note that a root agent or workflow run has begun; appending the span with the same ids closes the note.

        ``span`` is the redacted form of the span as it is at its start. Returns whether the note was written: a full disk is told by the
        appends that follow.

        Raises:
            TypeError: the span did not come from the privacy filter.
        """
        (checked,) = check_items("traces", [span], audience=self.destination.audience)
        with suppress(OSError), self._alone(0):
            line = marker_line(encode_spans([checked]), opened_ns=self._clock())
            self._runs.open(key_of(checked), line, name=FileName(0, self._pid, self._token, self.epoch, marks=self.marks).markers)
            return True
        return False

    def close_marker(self, trace_id: int, span_id: int) -> None:
        """Forget a run that ended without being appended, for example because consent was withdrawn meanwhile."""
        with suppress(SpoolError), self._alone(0):
            self._runs.close_keys([(trace_id, span_id)])

    def count_drop(self, reason: str, count: int) -> None:
        """Add to the persistent counts what was lost before it came here, for example ``queue``. ``counters`` hears of it too."""
        with self._alone(0):
            self._drops.add(reason, count)

    @contextmanager
    def _alone_or_told(self) -> Iterator[None]:
        try:
            with self._alone(0):
                yield
        except OSError as error:
            raise spool_error(error, self.folder) from error

    def sync(self) -> None:
        """Put everything appended on the disk: a power cut cannot lose it afterwards.

        Raises:
            SpoolError: the disk failed.
        """
        with self._alone_or_told():
            if self._active is not None:
                self._active.sync()
            self._places.sync()
            self._drops.persist(now_ns=self._clock())

    def seal(self) -> ReadyFile | None:
        """Hand this process's file to the sender; ``None`` if there is nothing in it.

        Raises:
            SpoolError: it cannot be moved; it stays open and will be tried again.
        """
        with self._alone_or_told():
            ready = self._seal()
            self._places.sync()
            self._drops.persist()
            return ready

    def seal_full(self) -> ReadyFile | None:
        """Like ``seal`` for a file that is full, but a power cut may take the move back until the next ``sync()``."""
        if self._active is None or not self._is_full(self._active):
            return None
        with self._alone_or_told():
            return self._seal()

    def _seal(self) -> ReadyFile | None:
        active = self._active
        if active is None or not active.items:
            return None
        self._runs.touch()
        if not active.seal(now_ns=self._clock()):
            self._cleared(active)
            return None
        self._active = None
        self._caps.sealed(active.size, drops=self._drops)
        return ReadyFile(self.folder, self.signal, active.name)

    def close(self) -> None:
        """Seal what there is and let go of every file; an append afterwards begins anew. Runs that are open stay noted for recovery.

        Raises:
            SpoolError: the file cannot be moved; the next process will adopt it.
        """
        try:
            self.seal()
        finally:
            with suppress(SpoolError), self._alone(0):
                if self._active is not None:
                    self._active.discard()
                    self._active = None
                self._runs.finish()
                self._places.close()
                # What comes later is another writer's: runs that are open now belong to whoever recovers.
                self._token = new_token()

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: close, never unlock (the parent would lose its locks), and leave the counts to the parent."""
        if self._active is not None:
            self._active.close()
        self._runs.abandon()
        self._places.close()
        self._begin()
