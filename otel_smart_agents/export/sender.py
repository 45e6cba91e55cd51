"""One drain: take what waits, oldest first, and bring it to the back end under the rules of consent and of OTLP.

Before every request consent and epoch are read again. A request that is answered is settled on the spot: accepted, rejected, halved, or
left where it is for a later drain of any process; what processes must agree about (when to try again) is in ``state.json``.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.export.answer import Answer
from otel_smart_agents.export.books import Books
from otel_smart_agents.export.deletion import deletion_payload
from otel_smart_agents.export.rights import RightsTransport, erasure_request
from otel_smart_agents.export.to_protobuf import json_to_protobuf
from otel_smart_agents.export.transport import digest
from otel_smart_agents.spool.body import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from otel_smart_agents.consent.model import Decision, Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.export.store import Outbox, Parcel
    from otel_smart_agents.export.tallies import Tallies
    from otel_smart_agents.export.transport import Transport

_LEAST_TIMEOUT_S: Final = 0.05


@dataclass(slots=True)
class DrainReport:
    """What one drain did.

    Attributes:
        requests: requests that were made.
        accepted: items that the back end accepted.
        rejected: items that it will never take (rejected requests and partial success).
        retry_in_s: seconds until the next attempt may be made; ``None`` if nothing forbids one.
        busy: another process was draining, or holds a file that waits.
        stopped: consent does not allow sending, or changed meanwhile.
        emptied: nothing that may be sent is left.
    """

    requests: int = 0
    accepted: int = 0
    rejected: int = 0
    retry_in_s: float | None = None
    busy: bool = False
    stopped: bool = False
    emptied: bool = False


class Sender:
    """Drains one destination. Used by one thread at a time.

    Args:
        destination: whose data this is.
        endpoint: where it goes.
        outbox: where it waits.
        transport: sends one body.
        decide: reads consent anew.
        tallies: counts requests and items for self-metrics.
        keep_sent: keep what was sent for a while, so that the user can look at it.
        clock: Unix time in nanoseconds.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        endpoint: Endpoint,
        outbox: Outbox,
        transport: Transport,
        decide: Callable[[], Decision],
        tallies: Tallies,
        keep_sent: bool = False,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._destination = destination
        self._endpoint = endpoint
        self._outbox = outbox
        self._transport = transport
        self._decide = decide
        self._tallies = tallies
        self._keep_sent = keep_sent
        self._books = Books(destination, endpoint=endpoint, outbox=outbox, clock=clock)
        self._deadline: float | None = None
        self._report = DrainReport()

    def drain(self, *, deadline: float | None = None, asked: bool = False) -> DrainReport:
        """Send what may be sent now.

        Args:
            deadline: ``time.monotonic()`` after which no request is begun and no answer is waited for.
            asked: a person wants it now: a back-off that the back end did not ask for is not waited out.
        """
        report = self._report = DrainReport()
        self._deadline = deadline
        try:
            with self._outbox.exclusive() as mine:
                if not mine:
                    report.busy = True
                elif (wait_s := self._books.wait_s(told_only=asked)) > 0:
                    report.retry_in_s = wait_s
                elif self._send_deletions():
                    self._send_data()
        finally:
            self._transport.close()
        return report

    def _send_deletions(self) -> bool:
        """Send queued requests for erasure, owed to the user also after consent ended; False if the back end must be left alone."""
        for request in self._outbox.deletions():
            if self._out_of_time():
                return False
            try:
                answer = self._ask_for_erasure(request.request)
            except (KeyError, TypeError, ValueError):
                continue  # not written by this package; left for a person to look at
            if answer.verdict != "accepted":
                # A back end that cannot take it today may learn to: it stays queued and is tried again later, like after a failure.
                self._report.retry_in_s = self._books.postponed(answer)
                return False
            request.done()
            self._settle(answer, 0)
        return True

    def _ask_for_erasure(self, request: Mapping[str, Any]) -> Answer:
        """Ask the destination's RightsService, or send the log event where it has none."""
        if isinstance(self._transport, RightsTransport):
            content = erasure_request(request)
            self._report.requests += 1
            found = self._transport.erase(content, timeout_s=self._time_left_s())
            if found is not None:
                answer, request_id = found
                self._books.record(answer, digest(content), kind="deletion", items=1, receipt_id="", erasure_id=request_id)
                return answer
        answer, sha256 = self._post(Body("logs", (deletion_payload(request, self._destination),)))
        self._books.record(answer, sha256, kind="deletion", items=1, receipt_id="")
        return answer

    def _send_data(self) -> None:
        decision = self._decide()
        if not decision.sends:
            self._report.stopped = True
            return
        self._outbox.recover()
        if self._pass(decision):
            self._report.emptied = not self._outbox.waiting(decision)

    def _pass(self, decision: Decision) -> bool:
        """Go once over what waits; False if sending must end here."""
        for claim in self._outbox.parcels(decision):
            with claim as parcel:
                if parcel is None:
                    self._report.busy = True
                elif not self._deliver(parcel):
                    return False
        return True

    def _deliver(self, parcel: Parcel) -> bool:
        """Send one parcel, halved as often as the back end finds it too large; False if sending must end here.

        What is settled leaves the disk at once, so that a kill between two halves repeats neither. Where a body was divided is put on the
        disk before a half is sent, so that a half that is repeated has the same bytes.
        """
        todo = list(parcel.parts)
        if not todo:  # every line was damaged; the claim has counted and kept them
            parcel.ack()
            return True
        while todo:
            decision = self._decide()
            if not decision.sends or decision.epoch != parcel.terms.epoch:
                self._report.stopped = True
                return False
            if not parcel.terms.covered_by(decision):
                return True  # narrowed this moment: it stays for a person to look at
            if self._out_of_time():
                return False
            body = todo[0]
            answer = self._send(body, decision)
            halves = body.halves() if answer.verdict == "too_large" else None
            if halves is not None:
                todo[0:1] = halves
                with suppress(SpoolError, OSError):  # a disk that is full must still be emptied
                    parcel.keep_only(*todo)
                continue
            if not self._settle(answer, body.items):
                return False
            del todo[0]
            self._remove(parcel, todo, answer, done=body)
        return True

    def _remove(self, parcel: Parcel, todo: list[Body], answer: Answer, *, done: Body) -> None:
        accepted = answer.verdict == "accepted"
        if todo:
            parcel.keep_only(*todo, sent=done if self._keep_sent and accepted else None)
            if not accepted:
                self._outbox.count_drop("rejected", done.items)
        elif accepted:
            parcel.ack(keep_sent=self._keep_sent)
        else:
            parcel.reject()
            self._outbox.tell_drop("rejected", done.items)

    def _send(self, body: Body, decision: Decision) -> Answer:
        """Send one body, noting before that its ids leave: a process that is killed meanwhile could not tell any more."""
        self._outbox.sending(body)
        answer = self._answer_to(body, decision)
        if not answer.left:
            self._outbox.stayed()
        return answer

    def _answer_to(self, body: Body, decision: Decision) -> Answer:
        try:
            answer, sha256 = self._post(body)
        except ValueError:  # whole by its checksum and yet not OTLP: no other program reads it either
            return Answer("rejected", "unreadable", left=False)
        self._books.record(answer, sha256, kind=body.signal, items=body.items, receipt_id=decision.receipt_id)
        return answer

    def _post(self, body: Body) -> tuple[Answer, str]:
        content = request_bytes(body, self._endpoint)
        self._report.requests += 1
        answer = self._transport.send(content, signal=body.signal, timeout_s=self._time_left_s())
        self._tallies.request(body.signal, answer.result)
        return answer, digest(content)

    def _time_left_s(self) -> float:
        left_s = self._endpoint.timeout_s
        return left_s if self._deadline is None else min(left_s, max(_LEAST_TIMEOUT_S, self._deadline - time.monotonic()))

    def _settle(self, answer: Answer, items: int) -> bool:
        """Count an answer and share it with other processes; False if the back end must be left alone for now."""
        if answer.verdict == "retry":
            self._report.retry_in_s = self._books.postponed(answer)
            return False
        refused = min(answer.refused, items)
        taken = items - refused if answer.verdict == "accepted" else 0
        self._report.accepted += taken
        self._report.rejected += items - taken
        self._tallies.items(taken)
        self._books.settled(answer, taken)
        if refused:
            self._outbox.count_drop("rejected", refused)
        return True

    def _out_of_time(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline


def request_bytes(body: Body, endpoint: Endpoint) -> bytes:
    """Return the uncompressed bytes of a request in the endpoint's protocol: what is shown, hashed and sent.

    Raises:
        ValueError: the body is not OTLP JSON.
    """
    if endpoint.body_format == "json":
        return body.json()
    return json_to_protobuf(body.payloads, signal=body.signal)
