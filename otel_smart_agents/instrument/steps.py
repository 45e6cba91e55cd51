"""The order of a workflow's steps, collected from the calls inside it in the same process, threads included."""

from __future__ import annotations

import threading
from typing import Any, Final

from otel_smart_agents import semconv

MAX_STEPS: Final = 32


class Steps:
    """Collects ``kind:name`` of every agent, skill, tool, step and inner workflow that starts inside a workflow.

    The memory is bounded: the first 32 are kept, all are counted, and the pattern hash runs over the whole order with direct repetitions
    counted once, so that a loop of three or of four tries is the same pattern.
    """

    __slots__ = ("_count", "_digest", "_last", "_lock", "_names")

    def __init__(self) -> None:
        import hashlib

        self._names: list[str] = []
        self._count = 0
        self._last = ""
        self._digest = hashlib.sha256()
        self._lock = threading.Lock()

    def add(self, label: str) -> None:
        """Note one more step, ``kind:name``."""
        with self._lock:
            self._count += 1
            if len(self._names) < MAX_STEPS:
                self._names.append(label)
            if label != self._last:
                self._last = label
                self._digest.update(label.encode("utf-8", "replace") + b"\n")

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of the workflow's root span."""
        with self._lock:
            return {
                semconv.SMART_AGENTS_WORKFLOW_STEPS: tuple(self._names),
                semconv.SMART_AGENTS_WORKFLOW_STEP_COUNT: self._count,
                semconv.SMART_AGENTS_WORKFLOW_PATTERN_HASH: "v1:" + self._digest.hexdigest()[:16],
            }
