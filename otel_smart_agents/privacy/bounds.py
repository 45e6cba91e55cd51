"""Length budget of one text: clip, redact, then cut where nothing can be halved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

RedactText = Callable[[str], tuple[str, int]]

MARK: Final = "…"
"""Stands where text was cut away."""
OVERLAP: Final = 256
"""Characters scanned beyond the limit, so that a secret across the limit is still seen whole."""
HEAD: Final = 65_536
"""Characters kept of the beginning of a text whose limit is raised beyond ``HEAD + TAIL``."""
TAIL: Final = 8_192
"""Characters kept of the end of such a text."""
_TAIL_OVERLAP: Final = 4_096  # the tail begins in the middle of something: long enough for a private key in PEM form
_STABLE_AFTER: Final = 4
_BORDER: Final = re.compile(r"[\s,;\"'|&<>(){}\[\]]")


def bounded(value: str, limit: int, redact_text: RedactText) -> tuple[str, int]:
    """Return the redacted text of at most ``limit`` characters (and never more than ``HEAD + TAIL``) and the redactions.

    A text is scanned ``OVERLAP`` characters beyond the limit; the cut falls on a border between tokens, never inside one, and a token
    without an end in sight goes whole: half a secret matches no pattern. Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    """
    text = encodable(value)
    if len(text) <= min(limit, HEAD + TAIL):
        redacted, count = redact_text(text)
        return (redacted, count) if len(redacted) <= limit else _settle(redacted, count, limit, redact_text)
    if limit <= HEAD + TAIL:
        return _head(text, limit, redact_text)
    head, in_head = _head(text, HEAD, redact_text)
    tail, in_tail = _tail(text, redact_text)
    return head + tail, in_head + in_tail


def encodable(value: str) -> str:
    """Return the text in a form that UTF-8 can hold: pairs of surrogates joined, lone ones replaced."""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _head(text: str, limit: int, redact_text: RedactText) -> tuple[str, int]:
    window = text[: limit + OVERLAP]
    redacted, count = redact_text(window)
    # What follows the last redaction is raw text up to the window's end, where a secret may be cut: the overlap's share of it goes.
    raw = _common(window[limit:][::-1], redacted[::-1])
    return _settle(redacted[: len(redacted) - raw], count, limit, redact_text)


def _tail(text: str, redact_text: RedactText) -> tuple[str, int]:
    window = text[-(TAIL + _TAIL_OVERLAP) :]
    redacted, count = redact_text(window)
    raw = _common(window[:_TAIL_OVERLAP], redacted)
    kept = redacted[raw:][-TAIL:]
    border = _BORDER.search(kept)
    return (kept[border.start() :] if border else ""), count


def _settle(text: str, count: int, limit: int, redact_text: RedactText) -> tuple[str, int]:
    """Cut, and look again: shortening a run of digits can make it look like a number that has to go."""
    cut = _cut(text, limit)
    for _ in range(_STABLE_AFTER):
        again, found = redact_text(cut)
        if again == cut:
            break
        count += found
        cut = again if len(again) <= limit else _cut(again, limit)
    return cut, count


def _cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters: up to the last border between tokens, and the mark."""
    kept = text[: max(limit - len(MARK), 0)]
    if kept.endswith(MARK):
        return kept
    end = len(kept)
    while end and not _BORDER.match(kept, end - 1):
        end -= 1
    return kept[:end].rstrip() + MARK


def _common(one: str, two: str) -> int:
    """Return how many characters both texts begin with."""
    return next((index for index, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
