"""Attribute values as OTLP JSON text.

Text is built directly: for the shape of a span (many small objects) this is as fast as a tree of dictionaries plus orjson (measured by
``python -m benchmarks.spool``), and the bytes do not depend on which packages are installed.

What OpenTelemetry's own protobuf encoder cannot express is left out in the same way as there: one attribute whose value is an integer
beyond 64 bits, an unknown type or text that is not Unicode. Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding and
https://protobuf.dev/programming-guides/json/.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring as quote
from typing import Any, Final

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1
_UINT64_MAX: Final = 2**64 - 1
_UINT32_MAX: Final = 2**32 - 1
_KEYS_KEPT: Final = 4096


class _Heads(dict[str, str]):
    """The JSON up to the value of one attribute, remembered per key: keys repeat."""

    def __init__(self, member: str) -> None:
        super().__init__()
        self._member = member

    def __missing__(self, key: str) -> str:
        if len(self) >= _KEYS_KEPT:
            self.clear()
        head = self[key] = '{"key":' + quote(key) + ',"value":' + self._member
        return head


_heads = _Heads("")
_string_heads = _Heads('{"stringValue":')
_int_heads = _Heads('{"intValue":"')


def text(value: str) -> str:
    """Return ``value`` as a JSON string that is valid Unicode: a lone surrogate becomes U+FFFD, a pair of them its character."""
    quoted = quote(value)
    return quoted if is_unicode(quoted) else quoted.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_unicode(value: str) -> bool:
    """Tell whether ``value`` can be written as UTF-8 (it holds no surrogate)."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def fixed64(value: int | None) -> str:
    """Return a time or count in JSON's form of a 64-bit integer; out of range values are moved to the nearest one."""
    if value is not None and 0 <= value <= _UINT64_MAX:
        return f'"{value}"'
    return f'"{_UINT64_MAX}"' if value and value > 0 else '"0"'


def dropped(count: int) -> str:
    """Return the member ``droppedAttributesCount`` with its comma, empty for none."""
    return f',"droppedAttributesCount":{uint32(count)}' if count else ""


def uint32(value: int) -> int:
    """Return ``value`` within what the wire format holds."""
    return min(max(value, 0), _UINT32_MAX)


def number(value: float) -> str:
    """Return a double as OTLP JSON writes it: a number, or the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``."""
    if math.isfinite(value):
        return float.__repr__(value)
    if value != value:  # noqa: PLR0124 - the one value that differs from itself is NaN
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def int64(value: int) -> str:
    """Return an integer as OTLP JSON writes it, a string.

    Raises:
        ValueError: it does not fit into 64 bits.
    """
    if not INT64_MIN <= value <= INT64_MAX:
        raise ValueError("the integer does not fit into 64 bits")
    return f'"{int(value)}"'


def _string(value: str) -> str:
    return '{"stringValue":' + quote(value) + "}"


def _int(value: int) -> str:
    return '{"intValue":' + int64(value) + "}"


def _float(value: float) -> str:
    return '{"doubleValue":' + number(value) + "}"


def _bool(value: bool) -> str:  # noqa: FBT001 - one positional argument is the signature of every function of this table
    return '{"boolValue":true}' if value else '{"boolValue":false}'


def _none(_value: None) -> str:
    return "{}"


def _bytes(value: bytes) -> str:
    return '{"bytesValue":"' + b64encode(value).decode() + '"}'


def _sequence(value: Sequence[Any]) -> str:
    return '{"arrayValue":{"values":[' + ",".join([any_value(item) for item in value]) + "]}}"


def _mapping(value: Mapping[Any, Any]) -> str:
    return '{"kvlistValue":{"values":[' + ",".join([_heads[str(key)] + any_value(item) + "}" for key, item in value.items()]) + "]}}"


_BY_TYPE: Final[dict[type, Callable[[Any], str]]] = {
    str: _string,
    int: _int,
    float: _float,
    bool: _bool,
    type(None): _none,
    bytes: _bytes,
    tuple: _sequence,
    list: _sequence,
    dict: _mapping,
}
_BY_KIND: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (str, _string),
    (int, _int),
    (float, _float),
    (bytes, _bytes),
    (Sequence, _sequence),
    (Mapping, _mapping),
)


def any_value(value: Any) -> str:
    """Return the JSON of one AnyValue. Surrogates pass through: the caller finds them when it makes UTF-8.

    Raises:
        ValueError: an integer does not fit into 64 bits.
        TypeError: OTLP has no form for the type.
    """
    encode = _BY_TYPE.get(type(value))
    if encode is not None:
        return encode(value)
    for kind, encode_kind in _BY_KIND:
        if isinstance(value, kind):
            return encode_kind(value)
    raise TypeError(f"OTLP has no value of type {type(value).__name__}")


def _attribute(key: str, value: Any) -> str:
    kind = type(value)
    # The two kinds that nearly every attribute is of go a shorter way.
    if kind is str:
        return _string_heads[key] + quote(value) + "}}"
    if kind is int and INT64_MIN <= value <= INT64_MAX:
        return f'{_int_heads[key]}{value}"}}}}'
    return _heads[key] + any_value(value) + "}"


def attributes(values: Mapping[str, Any] | None, *, strict: bool = False) -> str:
    """Return the member ``attributes`` followed by a comma, empty for no attributes.

    An attribute that OTLP cannot express is left out. ``strict`` also leaves out those that are not Unicode; without it the caller must
    check the result (checking once per batch is cheaper than once per value).
    """
    if not values:
        return ""
    # copy() leaves the SDK's read-only proxies behind: iterating over those costs a Python call per item.
    plain = values.copy() if hasattr(values, "copy") else dict(values)
    try:
        items = [_attribute(key, value) for key, value in plain.items()]
    except Exception:  # noqa: BLE001 - a failure of one value is that attribute's alone, as in the SDK's encoder
        items = [item for item in map(_attempt, plain.items()) if item is not None]
    if strict:
        items = [item for item in items if is_unicode(item)]
    return '"attributes":[' + ",".join(items) + "]," if items else ""


def _attempt(item: tuple[str, Any]) -> str | None:
    try:
        return _attribute(*item)
    except Exception:  # noqa: BLE001 - a failure of one value is that attribute's alone, as in the SDK's encoder
        return None
