"""Spans in the layout that the spool's encoder gives them, to protobuf without building a tree of dictionaries first.

The encoder always writes a span's members in one order and without blanks, and nearly all attributes of a program are ones that it wrote
before: their text is looked up in a table of texts → encoded bytes. What comes into the table was read by ``json`` or is two plain strings,
and is converted by the same functions as everywhere. What is laid out otherwise (a trace state, no attributes, maps as values) is not
taken: the reader of the line parses such a span whole.

Why cutting at ``{"key":"`` is exact: in valid JSON a quotation mark inside a string has a backslash before it, so these characters always
open an object. A cut at a wrong place leaves pieces that ``json`` refuses.
"""

from __future__ import annotations

import re
import struct
from json import loads
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.export.wire import Writer

_TEXT: Final = r'"[^"\\\x00-\x1f]*"'
_START: Final = re.compile(
    r'\{"traceId":"([0-9a-f]{32})","spanId":"([0-9a-f]{16})",(?:"parentSpanId":"([0-9a-f]{16})",)?'
    rf'("name":{_TEXT},"kind":[0-9]),"startTimeUnixNano":"([0-9]{{1,19}})","endTimeUnixNano":"([0-9]{{1,19}})","attributes":\['
)
_END: Final = re.compile(rf'("status":\{{"code":[0-9](?:,"message":{_TEXT})?\}},"flags":[0-9]{{1,9}})\}}')
_SIMPLE_ATTRIBUTE: Final = re.compile(r'([^"\\\x00-\x1f]*)","value":\{"(stringValue|intValue)":"([^"\\\x00-\x1f]*)"\}\},')
_BEFORE_KEY: Final = '{"key":"'
_MAX_ATTRIBUTES_CHARACTERS: Final = 65_536  # no search to the end of a long line for each of its spans
_MAX_BETWEEN_CHARACTERS: Final = 16_384
_BETWEEN: Final = frozenset({"droppedAttributesCount", "droppedEventsCount", "droppedLinksCount", "events", "links"})

# Tags of Span: trace_id 1, span_id 2 and parent_span_id 4 are bytes, start_time_unix_nano 7 and end_time_unix_nano 8 are fixed64.
_TRACE_ID: Final = "0a10"
_SPAN_ID: Final = "1208"
_PARENT_SPAN_ID: Final = "2208"
_times: Final = struct.Struct("<cQcQ").pack
_START_TIME: Final = b"\x39"
_END_TIME: Final = b"\x41"

_MAX_REMEMBERED: Final = 2_048
_MAX_REMEMBERED_CHARACTERS: Final = 256


class _Remembered(dict[str, bytes]):
    """Texts → their encoded bytes. Emptied when full: what is used all the time is back at once, what was unique is gone."""

    def __init__(self, encode: Callable[[str], bytes]) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, text: str) -> bytes:
        encoded = self._encode(text)
        if len(text) <= _MAX_REMEMBERED_CHARACTERS:
            if len(self) >= _MAX_REMEMBERED:
                self.clear()
            self[text] = encoded
        return encoded


class SpanLayout:
    """Reads spans one by one out of the text of a line; ``span`` writes a parsed span's members, ``attributes`` those of its list."""

    def __init__(self, span: Writer, attributes: Writer) -> None:
        self._span = span
        self._attributes = attributes
        self._members = _Remembered(lambda text: span(loads(f"{{{text}}}")))
        # map() over the method of the table takes half of the time of a loop with brackets.
        self._attribute = _Remembered(self._encode_attribute).__getitem__

    def read(self, text: str, position: int) -> tuple[bytes, int] | None:
        """Return the content of the span that starts at a position and the position behind it; ``None`` if it is laid out otherwise."""
        start = _START.match(text, position)
        if start is None:
            return None
        close = text.find('],"', start.end(), start.end() + _MAX_ATTRIBUTES_CHARACTERS)
        end = _END.search(text, close, close + _MAX_BETWEEN_CHARACTERS) if close >= 0 else None
        if end is None:
            return None
        trace_id, span_id, parent_id, name_and_kind, started, ended = start.groups()
        ids = f"{_TRACE_ID}{trace_id}{_SPAN_ID}{span_id}"
        if parent_id:
            ids += _PARENT_SPAN_ID + parent_id
        first, *attributes = f"{text[start.end() : close]},".split(_BEFORE_KEY)
        parts = [bytes.fromhex(ids), self._members[name_and_kind], _times(_START_TIME, int(started), _END_TIME, int(ended))]
        try:
            parts += map(self._attribute, attributes)
            if end.start() > close + 2:
                parts.append(self._between(text[close + 2 : end.start()]))
        except ValueError:
            return None
        parts.append(self._members[end[1]])
        return None if first else (b"".join(parts), end.end())

    def _encode_attribute(self, text: str) -> bytes:
        simple = _SIMPLE_ATTRIBUTE.fullmatch(text)
        if simple is not None:
            key, kind, value = simple.groups()
            return self._attributes(({"key": key, "value": {kind: value}},))
        if not text.endswith(","):
            raise ValueError("the attribute ends elsewhere")
        return self._attributes((loads(_BEFORE_KEY + text[:-1]),))

    def _between(self, text: str) -> bytes:
        """Return the members between the attributes and the status: events, links and what was dropped of them."""
        members = loads(f"{{{text[:-1]}}}")
        if not text.endswith(",") or not _BETWEEN.issuperset(members):
            raise ValueError("unusual members")
        return self._span(members)
