"""When to drain: a thread that sleeps without a timer while there is nothing to send.

The first item after a pause sets one timer: the age at which the file it went to is sealed. A full file, a flush or the program's exit
rouse the thread at once. After a failure it sleeps until the next attempt may be made; meanwhile nothing is sealed by age, so that an
offline machine does not collect thousands of tiny files.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final

from otel_smart_agents.export.lifecycle import importing
from otel_smart_agents.export.sender import DrainReport, Sender
from otel_smart_agents.export.write_behind import suppress_instrumentation

if TYPE_CHECKING:
    from collections.abc import Callable

BUSY_RETRY_S: Final = 3.0
"""Pause before the lock of another process's drain is tried again."""
_ERROR_RETRY_S: Final = 60.0
_SLEEP_S: Final = 3_600.0
"""Longest sleep at a stretch: a lock takes no time-out of any length, and the monotonic clock of some systems stands still in standby."""
_THREAD_NAME: Final = "smart-agents-sender"


class SenderThread:
    """Drains one destination from a thread that is started with the first data.

    Args:
        sender: does the drains.
        age_s: age of the oldest item that is not sealed yet, ``None`` if there is none.
        seal: seals what this process has written.
        waiting: whether something waits to be sent.
        prepare: imports what sending needs.
        seal_age_s: age at which a file is sealed while the back end is healthy.
        on_error: told what a drain raised.
    """

    def __init__(
        self,
        sender: Sender,
        *,
        age_s: Callable[[], float | None],
        seal: Callable[[], object],
        waiting: Callable[[], bool],
        prepare: Callable[[], None],
        seal_age_s: float,
        on_error: Callable[[str, Exception], object],
    ) -> None:
        self._sender = sender
        self._age_s = age_s
        self._seal = seal
        self._waiting = waiting
        self._prepare = prepare
        self._seal_age_s = seal_age_s
        self._on_error = on_error
        self._begin()

    def _begin(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._armed = False
        self._asked = 0
        self._done = 0
        self._deadline: float | None = None
        self._report = DrainReport()
        self._retry_at: float | None = None
        self._stopping = False
        self._over = False

    def start(self) -> bool:
        """Start the thread before there is something to do; False if the interpreter starts none any more."""
        if sys.is_finalizing():  # see WriteBehind
            return False
        with self._turn:
            if self._thread is not None:
                return True
            self._thread = threading.Thread(target=self._run, name=_THREAD_NAME, daemon=True)
            try:
                self._thread.start()
            except RuntimeError:
                self._thread = None
                self._armed = False
                return False
            return True

    def notify(self) -> None:
        """Tell that there is data; costs one attribute read while the thread knows already."""
        if not self._armed:
            self._armed = True
            self._rouse()

    def request(self, *, deadline: float | None = None) -> int:
        """Ask for a drain now and return a number to wait for; 0 if no thread can be started any more."""
        with self._turn:
            self._asked += 1
            number = self._asked
            self._deadline = deadline
        return number if self._rouse() else 0

    def wait(self, number: int, timeout_s: float) -> DrainReport | None:
        """Wait for the end of the drain that was asked for; ``None`` if that took longer than ``timeout_s``."""
        with self._turn:
            return self._report if self._turn.wait_for(lambda: self._done >= number, timeout_s) else None

    def drain_here(self, *, deadline: float) -> DrainReport:
        """Drain in the calling thread, for the moments of a program's exit in which no thread can be started."""
        self._seal()
        return self._sender.drain(deadline=deadline)

    def stop(self, timeout_s: float = 0.0) -> None:
        """Let the thread end after what it is doing, and wait for that; data or a request that comes later starts a new one."""
        with self._turn:
            thread = self._thread
            self._stopping = thread is not None
        if thread is not None:
            self._rouse()
            if timeout_s and thread is not threading.current_thread():
                thread.join(timeout_s)

    def after_fork_in_child(self) -> None:
        """Start anew: the thread and its drain are the parent's."""
        self._begin()

    def _rouse(self) -> bool:
        if not self.start():
            return False
        try:
            self._gate.release()
        except RuntimeError:  # it was roused already
            return True
        return True

    def _run(self) -> None:
        suppress_instrumentation()
        prepared = False
        while not self._ended():
            wait_s = self._wait_s()
            if wait_s is None:
                self._armed = False
                wait_s = self._wait_s()  # once more: data that came before the flag fell did not rouse this thread
                self._armed = wait_s is not None
            if wait_s is not None and not prepared:
                prepared = True  # not earlier: while the first spans are written, the processor belongs to the writer
                self._load()
                continue
            if wait_s is None or wait_s > 0:
                self._gate.acquire(timeout=-1 if wait_s is None else min(wait_s, _SLEEP_S))
            self._step()

    def _load(self) -> None:
        try:
            with importing():
                self._prepare()
        except ImportError as error:  # each request will say so again
            self._on_error("prepare", error)

    def _ended(self) -> bool:
        """Tell whether the thread has no reason to live: it was stopped, or consent ended. Off is free."""
        with self._turn:
            if not (self._stopping or self._over) or self._asked > self._done:
                return False
            self._thread = None
            self._armed = self._stopping = self._over = False
            return True

    def _wait_s(self) -> float | None:
        """Return the seconds until there is something to do, ``None`` for never."""
        if self._asked > self._done:
            return 0.0
        age_s = self._age_s()
        if self._retry_at is not None:
            return max(0.0, self._retry_at - time.monotonic())
        return None if age_s is None else max(0.0, self._seal_age_s - age_s)

    def _step(self) -> None:
        self._armed = True
        asked = self._asked
        age_s = self._age_s()
        due = self._retry_at is not None and time.monotonic() >= self._retry_at
        old = self._retry_at is None and age_s is not None and age_s >= self._seal_age_s
        if asked > self._done or due or old:
            report = self._drain(seal=asked > self._done or old or not self._waiting())
            with self._turn:
                self._report, self._done = report, asked
                self._turn.notify_all()

    def _drain(self, *, seal: bool) -> DrainReport:
        try:
            if seal:
                self._seal()
            report = self._sender.drain(deadline=self._deadline)
        except Exception as error:  # noqa: BLE001 - telemetry fails open: the thread must survive whatever a disk or a library does
            self._on_error("send", error)
            report = DrainReport(retry_in_s=_ERROR_RETRY_S)
        self._deadline = None
        self._retry_at = self._next_attempt(report)
        self._over = report.stopped and self._retry_at is None
        return report

    def _next_attempt(self, report: DrainReport) -> float | None:
        if report.retry_in_s is not None:
            return time.monotonic() + report.retry_in_s
        return time.monotonic() + BUSY_RETRY_S if report.busy and self._waiting() else None
