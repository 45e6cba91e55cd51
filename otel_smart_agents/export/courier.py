"""The sending half of a pipeline: the sender, its thread, and what they do at a flush, a fork and the end of the program."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from otel_smart_agents.export.sender import DrainReport, Sender
from otel_smart_agents.export.sender_thread import SenderThread
from otel_smart_agents.export.transport import make_transport
from otel_smart_agents.instrument.runtime import failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.export.options import PipelineOptions
    from otel_smart_agents.export.store import Outbox, Store
    from otel_smart_agents.export.tallies import Tallies
    from otel_smart_agents.export.writer import Writer

EXIT_EVERY_S: Final = 3_600.0
"""An ``upstream`` destination may use the exit of a program at most this often."""
_SEAL_AGE_S: Final = {"own": 5.0, "upstream": 60.0}
_POLL_S: Final = 0.1


class Courier:
    """Brings what waits to the back end. Making one starts nothing.

    Args:
        destination: whose data this is.
        endpoint: where it goes.
        outbox: where it waits.
        store: the writing end, asked for the age of what is not sealed.
        writer: seals, and reads consent anew.
        options: see ``PipelineOptions``.
        tallies: counts requests.
        clock: Unix time in nanoseconds.
    """

    def __init__(
        self,
        destination: Destination,
        endpoint: Endpoint,
        *,
        outbox: Outbox,
        store: Store,
        writer: Writer,
        options: PipelineOptions,
        tallies: Tallies,
        clock: Callable[[], int],
    ) -> None:
        self._destination = destination
        self._endpoint = endpoint
        self._outbox = outbox
        self._writer = writer
        self._options = options
        self._exit_drain = 0
        self._transport = make_transport(endpoint)
        self._sender = Sender(
            destination,
            endpoint=endpoint,
            outbox=outbox,
            transport=self._transport,
            decide=writer.current,
            tallies=tallies,
            keep_sent=endpoint.upstream if options.keep_sent is None else options.keep_sent,
            clock=clock,
        )
        self.thread = SenderThread(
            self._sender,
            age_s=store.age_s,
            seal=writer.seal,
            waiting=self.waiting,
            prepare=self._transport.prepare,
            seal_age_s=_SEAL_AGE_S[destination.audience] if options.seal_age_s is None else options.seal_age_s,
            on_error=failed,
        )

    def on_data(self, full: bool) -> None:  # noqa: FBT001 - the writer's callback
        """Take note of data: a full file goes at once, anything else at its age."""
        if full:
            self.thread.request()
        else:
            self.thread.notify()

    def waiting(self) -> bool:
        """Tell whether something may be sent now."""
        decision = self._writer.decide()
        sends = decision is not None and decision.sends and self._outbox.waiting(decision)
        return sends or bool(self._outbox.deletions())

    def switched_off(self) -> None:
        """Send the requests for erasure that may have come with the end of consent, and let the thread end."""
        if self._outbox.deletions():
            self.thread.request()
        self.thread.stop()

    def reach_backend(self, deadline: float, *, begun_ns: int) -> bool:
        """Drain until nothing that this process wrote before ``begun_ns`` is left; False if that was not reached."""
        while True:
            report = self._drain(deadline)
            if report is None or report.stopped or report.rejected:
                return False
            decision = self._writer.decide()
            if decision is None or not self._outbox.waiting(decision, pid=os.getpid(), before_ns=begun_ns):
                return decision is not None
            pause_s = max(_POLL_S, report.retry_in_s or 0.0)
            if time.monotonic() + pause_s >= deadline:
                return False
            time.sleep(pause_s)  # another process is sending, or the back end asked for a moment

    def _drain(self, deadline: float) -> DrainReport | None:
        number = self.thread.request(deadline=deadline)
        if not number:
            return self.thread.drain_here(deadline=deadline)
        return self.thread.wait(number, max(0.0, deadline - time.monotonic()))

    def begin_drain(self, deadline: float, *, asked: bool) -> None:
        """Ask for one last drain, if this destination is allowed one; in the calling thread where no other can be started any more."""
        self._exit_drain = 0
        if time.monotonic() >= deadline or not self._may_drain(asked=asked):
            return
        if not asked:
            deadline = min(deadline, time.monotonic() + self._options.exit_timeout_s)
        self._exit_drain = self.thread.request(deadline=deadline)
        if not self._exit_drain and not self._endpoint.needs_resolver:
            self.thread.drain_here(deadline=deadline)

    def _may_drain(self, *, asked: bool) -> bool:
        if not self.waiting():
            return False
        return asked or self._destination.audience == "own" or self._outbox.exit_turn(every_s=EXIT_EVERY_S)

    def wait_drained(self, timeout_s: float) -> None:
        """Wait for that drain."""
        if self._exit_drain:
            self.thread.wait(self._exit_drain, timeout_s)

    def end(self, timeout_s: float) -> None:
        """End the thread; a request that is still in flight is broken off where the protocol can, and counts as not answered."""
        self._transport.interrupt()
        self.thread.stop(timeout_s)

    def before_fork(self) -> None:
        """See ``lifecycle.Finishing``."""
        self._transport.interrupt()

    def after_fork_in_child(self) -> None:
        """See ``lifecycle.Finishing``."""
        self._transport.after_fork_in_child()
        self.thread.after_fork_in_child()
