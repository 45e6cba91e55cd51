"""Counting what is lost: at once for listeners, soon in ``state.json`` for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from otel_smart_agents.spool.state import count_drops

if TYPE_CHECKING:
    from pathlib import Path

    from otel_smart_agents.spool.limits import DropCounter

_PERSIST_EVERY_NS: Final = 10**9


class Drops:
    """Counts that are not yet in ``state.json``. Not thread-safe: its writer is."""

    __slots__ = ("_folder", "_listener", "_pending", "_tried_ns")

    def __init__(self, folder: Path, listener: DropCounter | None) -> None:
        self._folder = folder
        self._listener = listener
        self._pending: dict[str, int] = {}
        self._tried_ns = 0

    def add(self, reason: str, count: int) -> None:
        """Count ``count`` spans lost for ``reason``."""
        if count:
            self._pending[reason] = self._pending.get(reason, 0) + count
            if self._listener is not None:
                self._listener.add(reason, count)

    def persist(self, *, now_ns: int | None = None) -> None:
        """Move the counts into ``state.json``; with ``now_ns`` at most once a second. A full disk leaves them here for the next time."""
        if not self._pending or (now_ns is not None and 0 <= now_ns - self._tried_ns < _PERSIST_EVERY_NS):
            return
        self._tried_ns = now_ns or 0
        try:
            count_drops(self._folder, self._pending)
        except OSError:
            return
        self._pending = {}
