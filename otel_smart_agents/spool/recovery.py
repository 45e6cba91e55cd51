"""Adopting what dead processes left in ``active/``, so that it can be killed at any point and be run again.

A writer's files are taken under their locks in this order: open markers, then data. Interrupted spans are added to the data by an atomic
rewrite, then the markers are removed, then the data is sealed: whoever comes after a kill finds each run in the markers, in the data, or in
both, and a run that is in the data is no longer open.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from otel_smart_agents.spool.active import uncounted
from otel_smart_agents.spool.body import parsed_items
from otel_smart_agents.spool.caps import remove_temporaries
from otel_smart_agents.spool.files import Directory, fdatasync, opened_directory
from otel_smart_agents.spool.lines import Parsed, count_items, make_line, parse
from otel_smart_agents.spool.locked import Held, open_locked, read_fd, rewrite
from otel_smart_agents.spool.locks import forget
from otel_smart_agents.spool.markers import OpenMarker, SpanKey, key_of_json, parse_markers
from otel_smart_agents.spool.names import FileName, parse_name
from otel_smart_agents.spool.ready import count_drops_quietly, keep_damaged, unused_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from otel_smart_agents.spool.limits import Signal


@dataclass(slots=True)
class RecoveryReport:
    """What was found.

    Attributes:
        files: files that were sealed.
        spans: spans (log records, metrics) in them, the interrupted ones too.
        interrupted: spans added for agent and workflow runs whose process died.
        damaged_lines: lines that no checksum vouches for; counted as ``corrupt`` and kept in ``rejected/``.
        unfinished_lines: lines that a process was killed in the middle of; counted as ``unfinished`` and kept in ``rejected/``.
        refused: writers whose files were left alone because one is a symbolic link, foreign, or cannot be read or moved now.
    """

    files: int = 0
    spans: int = 0
    interrupted: int = 0
    damaged_lines: int = 0
    unfinished_lines: int = 0
    refused: int = 0


@dataclass(slots=True, eq=False)
class _Orphan:
    name: FileName
    held: Held
    data: bytes
    modified_ns: int

    def close(self) -> None:
        """Let go of the file that it is by now: mending replaces it."""
        self.held.close()


@dataclass(slots=True, eq=False)
class _Writer:
    """The files of one dead writer, all held."""

    markers: _Orphan | None = None
    data: list[_Orphan] = field(default_factory=list)


def recover(folder: Path, signal: Signal, *, clock: Callable[[], int]) -> RecoveryReport:
    """Adopt every file in ``active/`` whose process is gone; files of living processes are held by them and left alone.

    Raises:
        OSError: the folders cannot be read or written.
    """
    report = RecoveryReport()
    try:
        active = opened_directory(folder, signal, "active")
        with active as directory:
            names = sorted(filter(None, map(parse_name, directory.names())), key=lambda name: (name.writer, name))
            for _, group in groupby(names, key=lambda name: name.writer):
                try:
                    _recover_writer(directory, list(group), place=(folder, signal), report=report)
                except OSError:
                    report.refused += 1  # one writer's files must not keep the others' from being adopted
    except FileNotFoundError:
        return report
    remove_temporaries(folder, signal, now_ns=clock())
    return report


def _recover_writer(active: Directory, names: list[FileName], *, place: tuple[Path, Signal], report: RecoveryReport) -> None:
    folder, signal = place
    with ExitStack() as stack:
        writer = _hold(active, names, stack)
        if writer is None:
            return
        lines = _interrupted_lines(writer, signal)
        if writer.markers is not None:
            # The end of a marker that a kill cut short tells nothing: its run had not been noted yet.
            damaged = parse_markers(writer.markers.data)[1]
            if damaged:
                keep_damaged(folder, signal, str(writer.markers.name), pieces=(writer.markers.data,), lines=damaged)
                report.damaged_lines += damaged
        if lines and not writer.data:
            _begin_data(writer, place, stack)
        report.interrupted += len(lines)
        for number, orphan in enumerate(writer.data):
            extra = lines if number == len(writer.data) - 1 else []
            _mend(active, orphan, extra, place=place, report=report)
        if writer.markers is not None:
            _remove(active, writer.markers)
        for orphan in writer.data:
            _seal(active, orphan, place=place, report=report)


def _hold(active: Directory, names: list[FileName], stack: ExitStack) -> _Writer | None:
    """Lock a writer's files, markers first: without them its data must not be sealed. ``None`` if the writer lives or another adopts it."""
    writer = _Writer()
    for name in sorted(names, key=lambda name: name.suffix != "open"):
        held = open_locked(active, str(name))
        if held is None:
            return None
        status = os.fstat(held.fd)
        orphan = _Orphan(name, held, read_fd(held.fd), status.st_mtime_ns)
        stack.callback(orphan.close)
        if name.suffix == "open":
            writer.markers = orphan
        else:
            writer.data.append(orphan)
    # A writer may have noted its first run after this folder was listed and then died.
    return writer if writer.markers is not None or not active.exists(str(names[0].markers)) else None


def _interrupted_lines(writer: _Writer, signal: Signal) -> list[bytes]:
    if writer.markers is None:
        return []
    markers, _ = parse_markers(writer.markers.data)
    if not markers:
        return []
    ended: set[SpanKey] = set()
    for orphan in writer.data:
        for payload in parse(signal, orphan.data).payloads:
            ended |= {key_of_json(span) for span in parsed_items(signal, payload)}
    last_seen_ns = max(orphan.modified_ns for orphan in [writer.markers, *writer.data])
    return [marker.interrupted_line(last_seen_ns) for marker in _still_open(markers, ended)]


def _still_open(markers: list[OpenMarker], ended: set[SpanKey]) -> list[OpenMarker]:
    return list({marker.key: marker for marker in markers if marker.key not in ended}.values())


def _begin_data(writer: _Writer, place: tuple[Path, Signal], stack: ExitStack) -> None:
    """Give a writer that left only markers a data file, not on the disk until it is mended."""
    assert writer.markers is not None
    with opened_directory(*place, "ready", create=True) as ready:
        name = unused_name(ready, replace(writer.markers.name, created_ns=writer.markers.modified_ns, suffix="jsonl"))
    orphan = _Orphan(name, Held(-1, -1), b"", 0)
    stack.callback(orphan.close)
    writer.data.append(orphan)


def _mend(active: Directory, orphan: _Orphan, extra: list[bytes], *, place: tuple[Path, Signal], report: RecoveryReport) -> None:
    """Replace damaged content by its whole lines, and add the interrupted spans, in one atomic step."""
    signal = place[1]
    parsed = parse(signal, orphan.data)
    _keep_aside(parsed, orphan.name, place=place, report=report)
    if parsed.damaged or extra:
        orphan.data = b"".join([*(make_line(signal, payload) for payload in parsed.payloads), *extra])
        old = orphan.held if orphan.held.fd >= 0 else None
        if old is not None and not active.same(str(orphan.name), old.fd):
            raise FileNotFoundError(f"{orphan.name} was cleared while it was adopted")
        orphan.held = rewrite(active, str(orphan.name), orphan.data, held=old)


def _keep_aside(parsed: Parsed, name: FileName, *, place: tuple[Path, Signal], report: RecoveryReport) -> None:
    folder, signal = place
    damage, unfinished = parsed.apart()
    if damage.damaged:
        keep_damaged(folder, signal, str(name), pieces=damage.damaged, lines=damage.damaged_lines)
        report.damaged_lines += damage.damaged_lines
    if unfinished:
        keep_damaged(folder, signal, str(name), pieces=(unfinished,), lines=1, as_reason="unfinished")
        report.unfinished_lines += 1


def _remove(active: Directory, orphan: _Orphan) -> None:
    orphan.held.close_before_rename()
    active.remove(str(orphan.name))
    forget(active, str(orphan.name))


def _seal(active: Directory, orphan: _Orphan, *, place: tuple[Path, Signal], report: RecoveryReport) -> None:
    folder, signal = place
    items = count_items(signal, orphan.data)
    if not items:
        _remove(active, orphan)
        return
    fdatasync(orphan.held.fd)
    orphan.held.close_before_rename()
    with opened_directory(folder, signal, "ready", create=True) as ready:
        try:
            active.rename(str(orphan.name), ready, str(orphan.name))
        except FileNotFoundError:
            count_drops_quietly(folder, "cleared", uncounted(active, str(orphan.name), items))
            return
        ready.sync()
    active.sync()
    forget(active, str(orphan.name))
    report.files += 1
    report.spans += items
