"""Fork, exit and multiprocessing, for all pipelines of the process at once.

Hooks are registered when the first pipeline gets its first data, never at import. Program exit is delayed by at most ``EXIT_BUDGET_S``
for all pipelines together.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol
from weakref import WeakSet

from otel_smart_agents.instrument.runtime import failed
from otel_smart_agents.spool.locks import drop_inherited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

EXIT_BUDGET_S: Final = 1.2
"""Seconds that the exit of a program may take for telemetry; the promise is 1.5."""
_LEAST_DISK_S: Final = 0.5
_END_S: Final = 0.1
_IMPORTS_S: Final = 5.0
_BUDGET_RENEWAL_S: Final = 10.0


class Finishing(Protocol):
    """What a pipeline must be able to do around a fork and at exit."""

    def finish_writing(self, timeout_s: float) -> bool:
        """Write and seal what is in memory; True if that was reached."""

    def begin_drain(self, deadline: float, *, asked: bool) -> None:
        """Ask the sender for one last drain, if this destination is allowed one; ``asked`` means that the program wants it."""

    def wait_drained(self, timeout_s: float) -> None:
        """Wait for that drain."""

    def end_threads(self, timeout_s: float) -> None:
        """End the threads, what they are doing included."""

    def write_at_once(self) -> None:
        """Keep nothing in memory from now on: this process may be killed at any moment."""

    def before_fork(self) -> None:
        """Close what must not be alive across a fork and hold what must not be in the middle of something."""

    def after_fork_in_parent(self) -> None:
        """Go on."""

    def after_fork_in_child(self) -> None:
        """Forget threads, queues, locks and connections of the parent."""


_live: WeakSet[Finishing] = WeakSet()
_lock = threading.Lock()
_imports = threading.Lock()
_hooked = False
_held = False


def register(pipeline: Finishing) -> None:
    """Take part in fork and exit. Calling it again does nothing."""
    global _hooked  # noqa: PLW0603 - hooks belong to the process
    with _lock:
        _live.add(pipeline)
        if not _hooked:
            _hooked = True
            atexit.register(finish)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
    hook_multiprocessing()


def finish(pipelines: Iterable[Finishing] | None = None, *, budget_s: float | None = None) -> bool:
    """Write, seal and, where allowed, send what there is, within one budget for all pipelines; True if everything was written.

    Args:
        pipelines: whose; all of the process by default.
        budget_s: seconds that a program asked for; ``None`` is the end of a program that asked for nothing.
    """
    chosen = list(_live) if pipelines is None else list(pipelines)
    asked = budget_s is not None
    begun = time.monotonic()
    limit_s = _left_s(begun) if budget_s is None else budget_s
    deadline = begun + limit_s
    disk_deadline = begun + max(_LEAST_DISK_S, limit_s)  # what is not sent is sent later, what is not written is lost
    written = True
    for pipeline in chosen:
        written &= _tried(partial(pipeline.finish_writing, max(0.0, disk_deadline - time.monotonic())))
    for pipeline in chosen:
        _tried(partial(pipeline.begin_drain, deadline, asked=asked))
    for pipeline in chosen:
        _tried(partial(pipeline.wait_drained, max(0.0, deadline - time.monotonic())))
    for pipeline in chosen:
        # Up to Python 3.13 a daemon thread that comes back from C++ (gRPC, RE2) into an ending interpreter aborts the process.
        _tried(partial(pipeline.end_threads, _END_S))
    if not asked:
        _note_spent(begun)
    return written


def _tried(action: Callable[[], object]) -> bool:
    """Do one step for one pipeline; False if it failed. Its failure is neither the program's nor that of the other pipelines."""
    try:
        return action() is not False
    except Exception as error:  # noqa: BLE001 - see above
        failed("exit", error)
        return False


_spent_s = 0.0
_spent_until = 0.0


def _left_s(now: float) -> float:
    """Return what is left of the budget: at exit our own hook and those of tracer, meter and logger providers all come here."""
    global _spent_s  # noqa: PLW0603 - the exit belongs to the process
    if now - _spent_until > _BUDGET_RENEWAL_S:
        _spent_s = 0.0
    return max(0.0, EXIT_BUDGET_S - _spent_s)


def _note_spent(begun: float) -> None:
    global _spent_s, _spent_until  # noqa: PLW0603 - see above
    _spent_until = time.monotonic()
    _spent_s += _spent_until - begun


def hook_multiprocessing() -> None:
    """Drain in children of ``multiprocessing``: they end by ``os._exit`` and run finalizers, never ``atexit``.

    A child clears the finalizers it was born with and then runs what ``register_after_fork`` registered, with spawn and forkserver too, so
    the finalizer is registered twice: now, and again there.
    """
    util: Any = sys.modules.get("multiprocessing.util")
    if util is None or not hasattr(util, "register_after_fork"):
        return
    util.register_after_fork(_ANCHOR, _finalize_later)
    _finalize_later(_ANCHOR)


class _Anchor:
    """``multiprocessing`` keeps its hooks by weak reference to an object; this one lives as long as the module."""


_ANCHOR: Final = _Anchor()


def _finalize_later(_anchor: _Anchor) -> None:
    process: Any = sys.modules.get("multiprocessing.process")
    util: Any = sys.modules.get("multiprocessing.util")
    if process is None or process.parent_process() is None:
        return  # the main process has atexit
    util.Finalize(None, finish, exitpriority=10)
    if process.current_process().daemon:
        # ``with Pool() as pool`` ends its workers by SIGTERM as soon as the results are there, and so does the exit of a parent.
        for pipeline in list(_live):
            pipeline.write_at_once()


@contextmanager
def importing() -> Iterator[None]:
    """Import modules in a thread of ours: a fork waits for the end of the block.

    The child of a fork in the middle of an import would wait for ever for a lock whose thread does not exist there.
    """
    with _imports:
        yield


def _before_fork() -> None:
    global _held  # noqa: PLW0603 - between the hooks of one fork
    _held = _imports.acquire(timeout=_IMPORTS_S)
    for pipeline in list(_live):
        pipeline.before_fork()


def _after_fork_in_parent() -> None:
    for pipeline in list(_live):
        pipeline.after_fork_in_parent()
    if _held:
        _imports.release()


def _after_fork_in_child() -> None:
    global _lock, _imports
    _lock, _imports = threading.Lock(), threading.Lock()
    for pipeline in list(_live):
        pipeline.after_fork_in_child()
    drop_inherited()
    hook_multiprocessing()
