"""What a detector is: a trigger that is cheap to look for, and a finder that confirms and marks what to replace.

Triggers and every pattern of the finders keep to the syntax that RE2, Go's ``regexp`` and Python's ``re`` share (no look-around, no
back-references): the boundary checks stand in code beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ALNUM = DIGITS + LETTERS
HEX = DIGITS + "abcdefABCDEF"
WORD = frozenset(ALNUM + "_")
ALNUM_SET = frozenset(ALNUM)
DIGIT_SET = frozenset(DIGITS)

# What a key tells about its value (a set of bits, see keys.py).
PLAIN, DENIED, ADDRESS, STATEMENT, VERSION, URL_PATH = 0, 1, 2, 4, 8, 16
# The value is a secret when it looks generated.
KEYED = 32


# Letters whose small form takes another number of bytes in UTF-8 (where positions are counted in bytes they could not become it). Two of
# them have an ASCII one: they become a capital, which is a letter for what stands beside it and is in no word; see evasion.py as well.
_KEPT = (
    "\u023a\u023e\u1e9e\u2126\u212b\u2c62\u2c64\u2c6d\u2c6e\u2c6f"
    "\u2c70\u2c7e\u2c7f\ua78d\ua7aa\ua7ab\ua7ac\ua7ad\ua7ae\ua7b0\ua7b1\ua7b2\ua7c5"
)
_STANDINS = {"\u0130": "Z", "\u212a": "Z", **{letter: letter for letter in _KEPT}}
_RESIZED = re.compile(f"[{''.join(_STANDINS)}]")


def _low_in_place(text: str) -> str:
    low = text.replace("\u0130", "I").lower()
    return "".join(_STANDINS.get(letter, small) for letter, small in zip(text, low, strict=True))


class Scan:
    """One text while it is scanned: finders read it and mark spans.

    Attributes:
        text: the text.
        low: the text with lower-case letters, same length and positions.
        hint: what the key said about the value.
        ascii: whether the text has ASCII characters only.
        spans: what to replace: (start, end, replacement).
    """

    __slots__ = ("ascii", "hint", "low", "spans", "text")

    def __init__(self, text: str, hint: int) -> None:
        self.text = text
        self.hint = hint
        self.ascii = text.isascii()
        self.low = text.lower() if self.ascii or _RESIZED.search(text) is None else _low_in_place(text)
        self.spans: list[tuple[int, int, str]] = []

    def add(self, start: int, end: int, replacement: str) -> None:
        """Mark ``text[start:end]`` for replacement."""
        self.spans.append((start, end, replacement))

    def bounded(self, start: int, end: int, *, inside: frozenset[str] = ALNUM_SET) -> bool:
        """Whether ``text[start:end]`` is not part of a longer run of ``inside`` characters."""
        text = self.text
        return not ((start and text[start - 1] in inside) or (end < len(text) and text[end] in inside))


Finder = Callable[[Scan, str], None]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One pattern of the trigger pass.

    Attributes:
        name: unique; finders can ask whether it fired.
        pattern: RE2 syntax, looked for anywhere in the text.
        finder: what confirms, called as ``finder(scan, argument)``.
        argument: handed to the finder (a keyword, a prefix).
        literal: lower-case text that must occur wherever the pattern matches, ``""`` = none is known.
        needs: name of another trigger that must have fired as well, ``""`` = none.
        alone: the finder judges by the match itself, not by what stands around it: a replacement elsewhere cannot change its mind.
    """

    name: str
    pattern: str
    finder: Finder
    argument: str = ""
    literal: str = ""
    needs: str = ""
    alone: bool = False


def start_of_run(text: str, end: int, characters: str, limit: int) -> int:
    """Start of the run of ``characters`` that ends just before ``end``, at most ``limit`` characters back."""
    piece = text[max(0, end - limit) : end]
    return end - len(piece) + len(piece.rstrip(characters))


def end_of_run(text: str, start: int, characters: str, limit: int) -> int:
    """End of the run of ``characters`` that starts at ``start``, at most ``limit`` characters on."""
    piece = text[start : start + limit]
    return start + len(piece) - len(piece.lstrip(characters))
