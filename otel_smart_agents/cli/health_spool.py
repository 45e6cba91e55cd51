"""Checks of ``doctor`` about one destination's spool. They look and repair nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from otel_smart_agents.cli.delivery import fix_for, told
from otel_smart_agents.cli.finding import Finding
from otel_smart_agents.cli.output import reason, size, when
from otel_smart_agents.cli.reach import online_check
from otel_smart_agents.cli.status import why_not_sent
from otel_smart_agents.spool.limits import SIGNALS, SpoolLimits
from otel_smart_agents.spool.lines import parse
from otel_smart_agents.spool.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from otel_smart_agents.cli.group import Session
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.spool.limits import Signal, SpoolStats

_LOST = frozenset({"cap", "age", "corrupt", "rejected", "disk_full", "disk_error", "oversize", "unencodable", "queue"})
"""Losses that nobody asked for."""


def check_spool(session: Session, known: Known) -> Iterator[Finding]:
    """Whether what waits is safe, whole and on its way."""
    if not known.folder.folder.is_dir():
        return
    try:
        stats = known.folder.stats()  # refuses what is foreign or a link
        yield from _damage(known)
        yield from _unwanted(session, known, stats)
        yield from _orphans(session, known)
        yield from _losses(session, known, stats)
        yield _delivery(session, known, stats)
    except OSError as error:
        yield Finding("spool", ok=False, says=f"{known.key} cannot be used: {reason(error)}", fix="see the lines about permissions")


def _damage(known: Known) -> Iterator[Finding]:
    lines = 0
    damaged = []
    for signal, place, path in _files(known.folder.folder):
        try:
            parsed = parse(signal, path.read_bytes())
        except OSError:
            continue
        # A program may be in the middle of a line of its own file, or have been killed there.
        count = (parsed.apart()[0] if place == "active" else parsed).damaged_lines
        if count and (place == "ready" or not _lives(path)):
            lines += count
            damaged.append(path.name)
    if damaged:
        says = f"{known.key}: {lines} damaged lines in {', '.join(damaged[:3])}{' …' if len(damaged) > 3 else ''}"
        fix = "nothing to do: whole lines are sent, damaged ones are kept in rejected/ and counted; check the disk if it happens again"
        yield Finding("damage", ok=False, says=says, fix=fix)
    else:
        yield Finding("damage", ok=True, says=f"{known.key}: every line's checksum matches")


def _files(folder: Path) -> Iterator[tuple[Signal, str, Path]]:
    for signal in SIGNALS:
        for place in ("ready", "active"):
            for path in sorted((folder / signal / place).glob("*.jsonl")):
                yield signal, place, path


def _orphans(session: Session, known: Known) -> Iterator[Finding]:
    orphans = [path for _, place, path in _files(known.folder.folder) if place == "active" and not _lives(path)]
    if orphans:
        says = f"{known.key}: {len(orphans)} files of programs that ended abruptly wait to be adopted"
        yield Finding("orphans", ok=False, says=says, fix=f"`{session.command} preview` adopts them, and so does the program's next run")


def _lives(path: Path) -> bool:
    name = parse_name(path.name)
    try:
        os.kill(name.pid if name else 0, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _unwanted(session: Session, known: Known, stats: SpoolStats) -> Iterator[Finding]:
    spans, decision = stats.spans, known.decision(session.store)
    if spans and decision.state in ("denied", "revoked"):
        says = f"{known.key}: {spans} spans are still here although the answer is no; nobody gets them"
        yield Finding("leftovers", ok=False, says=says, fix=f"`{session.command} disable --destination {known.key}` deletes them")


def _losses(session: Session, known: Known, stats: SpoolStats) -> Iterator[Finding]:
    lost = {reason: count for reason, count in stats.dropped.items() if count and reason in _LOST}
    if lost:
        says = f"{known.key}: lost so far: {', '.join(f'{count} {reason}' for reason, count in sorted(lost.items()))}"
        yield Finding("losses", ok=False, says=says, fix=_FIXES.get(max(lost, key=lambda reason: lost[reason]), _FIXES[""]))
    if stats.bytes > 0.8 * SpoolLimits().max_bytes:
        fix = f"`{session.command} send`, or `{session.command} clear --older-than 7d`; beyond the cap the oldest goes first"
        yield Finding("cap", ok=False, says=f"{known.key}: {size(stats.bytes)} wait, close to the cap", fix=fix)


_FIXES = {
    "cap": "the back end could not be reached for long: see `status`",
    "age": "the back end could not be reached for long: see `status`",
    "rejected": "the back end refused these: compare its log with the files in rejected/",
    "disk_full": "free some space",
    "disk_error": "check the disk and the folder's permissions",
    "corrupt": "check the disk: whole lines are sent, damaged ones are kept in rejected/",
    "queue": "more spans ended than could be written: durability='write_through' slows the program down instead",
    "": "see `status`",
}


def _delivery(session: Session, known: Known, stats: SpoolStats) -> Finding:
    state = known.folder.state()
    if state.attempts:
        settings = known.request.settings if known.request is not None else None
        fix = fix_for(state.last_code, settings) or f"check the receiver: {online_check(session, known)}"
        return Finding("delivery", ok=False, says=f"{known.key}: {told(state)}", fix=fix)
    reason = why_not_sent(known, known.decision(session.store))
    because = f"; not sent because: {reason}" if reason and stats.spans else ""
    last = f", last sent at {when(state.last_sent_ns)}" if state.last_sent_ns else ""
    return Finding("delivery", ok=True, says=f"{known.key}: {stats.spans} spans wait{last}{because}")
