"""One lock per file that dies with its process.

POSIX: ``flock`` on the open file itself. A forked child shares it, so a child closes its copy and never unlocks: unlocking would free its
parent's lock. Windows: an open file cannot be renamed and its locked bytes cannot be read, so the lock is taken on a sibling
``<name>.lock`` and a file is closed before it is renamed. The Windows branch has not been run on Windows.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from otel_smart_agents.spool.files import Directory

_held: Final[dict[int, tuple[int, int]]] = {}
"""Descriptors that hold a lock, with device and inode of their file."""
_dropped: Final[set[int]] = set()
"""Descriptors that ``drop_inherited`` closed under an owner who does not know it yet."""

CLOSE_BEFORE_RENAME = sys.platform == "win32"
LOCK_SUFFIX = ".lock"

if sys.platform == "win32":  # pragma: no cover - Windows only
    import msvcrt

    def try_lock(directory: Directory, name: str, fd: int) -> int | None:
        """Return the descriptor that holds the lock of ``name``, ``None`` if another process holds it."""
        del fd
        lock = directory.open(name + LOCK_SUFFIX, os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(lock)
            return None
        return lock

    def forget(directory: Directory, name: str) -> None:
        """Remove what the lock of a file that is gone left behind."""
        directory.remove(name + LOCK_SUFFIX)

else:
    import fcntl

    def try_lock(directory: Directory, name: str, fd: int) -> int | None:
        """Return the descriptor that holds the lock of ``name`` (``fd`` itself), ``None`` if another process holds it."""
        del directory, name
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        _held[fd] = _identity(fd)
        _dropped.discard(fd)
        return fd

    def forget(directory: Directory, name: str) -> None:
        """Remove what the lock of a file that is gone left behind: nothing, the lock went with the descriptor."""
        del directory, name


def _identity(fd: int) -> tuple[int, int]:
    found = os.fstat(fd)
    return found.st_dev, found.st_ino


def release(fd: int) -> None:
    """Close a descriptor that may hold a lock."""
    if _held.pop(fd, None) is None and fd in _dropped:
        _dropped.discard(fd)  # by now the number may be somebody else's
        return
    os.close(fd)


def drop_inherited() -> None:
    """Close, in a forked child, what another thread of the parent had locked at that moment: while a copy is open nobody gets the lock.

    Call it after everything that belongs to the forking thread has been closed.
    """
    for fd, identity in list(_held.items()):
        with suppress(OSError):
            if _identity(fd) == identity:
                os.close(fd)
                _dropped.add(fd)
    _held.clear()
