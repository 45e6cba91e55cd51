"""Counts by reason, shared by the threads of one pipeline."""

from __future__ import annotations

import os
from threading import Lock
from typing import Final

CONSENT: Final = "consent"
"""Spans, records and metrics that the granted categories or the audience do not cover."""
REDACTION_ERROR: Final = "redaction_error"
"""Spans, records and metrics dropped because the filter itself failed."""
VALUE_ERROR: Final = "value_error"
"""Single values that became ``[redaction_error]`` because their filter failed."""
WRONG_TYPE: Final = "wrong_type"
"""Values dropped because the registry wants another type, or because no number can hold them."""
REDACTIONS: Final = "redactions"
"""Values, or parts of values, that were replaced."""
ATTRIBUTES: Final = "attributes"
"""Attributes that were dropped."""
PROCESSOR_ERROR: Final = "processor_error"
"""Calls of a wrapped processor that raised."""


class Counters:
    """Thread-safe counts by reason. A forked child keeps the counts and never waits for a lock that a thread of its parent held."""

    __slots__ = ("_counts", "_lock", "_pid")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = Lock()
        self._pid = os.getpid()

    def _own_lock(self) -> Lock:
        if self._pid != os.getpid():
            self._lock = Lock()
            self._pid = os.getpid()
        return self._lock

    def add(self, reason: str, amount: int = 1) -> None:
        """Add ``amount`` to the count of ``reason``."""
        with self._lock if self._pid == os.getpid() else self._own_lock():
            self._counts[reason] = self._counts.get(reason, 0) + amount

    def __getitem__(self, reason: str) -> int:
        return self._counts.get(reason, 0)

    def snapshot(self) -> dict[str, int]:
        """Return a copy of all counts."""
        with self._own_lock():
            return dict(self._counts)

    def take(self) -> dict[str, int]:
        """Return all counts and start again at zero, for a reader that keeps its own sums."""
        with self._own_lock():
            counts, self._counts = self._counts, {}
            return counts
