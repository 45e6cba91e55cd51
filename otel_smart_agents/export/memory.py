"""A spool without a disk, for an ``own`` destination in a container whose file system is read-only. It lives as long as its process."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.spool.body import Body
from otel_smart_agents.spool.fit import check_items, encode_items
from otel_smart_agents.spool.limits import SIGNALS, DropCounter, Signal, SpoolLimits
from otel_smart_agents.spool.lines import count_items
from otel_smart_agents.spool.names import Terms
from otel_smart_agents.spool.state import Deletion, SpoolState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from otel_smart_agents.consent.model import Decision
    from otel_smart_agents.export.erasure import Erasure

MAX_BYTES: Final = 8 * 10**6
"""Bytes that may wait in memory, whatever the cap for disks says."""


@dataclass(slots=True, eq=False)
class _Waiting:
    parts: tuple[Body, ...]
    terms: Terms
    size: int
    store: MemoryStore

    def ack(self, *, keep_sent: bool = False) -> None:
        del keep_sent  # there is no disk to keep it on
        self.store.remove(self)

    def reject(self) -> None:
        self.store.remove(self)

    @property
    def items(self) -> int:
        return sum(body.items for body in self.parts)

    def keep_only(self, *rest: Body, sent: Body | None = None) -> None:
        del sent
        self.parts = rest


class MemoryStore:
    """Both ends of a spool in memory; the oldest request goes first when the cap is reached. Thread-safe."""

    def __init__(
        self,
        *,
        limits: SpoolLimits,
        counters: DropCounter,
        erasure: Erasure | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._limits = limits
        self._cap = min(limits.max_bytes, MAX_BYTES)
        self._counters = counters
        self._erasure = erasure
        self._clock = clock
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.RLock()
        self._active: dict[Signal, list[bytes]] = {signal: [] for signal in SIGNALS}
        self._since_ns: int | None = None
        self._terms = Terms()
        self._ready: deque[_Waiting] = deque()
        self._bytes = 0
        self._state = SpoolState()

    def append(self, signal: Signal, items: Sequence[Any], *, terms: Terms) -> bool:
        """See ``Store``. A long batch makes several requests: what has no room is then the oldest of them, not all of it."""
        checked = check_items(signal, items, audience="own")
        step = 1 if signal == "metrics" else max(self._limits.seal_spans, 1)
        full = [self._append(signal, checked[start : start + step], terms=terms) for start in range(0, len(checked), step)]
        return any(full)

    def _append(self, signal: Signal, items: Sequence[Any], *, terms: Terms) -> bool:
        payload = encode_items(signal, items, drop=self._counters.add)
        if not payload:
            return False
        with self._lock:
            if terms != self._terms:
                self.seal()
                self._terms = terms
            active = self._active[signal]
            active.append(payload)
            self._bytes += len(payload)
            self._since_ns = self._since_ns or self._clock()
            spans = sum(count_items(signal, line) for line in active)
            full = spans >= self._limits.seal_spans or sum(map(len, active)) >= self._limits.seal_bytes
            if full:
                self.seal()
            self._make_room()
            return full

    def _make_room(self) -> None:
        while self._bytes > self._cap and (self._ready or any(self._active.values())):
            if not self._ready:
                self.seal()
            oldest = self._ready[0]
            self.remove(oldest)
            self._counters.add("cap", oldest.items)

    def remove(self, waiting: _Waiting) -> None:
        """Forget one request."""
        with self._lock:
            if waiting in self._ready:
                self._ready.remove(waiting)
                self._bytes -= waiting.size

    def seal(self) -> None:
        """See ``Store``."""
        with self._lock:
            for signal, payloads in self._active.items():
                if payloads:
                    self._ready.append(_Waiting((Body(signal, tuple(payloads)),), self._terms, sum(map(len, payloads)), self))
                    self._active[signal] = []
            self._since_ns = None

    def age_s(self) -> float | None:
        """See ``Store``."""
        since_ns = self._since_ns
        return None if since_ns is None else max(0.0, (self._clock() - since_ns) / 1e9)

    def open_marker(self, span: Any, *, terms: Terms) -> None:
        """See ``Store``: what dies with the process cannot tell of its death."""

    def close_marker(self, trace_id: int, span_id: int) -> None:
        """See ``Store``."""

    def sync(self) -> None:
        """See ``Store``."""

    def dirty_s(self) -> float | None:
        """See ``Store``."""
        return None

    def persist_drops(self, drops: Mapping[str, int]) -> bool:
        """See ``Store``: the counts stay in memory."""
        del drops
        return True

    def close(self) -> None:
        """See ``Store``."""
        self.seal()

    def after_fork_in_child(self) -> None:
        """See ``Store``."""
        self._begin()

    def exclusive(self) -> AbstractContextManager[bool]:
        """See ``Outbox``: the process has it for itself."""
        return nullcontext(True)

    def recover(self) -> None:
        """See ``Outbox``."""

    def parcels(self, decision: Decision) -> Iterator[AbstractContextManager[_Waiting | None]]:
        """See ``Outbox``."""
        for waiting in list(self._ready):
            if waiting.terms.covered_by(decision):
                yield self._claim(waiting)

    @contextmanager
    def _claim(self, waiting: _Waiting) -> Iterator[_Waiting | None]:
        yield waiting if waiting in self._ready else None

    def waiting(self, decision: Decision, *, pid: int | None = None, before_ns: int | None = None) -> bool:
        """See ``Outbox``: everything is this process's own."""
        del pid, before_ns
        return any(waiting.terms.covered_by(decision) for waiting in list(self._ready))

    def sending(self, body: Body) -> None:
        """See ``Outbox``."""
        if self._erasure is not None:
            self._erasure.sending(body)

    def stayed(self) -> None:
        """See ``Outbox``. Nothing: other processes may send under the same id at this moment, no lock is between them."""

    def deletions(self) -> Sequence[Deletion]:
        """See ``Outbox``."""
        return ()

    def count_drop(self, reason: str, count: int) -> None:
        """See ``Outbox``."""
        self._counters.add(reason, count)

    def tell_drop(self, reason: str, count: int) -> None:
        """See ``Outbox``."""
        self._counters.add(reason, count)

    def state(self) -> SpoolState:
        """See ``Outbox``."""
        return self._state

    def update(self, change: Callable[[SpoolState], SpoolState]) -> None:
        """See ``Outbox``."""
        self._state = change(self._state)

    def record(self, entry: Mapping[str, Any]) -> None:
        """See ``Outbox``: there is no disk to keep it on."""

    def exit_turn(self, *, every_s: float) -> bool:
        """See ``Outbox``: what is not sent now is lost."""
        del every_s
        return True
