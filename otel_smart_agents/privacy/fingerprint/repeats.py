"""Recursion: equal frames, and equal blocks of frames, that follow one another directly are kept once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_CYCLE = 8  # functions that call each other in turn; as many as frames are kept


@dataclass(frozen=True, slots=True)
class Repeats:
    """What is left of a sequence of frames.

    Attributes:
        kept: the frames with every direct repetition removed.
        end: how many of ``kept`` had been read when the last repetition was found.
        period: length of that repetition; 0 if there was none.
    """

    kept: list[str]
    end: int
    period: int


def collapse(names: Iterable[str]) -> Repeats:
    """Remove direct repetitions of blocks of 1 to 8 frames, shortest first, in one pass (at most 8 comparisons a frame)."""
    kept: list[str] = []
    seen: set[str] = set()
    end = period = 0
    for name in names:
        kept.append(name)
        if name in seen:
            length = _repeated(kept)
            if length:
                del kept[-length:]
                end, period = len(kept), length
        else:
            seen.add(name)
    return Repeats(kept, end, period)


def _repeated(kept: list[str]) -> int:
    last = kept[-1]
    for length in range(1, min(LONGEST_CYCLE, len(kept) // 2) + 1):
        if kept[-1 - length] == last and kept[-length:] == kept[-2 * length : -length]:
            return length
    return 0
