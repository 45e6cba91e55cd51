"""Which process a span belongs to: a fork copies running spans, and the process that began one reports it."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import ReadableSpan

_KEPT: Final = 65_536


class Births:
    """Tells spans that a forked process began from copies of its parent's, by their start time.

    Args:
        clock: Unix time in nanoseconds.

    Attributes:
        forked_ns: when this process was forked, 0 if it was not: nothing needs to be asked then.
    """

    def __init__(self, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._backdated: dict[int, None] = {}
        self.forked_ns = 0

    def begin(self, span: ReadableSpan) -> None:
        """Note a span that this process starts with a start time before its own birth: given by the program, or by a clock set back."""
        if (span.start_time or 0) < self.forked_ns:
            self._backdated[span.context.span_id] = None
            if len(self._backdated) > _KEPT:
                self._backdated.pop(next(iter(self._backdated)), None)

    def inherited(self, span: ReadableSpan) -> bool:
        """Tell whether an ended span was running when this process was forked."""
        return (span.start_time or 0) < self.forked_ns and span.context.span_id not in self._backdated

    def after_fork_in_child(self) -> None:
        """Begin anew: what runs now is the parent's."""
        self._backdated = {}
        self.forked_ns = self._clock()


BIRTHS: Final = Births()


@lru_cache(maxsize=1)
def watch_forks() -> None:
    """Keep ``BIRTHS`` true in forked children; once per process."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=BIRTHS.after_fork_in_child)
