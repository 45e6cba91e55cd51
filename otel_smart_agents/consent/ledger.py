"""Reading and changing the user's consent files, one change at a time.

The commit point of a change is the rename of ``consent.json``: before it nothing has changed, after it everything has. The log follows and
is healed by the next change if a crash came between.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from otel_smart_agents.consent import files, log
from otel_smart_agents.consent.record import Document, Record, parse, record_out, serialise
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from pathlib import Path

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.paths import TelemetryPaths

FILE = "consent.json"
LOG = "consent-log.jsonl"

Make = Callable[[Record | None, int, int], Record]
"""Makes the new record from the last one, the new epoch and the time in Unix nanoseconds."""


class Ledger:
    """The consent files of one user.

    Args:
        paths: the user's folders.
        clock: Unix nanoseconds.
    """

    def __init__(self, paths: TelemetryPaths, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._paths = paths
        self._clock = clock
        self.file = paths.consent / FILE
        self.log = paths.consent / LOG

    @property
    def folders(self) -> tuple[Path, Path]:
        """The folders on the way to the files, outermost first."""
        return (self._paths.consent.parent, self._paths.consent)

    @property
    def elsewhere(self) -> Path | None:
        """The consent file in a moved data folder, which can only narrow; ``None`` if the folder is not moved."""
        moved = self._paths.data != self._paths.consent
        return self._paths.data / FILE if moved else None

    def read(self) -> Document:
        """Return what the user answered; an empty document if they never did.

        Raises:
            ConsentError: the file is there and cannot be trusted or read.
        """
        return _read(self.file, *self.folders)

    def read_elsewhere(self) -> Document:
        """Return what a file in a moved data folder says; an empty document if there is none.

        Raises:
            ConsentError: the file is there and cannot be trusted or read.
        """
        return _read(self.elsewhere) if self.elsewhere else Document()

    def logged(self) -> tuple[Record, ...]:
        """Return every answer that the log still holds, oldest first; none if it cannot be read."""
        return tuple(log.answers(self._log_bytes()))

    def check_log(self) -> log.LogReport:
        """Check the log against itself and against the consent file."""
        try:
            data = files.read_private(self.log, folders=self.folders) or b""
        except ConsentError as error:
            return log.LogReport(ok=False, entries=0, reason=str(error))
        try:
            return log.check(data, self.read().log_entry)
        except ConsentError:
            report = log.check_chain(data)
            return replace(report, reason=f"{report.reason}; its end cannot be compared, because {FILE} cannot be used")

    def change(self, destination: Destination, make: Make, *, action: str) -> Record:
        """Record a new answer for a destination under the lock.

        Raises:
            ConsentError: the folder cannot be used, another process holds the lock, or the disk refused (nothing changed then).
        """
        folder = self._paths.consent
        files.ensure_folder(folder, outermost=folder.parent)
        try:
            with files.locked(folder / ".lock"):
                files.remove_leftovers(folder)
                return self._change(destination, make, action)
        except OSError as error:
            raise ConsentError(f"the answer could not be stored in {folder}: {error.strerror or error}") from error

    def break_file(self) -> None:
        """Empty the consent file, which needs no disk space and makes it count as "no" for every destination.

        Raises:
            ConsentError: the file is not this user's.
            OSError: not even that is possible.
        """
        files.empty_own(self.file)

    def _change(self, destination: Destination, make: Make, action: str) -> Record:
        now, key = self._clock(), destination.key
        chain = self._log_bytes()
        document = self._read_or_set_aside(chain)
        before = document.log_entry
        with contextlib.suppress(OSError):  # a full disk must not stop a "no": the file alone decides
            before = log.settle(self.log, chain, document.log_entry, time_ns=now)
        last = document.records.get(key)
        epoch = max(last.epoch if last else 0, log.highest_epoch(chain, key)) + 1
        record = make(last, epoch, now)
        facts: dict[str, Any] = {"destination": key, "epoch": epoch, "record": record_out(record)}
        entry = log.make_entry(before, action=action, time_ns=now, facts=facts)
        changed = Document(document.epoch + 1, {**document.records, key: record}, entry)
        files.write_atomic(self.file, serialise(changed))
        with contextlib.suppress(OSError):  # the next change appends it from the file
            files.append_line(self.log, log.line_of(entry))
        return record

    def _log_bytes(self) -> bytes:
        try:
            return files.read_private(self.log, folders=self.folders) or b""
        except ConsentError:
            return b"unreadable"  # settles as damaged: it is set aside and a new chain begins

    def _read_or_set_aside(self, chain: bytes) -> Document:
        try:
            return self.read()
        except ConsentError:
            number = 1
            while os.path.lexists(aside := self.file.with_name(f"consent.damaged-{number}.json")):
                number += 1
            self.file.rename(aside)
            # Grants in a damaged file are lost on purpose; a "no" is not, because for ``own`` a missing answer can mean yes.
            return Document(records=log.answers_of_no(chain))


def _read(path: Path, *folders: Path) -> Document:
    data = files.read_private(path, folders=folders)
    if data is None:
        return Document()
    try:
        return parse(data)
    except ConsentError as error:
        raise ConsentError(f"{path} cannot be used: {error}") from error
