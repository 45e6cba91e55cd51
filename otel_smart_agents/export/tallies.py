"""Counts of requests and items since the process started, read by the self-metrics."""

from __future__ import annotations

from collections import Counter
from threading import Lock


class Tallies:
    """Thread-safe counts; a forked child starts again at zero."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._items = 0

    def request(self, signal: str, result: str) -> None:
        """Count one request by signal and result."""
        with self._lock:
            self._requests[signal, result] += 1

    def items(self, count: int) -> None:
        """Count items that the back end accepted."""
        with self._lock:
            self._items += count

    def requests(self) -> dict[tuple[str, str], int]:
        """Return requests by (signal, result)."""
        with self._lock:
            return dict(self._requests)

    @property
    def accepted(self) -> int:
        """Items that the back end accepted."""
        return self._items

    def after_fork_in_child(self) -> None:
        """Count from zero: what was counted is the parent's."""
        self.__init__()  # type: ignore[misc] # all state is made there
