"""Request bodies: the arrays of a file's lines spliced into one message, byte for byte the same every time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from otel_smart_agents.spool.lines import HEADS, MEMBERS, count_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from otel_smart_agents.spool.limits import Signal


def sha256_hex(body: bytes) -> str:
    """Return the SHA-256 of an uncompressed request body: what is shown to people, and the ``Idempotency-Key``."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Body:
    """The content of one request.

    Attributes:
        signal: ``traces``, ``logs`` or ``metrics``.
        payloads: content of the outermost array of each line, unparsed JSON.
    """

    signal: Signal
    payloads: tuple[bytes, ...]

    @property
    def items(self) -> int:
        """Number of spans (log records, metrics)."""
        return sum(count_items(self.signal, payload) for payload in self.payloads)

    def json(self) -> bytes:
        """Return the http/json request body; open markers and checksums are not part of it."""
        return HEADS[self.signal] + b",".join(self.payloads) + b"]}"

    def sha256(self) -> str:
        """Return the SHA-256 (hex) of ``json()``."""
        return sha256_hex(self.json())

    def halves(self) -> tuple[Body, Body] | None:
        """Return two smaller bodies that hold the same items in the same order, always the same two; ``None`` for a single item.

        The border is a line's end where there is more than one line, else it lies between two items.
        """
        if len(self.payloads) > 1:
            middle = _middle([len(payload) for payload in self.payloads])
            return Body(self.signal, self.payloads[:middle]), Body(self.signal, self.payloads[middle:])
        items = self.items
        if items < 2:
            return None
        numbers = {"first": iter(range(items)), "second": iter(range(items))}
        first = self.keep(lambda _item: next(numbers["first"]) < items // 2)
        second = self.keep(lambda _item: next(numbers["second"]) >= items // 2)
        return first, second

    def keep(self, wanted: Callable[[dict[str, Any]], bool]) -> Body:
        """Return the body without the spans (log records, metrics) for which ``wanted(item)`` is false; items come as parsed OTLP JSON."""
        payloads = (_filtered(self.signal, payload, wanted) for payload in self.payloads)
        return Body(self.signal, tuple(payload for payload in payloads if payload))


def parsed_items(signal: Signal, payload: bytes) -> Iterator[dict[str, Any]]:
    """Yield each span (log record, metric) of a payload as parsed OTLP JSON."""
    _, middle, inner = MEMBERS[signal]
    for resource in json.loads(b"[" + payload + b"]"):
        for scope in resource[middle]:
            yield from scope[inner]


def dump(value: object) -> bytes:
    """Return compact JSON; numbers come out as the encoder wrote them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _middle(sizes: list[int]) -> int:
    """Return how many leading elements come closest to half of the whole, at least one and not all."""
    half, total = sum(sizes) / 2, 0
    for index, size in enumerate(sizes[:-1], start=1):
        total += size
        if total >= half:
            return index
    return len(sizes) - 1


def _filtered(signal: Signal, payload: bytes, wanted: Callable[[dict[str, Any]], bool]) -> bytes:
    _, middle, inner = MEMBERS[signal]
    resources = []
    for resource in json.loads(b"[" + payload + b"]"):
        for scope in resource[middle]:
            scope[inner] = [item for item in scope[inner] if wanted(item)]
        resource[middle] = [scope for scope in resource[middle] if scope[inner]]
        if resource[middle]:
            resources.append(resource)
    return dump(resources)[1:-1]
