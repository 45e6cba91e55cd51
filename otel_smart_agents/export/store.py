"""Where redacted items wait: the disk spool of one destination, or the memory of this process where an operator has no writable disk."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.state import count_drops, update_state
from otel_smart_agents.spool.writer import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from otel_smart_agents.consent.model import Decision, Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.spool.body import Body
    from otel_smart_agents.spool.limits import DropCounter, Signal, SpoolLimits
    from otel_smart_agents.spool.names import Terms
    from otel_smart_agents.spool.state import Deletion, SpoolState


class Store(Protocol):
    """The writing end, used under the pipeline's lock."""

    def append(self, signal: Signal, items: Sequence[Any], *, terms: Terms) -> bool:
        """Keep redacted items; True if a file became full and was handed to the sender. Raises SpoolError."""

    def open_marker(self, span: Any, *, terms: Terms) -> None:
        """Note that a root run has begun."""

    def close_marker(self, trace_id: int, span_id: int) -> None:
        """Forget a run that ended without being kept."""

    def sync(self) -> None:
        """Make what is kept survive a power cut. Raises SpoolError."""

    def dirty_s(self) -> float | None:
        """Return the seconds since the oldest write that ``sync`` has not put on the disk, ``None`` if there is none."""

    def age_s(self) -> float | None:
        """Return the age of the oldest item that is not yet handed to the sender, ``None`` if there is none."""

    def seal(self) -> None:
        """Hand everything to the sender. Raises SpoolError."""

    def persist_drops(self, drops: Mapping[str, int]) -> bool:
        """Add drops to the counts that people see; False if nothing was kept here yet, so there is no place for them."""

    def close(self) -> None:
        """Seal and let go of every file. Raises SpoolError."""

    def after_fork_in_child(self) -> None:
        """Leave everything to the parent."""


class Parcel(Protocol):
    """The claimed content of one request, or of several where the back end found it too large."""

    parts: tuple[Body, ...]

    @property
    def terms(self) -> Terms:
        """What it was recorded under."""

    def ack(self, *, keep_sent: bool = False) -> Any:
        """The back end has it."""

    def reject(self) -> None:
        """The back end will never take it: count it and keep the last few for a person to look at."""

    def keep_only(self, *rest: Body, sent: Body | None = None) -> None:
        """Shrink to what is left after a part was settled on its own, or divide it; each body is a request of its own ever after."""


class Outbox(Protocol):
    """The reading end, shared by all processes of a user."""

    def exclusive(self) -> AbstractContextManager[bool]:
        """Hold the one lock of this machine and destination for a drain; False if somebody else has it."""

    def recover(self) -> None:
        """Adopt what dead processes left."""

    def parcels(self, decision: Decision) -> Iterator[AbstractContextManager[Parcel | None]]:
        """Yield what a decision that sends covers, oldest first, each to be claimed (None: somebody else has it)."""

    def waiting(self, decision: Decision, *, pid: int | None = None, before_ns: int | None = None) -> bool:
        """Tell whether something waits that a decision lets be sent; with ``pid`` and ``before_ns`` of one process, begun before a time."""

    def sending(self, body: Body) -> None:
        """Take note of data that is about to be sent: erasure can be asked for it from now on."""

    def stayed(self) -> None:
        """Take the last note back: that data certainly did not leave this machine."""

    def deletions(self) -> Sequence[Deletion]:
        """Return the queued deletion requests, oldest first."""

    def count_drop(self, reason: str, count: int) -> None:
        """Count items that were lost on the way out."""

    def tell_drop(self, reason: str, count: int) -> None:
        """Tell the pipeline's counters of a loss that is counted on disk already."""

    def state(self) -> SpoolState:
        """Return what processes share about the destination."""

    def update(self, change: Callable[[SpoolState], SpoolState]) -> None:
        """Change it; losing that change must not stop anything."""

    def record(self, entry: Mapping[str, Any]) -> None:
        """Note one request in ``sent.jsonl``."""

    def exit_turn(self, *, every_s: float) -> bool:
        """Tell whether a drain at exit is due (at most one in ``every_s`` seconds for all processes) and take the turn."""


class DiskStore:
    """One ``Spool`` per signal, opened with the first item; other terms of consent seal the files of the old ones."""

    def __init__(
        self,
        folder: Path,
        destination: Destination,
        *,
        endpoint: Endpoint | None,
        limits: SpoolLimits,
        counters: DropCounter,
        clock: Callable[[], int],
    ) -> None:
        self._folder = folder
        self._destination = destination
        self._limits = limits
        self._counters = counters
        self._clock = clock
        self._spools: dict[Signal, Spool] = {}
        at = destination
        self._facts: dict[str, str] = {"endpoint": at.endpoint, "product": at.product, "controller": at.controller}
        if endpoint is not None:
            self._facts |= {"protocol": endpoint.protocol, "traces_url": endpoint.traces_url}

    def _spool(self, signal: Signal, terms: Terms) -> Spool:
        spool = self._spools.get(signal)
        if spool is not None and (spool.epoch, spool.marks) == (terms.epoch, terms.marks):
            return spool
        if spool is not None:
            with suppress(SpoolError):
                spool.close()
        spool = self._spools[signal] = Spool(
            self._folder,
            self._destination,
            signal=signal,
            epoch=terms.epoch,
            marks=terms.marks,
            limits=self._limits,
            clock=self._clock,
            counters=self._counters,
        )
        return spool

    def append(self, signal: Signal, items: Sequence[Any], *, terms: Terms) -> bool:
        """See ``Store``."""
        spool = self._spool(signal, terms)
        spool.append(items)
        self._note_facts()
        return spool.seal_full() is not None

    def _note_facts(self) -> None:
        """Put them beside the first data, once: whoever looks at it must see whose it is, where it goes, and as which bytes."""
        facts, self._facts = self._facts, {}
        if facts:
            with suppress(SpoolError, OSError):
                update_state(self._folder, lambda state: replace(state, **facts))  # type: ignore[arg-type] # each of them is a text

    def open_marker(self, span: Any, *, terms: Terms) -> None:
        """See ``Store``."""
        self._spool("traces", terms).open_marker(span)

    def close_marker(self, trace_id: int, span_id: int) -> None:
        """See ``Store``."""
        spool = self._spools.get("traces")
        if spool is not None and spool.open_markers:
            spool.close_marker(trace_id, span_id)

    def sync(self) -> None:
        """See ``Store``."""
        for spool in list(self._spools.values()):
            spool.sync()

    def dirty_s(self) -> float | None:
        """See ``Store``."""
        times = [since for spool in list(self._spools.values()) if (since := spool.dirty_since_ns) is not None]
        return max(0.0, (self._clock() - min(times)) / 1e9) if times else None

    def age_s(self) -> float | None:
        """See ``Store``."""
        ages = [age for spool in list(self._spools.values()) if (age := spool.age_s()) is not None]
        return max(ages, default=None)

    def seal(self) -> None:
        """See ``Store``."""
        for spool in list(self._spools.values()):
            spool.seal()

    def persist_drops(self, drops: Mapping[str, int]) -> bool:
        """See ``Store``."""
        if not self._spools:
            return False
        try:
            count_drops(self._folder, drops)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """See ``Store``."""
        for spool in list(self._spools.values()):
            spool.close()

    def after_fork_in_child(self) -> None:
        """See ``Store``."""
        for spool in list(self._spools.values()):
            spool.after_fork_in_child()
