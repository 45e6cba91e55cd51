"""A failing disk: noticed, and named for a person."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from otel_smart_agents import env
from otel_smart_agents.errors import SpoolError, SpoolFullError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_MOVE: Final = f"{env.SMART_AGENTS_TELEMETRY_DIR} to a folder that can be written"


def spool_error(error: OSError, path: object) -> SpoolError:
    """Return the error for a person: what failed, where, and what to do."""
    if isinstance(error, SpoolError):
        return error
    if Path(os.devnull) in Path(str(path)).parents:  # see ``paths``
        return SpoolError(error.errno, f"there is no folder for telemetry: this user has no home; set HOME or {_MOVE}")
    kind = SpoolFullError if error.errno in _FULL else SpoolError
    hint = "free some space" if kind is SpoolFullError else f"check that the folder exists and that you may write to it, or set {_MOVE}"
    return kind(error.errno, f"the telemetry spool at {path} cannot be written ({error.strerror}): {hint}")


def write_all(fd: int, data: bytes) -> None:
    """Write everything or raise.

    Raises:
        OSError: ENOSPC after a short write (the next write would say so too), else as ``os.write``.
    """
    if os.write(fd, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
