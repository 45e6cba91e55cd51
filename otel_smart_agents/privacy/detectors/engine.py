"""Trigger pass, confirmation, merging, replacement: one text at a time, until nothing more is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents.privacy.detectors import (
    accounts,
    assignments,
    blobs,
    commands,
    contacts,
    evasion,
    framed,
    headers,
    national_ids,
    network,
    numbers,
    paths,
    phones,
    spelled_out,
    statements,
    told,
    urls,
    vendors,
    wallets,
)
from otel_smart_agents.privacy.detectors.model import KEYED, WORD, Scan, Trigger
from otel_smart_agents.privacy.detectors.secret_values import looks_issued
from otel_smart_agents.privacy.detectors.triggers import Pass, build

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIGGERS: tuple[Trigger, ...] = (
    *contacts.TRIGGERS,
    *phones.TRIGGERS,
    *numbers.TRIGGERS,
    *network.TRIGGERS,
    *paths.TRIGGERS,
    *accounts.TRIGGERS,
    *blobs.TRIGGERS,
    *urls.TRIGGERS,
    *headers.TRIGGERS,
    *commands.TRIGGERS,
    *spelled_out.TRIGGERS,
    *statements.TRIGGERS,
    *assignments.TRIGGERS,
    *told.TRIGGERS,
    *framed.TRIGGERS,
    *vendors.TRIGGERS,
    *national_ids.TRIGGERS,
    *wallets.TRIGGERS,
    *evasion.TRIGGERS,
)
_PLACES = {trigger.name: index for index, trigger in enumerate(TRIGGERS)}
# (finder, argument, index of the trigger that must have fired as well or -1), in the order of TRIGGERS.
_CALLS = tuple((trigger.finder, trigger.argument, _PLACES[trigger.needs] if trigger.needs else -1) for trigger in TRIGGERS)
_ALONE = frozenset(index for index, trigger in enumerate(TRIGGERS) if trigger.alone)
_EDGE = WORD | frozenset("-.@:+%")
# They only matter together with a keyword.
_HELPERS = frozenset((_PLACES["digits"], _PLACES["id-digits"]))
_ESCAPED = _PLACES["escaped"]
CUT = "[truncated]"
# A replacement can bring a keyword nearer to what it announces; every round leaves fewer candidates.
_ROUNDS = 4


class Engine:
    """The compiled detectors. Making one compiles the trigger pass (some 50 ms with RE2); it can be used from many threads."""

    __slots__ = ("_pass",)

    def __init__(self) -> None:
        self._pass: Pass = build(TRIGGERS)

    def redact(self, text: str, hint: int) -> tuple[str, int]:
        """Replace what the detectors find; the same object comes back when that is nothing.

        Returns:
            The text, and how many places were replaced.
        """
        if hint & KEYED and looks_issued(text):
            return "[secret]", 1
        count = 0
        if self._pass.budget is not None and len(text) > self._pass.budget:
            text, count = text[: self._pass.budget] + CUT, 1
        for _ in range(_ROUNDS):
            fired = self._pass.fired(text) or ()
            foreign = not text.isascii()
            if not foreign and (not fired or (len(fired) < 3 and _HELPERS.issuperset(fired))):
                return text, count
            text, found, settled = self._round(text, hint, fired, foreign=foreign)
            count += found
            if settled or not found:
                return text, count
        return text, count

    def _round(self, text: str, hint: int, fired: Sequence[int], *, foreign: bool) -> tuple[str, int, bool]:
        spans = _spans(text, hint, fired, foreign=foreign)
        if _ESCAPED in fired or (foreign and evasion.foreign_letters(text)):
            plain = evasion.normalised(text)
            if plain != text:
                again = _merged(_spans(plain, hint, self._pass.fired(plain) or (), foreign=not plain.isascii()))
                if _more(text, _merged(spans), plain, again):
                    return (*_replaced(plain, again), False)
        if not spans:
            return text, 0, True
        merged = _merged(spans)
        # Detectors that judge by the match alone, nothing glued to what went, no new keyword: another round would find the same nothing.
        settled = not foreign and _ALONE.issuperset(fired) and not any(_opens(text, span) for span in merged)
        return (*_replaced(text, merged), settled)


def _spans(text: str, hint: int, fired: Sequence[int], *, foreign: bool) -> list[tuple[int, int, str]]:
    scan = Scan(text, hint)
    for index in fired:
        finder, argument, needs = _CALLS[index]
        if needs < 0 or needs in fired:
            finder(scan, argument)
    if foreign:
        assignments.foreign_names(scan)
        national_ids.foreign_keywords(scan)
        phones.foreign_phone_words(scan)
    return scan.spans


def _more(text: str, spans: list[tuple[int, int, str]], plain: str, again: list[tuple[int, int, str]]) -> bool:
    """Whether the plain spelling shows more: other places, or more of the same ones (``da<zero-width>na@…`` is seen from ``na`` on)."""
    if len(again) != len(spans) or not again:
        return len(again) > len(spans)
    return len(plain) - _covered(again) < len(evasion.normalised(text)) - sum(len(evasion.normalised(text[a:b])) for a, b, _ in spans)


def _covered(spans: list[tuple[int, int, str]]) -> int:
    return sum(end - start for start, end, _ in spans)


def _opens(text: str, span: tuple[int, int, str]) -> bool:
    """Whether something may be seen after the replacement that was not seen before: what is glued to it, or what its own name announces."""
    start, end, replacement = span
    return replacement in _ANNOUNCING or (start > 0 and text[start - 1] in _EDGE) or (end < len(text) and text[end] in _EDGE)


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Left-most, longest; spans that overlap become one under the first one's name."""
    if len(spans) < 2:
        return spans
    spans.sort(key=_order)
    merged = [spans[0]]
    for span in spans[1:]:
        start, end, replacement = merged[-1]
        if span[0] >= end:
            merged.append(span)
        elif span[1] > end:
            merged[-1] = (start, span[1], replacement)
    return merged


_ANNOUNCING = frozenset(("[phone]", "[ssn]", "[imei]"))
_GENERAL = frozenset(("[secret]", "[personal]"))


def _order(span: tuple[int, int, str]) -> tuple[int, int, bool, str]:
    # Between equals the telling name wins, then the alphabet: the order in which triggers are reported does not matter.
    return span[0], -span[1], span[2] in _GENERAL, span[2]


def _replaced(text: str, merged: list[tuple[int, int, str]]) -> tuple[str, int]:
    pieces: list[str] = []
    place = 0
    for start, end, replacement in merged:
        pieces += (text[place:start], replacement)
        place = end
    pieces.append(text[place:])
    result = "".join(pieces)
    # A placeholder replaced by itself is no change.
    return (result, len(merged)) if result != text else (text, 0)
