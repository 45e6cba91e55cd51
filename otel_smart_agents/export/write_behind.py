"""A bounded queue and the thread that empties it: ending a span costs the caller one append.

The thread sleeps on a lock, not on a timer: nothing wakes an idle process. The first item after a pause wakes it; it then waits a few
milliseconds, so that items which come close together cost one wake-up, and works in slices, so that the program gets the interpreter lock
back between them.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.context import (
    _SUPPRESS_INSTRUMENTATION_KEY,  # the API has no public name for "this thread is telemetry"; the SDK's own processors use it
    attach,
    set_value,
)

from otel_smart_agents.export.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

QUEUE_SIZE: Final = 8_192
LINGER_S: Final = 0.01
END: Final = -1.0
"""What ``rest`` returns to let the thread end; the next item starts a new one."""
_BACKLOG: Final = 128
"""From this queue on, nothing that comes in the next milliseconds is waited for."""
_THREAD_NAME: Final = "smart-agents-writer"


def suppress_instrumentation() -> None:
    """Mark the current thread's work as telemetry, so that instrumented HTTP clients and databases make no spans of it."""
    attach(set_value(_SUPPRESS_INSTRUMENTATION_KEY, True))


class _Flush:
    __slots__ = ("done", "reached")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.reached = False


class WriteBehind:
    """Takes items from any thread and hands them to ``write`` in order, in another thread; notes go ahead of the items that wait.

    Args:
        write: takes one slice of items and returns False if some were lost; what it raises is passed to ``on_error``.
        rest: called before the thread goes to sleep; returns the seconds after which it wants to be called again, ``None`` or ``END``.
        sync: makes everything written survive a power cut; called by ``flush``.
        on_start: called before the thread is started.
        prepare: called by the thread before anything else.
        on_drop: given each item that did not fit.
        on_error: told what ``write``, ``rest`` or ``sync`` raised.
        size: items that may wait; the newest is dropped when the queue is full.

    Attributes:
        linger_s: seconds between being woken and writing.
        at_once: write in the thread that submits, before ``submit`` returns, for a process that may be killed at any moment.
    """

    linger_s: float = LINGER_S
    at_once: bool = False

    def __init__(
        self,
        write: Callable[[list[Any]], Any],
        *,
        rest: Callable[[], float | None],
        sync: Callable[[], Any],
        on_start: Callable[[], None],
        prepare: Callable[[], Any],
        on_drop: Callable[[Any], None],
        on_error: Callable[[str, Exception], Any],
        size: int = QUEUE_SIZE,
    ) -> None:
        self._write = write
        self._rest = rest
        self._sync = sync
        self._on_start = on_start
        self._prepare = prepare
        self._on_drop = on_drop
        self._on_error = on_error
        self._size = size
        self._crowded = size // 2
        self._reset()

    def _reset(self) -> None:
        self._queue: deque[Any] = deque()
        self._notes: deque[Any] = deque(maxlen=self._size)
        self._gate = threading.Lock()
        self._gate.acquire()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asleep = True
        self._hurry = False
        self._stopping = False
        self._stopped = False
        self._lost = False
        self._pace = Pace()

    def __len__(self) -> int:
        return len(self._queue)

    def submit(self, item: Any) -> None:
        """Queue one item; never raises, and never waits for the disk. While the queue is more than half full, it lets the thread run."""
        queue = self._queue
        waiting = len(queue)
        if waiting >= self._crowded:
            self._pace.give_way(nearly_full=waiting * 4 >= self._size * 3)
            if waiting >= self._size:
                self._on_drop(item)
                return
        queue.append(item)
        if self._asleep:
            self._rouse()

    def submit_note(self, item: Any) -> None:
        """Queue what is written ahead of the items; it takes no room from them, and the oldest goes when there are too many notes."""
        self._notes.append(item)
        if self._asleep:
            self._rouse()

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything queued so far is written and synced; False if that failed or took longer than ``timeout_s``."""
        if not self._running() and (not self._waits() or not self._start()):
            # Nothing was ever queued, or there is no thread (at the program's exit none can be started any more): do it here.
            self._drain()
            return self._finish_flush()
        request = _Flush()
        self._hurry = True
        self._queue.append(request)
        self._rouse()
        return request.done.wait(timeout_s) and request.reached

    def _finish_flush(self) -> bool:
        self._hurry = False
        lost, self._lost = self._lost, False
        return self._guarded("sync", self._sync) and not lost

    def stop(self, timeout_s: float) -> bool:
        """End the thread after the slice that it is writing; what is left is written by the next ``flush`` or a new thread."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        self._stopped = self._stopping = self._hurry = True
        self._rouse()
        thread.join(timeout_s)
        return not thread.is_alive()

    def after_fork_in_child(self) -> None:
        """Start anew: what is queued is the parent's to write, and its thread does not exist here."""
        self.at_once = False
        self._reset()

    def _waits(self) -> bool:
        return bool(self._queue or self._notes)

    def _running(self) -> bool:
        return self._thread is not None

    def _rouse(self) -> None:
        self._asleep = False
        if not self._running() and not self._start():
            self._write_here()
            return
        try:
            self._gate.release()
        except RuntimeError:  # two callers at once: one release is enough
            return

    def _start(self) -> bool:
        if sys.is_finalizing():  # up to Python 3.11 a thread started now never runs, and start() waits for it for ever
            return False
        with self._starting:
            if self._running():
                return True
            self._stopped = self._stopping = self._hurry = False
            self._on_start()
            if self.at_once:
                self._asleep = True
                return False
            self._thread = threading.Thread(target=self._run, name=_THREAD_NAME, daemon=True)
            try:
                self._thread.start()
            except RuntimeError:  # the program's exit has begun: since Python 3.12 none can be started any more
                self._thread = None
                self._asleep = True
                return False
            return True

    def _write_here(self) -> None:
        """Write in the calling thread.

        Once the interpreter itself ends, frozen threads may hold any lock: what a destructor ends then is given up.
        """
        if not sys.is_finalizing():
            self._drain()

    def _run(self) -> None:
        suppress_instrumentation()
        self._guarded("prepare", self._prepare)
        while not self._stopping:
            if not self._waits():
                self._sleep()
            if self.linger_s and not self._hurry and len(self._queue) < _BACKLOG:
                time.sleep(self.linger_s)
            self._drain(pauses=True)
        with self._starting:
            self._thread = None
            self._asleep = True
            self._stopping = False
        if self._waits() and not self._stopped:  # it came while this thread was ending and may have counted on it
            self._rouse()

    def _sleep(self) -> None:
        """Wait until there is an item. The order matters: ``_asleep`` first, then one more look at the queue, so that no item is missed."""
        while not self._waits() and not self._stopping:
            wait_s = self._safe_rest()
            self._asleep = True
            if self._waits() or self._stopping:
                break
            if wait_s == END:
                self._stopping = True
                break
            self._gate.acquire(timeout=-1 if wait_s is None else wait_s)
        self._asleep = False

    def _safe_rest(self) -> float | None:
        try:
            return self._rest()
        except Exception as error:  # noqa: BLE001 - telemetry fails open: the thread must survive whatever the spool does
            self._on_error("rest", error)
            return None

    def _drain(self, *, pauses: bool = False) -> None:
        while self._waits() and not self._stopping:
            batch, flushes = self._take()
            if batch and not self._guarded("write", partial(self._write, batch)):
                self._lost = True
            for request in flushes:
                request.reached = self._finish_flush()
                request.done.set()
            if pauses and self._waits() and not self._hurry:
                self._pace.pause()

    def _take(self) -> tuple[list[Any], list[_Flush]]:
        """Return what is to be written next, notes first, and the flushes that end it."""
        queue, notes = self._queue, self._notes
        batch: list[Any] = []
        flushes: list[_Flush] = []
        size = self._pace.slice_of(len(queue))
        # Taking from what another thread empties at the same time (a flush) ends with an IndexError.
        with suppress(IndexError):
            batch.extend(notes.popleft() for _ in range(len(notes)))
        size += len(batch)
        with suppress(IndexError):
            while len(batch) < size and not flushes:
                item = queue.popleft()
                if type(item) is _Flush:
                    flushes.append(item)
                else:
                    batch.append(item)
        return batch, flushes

    def _guarded(self, what: str, action: Callable[[], Any]) -> bool:
        try:
            return action() is not False
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            self._on_error(what, error)
            return False
