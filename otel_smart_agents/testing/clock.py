"""A clock that stands still, and ids that count: two runs of a test give the same traces."""

from __future__ import annotations

from itertools import count
from threading import Lock
from typing import Final

from opentelemetry.sdk.trace.id_generator import IdGenerator

EPOCH_NS: Final = 1_767_225_600_000_000_000
"""Where the clock starts: 2026-01-01T00:00:00Z."""
TICK_NS: Final = 1_000_000
"""One millisecond: what every start and every end of a span takes, so that their order can be seen."""


class Clock:
    """Moves one millisecond per reading, and as far as it is told."""

    def __init__(self) -> None:
        self._now_ns = EPOCH_NS
        self._lock = Lock()

    @property
    def now_ns(self) -> int:
        """Unix nanoseconds, without moving."""
        return self._now_ns

    def advance(self, seconds: float) -> None:
        """Move forward.

        Raises:
            ValueError: the clock would go back.
        """
        if seconds < 0:
            raise ValueError("a clock does not go back")
        with self._lock:
            self._now_ns += round(seconds * 1e9)

    def tick(self) -> int:
        """Return the time in Unix nanoseconds, one millisecond after the last reading."""
        with self._lock:
            self._now_ns += TICK_NS
            return self._now_ns


class CountingIds(IdGenerator):
    """Trace and span ids 1, 2, 3, …."""

    def __init__(self) -> None:
        self._traces = count(1)
        self._spans = count(1)

    def generate_trace_id(self) -> int:
        """Return the next trace id."""
        return next(self._traces)

    def generate_span_id(self) -> int:
        """Return the next span id."""
        return next(self._spans)
