"""OTLP JSON, as the spool holds it, to the bytes of an OTLP protobuf request.

Promise: for every payload that the spool's encoder writes, the bytes parse to the same message that the SDK's protobuf encoder makes of the
same telemetry. Works in slices of at most 64 records and gives the interpreter lock back between two slices.
"""

from __future__ import annotations

import json
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.export import wire
from otel_smart_agents.export.otlp_fields import ATTRIBUTES_OF_SPAN, LOG_RECORD, METRIC, RESOURCE, SCOPE, SPAN
from otel_smart_agents.export.span_layout import SpanLayout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SLICE_RECORDS: Final = 64
"""Spans or log records that are converted before the interpreter lock is offered to other threads."""

ARRAY_KEY: Final = {"traces": "resourceSpans", "logs": "resourceLogs", "metrics": "resourceMetrics"}
"""The one key of a request of each signal."""

_RECORDS: Final[dict[str, tuple[str, str, wire.Writer]]] = {
    "traces": ("scopeSpans", "spans", SPAN),
    "logs": ("scopeLogs", "logRecords", LOG_RECORD),
    "metrics": ("scopeMetrics", "metrics", METRIC),
}
_RESOURCE_FIELD: Final = wire.nested(1, RESOURCE)
_SCOPE_FIELD: Final = wire.nested(1, SCOPE)
_SCHEMA_URL_FIELD: Final = wire.text(3)
_ENTRY: Final = b"\x12"  # field 2 of a resource group and of a scope group: what is inside it, repeated

_LAYOUT: Final = SpanLayout(SPAN, ATTRIBUTES_OF_SPAN)
_OPEN_SPANS: Final = '"spans":['
_read_value: Final = json.JSONDecoder().raw_decode

_FRAMES: Final[dict[str, tuple[_Group, ...]]] = {}
"""Lines without their spans → what is around the spans: the same for all lines of a program."""

_MAX_FRAMES: Final = 64
_MAX_FRAME_CHARACTERS: Final = 4_096


@dataclass(frozen=True, slots=True)
class _Group:
    """A resource group without its records: the resource before, per scope what comes before and behind its records, the schema URL."""

    resource: bytes
    scopes: tuple[tuple[bytes, bytes], ...]
    schema_url: bytes

    def around(self, records: Sequence[bytes]) -> bytes:
        """Return the group with the encoded records of each scope in their places."""
        scopes = [wire.delimited(_ENTRY, before + inside + behind) for (before, behind), inside in zip(self.scopes, records, strict=True)]
        return wire.delimited(b"\x0a", b"".join([self.resource, *scopes, self.schema_url]))


def yield_interpreter() -> None:
    """Offer the interpreter lock to the threads of the application."""
    time.sleep(0)


def json_to_protobuf(payloads: Iterable[bytes], *, signal: str = "traces", pause: Callable[[], None] = yield_interpreter) -> bytes:
    """Return the protobuf request for the array contents of some spool lines, in their order.

    Args:
        payloads: the content of the ``resourceSpans`` (``resourceLogs``, ``resourceMetrics``) array of each line, with or without brackets.
        signal: ``traces``, ``logs`` or ``metrics``.
        pause: called after each slice of records.

    Raises:
        ValueError: a payload is not OTLP JSON.
    """
    convert = _Converter(signal, pause)
    try:
        return b"".join(map(convert.payload, payloads))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError, struct.error) as error:
        raise ValueError(f"the payload is not OTLP JSON of {signal}: {type(error).__name__}") from error


class _Converter:
    """Counts records over a whole request, so that many short lines also pause."""

    def __init__(self, signal: str, pause: Callable[[], None]) -> None:
        self._scopes, self._records, self._record = _RECORDS[signal]
        self._pause = pause
        self._left = SLICE_RECORDS

    def payload(self, payload: bytes) -> bytes:
        """Return the groups of one line."""
        text = payload.decode()
        if self._records == "spans":
            try:
                return self._laid_out(text)
            except ValueError:  # not from the spool's encoder, or no JSON at all
                pass
        groups = _parsed(text)
        return b"".join([_frame(group, self._scopes).around([self._array(s) for s in group.get(self._scopes) or ()]) for group in groups])

    def _array(self, scope: dict[str, Any]) -> bytes:
        return b"".join([self._entry(self._record(item)) for item in scope.get(self._records) or ()])

    def _entry(self, record: bytes) -> bytes:
        self._left -= 1
        if not self._left:
            self._left = SLICE_RECORDS
            self._pause()
        return wire.delimited(_ENTRY, record)

    def _laid_out(self, text: str) -> bytes:
        """Return the groups of a line that the spool's encoder wrote.

        Raises:
            ValueError: the line is from elsewhere.
        """
        frame, arrays, position = [], [], 0
        while (found := text.find(_OPEN_SPANS, position)) >= 0:
            start = found + len(_OPEN_SPANS)
            frame.append(text[position:start])
            spans, position = self._array_at(text, start)
            arrays.append(spans)
        frame.append(text[position:])
        inside = iter(arrays)
        return b"".join([group.around([next(inside) for _ in group.scopes]) for group in _groups("".join(frame), len(arrays))])

    def _array_at(self, text: str, position: int) -> tuple[bytes, int]:
        """Return the spans of an array whose content starts at a position, and the position of its closing bracket."""
        entries: list[bytes] = []
        while not text.startswith("]", position):
            if entries and not text.startswith(",", position):
                raise ValueError("neither a comma nor the end of the array")
            position += bool(entries)
            laid_out = _LAYOUT.read(text, position)
            if laid_out is None:
                item, position = _read_value(text, position)
                laid_out = self._record(item), position
            record, position = laid_out
            entries.append(self._entry(record))
        return b"".join(entries), position


def _parsed(text: str) -> Any:
    return json.loads(text if text.startswith("[") else f"[{text}]")


def _frame(group: dict[str, Any], scopes: str) -> _Group:
    resource = _RESOURCE_FIELD(group["resource"]) if "resource" in group else b""
    around = [(_SCOPE_FIELD(scope["scope"]) if "scope" in scope else b"", _schema_url(scope)) for scope in group.get(scopes) or ()]
    return _Group(resource, tuple(around), _schema_url(group))


def _schema_url(group: dict[str, Any]) -> bytes:
    url = group.get("schemaUrl")
    return _SCHEMA_URL_FIELD(url) if url else b""


def _groups(frame: str, arrays: int) -> tuple[_Group, ...]:
    """Return the groups of a line whose span arrays were taken out of its text.

    Raises:
        ValueError: not every array that was taken out is the array of a scope.
    """
    known = _FRAMES.get(frame)
    if known is not None:
        return known
    groups = _parsed(frame)
    scopes = [scope for group in groups for scope in group.get("scopeSpans") or ()]
    # Without a backslash a key can be written in one way only, so that all arrays called "spans" are counted here.
    if "\\" in frame or not arrays == frame.count('"spans"') == len(scopes) or any(scope.get("spans") != [] for scope in scopes):
        raise ValueError("an array of spans in an unusual place")
    known = tuple([_frame(group, "scopeSpans") for group in groups])
    if len(frame) <= _MAX_FRAME_CHARACTERS:
        if len(_FRAMES) >= _MAX_FRAMES:
            _FRAMES.clear()
        _FRAMES[frame] = known
    return known
