"""A progress bar for work that turns out to take longer than a second, on a terminal only."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from otel_smart_agents.cli.output import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AFTER_S: Final = 1.0
"""Work that is done by then shows no bar."""
_EVERY_S: Final = 0.2


class Steps:
    """Counts the steps of a work: called after each of them, and asked by a bar.

    Attributes:
        done: steps so far.
    """

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> None:
        """Count one more."""
        self.done += 1


@contextmanager
def progress(label: str, *, total: int, done: Callable[[], int], after_s: float = AFTER_S) -> Iterator[None]:
    """Show on stderr how far the work of the block is; nothing where stderr is no terminal.

    Args:
        label: what is being done.
        total: units of work in all.
        done: tells how many are done; called from a thread of its own, five times a second.
        after_s: seconds before the bar appears.
    """
    if not sys.stderr.isatty() or not total:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_show, args=(label, total, done, ended, after_s), daemon=True, name="smart-agents-progress")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _show(label: str, total: int, done: Callable[[], int], ended: threading.Event, after_s: float) -> None:
    if ended.wait(after_s):
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        while not ended.wait(_EVERY_S):
            bar.update(task, completed=min(done(), total))
