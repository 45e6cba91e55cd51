"""How much of an argument, an input or a result may be recorded."""

from __future__ import annotations

from enum import IntEnum


class Capture(IntEnum):
    """How much content a call may record; a decorator can only narrow what the destination allows.

    Attributes:
        NONE: nothing, the default.
        SHAPE: the type, the length and a keyed hash.
        MASKED: the text, bounded and redacted before it is stored (``own`` destinations only).
        FULL: the text, bounded, as the destination's policy lets it through (``own`` destinations only, asked for in code).
    """

    NONE = 0
    SHAPE = 1
    MASKED = 2
    FULL = 3
