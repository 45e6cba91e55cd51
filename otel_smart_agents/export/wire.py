"""Protobuf's wire format, just enough to write OTLP requests from OTLP JSON and to read OTLP answers.

Why by hand: one span costs 139 µs through ``ParseDict`` (which also reads hex ids as base64, silently), 32 µs through message objects and a
fraction of that this way. The oracle of the tests is the SDK's own encoder. Source of numbers: opentelemetry-proto 1.x,
https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Writer = Callable[[Any], bytes]
"""Takes the JSON value of one field and returns the field's bytes, tag included."""

_SMALL: Final = tuple(bytes((n,)) for n in range(128))
_SHORT_STRING: Final = tuple(bytes((0x12, n + 2, 0x0A, n)) for n in range(126))
"""What comes before a string of each short length: the tag and length of KeyValue.value, the tag and length of AnyValue.string_value."""

_MASK_64: Final = (1 << 64) - 1
_MAX_VARINT_BYTES: Final = 10
_KNOWN_KEYS_LIMIT: Final = 4_096


def varint(number: int) -> bytes:
    """Return an unsigned number as a varint; a negative one as its 64-bit two's complement, as protobuf writes int64."""
    if 0 <= number < 128:
        return _SMALL[number]
    number &= _MASK_64
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(number: int, wire_type: int) -> bytes:
    """Return the tag of a field: 0 varint, 1 64-bit, 2 length-delimited, 5 32-bit."""
    return varint(number << 3 | wire_type)


def delimited(head: bytes, body: bytes) -> bytes:
    """Return a length-delimited field."""
    size = len(body)
    return head + (_SMALL[size] if size < 128 else varint(size)) + body


def text(number: int) -> Writer:
    """Return the writer of a string field; a lone surrogate becomes ``?`` since protobuf allows UTF-8 only."""
    head = tag(number, 2)

    def write(value: str) -> bytes:
        return delimited(head, value.encode("utf-8", "replace"))

    return write


def hex_bytes(number: int) -> Writer:
    """Return the writer of a trace or span id, which OTLP JSON has in hex."""
    head = tag(number, 2)

    def write(value: str) -> bytes:
        return delimited(head, bytes.fromhex(value))

    return write


def integer(number: int) -> Writer:
    """Return the writer of an enum, bool or any int of protobuf that is not zigzag: JSON has it as a number, a bool or a decimal string."""
    head = tag(number, 0)

    def write(value: Any) -> bytes:
        return head + varint(int(value))

    return write


def zigzag(number: int) -> Writer:
    """Return the writer of an sint32 or sint64."""
    head = tag(number, 0)

    def write(value: Any) -> bytes:
        signed = int(value)
        return head + varint((signed << 1) ^ (signed >> 63))

    return write


def _fixed(number: int, wire_type: int, layout: str, read: Callable[[Any], Any]) -> Writer:
    head = tag(number, wire_type)
    pack = struct.Struct(layout).pack

    def write(value: Any) -> bytes:
        return head + pack(read(value))

    return write


def fixed64(number: int) -> Writer:
    """Return the writer of an unsigned 64-bit field."""
    return _fixed(number, 1, "<Q", int)


def sfixed64(number: int) -> Writer:
    """Return the writer of a signed 64-bit field."""
    return _fixed(number, 1, "<q", int)


def fixed32(number: int) -> Writer:
    """Return the writer of an unsigned 32-bit field."""
    return _fixed(number, 5, "<I", int)


def double(number: int) -> Writer:
    """Return the writer of a double; JSON has NaN and the infinities as strings."""
    return _fixed(number, 1, "<d", float)


def packed(number: int, layout: str | None) -> Writer:
    """Return the writer of a packed repeated field: ``layout`` is a struct code, ``None`` means varints."""
    head = tag(number, 2)

    def write(values: list[Any]) -> bytes:
        if layout is None:
            return delimited(head, b"".join(varint(int(value)) for value in values))
        read = float if layout == "d" else int
        return delimited(head, struct.pack(f"<{len(values)}{layout}", *map(read, values)))

    return write


def message(fields: Mapping[str, Writer]) -> Writer:
    """Return a function that writes the content of a message; fields that it does not know are left out."""
    known = dict(fields)

    def write(value: Mapping[str, Any]) -> bytes:
        return b"".join([known[name](item) for name, item in value.items() if name in known and item is not None])

    return write


def nested(number: int, content: Writer) -> Writer:
    """Return the writer of a field that holds one message."""
    head = tag(number, 2)

    def write(value: Any) -> bytes:
        return delimited(head, content(value))

    return write


def repeated(number: int, content: Writer) -> Writer:
    """Return the writer of a repeated message field."""
    head = tag(number, 2)

    def write(values: list[Any]) -> bytes:
        return b"".join([delimited(head, content(value)) for value in values])

    return write


def repeated_text(number: int) -> Writer:
    """Return the writer of a repeated string field."""
    one = text(number)

    def write(values: list[str]) -> bytes:
        return b"".join(map(one, values))

    return write


def _bytes_value(value: str) -> bytes:
    return delimited(b"\x3a", base64.b64decode(value))


def _array_value(value: Mapping[str, Any]) -> bytes:
    return delimited(b"\x2a", b"".join([delimited(b"\x0a", any_value(item)) for item in value.get("values") or ()]))


def _kvlist_value(value: Mapping[str, Any]) -> bytes:
    return delimited(b"\x32", _attributes_at(b"\x0a", value.get("values") or ()))


_ANY: Final[dict[str, Writer]] = {
    "stringValue": text(1),
    "boolValue": integer(2),
    "intValue": integer(3),
    "doubleValue": double(4),
    "arrayValue": _array_value,
    "kvlistValue": _kvlist_value,
    "bytesValue": _bytes_value,
}


def any_value(value: Mapping[str, Any]) -> bytes:
    """Return the content of an AnyValue; an empty object is OTLP's "no value"."""
    for name, item in value.items():
        if name in _ANY:
            return _ANY[name](item)
    return b""


_KEYS: dict[str, bytes] = {}
"""Encoded attribute keys: the same few dozen occur in every span. Bounded, because a foreign file may hold any number of them."""


def _key(key: str) -> bytes:
    encoded = delimited(b"\x0a", key.encode("utf-8", "replace"))
    if len(_KEYS) < _KNOWN_KEYS_LIMIT:
        _KEYS[key] = encoded
    return encoded


def _attributes_at(head: bytes, items: Any) -> bytes:
    out = []
    for item in items:
        key = item.get("key", "")
        body = _KEYS.get(key) or _key(key)
        value = item.get("value")
        if value is not None:
            string = value.get("stringValue")
            if string is None:
                body += delimited(b"\x12", any_value(value))
            else:  # nine of ten values
                encoded = string.encode("utf-8", "replace")
                size = len(encoded)
                body += _SHORT_STRING[size] + encoded if size < 126 else delimited(b"\x12", delimited(b"\x0a", encoded))
        size = len(body)
        out.append(head + (_SMALL[size] if size < 128 else varint(size)) + body)
    return b"".join(out)


def attributes(number: int) -> Writer:
    """Return the writer of a repeated KeyValue field."""
    head = tag(number, 2)

    def write(items: Any) -> bytes:
        return _attributes_at(head, items)

    return write


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """Return a varint and the position behind it.

    Raises:
        ValueError: the data ends inside the number or the number is too long.
    """
    result = 0
    for index in range(_MAX_VARINT_BYTES):
        if position + index >= len(data):
            break
        byte = data[position + index]
        result |= (byte & 127) << (7 * index)
        if byte < 128:
            return result & _MASK_64, position + index + 1
    raise ValueError("not a protobuf message: a varint has no end")


def read_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of each field: an int for a varint, bytes for everything else.

    Raises:
        ValueError: the data is not a protobuf message.
    """
    position = 0
    while position < len(data):
        key, position = read_varint(data, position)
        number, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, position = read_varint(data, position)
            yield number, value
            continue
        if wire_type == 2:
            size, position = read_varint(data, position)
        elif wire_type in (1, 5):
            size = 8 if wire_type == 1 else 4
        else:
            raise ValueError(f"not a protobuf message: wire type {wire_type}")
        if position + size > len(data):
            raise ValueError("not a protobuf message: a field is longer than the message")
        yield number, data[position : position + size]
        position += size
