"""From items to payloads that fit into a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import privacy
from otel_smart_agents.spool.body import Body
from otel_smart_agents.spool.encode import encode_logs, encode_metrics, encode_spans
from otel_smart_agents.spool.limits import MAX_LINE_BYTES, Signal

if TYPE_CHECKING:
    from otel_smart_agents.consent.model import Audience

Drop = Callable[[str, int], None]

_ACCEPTED: Final[dict[Signal, str]] = {"traces": "RedactedSpan", "logs": "RedactedLog", "metrics": "RedactedMetrics"}
_AROUND_BYTES: Final = 64
"""What a line has around its payload, rounded up."""


def check_items(signal: Signal, items: Sequence[Any], *, audience: Audience) -> list[Any]:
    """Return the items as a list.

    Raises:
        TypeError: one was not made by the privacy filter, or by the looser one of the other audience.
    """
    # By name and at the first call: the classes extend the SDK's, which must not be imported before somebody uses it.
    accepted = getattr(privacy, _ACCEPTED[signal])
    for item in items:
        if not isinstance(item, accepted):
            raise TypeError(f"the spool takes {accepted.__name__} only, made by the privacy filter, not {type(item).__name__}")
        if audience == "upstream" and item.audience != audience:
            raise TypeError(f"this {accepted.__name__} was redacted for {item.audience!r}: an upstream spool takes upstream ones only")
    return list(items)


def encode_items(signal: Signal, items: Sequence[Any], *, drop: Drop) -> bytes:
    """Return the items' payload; one that cannot be encoded is dropped and counted, and takes no other with it."""
    try:
        return _encode(signal, items)
    except Exception:  # noqa: BLE001 - an item that cannot be encoded must not take the others with it
        parts = []
        for item in items:
            try:
                parts.append(_encode(signal, [item]))
            except Exception:  # noqa: BLE001 - an item that cannot be encoded must not take the others with it
                drop("unencodable", 1)
        return b",".join(parts)


def _encode(signal: Signal, items: Sequence[Any]) -> bytes:
    if signal == "traces":
        return encode_spans(items)
    if signal == "logs":
        return encode_logs(items)
    return b",".join([part for part in (encode_metrics(item) for item in items) if part])


def fitting(signal: Signal, payload: bytes, *, limit: int, drop: Drop) -> Iterator[bytes]:
    """Yield the payload in parts of which each makes a line shorter than ``limit``.

    A single item may need more, up to 1 MiB; one that needs even more is dropped and counted.
    """
    if not payload:
        return
    size = len(payload) + _AROUND_BYTES
    halves = Body(signal, (payload,)).halves() if size > min(limit, MAX_LINE_BYTES) else None
    if halves is not None:
        for half in halves:
            yield from fitting(signal, half.payloads[0], limit=limit, drop=drop)
    elif size > MAX_LINE_BYTES:
        drop("oversize", 1)
    else:
        yield payload
