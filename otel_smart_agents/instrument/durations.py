"""Duration histograms, recorded beside the calls: the SDK's ``record`` takes as long as a whole span, so a thread of its own does it.

The thread starts with the first duration, sleeps without a wake-up while there is none, and ends with the process. ``flush()`` records what
waits; removing a route, and the end of the process, do it too.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections import deque
from functools import lru_cache
from time import perf_counter_ns, sleep
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.instrument.runtime import failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.instrument.leg import Leg
    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec

MAX_WAITING: Final = 65_536
LINGER_S: Final = 0.2
"""Time between the first waiting duration and the thread's work, so that it works in batches."""

_NOTHING: Final[dict[str, Any]] = {}


class Durations:
    """Durations that wait to be recorded, and the thread that does it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Route, Spec, int, str, str, Mapping[str, Any]]] = deque()
        self._lock = threading.Lock()
        self._recording = threading.Lock()
        self._wake = threading.Event()
        self._awake = False
        self._thread: threading.Thread | None = None

    def add(self, leg: Leg, outcome: str, error: str) -> None:
        """Note the duration of a call that ends now; costs the caller next to nothing."""
        if len(self._waiting) >= MAX_WAITING:
            failed("histogram", "its queue is full")
            return
        spec = leg.spec
        inherited = leg.inherited if spec.operation == "execute_tool" else _NOTHING
        self._waiting.append((leg.route, spec, perf_counter_ns() - leg.started_ns, outcome, error, inherited))
        if not self._awake:
            self._wake_up()

    def flush(self) -> None:
        """Record everything that waits, on the calling thread."""
        with self._recording:
            while self._waiting:
                try:
                    _record(*self._waiting.popleft())
                except Exception as error:  # noqa: BLE001 - telemetry fails open
                    failed("histogram", error)

    def _wake_up(self) -> None:
        if sys.is_finalizing():  # up to Python 3.11 a thread started now never runs, and start() waits for it for ever
            return
        with self._lock:
            self._awake = True
            if self._thread is None and not self._start():
                self._awake = False
                self.flush()
                return
        self._wake.set()

    def _start(self) -> bool:
        _hook(self)
        thread = threading.Thread(target=self._run, name="smart-agents-durations", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the program's exit has begun: since Python 3.12 none can be started any more
            return False
        self._thread = thread
        return True

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            sleep(LINGER_S)
            self._awake = False
            self.flush()

    def forget(self) -> None:
        """Begin anew, in the child of a fork: what waits is the parent's to record, and the thread is the parent's."""
        Durations.__init__(self)


@lru_cache(maxsize=1)
def _hook(durations: Durations) -> None:
    """Record what waits when the process ends, and begin anew in the child of a fork; once per process."""
    atexit.register(durations.flush)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=durations.forget)


DURATIONS: Final = Durations()


def _record(route: Route, spec: Spec, nanoseconds: int, outcome: str, error: str, inherited: Mapping[str, Any]) -> None:
    attributes = {**spec.metric_attributes, semconv.SMART_AGENTS_OUTCOME: outcome}
    if agent := inherited.get(semconv.GEN_AI_AGENT_NAME):
        attributes[semconv.GEN_AI_AGENT_NAME] = agent
    if error:
        attributes[semconv.ERROR_TYPE] = error
    histogram(route, spec.metric).record(nanoseconds / 1e9, attributes)


@lru_cache(maxsize=64)
def histogram(route: Route, name: str) -> Any:
    """Return the route's instrument; whether it is an exponential histogram is decided by the views of the meter's provider."""
    metric = semconv.METRICS[name]
    return route.meter.create_histogram(name, unit=metric.unit, description=metric.brief)
