"""One destination's way from an ended span to its back end: queue, writer, spool, sender."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final, Literal

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export import lifecycle
from otel_smart_agents.export.courier import Courier
from otel_smart_agents.export.filter import Filter, Gate
from otel_smart_agents.export.options import PipelineOptions
from otel_smart_agents.export.storage import storage
from otel_smart_agents.export.tallies import Tallies
from otel_smart_agents.export.write_behind import WriteBehind
from otel_smart_agents.export.writer import Writer
from otel_smart_agents.instrument.runtime import failed
from otel_smart_agents.privacy.counters import Counters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from otel_smart_agents.consent.model import Decision, Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.privacy.policy import Policy

__all__ = ["Pipeline", "PipelineOptions"]

FLUSH_S: Final = 30.0
_HOLD_S: Final = 1.0


class Pipeline:
    """Takes spans, log records and metrics of one destination. Making one starts, creates and connects nothing; every method fails open.

    Args:
        destination: whose data this is and where it goes.
        gate: asked for consent with every batch and before every request.
        folder: the destination's spool folder.
        policy: makes the redaction policy of a decision.
        endpoint: the back end; ``None`` records without sending.
        options: see ``PipelineOptions``.
        on_off: told with the decision when consent no longer allows recording.
        clock: Unix time in nanoseconds.

    Attributes:
        submit: takes one ended span; the cheapest call of all.
        mark: takes one root run that has begun (a running ``Span`` or ``Marker``).
        counters: drops and redactions since the process started, by reason.
        tallies: requests and items since the process started.

    Raises:
        ConfigError: an ``upstream`` destination without a disk, or an endpoint of the other audience.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        gate: Gate,
        folder: Path,
        policy: Callable[[Decision], Policy],
        endpoint: Endpoint | None = None,
        options: PipelineOptions | None = None,
        on_off: Callable[[Decision], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.options = options = options or PipelineOptions()
        upstream = destination.audience == "upstream"
        if upstream and options.spool == "memory":
            raise ConfigError("spool='memory' is for own destinations only: an upstream spool must be there for its user to read")
        if endpoint is not None and endpoint.upstream != upstream:
            raise ConfigError(f"the endpoint must be made for the destination's audience: pass upstream={upstream}")
        self.destination = destination
        self.folder = folder
        self.endpoint = endpoint
        self.counters = Counters()
        self.tallies = Tallies()
        self._on_off = on_off
        self._clock = clock
        self._registered = False
        store, self._outbox = storage(folder, destination, endpoint=endpoint, options=options, counters=self.counters, clock=clock)
        filtered = Filter(policy, self.counters, per_call=options.per_call)
        self.writer = Writer(gate, filtered=filtered, store=store, counters=self.counters, on_off=self._switched_off, on_data=self._on_data)
        self._queue = WriteBehind(
            self.writer.queued,
            rest=self.writer.rest,
            sync=self.writer.sync,
            on_drop=self._overflow,
            on_start=self._start_hooks,
            prepare=self.writer.prepare,
            on_error=failed,
            size=options.queue_size,
        )
        through = options.durability == "write_through"
        self.submit: Callable[[Any], Any] = self._write_through if through else self._queue.submit
        self.mark: Callable[[Any], Any] = self._write_through if through else self._queue.submit_note
        self._courier = None
        if endpoint is not None:
            self._courier = Courier(
                destination,
                endpoint,
                outbox=self._outbox,
                store=store,
                writer=self.writer,
                options=options,
                tallies=self.tallies,
                clock=clock,
            )

    @property
    def queued(self) -> int:
        """Spans that wait in memory."""
        return len(self._queue)

    def decision(self) -> Decision | None:
        """Ask for consent now; see ``Writer.decide``."""
        return self.writer.decide()

    def dropped(self, reason: str, count: int) -> None:
        """Count spans that were lost before they came here."""
        self.counters.add(reason, count)

    def _overflow(self, _item: Any) -> None:
        self.dropped("queue", 1)

    def pseudonym(self, value: str) -> str:
        """Return the keyed pseudonym of an end user of a server."""
        return self.writer.pseudonym(value)

    def write(self, spans: Sequence[Any]) -> bool:
        """Redact and write ended spans in the calling thread; False if the disk could not keep them."""
        return self.writer.spans(spans)

    def write_logs(self, records: Sequence[Any]) -> bool:
        """Redact and write log records in the calling thread; False if the disk could not keep them."""
        return self.writer.logs(records)

    def write_metrics(self, data: Any) -> bool:
        """Redact and write one reading of metrics in the calling thread; False if the disk could not keep it."""
        return self.writer.metrics(data)

    def _write_through(self, item: Any) -> None:
        if sys.is_finalizing():  # a thread that the interpreter has frozen may hold the lock
            return
        try:
            self.writer.queued((item,))
        except Exception as error:  # noqa: BLE001 - the program must not feel it
            failed("write", error)

    def _on_data(self, full: bool) -> None:  # noqa: FBT001 - the writer's callback
        self._start_hooks()
        if self._courier is not None:
            self._courier.on_data(full)

    def _start_hooks(self) -> None:
        """Take part in fork and exit, and have the sender's thread: since Python 3.12 none can be started while a program ends."""
        if not self._registered:
            self._registered = True
            lifecycle.register(self)
            if self._courier is not None:
                self._courier.thread.start()

    def _switched_off(self, decision: Decision) -> None:
        if self._on_off is not None:
            self._on_off(decision)
        if self._courier is not None:
            self._courier.switched_off()

    def resume(self) -> None:
        """Send what earlier processes left, now, if consent allows it; nothing is started when there is nothing."""
        decision = self.writer.decide()
        if self._courier is None or decision is None:
            return
        left = decision.sends and self.options.spool == "disk" and self.folder.is_dir()
        if left or self._outbox.deletions():
            self._start_hooks()
            self._courier.thread.request()

    def seal(self) -> bool:
        """Write what is queued and hand everything to the sender; False if that failed."""
        return self._queue.flush(FLUSH_S) and self.writer.seal()

    def flush(self, timeout_s: float = FLUSH_S, *, to: Literal["disk", "backend"] = "disk") -> bool:
        """Wait until everything ended so far is on the disk, or with ``to="backend"`` until the back end has accepted it.

        Returns True only if that was reached within ``timeout_s`` seconds. A back end that asked to be left alone for longer than that is
        left alone. Only this process's own data counts.
        """
        if to not in ("disk", "backend"):
            raise ConfigError(f"flush(to=…) must be 'disk' or 'backend', not {to!r}")
        deadline = time.monotonic() + timeout_s
        written = self._queue.flush(timeout_s)
        begun_ns = self._clock()  # only now: the file that takes what has ended may be begun by this very flush
        if to == "disk" or not written or self._courier is None:
            return written and to == "disk"
        return self._courier.reach_backend(deadline, begun_ns=begun_ns)

    def shutdown(self, timeout_s: float | None = None) -> bool:
        """Write and seal, send for at most ``timeout_s`` seconds (by default as the end of the program does), and end both threads.

        What is left stays on the disk for the next process; a span that comes late is still written. True if everything was written and
        everything that may be sent was sent.
        """
        written = lifecycle.finish([self], budget_s=timeout_s)
        return written and (self._courier is None or not self._courier.waiting())

    def finish_writing(self, timeout_s: float) -> bool:
        """See ``lifecycle.Finishing``."""
        written = self._queue.flush(timeout_s)
        return self.writer.close() and written

    def begin_drain(self, deadline: float, *, asked: bool) -> None:
        """See ``lifecycle.Finishing``."""
        if self._courier is not None:
            self._courier.begin_drain(deadline, asked=asked)

    def wait_drained(self, timeout_s: float) -> None:
        """See ``lifecycle.Finishing``."""
        if self._courier is not None:
            self._courier.wait_drained(timeout_s)
            self.writer.close()  # once more: what was sent may have made room on a full disk, for the counts at least

    def end_threads(self, timeout_s: float) -> None:
        """See ``lifecycle.Finishing``."""
        self._queue.stop(timeout_s)
        if self._courier is not None:
            self._courier.end(timeout_s)

    def write_at_once(self) -> None:
        """See ``lifecycle.Finishing``."""
        self._queue.at_once = True

    def before_fork(self) -> None:
        """See ``lifecycle.Finishing``."""
        self.writer.hold(_HOLD_S)
        if self._courier is not None:
            self._courier.before_fork()

    def after_fork_in_parent(self) -> None:
        """See ``lifecycle.Finishing``."""
        self.writer.release()

    def after_fork_in_child(self) -> None:
        """See ``lifecycle.Finishing``."""
        self._queue.after_fork_in_child()
        self.writer.after_fork_in_child()
        self.tallies.after_fork_in_child()
        if self._courier is not None:
            self._courier.after_fork_in_child()
        self._registered = False
