"""What a back end's answer means: the retry table of OTLP, read strictly.

Sources: https://opentelemetry.io/docs/specs/otlp/ ("Failures", "Partial success", "OTLP/HTTP throttling") and RFC 9110 for ``Retry-After``.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal

from otel_smart_agents.export import wire
from otel_smart_agents.spool.state import LONGEST_WAIT_S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Verdict = Literal["accepted", "retry", "too_large", "rejected"]

RETRY_STATUS: Final = frozenset({429, 502, 503, 504})
"""HTTP answers after which the same bytes may succeed later."""

RETRY_CODE: Final = frozenset({"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"})
"""gRPC codes after which the same bytes may succeed later; RESOURCE_EXHAUSTED joins them only with RetryInfo."""

FIRST_BACKOFF_S: Final = 1.0
LAST_BACKOFF_S: Final = 900.0

_COUNT_FIELD: Final = {"traces": "rejectedSpans", "logs": "rejectedLogRecords", "metrics": "rejectedDataPoints"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one request.

    Attributes:
        verdict: ``accepted``, ``retry``, ``too_large`` (halve it) or ``rejected`` (never send it again).
        code: HTTP status, gRPC code or the class of the connection's error.
        retry_after_s: seconds the back end asked to wait; ``None`` if it said nothing that can be meant (more than a week cannot).
        refused: records that an accepted request's partial success refused; they are counted and never sent again.
        left: whether the request may have left this machine; false only where that is certain.
    """

    verdict: Verdict
    code: str
    retry_after_s: float | None = None
    refused: int = 0
    left: bool = True

    @property
    def result(self) -> str:
        """The outcome in the registry's words: ``ok``, ``partial``, ``retry`` or ``rejected``."""
        if self.verdict == "accepted":
            return "partial" if self.refused else "ok"
        return "retry" if self.verdict == "retry" else "rejected"


def http_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, signal: str = "traces", now_s: Callable[[], float] = time.time
) -> Answer:
    """Judge an HTTP answer. Only 2xx is success: 304 and every redirect are not."""
    code = str(status)
    if 200 <= status < 300:
        return Answer("accepted", code, refused=_refused(headers.get("Content-Type", ""), body, signal))
    if status == 413:
        return Answer("too_large", code)
    if status in RETRY_STATUS:
        return Answer("retry", code, retry_after_s=_meant(retry_after_s(headers.get("Retry-After"), now_s=now_s)))
    return Answer("rejected", code)


def grpc_answer(code: str, details: str, status: bytes | None) -> Answer:
    """Judge a failed gRPC call from its code, its text and the ``grpc-status-details-bin`` trailer."""
    wait_s = retry_info_s(status) if status else None
    if code in RETRY_CODE or (code == "RESOURCE_EXHAUSTED" and wait_s is not None):
        return Answer("retry", code, retry_after_s=_meant(wait_s))
    if code == "RESOURCE_EXHAUSTED" and "larger than max" in details:  # the words of grpc-core and grpc-go for a message over the limit
        return Answer("too_large", code)
    return Answer("rejected", code)


def _meant(wait_s: float | None) -> float | None:
    return wait_s if wait_s is not None and wait_s <= LONGEST_WAIT_S else None


def accepted_grpc(body: bytes) -> Answer:
    """Judge the response message of a gRPC call that succeeded."""
    return Answer("accepted", "OK", refused=_refused_protobuf(body))


def _refused(content_type: str, body: bytes, signal: str) -> int:
    if not body:
        return 0
    if "json" in content_type:
        try:
            partial = json.loads(body).get("partialSuccess") or {}
            return max(0, int(partial.get(_COUNT_FIELD[signal]) or 0))
        except (ValueError, TypeError, AttributeError):
            return 0
    return _refused_protobuf(body)


def _refused_protobuf(body: bytes) -> int:
    """Read ``partial_success.rejected_*``: field 1 in field 1 of the response of all three signals; an unreadable body refuses nothing."""
    try:
        for number, value in wire.read_fields(body):
            if number == 1 and isinstance(value, bytes):
                inner = dict(wire.read_fields(value))
                count = inner.get(1, 0)
                return count if isinstance(count, int) and count < 1 << 63 else 0
    except ValueError:
        pass
    return 0


def retry_after_s(value: str | None, *, now_s: Callable[[], float] = time.time) -> float | None:
    """Return the seconds of a Retry-After header (a number or an HTTP date), or ``None`` if it is missing or cannot be read."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now_s())
    except (ValueError, TypeError, OverflowError):
        return None


def retry_info_s(status: bytes) -> float | None:
    """Return the delay of a ``google.rpc.RetryInfo`` inside a serialised ``google.rpc.Status``, or ``None``."""
    try:
        for number, detail in wire.read_fields(status):
            if number != 3 or not isinstance(detail, bytes):
                continue
            packed = dict(wire.read_fields(detail))
            if packed.get(1, b"") != b"type.googleapis.com/google.rpc.RetryInfo":
                continue
            return _duration_s(packed.get(2, b""))
    except ValueError:
        pass
    return None


def _duration_s(retry_info: int | bytes) -> float | None:
    if not isinstance(retry_info, bytes):
        return None
    delay = dict(wire.read_fields(retry_info)).get(1, b"")
    if not isinstance(delay, bytes):
        return None
    parts = dict(wire.read_fields(delay))
    seconds, nanos = parts.get(1, 0), parts.get(2, 0)
    if not isinstance(seconds, int) or not isinstance(nanos, int) or seconds >= 1 << 63:
        return None
    return seconds + nanos / 1e9


def backoff_s(failures: int, *, pick: Callable[[float, float], float] = random.uniform) -> float:
    """Return the wait after the n-th failure in a row: full jitter between 0 and 1 s, 2 s, 4 s … 15 min.

    Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    return pick(0.0, min(LAST_BACKOFF_S, FIRST_BACKOFF_S * 2.0 ** min(max(failures, 1) - 1, 20)))
