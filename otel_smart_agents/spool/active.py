"""The file that one process is writing."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.files import Directory, fdatasync
from otel_smart_agents.spool.locked import Held, create_locked
from otel_smart_agents.spool.locks import forget

if TYPE_CHECKING:
    from otel_smart_agents.spool.names import FileName
    from otel_smart_agents.spool.places import Places

_ATTEMPTS: Final = 100


class ActiveFile:
    """An append-only file with its lock. Not thread-safe: its writer is.

    Attributes:
        name: its name, the same in ``active`` and ``ready``.
        items: spans (log records, metrics) in it.
        size: bytes in it.
        dirty_since_ns: time of the oldest write that is not known to be on the disk, ``None`` if all are.
    """

    __slots__ = ("_held", "_places", "dirty_since_ns", "items", "name", "size")

    def __init__(self, places: Places, *, name: FileName, held: Held) -> None:
        self._places = places
        self._held = held
        self.name = name
        self.items = 0
        self.size = 0
        self.dirty_since_ns: int | None = None

    @classmethod
    def create(cls, places: Places, *, name: FileName) -> ActiveFile:
        """Make the file under ``name`` or, if that is taken, a name of the next nanosecond.

        Raises:
            OSError: it cannot be made.
        """
        try:
            name, held = create_fresh(places.active(create=True), name)
        except FileNotFoundError:  # somebody removed the folder while it was open
            places.close()
            name, held = create_fresh(places.active(create=True), name)
        return cls(places, name=name, held=held)

    @property
    def linked(self) -> bool:
        """Whether the file still has a name: false after somebody cleared the spool."""
        return self._held.linked

    def append(self, line: bytes, items: int, *, now_ns: int) -> None:
        """Write one line, whole or not at all.

        Raises:
            OSError: nothing was written; a partly written line was cut off again.
        """
        written = os.write(self._held.fd, line)
        if written != len(line):
            # The file's end is what matters to whoever reads it: cut the torn line off. Where even that fails readers count it as damaged.
            try:
                os.ftruncate(self._held.fd, self.size)
            except OSError:
                self.size += written
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.size += written
        self.items += items
        if self.dirty_since_ns is None:
            self.dirty_since_ns = now_ns

    def sync(self) -> None:
        """Put what was written on the disk.

        Raises:
            OSError: the disk failed.
        """
        if self.dirty_since_ns is not None:
            fdatasync(self._held.fd)
            self.dirty_since_ns = None

    def seal(self, *, now_ns: int) -> bool:
        """Move the file to ``ready`` and close it; tell whether it was still there to be moved. ``Places.sync`` makes the move durable.

        Raises:
            OSError: it cannot be moved; it stays open.
        """
        self.sync()
        try:
            moved = self._moved()
        except FileNotFoundError:
            moved = False
        if moved:
            self._places.moved(now_ns)
        self.close()
        return moved

    def _moved(self) -> bool:
        name, places = str(self.name), self._places
        # Nobody but this writer gives a file that name, and nobody but who holds its lock replaces it.
        self._held.close_before_rename()
        try:
            places.active().rename(name, places.ready(), name)
        except FileNotFoundError:  # the file, or a folder that was open, was removed
            places.close()
            if self._held.fd < 0 or not places.active().same(name, self._held.fd):
                return False
            places.active().rename(name, places.ready(), name)
        forget(places.active(), name)
        return True

    def discard(self) -> None:
        """Close the file where it is; an empty one is removed, any other is left to recovery."""
        if not self.items:
            name = str(self.name)
            with suppress(OSError):
                active = self._places.active()
                if active.same(name, self._held.fd):
                    self._held.close_before_rename()
                    active.remove(name)
                    forget(active, name)
        self.close()

    def cleared_items(self) -> int:
        """Return how many items were lost with the file's name that whoever took it has not counted; asked once."""
        with suppress(OSError):
            return uncounted(self._places.active(), str(self.name), self.items)
        return self.items

    def close(self) -> None:
        """Close the descriptor; a forked child calls this too, so it never unlocks."""
        self._held.close()


def cleared_note(name: str) -> str:
    """Return the name of the note that tells a writer how much of its cleared file was counted."""
    return f".{name}.cleared"


def uncounted(directory: Directory, name: str, items: int) -> int:
    """Return how many of a cleared file's items its note does not cover, and remove the note."""
    note = cleared_note(name)
    with suppress(OSError, ValueError):
        items = max(items - int(directory.read(note)), 0)
        directory.remove(note)
    return items


def create_fresh(directory: Directory, name: FileName, *, flags: int = os.O_APPEND) -> tuple[FileName, Held]:
    """Make and lock a new file under ``name`` or the first free name after it.

    Raises:
        SpoolError: every attempt met another process.
        OSError: it cannot be made.
    """
    for attempt in range(_ATTEMPTS):
        candidate = replace(name, created_ns=name.created_ns + attempt)
        try:
            held = create_locked(directory, str(candidate), flags=flags)
        except FileExistsError:
            continue
        if held is not None:
            return candidate, held
    raise SpoolError(errno.EAGAIN, f"{directory.path} is so busy that no new file could be locked in {_ATTEMPTS} attempts")
