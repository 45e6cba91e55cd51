"""Open markers: which agent and workflow runs a process has begun and not yet ended, so that a killed run is still seen.

They live in a file of their own beside the data (``<same name>.open``), so that sealing data moves no marker and a ready file holds none. A
marker is a line whose first byte is ``{`` while the run is open and ``-`` once its span was written: closing overwrites one byte in place,
which needs no disk space.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.semconv import SMART_AGENTS_OUTCOME
from otel_smart_agents.spool.active import create_fresh
from otel_smart_agents.spool.body import dump
from otel_smart_agents.spool.faults import write_all
from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.lines import begins_line, make_line, opened, seal_line
from otel_smart_agents.spool.locked import Held, rewrite
from otel_smart_agents.spool.locks import CLOSE_BEFORE_RENAME, forget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan

    from otel_smart_agents.spool.limits import Signal
    from otel_smart_agents.spool.names import FileName

SpanKey = tuple[int, int]
"""Trace id and span id."""

_HEAD: Final = b'{"resourceSpans":[],"openMarker":'
_COMPACT_AFTER: Final = 256
_SIGNAL: Final[Signal] = "traces"


def key_of(span: ReadableSpan) -> SpanKey:
    """Return a span's ids."""
    context = span.get_span_context()
    return (context.trace_id, context.span_id) if context is not None else (0, 0)


def key_of_json(span: Mapping[str, Any]) -> SpanKey:
    """Return the ids of a span in parsed OTLP JSON."""
    return int(span["traceId"], 16), int(span["spanId"], 16)


@dataclass(frozen=True, slots=True)
class OpenMarker:
    """A run that had not ended when its process died.

    Attributes:
        opened_ns: when the marker was written, Unix nanoseconds of this machine's clock.
        element: the span as an element of ``resourceSpans``, parsed, with its end time 0.
    """

    opened_ns: int
    element: dict[str, Any]

    @property
    def span(self) -> dict[str, Any]:
        """The span itself as parsed OTLP JSON."""
        span: dict[str, Any] = self.element["scopeSpans"][0]["spans"][0]
        return span

    @property
    def key(self) -> SpanKey:
        """Its trace id and span id."""
        return key_of_json(self.span)

    def interrupted_line(self, last_seen_ns: int) -> bytes:
        """Return the line of the span that stands for the killed run: outcome ``interrupted``, status unset, ended when last seen alive."""
        span = self.span
        # The span's own times may be shifted (one random offset per trace), so only the difference of real times is used.
        lived = max(last_seen_ns - self.opened_ns, 0)
        kept = [item for item in span.get("attributes", []) if item["key"] != SMART_AGENTS_OUTCOME]
        outcome = {"key": SMART_AGENTS_OUTCOME, "value": {"stringValue": "interrupted"}}
        ended = {"endTimeUnixNano": str(int(span["startTimeUnixNano"]) + lived), "attributes": [*kept, outcome], "status": {"code": 0}}
        scope = {**self.element["scopeSpans"][0], "spans": [{**span, **ended}]}
        return make_line(_SIGNAL, dump({**self.element, "scopeSpans": [scope]}))


def marker_line(payload: bytes, *, opened_ns: int) -> bytes:
    """Return the marker of a span encoded by ``encode_spans([span])``; to a reader of OTLP JSON the line is an empty message."""
    return seal_line(_HEAD + b'{"openedUnixNano":"%d","element":%b}' % (opened_ns, payload))


def parse_markers(data: bytes) -> tuple[list[OpenMarker], int]:
    """Return the open markers of a marker file and the number of damaged lines.

    The beginning of a marker at the end of the file is neither: its process was killed while it was writing it, so its run was not noted.
    """
    found, damaged = [], 0
    *lines, rest = data.split(b"\n")
    for line in lines if begins_line(rest, _HEAD) else [*lines, rest]:
        if not line or line.startswith(b"-"):
            continue
        body = opened(line)
        if body is None or not body.startswith(_HEAD):
            damaged += 1
            continue
        marker = json.loads(body[len(_HEAD) :])
        found.append(OpenMarker(int(marker["openedUnixNano"]), marker["element"]))
    return found, damaged


class MarkerFile:
    """The open markers of one writer. Not thread-safe: its writer is."""

    __slots__ = ("_closed", "_end", "_folder", "_held", "_open", "name")

    def __init__(self, folder: Path, *, name: FileName, held: Held) -> None:
        self._folder = folder
        self._held = held
        self._open: dict[SpanKey, tuple[int, bytes]] = {}
        self._closed = 0
        self._end = 0
        self.name = name

    @classmethod
    def create(cls, folder: Path, *, name: FileName) -> MarkerFile:
        """Make an empty marker file.

        Raises:
            OSError: it cannot be made.
        """
        with opened_directory(folder, _SIGNAL, "active", create=True) as directory:
            # No O_APPEND: with it Linux writes at the end whatever the position is, and closing a marker writes in the middle.
            name, held = create_fresh(directory, name, flags=0)
        return cls(folder, name=name, held=held)

    @property
    def linked(self) -> bool:
        """Whether the file still has a name: false after somebody cleared the spool."""
        return self._held.linked

    @property
    def count(self) -> int:
        """Number of open markers."""
        return len(self._open)

    def open(self, key: SpanKey, line: bytes) -> None:
        """Write one marker, whole or not at all.

        Raises:
            OSError: nothing was written.
        """
        try:
            os.lseek(self._held.fd, self._end, os.SEEK_SET)
            write_all(self._held.fd, line)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._held.fd, self._end)
            raise
        self._open[key] = (self._end, line)
        self._end += len(line)

    def close_keys(self, keys: Sequence[SpanKey]) -> None:
        """Close the markers of spans that have ended; unknown ones are ignored. A disk error leaves a marker open: seen, never lost."""
        known = [self._open.pop(key)[0] for key in keys if key in self._open]
        if not known:
            return
        with suppress(OSError):
            if self._open:
                self._overwrite(known)
                self._closed += len(known)
                self._compact()
            else:
                os.ftruncate(self._held.fd, 0)
                self._end = self._closed = 0

    def _overwrite(self, offsets: list[int]) -> None:
        for offset in offsets:
            os.lseek(self._held.fd, offset, os.SEEK_SET)
            os.write(self._held.fd, b"-")

    def _compact(self) -> None:
        """Rewrite the file once closed markers outweigh the open ones, so that a server that runs for months keeps it small."""
        if self._closed < _COMPACT_AFTER + 3 * len(self._open) or CLOSE_BEFORE_RENAME:
            return
        lines = {key: line for key, (_, line) in self._open.items()}
        with opened_directory(self._folder, _SIGNAL, "active") as directory:
            self._held = rewrite(directory, str(self.name), b"".join(lines.values()), held=self._held)
        self._end = self._closed = 0
        for key, line in lines.items():
            self._open[key] = (self._end, line)
            self._end += len(line)

    def touch(self) -> None:
        """Note that the process is alive: recovery takes the file's time as the end of killed runs."""
        if os.utime in os.supports_fd:  # pragma: no branch - false on Windows only
            with suppress(OSError):
                os.utime(self._held.fd)

    def finish(self) -> None:
        """Close the file; remove it if no run is open, else leave it to recovery."""
        if not self._open:
            with suppress(OSError), opened_directory(self._folder, _SIGNAL, "active") as directory:
                if directory.same(str(self.name), self._held.fd):
                    self._held.close_before_rename()
                    directory.remove(str(self.name))
                    forget(directory, str(self.name))
        self.abandon()

    def abandon(self) -> None:
        """Close the descriptor only; a forked child calls this, so it never unlocks."""
        self._held.close()


class OpenRuns:
    """The runs that one writer has begun and not ended, in a marker file that the first of them makes. Not thread-safe: its writer is."""

    __slots__ = ("_file", "_folder")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: MarkerFile | None = None

    @property
    def count(self) -> int:
        """Number of open markers."""
        return self._file.count if self._file is not None else 0

    def open(self, key: SpanKey, line: bytes, *, name: FileName) -> None:
        """Write one marker, whole or not at all; ``name`` is the file's, should there be none.

        Raises:
            OSError: nothing was written.
        """
        if self._file is not None and not self._file.linked:  # somebody cleared the spool
            self.abandon()
        if self._file is None:
            self._file = MarkerFile.create(self._folder, name=name)
        self._file.open(key, line)

    def close_keys(self, keys: Sequence[SpanKey]) -> None:
        """See ``MarkerFile.close_keys``."""
        if self._file is not None:
            self._file.close_keys(keys)

    def touch(self) -> None:
        """See ``MarkerFile.touch``."""
        if self._file is not None:
            self._file.touch()

    def finish(self) -> None:
        """See ``MarkerFile.finish``; the next run makes a new file."""
        if self._file is not None:
            self._file.finish()
            self._file = None

    def abandon(self) -> None:
        """See ``MarkerFile.abandon``; the next run makes a new file."""
        if self._file is not None:
            self._file.abandon()
            self._file = None
