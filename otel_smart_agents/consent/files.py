"""Private files of one user: read with suspicion, written whole or not at all.

A file or folder counts only if it is the real thing (no symbolic link, no device), owned by the user who runs this process and writable by
nobody else. On systems without POSIX owners (Windows) the folder's own access list does that job and these checks do not apply.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
import time
from typing import TYPE_CHECKING

from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

if sys.platform == "win32":  # pragma: no cover - Windows has no flock
    import msvcrt
else:
    import fcntl

MAX_FILE_BYTES = 8 << 20
"""A consent file or log larger than this is not ours: reading it is refused."""

LOCK_TIMEOUT_S = 10.0

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)  # what the system knows of these
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_FOLLOW  # not blocking: opening a planted pipe must not hang
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def user_id() -> int | None:
    """Return the id of the user who runs this process; ``None`` where the system has no such ids."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def read_private(path: Path, *, folders: Sequence[Path]) -> bytes | None:
    """Return the file's bytes, or ``None`` if it or one of its folders does not exist.

    Args:
        path: the file.
        folders: the folders to check on the way, outermost first. Where this user may not even look for the outermost one, nothing of
            theirs can be kept in it: that counts as missing.

    Raises:
        ConsentError: the file exists and cannot be trusted or read; the message is fit for a person.
    """
    if not _there(path, folders):
        return None
    for folder in folders:
        check_folder(folder)
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConsentError(f"{path} cannot be read: {_why(path, error)}") from error
    try:
        found = os.fstat(descriptor)
        _check_owner(path, found, stat.S_ISREG, "a regular file")
        if found.st_size > MAX_FILE_BYTES:
            raise ConsentError(f"{path} is larger than {MAX_FILE_BYTES >> 20} MiB: it is refused")
        return _read_all(descriptor)
    finally:
        os.close(descriptor)


def check_folder(path: Path) -> None:
    """Check that an existing folder is real, this user's own, and writable by nobody else.

    Raises:
        ConsentError: it is not; the message says what to do.
        OSError: it does not exist.
    """
    _check_owner(path, os.lstat(path), stat.S_ISDIR, "a real folder")


def ensure_folder(path: Path, *, outermost: Path) -> None:
    """Make the folder and its missing parents down from ``outermost``, each 0700, and take away other people's write permission.

    Raises:
        ConsentError: one of them is a link, not a folder, or someone else's, or cannot be made.
    """
    try:
        _refuse_foreign_home(outermost.parent)
        for folder in [outermost, *_between(outermost, path)]:
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            found = os.lstat(folder)
            if stat.S_ISDIR(found.st_mode) and found.st_uid == user_id() and found.st_mode & _OTHERS_WRITE:
                folder.chmod(0o700)
            check_folder(folder)
    except OSError as error:
        raise ConsentError(f"{path} cannot be used: {error.strerror or error}") from error


def write_atomic(path: Path, data: bytes) -> None:
    """Replace the file by these bytes with mode 0600; after a crash it holds either the old or the new ones, never a mixture.

    Raises:
        OSError: the file system refused; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(temporary, _CREATE, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Delete temporary files that a crashed writer left. Call it only while holding the folder's lock."""
    for leftover in folder.glob(".*.tmp"):
        leftover.unlink(missing_ok=True)


def append_line(path: Path, line: bytes) -> None:
    """Append bytes to a private file and force them to disk.

    Raises:
        OSError: the file system refused or took only a part, which is cut off again.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_FOLLOW, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if os.write(descriptor, line) != len(line):
            os.ftruncate(descriptor, size)
            raise OSError(28, "no space left on the device", str(path))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def empty_own(path: Path) -> None:
    """Cut a file down to nothing, which needs no disk space.

    Raises:
        ConsentError: it is not a regular file of this user.
        OSError: the file system refused.
    """
    descriptor = os.open(path, os.O_WRONLY | _NO_FOLLOW)
    try:
        _check_owner(path, os.fstat(descriptor), stat.S_ISREG, "a regular file")
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Force a rename in this folder to disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # pragma: no cover - Windows cannot open a folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(
    path: Path,
    *,
    timeout_s: float = LOCK_TIMEOUT_S,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold the exclusive lock of a lock file, also against other threads of this process. Not re-entrant.

    Raises:
        ConsentError: another process held it for the whole time-out.
        OSError: the lock file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
    try:
        deadline = monotonic() + timeout_s
        while not _try_lock(descriptor):
            if monotonic() >= deadline:
                raise ConsentError(f"{path} is held by another process for more than {timeout_s:g} s: try again")
            sleep(0.01)
        yield
    finally:
        os.close(descriptor)  # closing releases the lock


def stat_token(path: str) -> tuple[int, int, int, int] | None:
    """Return what changes when a file is replaced, written or changes hands; ``None`` if it is not there. One system call."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a Path costs more than the call, and this is on the path of every batch
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":  # pragma: no cover - Windows has no flock
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _there(path: Path, folders: Sequence[Path]) -> bool:
    try:
        for folder in folders[:1]:
            os.lstat(folder)
    except OSError:
        return False
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConsentError(f"{path} cannot be reached: {error.strerror}") from error
    return True


def _check_owner(path: Path, found: os.stat_result, is_kind: Callable[[int], bool], kind: str) -> None:
    if not is_kind(found.st_mode):
        raise ConsentError(f"{path} is not {kind}: remove it; links and devices are refused")
    owner = user_id()
    if owner is None:  # pragma: no cover - Windows
        return
    if found.st_uid != owner:
        raise ConsentError(f"{path} belongs to user {found.st_uid}, not to user {owner} who runs this program: it is refused")
    if found.st_mode & _OTHERS_WRITE:
        raise ConsentError(f"{path} can be written by other users: run chmod go-w {path}")


def _read_all(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _why(path: Path, error: OSError) -> str:
    return "it is a symbolic link" if path.is_symlink() else str(error.strerror)


def _between(outermost: Path, path: Path) -> list[Path]:
    steps = list(path.relative_to(outermost).parts)
    return [outermost.joinpath(*steps[: count + 1]) for count in range(len(steps))]


def _refuse_foreign_home(home: Path) -> None:
    # ``sudo`` may keep HOME: root's files in someone else's home would lock that person out of their own choice.
    if user_id() == 0 and home.exists() and home.stat().st_uid != 0:
        raise ConsentError(f"{home} belongs to user {home.stat().st_uid}: root makes no telemetry files there; run this as that user")
