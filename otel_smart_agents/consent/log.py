"""``consent-log.jsonl``: every answer the user ever gave, each line chained to the one before by its hash.

The newest entry is also in ``consent.json``, which is the commit point: it anchors the end of the chain, so that lines cut off the end are
noticed too, and a crash between the two writes is healed by the next one. Any changed byte breaks either a line's own hash, the chain, the
one allowed spelling of a line, or the anchor. It is evidence for the user against accidents and clumsy edits; someone who can write as the
user can forge all of it, and only the receipt hash that the back end holds speaks against that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent.files import append_line, sync_folder, write_atomic
from otel_smart_agents.consent.record import Record, canonical, record_in, sha256_hex, utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GENESIS: Final = "0" * 64
"""What the first entry names as the hash before it."""

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogReport:
    """What a check of the log found.

    Attributes:
        ok: whether every line is intact, chained, and the last one is the one that ``consent.json`` names.
        entries: number of intact lines from the start.
        reason: what is wrong, or what was checked.
        pending: the newest entry is safe in ``consent.json`` but was not appended yet (a crash); the next change appends it.
        last: the last intact entry.
    """

    ok: bool
    entries: int
    reason: str
    pending: bool = False
    last: Entry | None = None


def make_entry(before: Entry | None, *, action: str, time_ns: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry that follows ``before`` (``None`` = the first one), with its hash."""
    entry: dict[str, Any] = {
        "seq": before["seq"] + 1 if before else 1,
        "previous": before["hash"] if before else GENESIS,
        "action": action,
        "time": utc(time_ns),
        "time_ns": time_ns,
        **facts,
    }
    entry["hash"] = sha256_hex(canonical(entry))
    return entry


def line_of(entry: Entry) -> bytes:
    """Return the one spelling of an entry as a line."""
    return canonical(entry) + b"\n"


def check_chain(data: bytes) -> LogReport:
    """Check the lines on their own, without the anchor in ``consent.json``."""
    last: Entry | None = None
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        problem, entry = _check_line(line, last)
        if problem:
            return LogReport(ok=False, entries=number - 1, reason=f"line {number}: {problem}", last=last)
        last = entry
    entries = last["seq"] if last else 0
    return LogReport(ok=True, entries=entries, reason="every line is intact and chained", last=last)


def check(data: bytes, anchor: Entry | None) -> LogReport:
    """Check the lines against each other and against the newest entry that ``consent.json`` names (``None`` = it names none)."""
    torn = _torn_tail(data, anchor)
    report = check_chain(data[: len(data) - len(torn)])
    if not report.ok or anchor is None or _same(report.last, anchor):
        return report
    if anchor["previous"] == (report.last["hash"] if report.last else GENESIS):
        reason = "every line is intact and chained; the newest entry is in consent.json alone, the next answer appends it"
        return LogReport(ok=True, entries=report.entries, reason=reason, pending=True, last=report.last)
    reason = f"the log ends with entry {report.entries}, consent.json names entry {anchor['seq']}: lines are missing or foreign"
    return LogReport(ok=False, entries=report.entries, reason=reason, last=report.last)


def settle(path: Path, data: bytes, anchor: Entry | None, *, time_ns: int) -> Entry | None:
    """Bring the log to where ``consent.json`` says it is and return the entry that the next one follows.

    A log that was damaged is kept beside it as ``consent-log.damaged-<n>.jsonl`` and a new chain is begun whose first line holds its hash.

    Raises:
        OSError: the file system refused.
    """
    report = check(data, anchor)
    if not report.ok:
        return _restart(path, data, time_ns=time_ns)
    if anchor is None or not report.pending:
        return report.last
    torn = _torn_tail(data, anchor)
    if torn:
        write_atomic(path, data[: len(data) - len(torn)] + line_of(anchor))
    else:
        append_line(path, line_of(anchor))
    return anchor


def highest_epoch(data: bytes, key: str) -> int:
    """Return the highest epoch that any readable line names for a destination, 0 if none does: epochs must never repeat."""
    highest = 0
    for line in data.splitlines():
        try:
            entry = json.loads(line)
            if entry["destination"] == key:
                highest = max(highest, int(entry["epoch"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return highest


def answers(data: bytes) -> Iterator[Record]:
    """Yield every readable answer, oldest first: what is left to go by when ``consent.json`` is damaged."""
    for line in data.splitlines():
        try:
            yield record_in(json.loads(line)["record"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def last_answers(data: bytes) -> dict[str, Record]:
    """Return the last readable answer for every destination."""
    return {record.destination.key: record for record in answers(data)}


def answers_of_no(data: bytes) -> dict[str, Record]:
    """Return the destinations whose last readable answer is a no: the only ones to honour when ``consent.json`` is damaged."""
    return {key: record for key, record in last_answers(data).items() if record.state != "granted"}


def _restart(path: Path, data: bytes, *, time_ns: int) -> Entry:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    if os.path.lexists(path):
        path.rename(aside)
        sync_folder(path.parent)
    first = make_entry(None, action="log_restarted", time_ns=time_ns, facts={"damaged_sha256": sha256_hex(data)})
    append_line(path, line_of(first))
    return first


def _torn_tail(data: bytes, anchor: Entry | None) -> bytes:
    """Return the part of the newest line that a crash left at the end, empty if the last line is whole or something else."""
    tail = data[data.rfind(b"\n") + 1 :]
    return tail if anchor is not None and line_of(anchor).startswith(tail) else b""


def _check_line(line: bytes, before: Entry | None) -> tuple[str, Entry | None]:
    try:
        entry = json.loads(line)
        content = {name: value for name, value in entry.items() if name != "hash"}
        intact = entry["hash"] == sha256_hex(canonical(content)) and line == line_of(entry)
        follows = entry["seq"] == (before["seq"] + 1 if before else 1) and entry["previous"] == (before["hash"] if before else GENESIS)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "it is not an entry", None
    if not intact:
        return "its hash does not match its content", None
    return ("" if follows else "it does not follow the line before"), entry


def _same(one: Entry | None, other: Entry) -> bool:
    return one is not None and one["hash"] == other["hash"]
