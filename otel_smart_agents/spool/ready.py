"""Sealed files: read them for a preview, or claim them to send them. One file is one request, and its removal the acknowledgement.

Where a back end found a request too large, its halves stay in the file with a border between them, put there before the first is sent: a
half whose acknowledgement was lost is sent again as the same bytes.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from otel_smart_agents.errors import SpoolCorruptError, SpoolError
from otel_smart_agents.spool.active import uncounted
from otel_smart_agents.spool.body import Body
from otel_smart_agents.spool.caps import prune_rejected
from otel_smart_agents.spool.files import Directory, opened_directory
from otel_smart_agents.spool.limits import Signal, SpoolLimits
from otel_smart_agents.spool.lines import make_line, parse
from otel_smart_agents.spool.locked import Held, open_locked, read_fd, rewrite
from otel_smart_agents.spool.locks import forget
from otel_smart_agents.spool.state import count_drops

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from otel_smart_agents.spool.lines import Parsed
    from otel_smart_agents.spool.names import FileName, Terms


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A sealed file by name; it may be gone by the time it is used.

    Attributes:
        folder: the destination's folder.
        signal: ``traces``, ``logs`` or ``metrics``.
        name: when, by which process and under which consent epoch it was begun.
        place: ``ready``, or ``sent`` for a body that was kept.
    """

    folder: Path
    signal: Signal
    name: FileName
    place: str = "ready"

    @property
    def epoch(self) -> int:
        """The consent epoch that its spans were recorded under."""
        return self.name.epoch

    @property
    def terms(self) -> Terms:
        """What its spans were recorded under: the epoch, whether for the user's own eyes only, the categories."""
        return self.name.terms

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / self.signal / self.place / str(self.name)

    def body(self) -> Body:
        """Return everything in the file, without claiming it.

        Raises:
            FileNotFoundError: it is gone.
            SpoolCorruptError: no line in it is whole.
            SpoolError: it is not safe to open.
        """
        return Body(self.signal, self._parsed().payloads)

    def parts(self) -> tuple[Body, ...]:
        """Return what each of its requests would carry: one, or several where the back end found one too large. Raises as ``body``."""
        return _parts(self.signal, self._parsed())

    def _parsed(self) -> Parsed:
        with opened_directory(self.folder, self.signal, self.place) as directory:
            parsed = parse(self.signal, directory.read(str(self.name)))
        if parsed.damaged and not parsed.payloads:
            raise SpoolCorruptError(f"{self.path}: no line's checksum matches; nothing in it will be sent")
        return parsed

    @contextmanager
    def claim(self) -> Iterator[ClaimedFile | None]:
        """Hold the file for the length of a block: no other process sends, drops or changes it meanwhile.

        Yields ``None`` if another process holds it, it is gone, it is not safe to open, or no line in it is whole (it is then removed).
        Damaged lines are kept in ``rejected/`` and counted.
        """
        try:
            with opened_directory(self.folder, self.signal, self.place) as directory:
                held = open_locked(directory, str(self.name))
        except OSError:
            held = None
        if held is None:
            yield None
            return
        claimed = ClaimedFile(self, held)
        try:
            yield claimed if claimed.payloads or not claimed.discard() else None
        finally:
            claimed.release()


class ClaimedFile:
    """A ready file that this process holds.

    Attributes:
        file: its name and place.
        body: everything in it.
        parts: what each request carries, see ``ReadyFile.parts``.
        damaged_lines: lines that were not whole; they were counted and kept in ``rejected/``.
    """

    __slots__ = ("_held", "_settled", "body", "damaged_lines", "file", "parts")

    def __init__(self, file: ReadyFile, held: Held) -> None:
        self.file = file
        self._held = held
        self._settled = False
        parsed = parse(file.signal, read_fd(held.fd))
        self.body = Body(file.signal, parsed.payloads)
        self.parts = _parts(file.signal, parsed)
        self.damaged_lines = parsed.damaged_lines
        if parsed.damaged:
            keep_damaged(file.folder, file.signal, str(file.name), pieces=parsed.damaged, lines=parsed.damaged_lines)

    @property
    def epoch(self) -> int:
        """The consent epoch that its spans were recorded under."""
        return self.file.epoch

    @property
    def terms(self) -> Terms:
        """What its spans were recorded under."""
        return self.file.name.terms

    @property
    def payloads(self) -> tuple[bytes, ...]:
        """The content of each line's outermost array, unparsed."""
        return self.body.payloads

    @property
    def span_count(self) -> int:
        """Number of spans (log records, metrics)."""
        return self.body.items

    def body_json(self) -> bytes:
        """Return the http/json request body; the same bytes at every attempt."""
        return self.body.json()

    def ack(self, *, keep_sent: bool = False) -> bool:
        """Remove the file: the back end has it. ``keep_sent`` moves it to ``sent/`` instead. False if somebody cleared it meanwhile.

        Raises:
            OSError: the folder cannot be written; the file stays and would be sent again.
        """
        return self._move("sent" if keep_sent else None)

    def reject(self, reason: str = "rejected", *, limits: SpoolLimits | None = None) -> None:
        """Give the file up after an answer that no retry can change: it moves to ``rejected/`` (the last few are kept) and is counted.

        Raises:
            OSError: the folder cannot be written; the file stays.
        """
        items = self.span_count
        if self._move("rejected"):
            count_drops_quietly(self.file.folder, reason, items)
            prune_rejected(self.file.folder, self.file.signal, keep=(limits or SpoolLimits()).rejected_files)

    def drop(self, reason: str) -> None:
        """Remove the file unsent and count its spans, for example ``consent`` for another epoch's.

        Raises:
            OSError: the folder cannot be written; the file stays.
        """
        items = self.span_count
        if self._move(None):
            count_drops_quietly(self.file.folder, reason, items)

    def keep_only(self, *rest: Body, sent: Body | None = None) -> None:
        """Shrink the file to ``rest`` after another part was settled on its own, or divide it, keeping hold of it.

        Args:
            rest: what is still to be sent; each body is a request of its own, also after this process has ended.
            sent: the part that was acknowledged, if it is to be kept in ``sent/``.

        Raises:
            OSError: the folder cannot be written; the file stays as it was.
        """
        file, name = self.file, str(self.file.name)
        with opened_directory(file.folder, file.signal, file.place) as directory:
            if not directory.same(name, self._held.fd):
                return
            if sent is not None:
                with opened_directory(file.folder, file.signal, "sent", create=True) as kept:
                    kept.write(str(unused_name(kept, file.name)), _lines(sent))
            self._held = rewrite(directory, name, _lines(*rest), held=self._held)
        self.parts = rest
        self.body = Body(file.signal, tuple(payload for body in rest for payload in body.payloads))

    def _move(self, place: str | None) -> bool:
        file, name = self.file, str(self.file.name)
        with opened_directory(file.folder, file.signal, file.place) as directory:
            if not directory.same(name, self._held.fd):
                return False
            self._held.close_before_rename()
            self._settled = _moved(directory, name, file=file, place=place)
            directory.sync()
            forget(directory, name)
        return self._settled

    def discard(self) -> bool:
        """Remove a file without one whole line; its damage is kept in ``rejected/``. False if it cannot be removed now."""
        with suppress(OSError):
            self._move(None)
        return self._settled

    def _count_cleared(self) -> None:
        file = self.file
        with suppress(OSError), opened_directory(file.folder, file.signal, file.place) as directory:
            count_drops_quietly(file.folder, "cleared", uncounted(directory, str(file.name), self.span_count))

    def release(self) -> None:
        """Let go of the file; what was neither acknowledged nor given up stays for the next attempt."""
        if not self._settled and self._held.fd >= 0 and not self._held.linked:
            self._count_cleared()
        self._settled = True
        self._held.close()


def _moved(directory: Directory, name: str, *, file: ReadyFile, place: str | None) -> bool:
    if place is None:
        return directory.remove(name)
    with opened_directory(file.folder, file.signal, place, create=True) as target:
        try:
            new = str(unused_name(target, file.name))
            directory.rename(name, target, new)
        except FileNotFoundError:
            return False
        if place == "sent":
            fd = target.open(new, os.O_RDWR)
            try:
                os.utime(fd if os.utime in os.supports_fd else target.path / new)  # its time in sent/ counts from now
            finally:
                os.close(fd)
    return True


def unused_name(directory: Directory, name: FileName) -> FileName:
    """Return ``name``, or the name of the first later nanosecond that no file has."""
    while directory.exists(str(name)):
        name = replace(name, created_ns=name.created_ns + 1)
    return name


def _lines(*bodies: Body) -> bytes:
    return b"\n".join([b"".join([make_line(body.signal, payload) for payload in body.payloads]) for body in bodies])


def _parts(signal: Signal, parsed: Parsed) -> tuple[Body, ...]:
    return tuple(Body(signal, payloads) for payloads in parsed.parts)


def keep_damaged(
    folder: Path,
    signal: Signal,
    name: str,
    *,
    pieces: tuple[bytes, ...],
    lines: int,
    as_reason: Literal["corrupt", "unfinished"] = "corrupt",
) -> None:
    """Keep damaged pieces in ``rejected/`` and count their lines, once however often the file is read. A full disk loses the copy."""
    with suppress(OSError), opened_directory(folder, signal, "rejected", create=True) as directory:
        stem = name.removesuffix(".jsonl").removesuffix(".open")
        copy = f"{stem}.{'damaged' if as_reason == 'corrupt' else as_reason}"
        with suppress(FileNotFoundError):
            if directory.read(copy) == b"\n".join(pieces):
                return
        directory.write(copy, b"\n".join(pieces))
        count_drops(folder, {as_reason: lines})


def count_drops_quietly(folder: Path, reason: str, count: int) -> None:
    """Count drops; a disk that is full or a state that another process holds costs the count, not the caller."""
    with suppress(SpoolError, OSError):
        count_drops(folder, {reason: count})
