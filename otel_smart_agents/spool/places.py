"""The two folders that one writer writes to, kept open.

Opening and checking a folder takes several system calls, and each of them gives the interpreter lock away: a program that never rests gives
it back five milliseconds later at best. So a folder stays open between two files and is looked at again twice a second.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from otel_smart_agents.spool.files import Directory, open_directory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from otel_smart_agents.spool.limits import Signal

_TRUSTED_S: Final = 0.5


class Places:
    """``active`` and ``ready`` of one destination and signal. Not thread-safe: its writer is.

    Attributes:
        moved_since_ns: time of the oldest move between them that is not known to survive a power cut, ``None`` if all are.
    """

    __slots__ = ("_folder", "_monotonic", "_open", "_signal", "moved_since_ns")

    def __init__(self, folder: Path, signal: Signal, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._signal: Signal = signal
        self._monotonic = monotonic
        self._open: dict[str, tuple[Directory, float]] = {}
        self.moved_since_ns: int | None = None

    def active(self, *, create: bool = False) -> Directory:
        """Return the folder of files that are being written.

        Raises:
            FileNotFoundError: it does not exist and ``create`` is false.
            OSError: it cannot be made or is not safe to use.
        """
        return self._opened("active", create=create)

    def ready(self) -> Directory:
        """Return the folder of sealed files, made if it is missing.

        Raises:
            OSError: it cannot be made or is not safe to use.
        """
        return self._opened("ready", create=True)

    def _opened(self, place: str, *, create: bool) -> Directory:
        now = self._monotonic()
        directory, trusted_until = self._open.get(place, (None, 0.0))
        if directory is not None and now < trusted_until:
            return directory
        if directory is None or not directory.in_place:
            self._drop(place)
            directory = open_directory(self._folder, self._signal, place, create=create)
        self._open[place] = (directory, now + _TRUSTED_S)
        return directory

    def _drop(self, place: str) -> None:
        known = self._open.pop(place, None)
        if known is not None:
            known[0].close()

    def moved(self, now_ns: int) -> None:
        """Note that a file went from ``active`` to ``ready``."""
        if self.moved_since_ns is None:
            self.moved_since_ns = now_ns

    def sync(self) -> None:
        """Make every move survive a power cut, where the system can.

        Raises:
            OSError: the disk failed.
        """
        if self.moved_since_ns is not None:
            with suppress(FileNotFoundError):  # the folder was removed with what was moved into it, and is not to come back
                self._opened("ready", create=False).sync()
                self._opened("active", create=False).sync()
            self.moved_since_ns = None

    def close(self) -> None:
        """Let go of both folders; the next use opens them again."""
        for place in tuple(self._open):
            self._drop(place)
