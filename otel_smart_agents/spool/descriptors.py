"""Open files and folders: whose they are, and that they stay away from the program's own streams."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING, Final

from otel_smart_agents.errors import SpoolError

if TYPE_CHECKING:
    from pathlib import Path

_STANDARD_ERROR: Final = 2


def identity(status: os.stat_result) -> tuple[int, int]:
    """Return what tells one file from every other."""
    return status.st_dev, status.st_ino


def above_standard(fd: int) -> int:
    """Move a descriptor away from 0, 1 and 2: in a program that closed those, its own output would go into our file."""
    low = []
    while fd <= _STANDARD_ERROR:
        low.append(fd)
        fd = os.dup(fd)
    for taken in low:
        os.close(taken)
    return fd


def check(status: os.stat_result, path: Path, name: str = "") -> None:
    """Refuse what is not this user's folder ``path``, or regular file ``name`` in it. The way is spelled out only for the message."""
    if not (stat.S_ISREG(status.st_mode) if name else stat.S_ISDIR(status.st_mode)):
        raise SpoolError(errno.EINVAL, f"{path / name} is not a {'regular file' if name else 'folder'}: remove it")
    if sys.platform != "win32" and status.st_uid != os.geteuid():
        raise SpoolError(errno.EPERM, f"{path / name} belongs to user {status.st_uid}, not to you: the spool does not use it")
