"""Bounds of what one destination keeps: the oldest ready file goes first, each loss counted by its reason."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from otel_smart_agents.spool.files import Directory, opened_directory
from otel_smart_agents.spool.limits import SIGNALS, Signal, SpoolLimits
from otel_smart_agents.spool.lines import count_items
from otel_smart_agents.spool.locked import open_locked, read_fd
from otel_smart_agents.spool.locks import forget
from otel_smart_agents.spool.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from otel_smart_agents.spool.drops import Drops

_CHECK_EVERY_NS: Final = 60 * 10**9
_CHECK_AFTER_SHARES: Final = (1 / 50, 1 / 10)
_OLD_TEMPORARY_NS: Final = 3_600 * 10**9


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One file with a name of ours, ordered by age."""

    created_ns: int
    name: str
    signal: Signal
    size: int


def entries(folder: Path, signal: Signal, place: str) -> list[Entry]:
    """Return the spool files in one folder, oldest first; a folder that is missing has none."""
    found = []
    with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
        for name, size, _ in directory.sizes():
            parts = parse_name(name)
            if parts is not None and parts.suffix == "jsonl":
                found.append(Entry(parts.created_ns, name, signal, size))
    return found


class CapCheck:
    """Decides when a writer looks at the whole folder: never per append, so that 10⁵ files in it cost an append nothing.

    It looks after each quarter of the room it last saw (1/50 of the cap at least, 1/10 at most) that this process sealed, once a minute at
    most otherwise, and always before the sum it knows of reaches the cap.
    """

    __slots__ = ("_clock", "_folder", "_known", "_limits", "_looked_ns", "_sealed")

    def __init__(self, folder: Path, limits: SpoolLimits, *, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._limits = limits
        self._clock = clock
        self._known = 0
        self._sealed = 0
        self._looked_ns: int | None = None

    def sealed(self, size: int, *, drops: Drops) -> None:
        """Note that a file of ``size`` bytes was sealed, and enforce the caps if it is time. Errors are left to the next time."""
        now = self._clock()
        self._looked_ns = now if self._looked_ns is None else self._looked_ns
        self._sealed += size
        over = self._known + self._sealed > self._limits.max_bytes
        cap, (least, most) = self._limits.max_bytes, _CHECK_AFTER_SHARES
        grown = self._sealed >= min(max((cap - self._known) / 4, cap * least), cap * most)
        if over or grown or now - self._looked_ns >= _CHECK_EVERY_NS:
            self._looked_ns, self._sealed = now, 0
            with suppress(OSError):
                self._known = enforce_caps(self._folder, self._limits, now_ns=now, drop=drops.add)


def enforce_caps(folder: Path, limits: SpoolLimits, *, now_ns: int, drop: Callable[[str, int], None]) -> int:
    """Drop ready files that are too old, then the oldest until all signals together fit; return the bytes that remain.

    Files that somebody is sending are left alone. ``drop(reason, spans)`` hears of each loss.

    Raises:
        OSError: a folder cannot be read.
    """
    ready = sorted(entry for signal in SIGNALS for entry in entries(folder, signal, "ready"))
    others = sum(entry.size for signal in SIGNALS for place in ("active", "rejected") for entry in entries(folder, signal, place))
    total = others + sum(entry.size for entry in ready)
    too_old_ns = now_ns - int(limits.max_age_s * 1e9)
    with ExitStack() as stack:
        folders: dict[Signal, Directory] = {}
        for entry in ready:
            old = entry.created_ns < too_old_ns
            if not old and total <= limits.max_bytes:
                break
            if entry.signal not in folders:
                folders[entry.signal] = stack.enter_context(opened_directory(folder, entry.signal, "ready"))
            lost = _taken(folders[entry.signal], entry.signal, entry.name)
            if lost is not None:
                drop("age" if old else "cap", lost)
            # What another process took away at the same time makes room as well: two that count it as still there would empty the folder.
            if lost is not None or not folders[entry.signal].exists(entry.name):
                total -= entry.size
    return total


def take_away(folder: Path, signal: Signal, place: str, name: str) -> int | None:
    """Remove one file that nobody holds and return how many spans were in it; ``None`` if it is held or gone."""
    with suppress(OSError), opened_directory(folder, signal, place) as directory:
        return _taken(directory, signal, name)
    return None


def _taken(directory: Directory, signal: Signal, name: str) -> int | None:
    with suppress(OSError):
        held = open_locked(directory, name)
        if held is not None:
            try:
                lost = count_items(signal, read_fd(held.fd))
                held.close_before_rename()
                if directory.remove(name):
                    forget(directory, name)
                    return lost
            finally:
                held.close()
    return None


def prune_sent(folder: Path, limits: SpoolLimits, *, now_ns: int) -> None:
    """Forget sent bodies that are older than their time or more than their bytes, oldest first. They were delivered: nothing is lost."""
    kept = []
    for signal in SIGNALS:
        with suppress(FileNotFoundError), opened_directory(folder, signal, "sent") as directory:
            kept += [(modified, size, signal, name) for name, size, modified in directory.sizes()]
    total = sum(size for _, size, _, _ in kept)
    for modified, size, signal, name in sorted(kept):
        if total <= limits.sent_bytes and modified >= now_ns - int(limits.sent_age_s * 1e9):
            break
        with suppress(FileNotFoundError), opened_directory(folder, signal, "sent") as directory:
            directory.remove(name)
        total -= size


def prune_rejected(folder: Path, signal: Signal, *, keep: int) -> None:
    """Keep the newest ``keep`` files of ``rejected/``; their spans were counted when they came there."""
    with suppress(FileNotFoundError), opened_directory(folder, signal, "rejected") as directory:
        names = [name for name in directory.names() if not name.startswith(".")]
        for name in names[: max(len(names) - keep, 0)]:
            directory.remove(name)


def remove_temporaries(folder: Path, signal: Signal, *, now_ns: int) -> None:
    """Remove temporary files and notes that a killed process left behind; a living one needs its own within moments."""
    for place in ("active", "ready", "rejected"):
        with suppress(FileNotFoundError), opened_directory(folder, signal, place) as directory:
            for name, _, modified in directory.sizes():
                if name.endswith((".tmp", ".cleared")) and modified < now_ns - _OLD_TEMPORARY_NS:
                    directory.remove(name)
