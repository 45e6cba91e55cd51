"""A failing disk: noticed, and named for a person."""

from __future__ import annotations

import errno
import os
from typing import Final

from otel_smart_agents.errors import SpoolError, SpoolFullError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def spool_error(error: OSError, path: object) -> SpoolError:
    """Return the error for a person: what failed, where, and what to do."""
    if isinstance(error, SpoolError):
        return error
    kind = SpoolFullError if error.errno in _FULL else SpoolError
    hint = "free some space" if kind is SpoolFullError else "check that the folder exists and that you may write to it"
    return kind(error.errno, f"the telemetry spool at {path} cannot be written ({error.strerror}): {hint}")


def write_all(fd: int, data: bytes) -> None:
    """Write everything or raise.

    Raises:
        OSError: ENOSPC after a short write (the next write would say so too), else as ``os.write``.
    """
    if os.write(fd, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
