"""Deleting what has not been sent, while other processes write and send."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from otel_smart_agents.spool.active import cleared_note
from otel_smart_agents.spool.caps import entries, take_away
from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.limits import SIGNALS, Signal
from otel_smart_agents.spool.lines import count_items
from otel_smart_agents.spool.names import parse_name

if TYPE_CHECKING:
    from pathlib import Path

_PASSES: Final = 5
_PAUSE_S: Final = 0.02


@dataclass(slots=True)
class ClearReport:
    """What was deleted.

    Attributes:
        files: waiting files.
        items: spans (log records, metrics) in them.
        live: of the files, those that another process was writing or sending.
        kept: sent bodies and rejected files.
    """

    files: int = 0
    items: int = 0
    live: int = 0
    kept: int = 0


def clear_older(folder: Path, older_than_ns: int) -> ClearReport:
    """Delete ready files begun before a time; a file that is being sent is left alone.

    Raises:
        OSError: the folder cannot be read.
    """
    report = ClearReport()
    for signal in SIGNALS:
        for entry in entries(folder, signal, "ready"):
            lost = take_away(folder, signal, "ready", entry.name) if entry.created_ns < older_than_ns else None
            if lost is not None:
                report.files += 1
                report.items += lost
    return report


def clear_all(folder: Path, *, wait_s: float) -> ClearReport:
    """Delete everything that waits or was kept.

    Raises:
        OSError: the folder cannot be read or written.
    """
    report = ClearReport()
    # A file moves from active to ready, never back: active comes first, and passes repeat until one finds nothing more.
    for _ in range(_PASSES):
        found = sum(_clear_waiting(folder, signal, wait_s=wait_s, report=report) for signal in SIGNALS)
        if not found:
            break
    for signal in SIGNALS:
        for place in ("sent", "rejected"):
            report.kept += _remove_all(folder, signal, place)
    return report


def _clear_waiting(folder: Path, signal: Signal, *, wait_s: float, report: ClearReport) -> int:
    before = report.files
    for name in _open_markers(folder, signal):
        _remove(folder, signal, "active", name)
    for entry in entries(folder, signal, "active"):
        # A living writer never lets go of its file; a dead one's can only be held by somebody who is adopting it just now.
        _clear_one(folder, signal, ("active", entry.name), wait_s=0.0 if _lives(entry.name) else wait_s, report=report)
    for entry in entries(folder, signal, "ready"):
        _clear_one(folder, signal, ("ready", entry.name), wait_s=wait_s, report=report)
    return report.files - before


def _clear_one(folder: Path, signal: Signal, where: tuple[str, str], *, wait_s: float, report: ClearReport) -> None:
    until = time.monotonic() + wait_s
    while (lost := take_away(folder, signal, *where)) is None and time.monotonic() < until and _exists(folder, signal, *where):
        time.sleep(_PAUSE_S)
    if lost is not None:
        report.files += 1
        report.items += lost
    else:
        _clear_held(folder, signal, where, report=report)


def _clear_held(folder: Path, signal: Signal, where: tuple[str, str], *, report: ClearReport) -> None:
    """Take a file from under whoever holds it: they notice that its name is gone, and a note tells them what was counted here."""
    place, name = where
    with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
        counted = count_items(signal, directory.read(name))
        directory.write(cleared_note(name), str(counted).encode())
        if directory.remove(name):
            report.files += 1
            report.live += 1
            report.items += counted
        else:
            directory.remove(cleared_note(name))


def _lives(name: str) -> bool:
    parts = parse_name(name)
    if parts is None or sys.platform == "win32":  # asking by signal 0 would end the process there
        return True
    try:
        os.kill(parts.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # a process of another user now has the number: wait_s=0 then only means that nobody waits for the file
    return True


def _open_markers(folder: Path, signal: Signal) -> list[str]:
    with suppress(FileNotFoundError), opened_directory(folder, signal, "active") as directory:
        return [name for name in directory.names() if (parts := parse_name(name)) is not None and parts.suffix == "open"]
    return []


def _exists(folder: Path, signal: Signal, place: str, name: str) -> bool:
    with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
        return directory.exists(name)
    return False


def _remove(folder: Path, signal: Signal, place: str, name: str) -> bool:
    with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
        return directory.remove(name)
    return False


def _remove_all(folder: Path, signal: Signal, place: str) -> int:
    removed = 0
    with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
        for name in directory.names():
            removed += directory.remove(name)
    return removed
