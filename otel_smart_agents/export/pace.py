"""Sharing the interpreter lock: how long the writing thread may keep it, and when a thread that ends spans must let go of it.

A thread that waits for the lock asks for it after the interpreter's switch interval (5 ms), and only if nobody let go of it meanwhile. A
program that computes gives it away every five milliseconds then. An event loop that never rests lets go of it for a microsecond every few
milliseconds, in which no other thread wakes up, and each time the interval begins anew: the writing thread would get next to nothing.
"""

from __future__ import annotations

import time
from typing import Final

SLICE: Final = 64
"""Items that are written in one go in a program that rests now and then: about two milliseconds of work."""
LONG_SLICE: Final = 2_048
"""Items that are written in one go in a program that never rests: what matters there is how seldom the interpreter lock changes hands."""
_PART: Final = 16
"""At least this part of the queue is written in one go, so that a queue that grows is emptied in longer slices."""
_PAUSE_S: Final = 0.00005
_LATE_S: Final = 0.002
"""After a pause between two slices the lock is back within this time in a program that rests now and then."""
_GIVE_WAY_S: Final = 0.0001
_GIVE_WAY_EVERY_S: Final = (0.01, 0.005)
"""A caller gives way for so long, at most so often: from a half full queue on, and from a nearly full one. Where the writing thread can use
it, it keeps the lock for the switch interval each time; where it cannot, this is two percent of the caller's time."""


class Pace:
    """What one queue knows about its program. Approximate where two threads call it at once.

    Attributes:
        slice: items that may be written in one go.
    """

    __slots__ = ("_way_given_s", "slice")

    def __init__(self) -> None:
        self.slice = SLICE
        self._way_given_s = 0.0

    def slice_of(self, waiting: int) -> int:
        """Return how many of the items that wait may be written in one go."""
        return max(self.slice, waiting // _PART)

    def pause(self) -> None:
        """Give the lock back between two slices, and learn from how long it takes to get it again how long the next one may be."""
        begun = time.monotonic()
        time.sleep(_PAUSE_S)
        late = time.monotonic() - begun > _LATE_S
        self.slice = min(self.slice * 2, LONG_SLICE) if late else max(self.slice // 2, SLICE)

    def give_way(self, *, nearly_full: bool) -> None:
        """Let go of the lock, in a thread that ends spans, for long enough that the writing thread takes it."""
        now = time.monotonic()
        if now >= self._way_given_s + _GIVE_WAY_EVERY_S[nearly_full]:
            self._way_given_s = now
            time.sleep(_GIVE_WAY_S)
