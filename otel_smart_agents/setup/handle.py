"""One configured destination in this process."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, Self

from otel_smart_agents.consent import ConsentGate
from otel_smart_agents.setup.owed import send_owed_deletions

if TYPE_CHECKING:
    from types import TracebackType

    from otel_smart_agents.config import Settings
    from otel_smart_agents.consent import ConsentStore, Decision, Destination, Notice
    from otel_smart_agents.setup.request import Request
    from otel_smart_agents.setup.wire import Wiring


class Handle:
    """What ``configure()`` returns: one destination, on or off as its consent says. A context manager that shuts it down at the end.

    While consent does not allow recording, a handle has no file, thread, id or connection.
    """

    def __init__(self, request: Request, store: ConsentStore) -> None:
        self.request = request
        self.store = store
        self._lock = threading.RLock()
        self._closed = False
        self._wiring: Wiring | None = None
        self._gate = self._make_gate()

    def __repr__(self) -> str:
        return f"<Handle {self.destination.key} {'on' if self.active else 'off'}>"

    @property
    def destination(self) -> Destination:
        """Where data goes: audience, product, endpoint."""
        return self.request.destination

    @property
    def settings(self) -> Settings:
        """The settings after precedence, with where each came from."""
        return self.request.settings

    @property
    def notice(self) -> Notice | None:
        """What people are told before they are asked."""
        return self.request.notice

    @property
    def active(self) -> bool:
        """Whether calls are being recorded."""
        return self._wiring is not None

    @property
    def closed(self) -> bool:
        """Whether ``shutdown`` was called."""
        return self._closed

    def decision(self) -> Decision:
        """Return what may happen now, with the layer that decided and the way out."""
        return self._gate.decision()

    def refresh(self) -> Decision:
        """Look at consent again and start recording if it was given meanwhile, or stop if it was taken back."""
        decision = self._gate.refresh()
        with self._lock:
            if self._closed:
                return decision
            if decision.records and self._wiring is None:
                self._start()
            elif not decision.records and self._wiring is not None:
                self._stop()
        if not decision.records:
            send_owed_deletions(self.request, self.store)
        return decision

    def adopt(self, notice: Notice) -> None:
        """Take over a notice that was not known at ``configure()``; it decides what counts as answered from now on."""
        with self._lock:
            destination = replace(self.request.destination, controller=notice.controller)
            self.request = replace(self.request, notice=notice, destination=destination)
            self._gate = self._make_gate()

    def flush(self, timeout: float = 5.0, *, to: Literal["disk", "backend"] = "backend") -> bool:
        """Bring everything that has ended so far to the disk or to the back end.

        Args:
            timeout: seconds to wait.
            to: ``disk`` or ``backend``.

        Returns:
            True only if that place was reached, or there was nothing to bring.
        """
        wiring = self._wiring
        return True if wiring is None else wiring.flush(timeout, to=to)

    def seal(self) -> None:
        """Close the files that this process is writing, so that they can be looked at and sent as they are."""
        wiring = self._wiring
        if wiring is not None:
            wiring.pipeline.seal()

    def shutdown(self, timeout: float | None = None) -> bool:
        """Stop recording, write what is queued and, for an ``own`` destination, send for at most ``timeout`` seconds (1 by default).

        Idempotent. Returns True if everything reached its end.
        """
        with self._lock:
            self._closed = True
            wiring, self._wiring = self._wiring, None
        return True if wiring is None else wiring.close(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shutdown()

    def _start(self) -> None:
        from otel_smart_agents.setup.wire import wire  # here: a handle that is off imports no SDK

        self._wiring = wire(self.request, self._gate, self.store, on_off=self._switched_off)

    def _stop(self) -> None:
        wiring, self._wiring = self._wiring, None
        if wiring is not None:
            wiring.close(0.0)

    def _switched_off(self, _decision: Decision) -> None:
        """Called by the pipeline's own threads, which end by themselves: only what brings spans goes, so that calls cost nothing again."""
        wiring, self._wiring = self._wiring, None
        if wiring is not None:
            wiring.detach()
            send_owed_deletions(self.request, self.store, settle=True)

    def _make_gate(self) -> ConsentGate:
        request = self.request
        return ConsentGate(
            self.store,
            request.destination,
            gate=request.gate,
            notice=request.notice,
            run_mode=request.run_mode,
            categories=request.settings.categories,
        )
