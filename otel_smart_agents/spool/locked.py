"""Files opened together with their lock, and rewritten without ever letting go of it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from otel_smart_agents.spool.faults import write_all
from otel_smart_agents.spool.files import Directory, fdatasync
from otel_smart_agents.spool.locks import CLOSE_BEFORE_RENAME, release, try_lock


@dataclass(slots=True, eq=False)
class Held:
    """An open file and the lock on it. Closing frees the lock, unless a forked process still shares it.

    Attributes:
        fd: the file, -1 once it is closed.
        lock: the descriptor that holds the lock; the file's own on POSIX.
    """

    fd: int
    lock: int

    def close(self) -> None:
        """Close the file and free its lock; may be called twice."""
        fds, self.fd, self.lock = {self.fd, self.lock}, -1, -1
        for fd in fds - {-1}:
            release(fd)

    def close_before_rename(self) -> None:
        """Close the file where an open one cannot be renamed; the lock stays."""
        if CLOSE_BEFORE_RENAME and self.fd >= 0:  # pragma: no cover - Windows only
            os.close(self.fd)
            self.fd = -1

    @property
    def linked(self) -> bool:
        """Whether the file still has a name: false after somebody removed it."""
        return os.fstat(self.fd).st_nlink > 0


def open_locked(directory: Directory, name: str) -> Held | None:
    """Open and lock a file that exists; ``None`` if another process holds it or it was taken away meanwhile.

    Raises:
        SpoolError: it is a symbolic link, no regular file or belongs to somebody else.
        OSError: it cannot be opened.
    """
    try:
        fd = directory.open(name, os.O_RDWR)
    except FileNotFoundError:
        return None
    return _locked(directory, name, fd)


def create_locked(directory: Directory, name: str, *, flags: int = os.O_APPEND) -> Held | None:
    """Make and lock a new file; ``None`` if another process was quicker (it then removes the empty file: try another name).

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be made.
    """
    fd = directory.create(name, os.O_RDWR | flags)
    lock = try_lock(directory, name, fd)
    if lock is None:
        os.close(fd)
        return None
    held = Held(fd, lock)
    if not held.linked:  # whoever adopts files of dead processes took it between the two, saw that it was empty and removed it
        held.close()
        return None
    return held


def _locked(directory: Directory, name: str, fd: int) -> Held | None:
    lock = try_lock(directory, name, fd)
    if lock is None:
        os.close(fd)
        return None
    held = Held(fd, lock)
    # Between opening and locking, the file may have been sealed, sent or replaced: a lock on an inode without a name protects nothing.
    if not directory.same(name, fd):
        held.close()
        return None
    return held


def read_fd(fd: int) -> bytes:
    """Return the whole content of an open file."""
    os.lseek(fd, 0, os.SEEK_SET)
    parts = []
    while part := os.read(fd, 2**20):
        parts.append(part)
    return b"".join(parts)


def rewrite(directory: Directory, name: str, data: bytes, *, held: Held | None = None) -> Held:
    """Put ``data`` under ``name`` atomically and return it locked; ``held`` is the old content's lock, closed afterwards.

    Raises:
        OSError: it cannot be written; the old content and its lock stay.
    """
    temporary = f".{name}.{os.getpid()}.tmp"
    fd = directory.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    if CLOSE_BEFORE_RENAME:  # pragma: no cover - Windows only: the lock belongs to the name, so the old one serves the new file
        return _rewrite_by_name(directory, name, data, fd=fd, held=held)
    new = Held(fd, fd)
    try:
        try_lock(directory, temporary, fd)
        write_all(fd, data)
        fdatasync(fd)
        directory.rename(temporary, directory, name)
    except OSError:
        new.close()
        directory.remove(temporary)
        raise
    if held is not None:
        held.close()
    return new


def _rewrite_by_name(
    directory: Directory, name: str, data: bytes, *, fd: int, held: Held | None
) -> Held:  # pragma: no cover - Windows only
    try:
        write_all(fd, data)
        fdatasync(fd)
    finally:
        os.close(fd)
    lock = held.lock if held is not None else try_lock(directory, name, fd)
    if held is not None:
        held.close_before_rename()
    directory.rename(f".{name}.{os.getpid()}.tmp", directory, name)
    return Held(directory.open(name, os.O_RDWR), -1 if lock is None else lock)
