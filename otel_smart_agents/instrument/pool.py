"""``pool``: an executor whose tasks run under the call that submits them."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from otel_smart_agents.instrument.propagate import Carried, Carrier, bind
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

P = ParamSpec("P")
T = TypeVar("T")


class BoundExecutor(Executor):
    """Hands every task to another executor, tied to the submitting call: by context object to threads, by ``Carrier`` to processes."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        # Not imported here: that loads multiprocessing. Whoever has such an executor has its module.
        processes = sys.modules.get("concurrent.futures.process")
        self._processes = processes is not None and isinstance(executor, processes.ProcessPoolExecutor)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a call that runs under the current one."""
        return self._executor.submit(self._tied(fn), *args, **kwargs)

    def map(self, fn: Callable[..., T], *iterables: Iterable[Any], **options: Any) -> Iterator[T]:
        """Map as the executor does; every call runs under the current one. ``timeout`` and ``chunksize`` are passed on."""
        return self._executor.map(self._tied(fn), *iterables, **options)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's own signature
        """Shut the executor down."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)

    def _tied(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if not STATE.routes:
            return function
        return Carried(Carrier.of(), function) if self._processes else bind(function)


def pool(executor: Executor) -> BoundExecutor:
    """Return an executor that runs its tasks under the call that submits them; threads and processes.

    Raises:
        TypeError: the argument is not a ``concurrent.futures.Executor``.
    """
    if not isinstance(executor, Executor):
        raise TypeError(f"pool() takes a concurrent.futures executor, not {type(executor).__name__}")
    return BoundExecutor(executor)
