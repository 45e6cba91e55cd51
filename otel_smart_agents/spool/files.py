"""Folders and files that only their owner can read, reached without following a symbolic link.

Every name below the spool is opened relative to its folder's descriptor (``openat`` with ``O_NOFOLLOW``), then checked: a regular file or
folder that belongs to this user. What fails the check is refused, never repaired.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.descriptors import above_standard, check, identity
from otel_smart_agents.spool.faults import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_READ_BYTES: Final = 2**20
_CHECKED: Final[dict[str, tuple[tuple[int, int], Path]]] = {}  # folders whose whole way was checked, by path
# Constants that some systems do not have read as 0: the flag is then not needed or not possible there.
_NOFOLLOW: Final[int] = getattr(os, "O_NOFOLLOW", 0)
_CLOEXEC: Final[int] = getattr(os, "O_CLOEXEC", 0)
_BINARY: Final[int] = getattr(os, "O_BINARY", 0)
_HAS_DIR_FD: Final = os.open in os.supports_dir_fd

fdatasync = getattr(os, "fdatasync", os.fsync)
"""``os.fdatasync``, or ``os.fsync`` where the system has only that."""


class Directory:
    """One open folder of the spool. Use as a context manager, or call ``close()``."""

    __slots__ = ("_fd", "path")

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd = fd

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the descriptor; locks of files inside are not touched."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    @property
    def in_place(self) -> bool:
        """Whether its path still leads to this folder, which belongs to this user alone; false where folders have no descriptor."""
        with suppress(OSError):
            there = self.path.lstat()
            return self._fd >= 0 and there.st_mode & 0o077 == 0 and identity(there) == identity(os.fstat(self._fd))
        return False

    @property
    def _dir_fd(self) -> int | None:
        return self._fd if _HAS_DIR_FD else None

    def _at(self, name: str) -> str:
        return name if _HAS_DIR_FD else str(self.path / name)

    def open(self, name: str, flags: int) -> int:
        """Open a file in this folder, 0600 if it is made.

        Raises:
            SpoolError: it is a symbolic link, no regular file or belongs to somebody else.
            OSError: as ``os.open``.
        """
        try:
            fd = os.open(self._at(name), flags | _NOFOLLOW | _CLOEXEC | _BINARY, 0o600, dir_fd=self._dir_fd)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise SpoolError(errno.ELOOP, f"{self.path / name} is a symbolic link: the spool does not follow it, remove it") from error
            raise
        try:
            check(os.fstat(fd), self.path, name)
            return above_standard(fd)
        except OSError:
            os.close(fd)
            raise

    def create(self, name: str, flags: int) -> int:
        """Make a file in this folder, 0600. It is new and so nobody else's: nothing about it needs to be asked.

        Raises:
            OSError: it exists or cannot be made.
        """
        flags |= os.O_CREAT | os.O_EXCL | _NOFOLLOW | _CLOEXEC | _BINARY
        return above_standard(os.open(self._at(name), flags, 0o600, dir_fd=self._dir_fd))

    def same(self, name: str, fd: int) -> bool:
        """Tell whether ``name`` still is the file open at ``fd``."""
        try:
            found = os.stat(self._at(name), dir_fd=self._dir_fd, follow_symlinks=False)
        except OSError:
            return False
        return identity(found) == identity(os.fstat(fd))

    def exists(self, name: str) -> bool:
        """Tell whether anything, a dangling link too, has that name."""
        try:
            os.stat(self._at(name), dir_fd=self._dir_fd, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def _scan(self) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        return os.scandir(self._fd if _HAS_DIR_FD else self.path)  # by descriptor: a path could be swapped for a link meanwhile

    def names(self) -> list[str]:
        """Return the names in this folder, sorted: spool files come oldest first."""
        return sorted(self.each_name())

    def each_name(self) -> Iterator[str]:
        """Yield the names in this folder in no order: whoever looks for one need not wait for the others."""
        with self._scan() as entries:
            for entry in entries:
                yield entry.name

    def sizes(self) -> list[tuple[str, int, int]]:
        """Return ``(name, bytes, modified_ns)`` of the regular files in this folder, sorted by name."""
        found = []
        with self._scan() as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # another process took it between listing and looking
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        found.append((entry.name, status.st_size, status.st_mtime_ns))
        return sorted(found)

    def read(self, name: str) -> bytes:
        """Return a file's content.

        Raises:
            SpoolError: see ``open``.
            OSError: it cannot be read.
        """
        fd = self.open(name, os.O_RDONLY)
        try:
            return b"".join(iter(lambda: os.read(fd, _READ_BYTES), b""))
        finally:
            os.close(fd)

    def write(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Replace a file atomically: a reader sees the old content or the new one.

        Raises:
            OSError: it cannot be written; the old content stays.
        """
        temporary = f".{name}.{os.getpid()}.tmp"
        fd = self.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            try:
                write_all(fd, data)
                if durable:
                    os.fsync(fd)
            finally:
                os.close(fd)
            self.rename(temporary, self, name)
        except OSError:
            self.remove(temporary)
            raise

    def overwrite(self, name: str, data: bytes) -> None:
        """Replace the content of a file in its place, for a disk without room for another: a crash meanwhile may tear it.

        Raises:
            OSError: it does not exist or cannot be written.
        """
        fd = self.open(name, os.O_WRONLY)
        try:
            write_all(fd, data)
            os.ftruncate(fd, len(data))
        finally:
            os.close(fd)

    def rename(self, name: str, target: Directory, new_name: str) -> None:
        """Move a file to another folder of the spool, replacing what has that name there."""
        os.replace(self._at(name), target._at(new_name), src_dir_fd=self._dir_fd, dst_dir_fd=target._dir_fd)

    def remove(self, name: str) -> bool:
        """Unlink a file; tell whether it was there."""
        try:
            os.unlink(self._at(name), dir_fd=self._dir_fd)
        except FileNotFoundError:
            return False
        return True

    def sync(self) -> None:
        """Make renames in this folder survive a power cut, where the system can."""
        if _HAS_DIR_FD:  # pragma: no branch - false on Windows only
            os.fsync(self._fd)


@contextmanager
def opened_directory(folder: Path, *parts: str, create: bool = False) -> Iterator[Directory]:
    """Open ``folder`` (one destination's) or a folder below it for the length of a block; see ``open_directory``."""
    directory = open_directory(folder, *parts, create=create)
    try:
        yield directory
    finally:
        directory.close()


def open_directory(folder: Path, *parts: str, create: bool = False) -> Directory:
    """Open a folder of the spool, checking the spool folder itself (``folder.parent``) and every folder below it.

    Raises:
        FileNotFoundError: it does not exist and ``create`` is false.
        SpoolError: a folder on the way is a symbolic link or belongs to somebody else.
        OSError: it cannot be made or opened.
    """
    known = _reopened(os.path.join(folder, *parts)) if _HAS_DIR_FD else None  # noqa: PTH118 - a string is what is looked up
    if known is not None:
        return known
    if create:
        _make_private(folder.parent)
    path = folder.parent
    directory = Directory(path, _open_folder(str(path), path, None))
    for part in (folder.name, *parts):
        path = path / part
        with directory as parent:
            name = part if _HAS_DIR_FD else str(path)
            dir_fd = parent._dir_fd  # noqa: SLF001 - same module: the descriptor is nobody else's business
            if create:
                with suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=dir_fd)
            directory = Directory(path, _open_folder(name, path, dir_fd))
    if _HAS_DIR_FD:  # pragma: no branch - false on Windows only
        if len(_CHECKED) >= 256:
            _CHECKED.clear()
        _CHECKED[str(path)] = identity(os.fstat(directory._fd)), path  # noqa: SLF001 - same module
    return directory


def _reopened(path: str) -> Directory | None:
    """Open a folder whose way was checked, if it is the same one still: each system call that is spared keeps the interpreter lock."""
    checked = _CHECKED.get(path)
    if checked is None:
        return None
    with suppress(OSError):
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NOFOLLOW | _CLOEXEC)
        status = os.fstat(fd)
        if identity(status) == checked[0] and status.st_uid == os.geteuid() and not status.st_mode & 0o077:
            return Directory(checked[1], fd)
        os.close(fd)
    return None


def _make_private(path: Path) -> None:
    """Make missing folders 0700; ``mkdir -p`` would leave the ones on the way readable."""
    if not path.exists():
        _make_private(path.parent)
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)


def _open_folder(name: str, path: Path, dir_fd: int | None) -> int:
    if not _HAS_DIR_FD:  # pragma: no cover - Windows only: a folder has no descriptor there
        if os.path.islink(name):  # noqa: PTH114 - the name is a string where folders have descriptors
            raise SpoolError(errno.ELOOP, f"{path} is a symbolic link: the spool does not follow it, remove it")
        if not os.path.isdir(name):  # noqa: PTH112 - the name is a string where folders have descriptors
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        return -1
    try:
        fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NOFOLLOW | _CLOEXEC, dir_fd=dir_fd)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise SpoolError(error.errno, f"{path} is a symbolic link or no folder: the spool does not follow it, remove it") from error
        raise
    try:
        status = os.fstat(fd)
        check(status, path)
        if status.st_mode & 0o077:
            os.fchmod(fd, 0o700)
    except OSError:
        os.close(fd)
        raise
    return fd
