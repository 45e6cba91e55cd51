"""The writing half of a pipeline: consent with every batch, redaction, then the spool.

Everything here fails open for the program and closed for privacy.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.export.filter import CONSENT, Filter, Gate
from otel_smart_agents.export.lifecycle import importing
from otel_smart_agents.export.notes import Marker, marker_of
from otel_smart_agents.export.running import Running
from otel_smart_agents.export.write_behind import END
from otel_smart_agents.instrument.runtime import failed, say
from otel_smart_agents.spool.names import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from otel_smart_agents.consent.model import Decision
    from otel_smart_agents.export.store import Store
    from otel_smart_agents.privacy.counters import Counters
    from otel_smart_agents.spool.limits import Signal

SLICE: Final = 512
"""Spans that are redacted and encoded in one go, and written with one call: each call gives the interpreter lock away, and a busy program
gives it back only after its switch interval."""
SYNC_AFTER_S: Final = 0.9
"""Dirty data is on the disk this long after it was written; the promise is one second."""
_OURS: Final[tuple[str, ...]] = ("queue", "consent", "redaction_error")
"""Drops that happen before the spool, which counts its own."""


class Writer:
    """Writes for one destination, from any thread.

    Args:
        gate: asked for consent with every batch.
        filtered: redacts.
        store: keeps.
        counters: counts drops and redactions.
        on_off: told when consent no longer allows recording.
        on_data: told that something was kept that may be sent; True if a file became full.

    Attributes:
        granted: categories of the last decision.
        narrowed: whether some category was missing in it.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        filtered: Filter,
        store: Store,
        counters: Counters,
        on_off: Callable[[Decision], None] | None,
        on_data: Callable[[bool], None],
    ) -> None:
        self.granted: frozenset[str] = CATEGORIES
        self.narrowed = False
        self._gate = gate
        self._filter = filtered
        self._store = store
        self._counters = counters
        self._on_off = on_off
        self._on_data = on_data
        self._persisted: dict[str, int] = {}
        self._off = False
        self._complained = False
        self._running = Running(store)
        self._lock = threading.RLock()
        self._persisting = threading.Lock()
        self._holding = False

    def decide(self) -> Decision | None:
        """Return the current decision; ``None`` if it cannot be made, which means off. Switches the route off when consent ends."""
        try:
            decision = self._gate.decision()
        except Exception as error:  # noqa: BLE001 - without an answer nothing is recorded
            failed("consent", error)
            return None
        self.granted = decision.categories
        self.narrowed = decision.categories != CATEGORIES
        if decision.records:
            self._off = False
        elif not self._off:
            self._off = True
            if self._on_off is not None:
                self._on_off(decision)
        return decision

    def queued(self, items: Sequence[Any]) -> bool:
        """Keep what the span processor queued: ended spans and, in front of them, markers of begun ones."""
        ended = []
        markers = []
        for item in items:
            marker = marker_of(item)
            if marker is None:
                ended.append(item)
            elif marker.span.end_time is None:
                markers.append(marker)
        if markers:
            self._mark(markers)
        return self.spans(ended) if ended else True

    def spans(self, items: Sequence[Any]) -> bool:
        """Keep ended spans (``ReadableSpan`` or ``Noted``); False if the disk could not keep them."""
        decision = self.decide()
        if decision is None or not decision.records:
            self._counters.add(CONSENT, len(items))
            return True
        fine = True
        for start in range(0, len(items), SLICE):
            fine &= self._slice(items[start : start + SLICE], decision)
        return fine

    def _slice(self, items: Sequence[Any], decision: Decision) -> bool:
        with self._lock:
            items = self._running.not_left(items)
            kept = self._filter.spans(items, decision)
            if len(kept) < len(items):
                self._running.dropped(items, kept)
            return self._append("traces", kept, decision)

    def _mark(self, markers: Sequence[Marker]) -> None:
        decision = self.decide()
        if decision is None or not decision.records:
            return
        terms = Terms.of(decision)
        with self._lock:
            self._running.turn_to(terms)
            for marker in markers:
                begun = self._filter.marker(marker, decision)
                if begun is not None:
                    self._guarded(partial(self._running.mark, begun, marker.span, terms=terms))

    def logs(self, records: Sequence[Any]) -> bool:
        """Keep log records (``ReadableLogRecord``)."""
        return self._other("logs", records, len(records))

    def metrics(self, data: Any) -> bool:
        """Keep one reading of metrics (``MetricsData``)."""
        return self._other("metrics", data, 1)

    def _other(self, signal: Signal, data: Any, count: int) -> bool:
        decision = self.decide()
        if decision is None or not decision.records:
            self._counters.add(CONSENT, count)
            return True
        with self._lock:
            kept = self._filter.logs(data, decision) if signal == "logs" else self._filter.metrics(data, decision)
            return self._append(signal, kept, decision)

    def _append(self, signal: Signal, kept: Sequence[Any], decision: Decision) -> bool:
        if not kept:
            return True
        terms = Terms.of(decision)
        self._running.turn_to(terms)
        try:
            full = self._store.append(signal, kept, terms=terms)
        except OSError as error:  # the spool has counted what it lost
            self.complain(error)
            return False
        if signal == "traces":
            self._running.kept(kept)
        if decision.sends:
            self._on_data(full)
        return True

    def current(self) -> Decision:
        """Return the current decision, without anything else."""
        return self._gate.decision()

    def prepare(self) -> None:
        """Import the filter and its detectors, ahead of the first span."""
        with importing():
            from otel_smart_agents import privacy

            assert privacy.redact is not None

    def hold(self, timeout_s: float) -> None:
        """Wait until no thread is in the middle of a slice, and keep others from beginning one: a fork must not copy a half-done one."""
        self._holding = self._lock.acquire(timeout=timeout_s)

    def release(self) -> None:
        """Let others go on."""
        if self._holding:
            self._lock.release()

    def rest(self) -> float | None:
        """Put on the disk what has waited long enough; return the seconds until that is due, ``None`` if nothing waits.

        After consent ended every file is let go of and ``END`` asks the thread to end: off is free.
        """
        if self._off:
            self.close()
            return END
        self.persist_drops()
        age_s = self._store.dirty_s()
        if age_s is None:
            return None
        if age_s < SYNC_AFTER_S:
            return SYNC_AFTER_S - age_s
        self.sync()
        return None

    def sync(self) -> bool:
        """Put everything on the disk now; False if the disk failed."""
        return self._guarded(self._store.sync)

    def seal(self) -> bool:
        """Hand everything to the sender; False if the disk failed."""
        return self._guarded(self._store.seal)

    def close(self) -> bool:
        """Seal and let go of every file; the next item opens new ones. False if the disk failed."""
        self.persist_drops()
        with self._lock:
            self._running.leave()
            return self._guarded(self._store.close)

    def _guarded(self, action: Callable[[], None]) -> bool:
        try:
            with self._lock:
                action()
        except OSError as error:
            self.complain(error)
            return False
        return True

    def persist_drops(self) -> None:
        """Bring what was dropped before the spool to the counts that ``status`` shows."""
        with self._persisting:
            counts = self._counters.snapshot()
            fresh = {reason: counts[reason] - self._persisted.get(reason, 0) for reason in _OURS if reason in counts}
            fresh = {reason: count for reason, count in fresh.items() if count > 0}
            if fresh and self._store.persist_drops(fresh):
                for reason, count in fresh.items():
                    self._persisted[reason] = self._persisted.get(reason, 0) + count

    def pseudonym(self, value: str) -> str:
        """Return the keyed pseudonym of an end user, empty where no key is there to make one."""
        decision = self.decide()
        if decision is None or not decision.records:
            return ""
        from otel_smart_agents.privacy import pseudonym

        policy = self._filter.policy(decision)
        return pseudonym(value, key=policy.pseudonym_key, key_id=policy.pseudonym_key_id) if policy.pseudonym_key else ""

    def complain(self, error: OSError) -> None:
        """Say once on stderr why telemetry is not kept; the program goes on."""
        if self._complained:
            return
        self._complained = True
        say(f"{error.strerror or error}; the program goes on, what is lost is counted", sys.stderr)

    def after_fork_in_child(self) -> None:
        """Begin anew; what the parent counted is the parent's to tell."""
        self._running.forget()
        self._lock = threading.RLock()
        self._persisting = threading.Lock()
        self._persisted = self._counters.snapshot()
        self._store.after_fork_in_child()
