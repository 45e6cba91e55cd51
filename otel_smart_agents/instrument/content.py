"""Captured content: from a value to attributes, on the caller's thread, as little as possible of it.

Detectors do not run here: text is bounded (limit + overlap) and stored as it is, and the filter in the worker redacts and cuts it. So a
span with MASKED content is clean only behind this package's exporter or ``PrivacySpanProcessor``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.instrument.capture import PREFIX, Capture, Plan
from otel_smart_agents.instrument.runtime import failed

if TYPE_CHECKING:
    from otel_smart_agents.instrument.runtime import Route

OVERLAP: Final = 256
"""Characters kept beyond the limit, so that the filter sees a secret at the edge whole before it cuts."""

LIMIT: Final = semconv.KEY_PREFIXES[PREFIX].max_length or 65_536
_MOST: Final = LIMIT + OVERLAP
_MASKED: Final = Capture.MASKED
_MAX_ITEMS: Final = 128
_MAX_DEPTH: Final = 6
_MESSAGES: Final = {"input": (semconv.GEN_AI_INPUT_MESSAGES, "user"), "output": (semconv.GEN_AI_OUTPUT_MESSAGES, "assistant")}
_CALLS: Final = {"input": semconv.GEN_AI_TOOL_CALL_ARGUMENTS, "output": semconv.GEN_AI_TOOL_CALL_RESULT}


@functools.cache
def _process_key() -> bytes:
    return os.urandom(16)


def arguments(
    plan: Plan, route: Route, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, beside: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return attributes with those for the captured arguments of one call added; an upstream route gets none."""
    if route.upstream:
        return beside
    found = dict(beside)
    ceiling = route.capture
    for key, name, position, how in plan:
        if name in kwargs:
            value = kwargs[name]
        elif 0 <= position < len(args):
            value = args[position]
        else:
            continue
        if type(value) is str and how >= _MASKED and ceiling >= _MASKED:
            found[key] = value if len(value) <= _MOST else value[:_MOST]
        else:
            found |= describe(key, value, how=how, route=route)
    return found


def side(direction: str, value: Any, *, kind: str, how: Capture, route: Route) -> dict[str, Any]:
    """Return the attributes for what went into a run (``input``) or came out of it (``output``), under OpenTelemetry's GenAI names."""
    how = min(how, route.capture)
    if route.upstream or how is Capture.NONE:
        return {}
    if value is None and how is not Capture.SHAPE:
        return {}
    if how is Capture.SHAPE:
        return describe(PREFIX + direction, value, how=how, route=route)
    if kind in ("skill", "tool"):
        return {_CALLS[direction]: text(value)}
    if kind != "agent":
        return {PREFIX + direction: text(value)}
    key, role = _MESSAGES[direction]
    if isinstance(value, (list, tuple)):
        return {key: text(value)}
    import json

    return {key: json.dumps([{"role": role, "parts": [{"type": "text", "content": text(value)}]}], ensure_ascii=False)}


def describe(key: str, value: Any, *, how: Capture, route: Route) -> dict[str, Any]:
    """Return the attributes for one value, at most at the route's own level. Failures are counted and give no attribute."""
    how = min(how, route.capture)
    if how is Capture.NONE:
        return {}
    try:
        return shape(key, value, route.hash_key or _process_key()) if how is Capture.SHAPE else {key: text(value)}
    except Exception as error:  # noqa: BLE001 - telemetry fails open
        failed("capture", error)
        return {}


def shape(key: str, value: Any, secret: bytes) -> dict[str, Any]:
    """Return type, length and keyed hash; only built-in types have the latter two, since asking others would run their code."""
    kind = type(value)
    found: dict[str, Any] = {f"{key}.type": type.__dict__["__name__"].__get__(kind)}
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        found[f"{key}.length"] = len(value)
    if kind in (int, float, bool):
        value = repr(value)
        kind = str
    if kind in (str, bytes):
        import hashlib

        # The length stands beside the hash, so the hash of the first 64 KiB tells values apart without reading all of a huge one.
        data = value[:LIMIT] if kind is bytes else value[:LIMIT].encode("utf-8", "surrogatepass")
        found[f"{key}.hash"] = hashlib.blake2b(data, key=secret[:64], digest_size=8).hexdigest()
    return found


def text(value: Any) -> str:
    """Return bounded text of a value: text as it is, plain structures as JSON, anything else by its ``repr``."""
    if isinstance(value, str):
        return str.__getitem__(value, slice(_MOST))
    import json

    budget = [_MAX_ITEMS * 8]
    return json.dumps(_plain(value, _MAX_DEPTH, budget), ensure_ascii=False)[:_MOST]


def _plain(value: Any, depth: int, budget: list[int]) -> Any:
    """Return a bounded copy of plain data; the budget is shared by the whole value, so that no structure is walked without end."""
    budget[0] -= 1
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, str):
        return value[:_MOST]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{len(value)} bytes>"
    if depth <= 0 or budget[0] <= 0:
        return "…"
    if isinstance(value, Mapping):
        return {str(k)[:OVERLAP]: _plain(v, depth - 1, budget) for k, v in _first(value.items())}
    if isinstance(value, (Sequence, set, frozenset)):
        return [_plain(item, depth - 1, budget) for item in _first(value)]
    return repr(value)[:_MOST]


def _first(items: Any) -> list[Any]:
    return [item for item, _ in zip(items, range(_MAX_ITEMS), strict=False)]
