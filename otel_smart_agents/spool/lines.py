"""The line format: one OTLP JSON message per line, sealed by a checksum.

``{"resourceSpans":[…],"crc32":"0123abcd"}``: CRC-32 (the polynomial of zlib) of every byte before ``,"crc32"``. Readers of OTLP JSON ignore
the extra member, so collectors can replay a file (``otlpjsonfile``, our ``agent_spool``). Inside a JSON string a quote is always
escaped, so the bytes ``,"crc32":"`` and ``{"resourceSpans":[`` occur only where a line ends and begins: that is how readers find the next
whole line after damage.

An empty line is a border: a back end found the request too large, and what lies on either side of it is sent on its own ever after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.spool.limits import Signal

MEMBERS: Final[Mapping[Signal, tuple[str, str, str]]] = {
    "traces": ("resourceSpans", "scopeSpans", "spans"),
    "logs": ("resourceLogs", "scopeLogs", "logRecords"),
    "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
}
HEADS: Final[Mapping[Signal, bytes]] = {signal: f'{{"{names[0]}":['.encode() for signal, names in MEMBERS.items()}
# A member that every item has exactly once and nothing else has; no string can imitate it, because its quotes would be escaped.
_ONCE: Final[Mapping[Signal, bytes]] = {"traces": b'"kind":', "logs": b'"observedTimeUnixNano":', "metrics": b'"dataPoints":'}
_TAIL: Final = re.compile(rb',"crc32":"([0-9a-f]{8})"\}')
_TAIL_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds.

    Attributes:
        payloads: the content of each whole line's array, in order.
        damaged: the pieces between whole lines that no checksum vouches for.
        unfinished: whether the last of them is the beginning of a line and ends the file: all that is left of a write that a kill cut short
            (the kernel stops a write between two pages), so what was in it was never acknowledged.
        borders: how many payloads lie before each empty line between two of them.
    """

    payloads: tuple[bytes, ...]
    damaged: tuple[bytes, ...] = ()
    unfinished: bool = False
    borders: tuple[int, ...] = ()

    @property
    def parts(self) -> tuple[tuple[bytes, ...], ...]:
        """The payloads by the request that they belong to."""
        if not self.payloads:
            return ()
        places = (0, *self.borders, len(self.payloads))
        return tuple(self.payloads[start:end] for start, end in pairwise(places))

    @property
    def damaged_lines(self) -> int:
        """Lines lost: at least one per damaged piece."""
        return sum(max(1, piece.count(b'"crc32":"')) for piece in self.damaged)

    def apart(self) -> tuple[Parsed, bytes]:
        """Return this without the unfinished piece, and that piece, empty if there is none."""
        if not self.unfinished:
            return self, b""
        return Parsed(self.payloads, self.damaged[:-1], borders=self.borders), self.damaged[-1]


def make_line(signal: Signal, payload: bytes) -> bytes:
    """Return the line that holds ``payload``, the content of the outermost array."""
    return seal_line(HEADS[signal] + payload + b"]")


def seal_line(body: bytes) -> bytes:
    """Return ``body``, a JSON object without its closing brace, with its checksum, the brace and the end of the line."""
    return b'%b,"crc32":"%08x"}\n' % (body, crc32(body))


def count_items(signal: Signal, payload: bytes) -> int:
    """Return the number of spans (log records, metrics) in one or more lines or payloads, without parsing them."""
    return payload.count(_ONCE[signal])


def opened(line: bytes) -> bytes | None:
    """Return a line's bytes up to its checksum, ``None`` if the checksum does not match."""
    match = _TAIL.fullmatch(line, max(len(line) - _TAIL_BYTES, 0))
    if match is None:
        return None
    body = line[: match.start()]
    return body if crc32(body) == int(match[1], 16) else None


def parse(signal: Signal, data: bytes) -> Parsed:
    """Return the whole lines of a file and what is damaged. Never raises; a flipped bit or a cut costs the lines it touched, no other."""
    payloads: list[bytes] = []
    damaged: list[bytes] = []
    broken: list[bytes] = []
    borders: set[int] = set()
    for line in data.split(b"\n"):
        payload = _payload(signal, line)
        if payload is None:
            broken.append(line)
            if not line:
                borders.add(len(payloads))
            continue
        _resync(signal, b"\n".join(broken), payloads, damaged)
        broken = []
        payloads.append(payload)
    rest = b"\n".join(broken)
    _resync(signal, rest, payloads, damaged)
    unfinished = bool(damaged) and rest == damaged[-1] and begins_line(rest, HEADS[signal])
    return Parsed(tuple(payloads), tuple(damaged), unfinished, tuple(sorted(borders - {0, len(payloads)})))


def begins_line(piece: bytes, head: bytes) -> bool:
    """Tell whether ``piece`` can be the beginning of one line with this head, without its end."""
    return (piece.startswith(head) or head.startswith(piece)) and b"\n" not in piece and _TAIL.search(piece) is None


def _payload(signal: Signal, line: bytes) -> bytes | None:
    head = HEADS[signal]
    if not line.startswith(head):
        return None
    body = opened(line)
    return body[len(head) : -1] if body is not None and body.endswith(b"]") else None


def _resync(signal: Signal, region: bytes, payloads: list[bytes], damaged: list[bytes]) -> None:
    """Find whole lines in a stretch whose line ends cannot be trusted; what remains is damaged."""
    done = 0
    for tail in _TAIL.finditer(region):
        start = region.rfind(HEADS[signal], done, tail.start())
        payload = _payload(signal, region[start : tail.end()]) if start >= 0 else None
        if payload is None:
            continue
        _keep_damaged(region[done:start], damaged)
        payloads.append(payload)
        done = tail.end()
    _keep_damaged(region[done:], damaged)


def _keep_damaged(piece: bytes, damaged: list[bytes]) -> None:
    piece = piece.strip(b"\n")
    # One stray byte that does not begin a line is what is left of a line's end: no line was lost with it.
    if piece and (len(piece) > 1 or piece == b"{"):
        damaged.append(piece)
