"""What one drain writes down for others: when the next attempt may be made, what was sent, what came of each request."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.export.answer import Answer, backoff_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.export.store import Outbox
    from otel_smart_agents.spool.state import SpoolState


class Books:
    """The books of one destination, kept beside its data. What cannot be written down stops nothing.

    Args:
        destination: whose data is sent.
        endpoint: where it goes.
        outbox: where it waits.
        clock: Unix time in nanoseconds.
    """

    def __init__(self, destination: Destination, *, endpoint: Endpoint, outbox: Outbox, clock: Callable[[], int] = time.time_ns) -> None:
        self._destination = destination
        self._endpoint = endpoint
        self._outbox = outbox
        self._clock = clock

    def wait_s(self, *, told_only: bool = False) -> float:
        """Return the seconds until any process may make the next attempt; see ``SpoolState.wait_s``."""
        return self._outbox.state().wait_s(self._clock(), told_only=told_only)

    def settled(self, answer: Answer, taken: int) -> None:
        """Note an answer that ends what went before it, and how many items the back end took."""
        now_ns = self._clock()

        def change(state: SpoolState) -> SpoolState:
            sent_ns = now_ns if answer.verdict == "accepted" else state.last_sent_ns
            return replace(state.at_once(), last_sent_ns=sent_ns, sent=state.sent + taken)

        self._share(change)

    def postponed(self, answer: Answer) -> float:
        """Note that the back end must be left alone, and return for how many seconds."""
        attempts = self._outbox.state().attempts + 1
        wait_s = answer.retry_after_s or backoff_s(attempts)
        now_ns = self._clock()

        def change(state: SpoolState) -> SpoolState:
            return replace(
                state,
                next_attempt_ns=now_ns + int(wait_s * 1e9),
                postponed_at_ns=now_ns,
                told_to_wait=bool(answer.retry_after_s),
                attempts=attempts,
                last_code=answer.code,
            )

        self._share(change)
        return wait_s

    def _share(self, change: Callable[[SpoolState], SpoolState]) -> None:
        at = self._endpoint

        def with_address(found: SpoolState) -> SpoolState:
            return replace(change(found), endpoint=at.url, protocol=at.protocol)

        with suppress(SpoolError, OSError):
            self._outbox.update(with_address)

    def record(self, answer: Answer, sha256: str, *, kind: str, items: int, receipt_id: str, **more: str) -> None:
        """Add one request to the log of requests."""
        entry = {
            "time": datetime.fromtimestamp(self._clock() / 1e9, UTC).isoformat(timespec="milliseconds"),
            "destination": self._destination.key,
            "kind": kind,
            "sha256": sha256,
            "spans": items,
            "result": answer.result,
            "code": answer.code,
            "refused": answer.refused,
            "receipt_id": receipt_id,
            **more,
        }
        with suppress(SpoolError, OSError):
            self._outbox.record(entry)
