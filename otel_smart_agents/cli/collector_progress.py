"""Shows that a build goes on: a spinner on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from otel_smart_agents.cli.output import console, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

EVERY_S: Final = 30.0
_DOWNLOADING: Final = "go: downloading "
_WIDTH: Final = 60


class BuildProgress(Protocol):
    """What is told each line that ``go build -v`` prints: a module that is downloaded or a package that is compiled."""

    def line(self, line: str) -> None:
        """Take one line."""


@contextmanager
def progress_of(label: str) -> Iterator[BuildProgress]:
    """Show on stderr how a build goes on for as long as the block lasts."""
    if not sys.stderr.isatty():
        say(f"{label} (the first time takes about ten minutes, later builds take seconds) ...")
        yield PlainProgress()
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TextColumn("[dim]{task.fields[told]}[/]"))
    with Progress(*columns, console=console(stderr=True), transient=True) as shown:
        yield TerminalProgress(shown, shown.add_task(label, total=None, told="the first time takes about ten minutes"))


class Counts:
    """Counts the lines of ``go build -v`` by what they are about."""

    def __init__(self) -> None:
        self.modules = 0
        self.packages = 0

    def take(self, line: str) -> str:
        """Count one line and return what to tell."""
        if line.startswith(_DOWNLOADING):
            self.modules += 1
            return f"{self.modules} modules downloaded, now {line.removeprefix(_DOWNLOADING).partition(' ')[0]}"
        self.packages += 1
        return f"{self.packages} packages compiled, now {line}"


class PlainProgress:
    """A line every half minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._counts = Counts()
        self._began = self._said = monotonic()

    def line(self, line: str) -> None:
        """Take one line of the build."""
        told = self._counts.take(line)
        now = self._monotonic()
        if now - self._said >= EVERY_S:
            self._said = now
            say(f"  {now - self._began:.0f} s: {told}")


class TerminalProgress:
    """A spinner with the time and what is being worked on."""

    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown = shown
        self._task = task
        self._counts = Counts()

    def line(self, line: str) -> None:
        """Take one line of the build."""
        self._shown.update(self._task, told=self._counts.take(line)[:_WIDTH])
