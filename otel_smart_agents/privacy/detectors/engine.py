"""Trigger pass, confirmation, merging, replacement: one text at a time, until nothing more is found."""

from __future__ import annotations

from otel_smart_agents.privacy.detectors import (
    assignments,
    blobs,
    commands,
    contacts,
    evasion,
    headers,
    national_ids,
    network,
    numbers,
    paths,
    statements,
    urls,
    vendors,
    wallets,
)
from otel_smart_agents.privacy.detectors.model import Scan, Trigger
from otel_smart_agents.privacy.detectors.triggers import Pass, build

TRIGGERS: tuple[Trigger, ...] = (
    *contacts.TRIGGERS,
    *numbers.TRIGGERS,
    *network.TRIGGERS,
    *paths.TRIGGERS,
    *blobs.TRIGGERS,
    *urls.TRIGGERS,
    *headers.TRIGGERS,
    *commands.TRIGGERS,
    *statements.TRIGGERS,
    *assignments.TRIGGERS,
    *vendors.TRIGGERS,
    *national_ids.TRIGGERS,
    *wallets.TRIGGERS,
    *evasion.TRIGGERS,
)
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
        count = 0
        if self._pass.budget is not None and len(text) > self._pass.budget:
            text, count = text[: self._pass.budget] + CUT, 1
        for _ in range(_ROUNDS):
            fired = self._pass.fired(text)
            if not fired:
                return text, count
            text, found = self._round(text, hint, fired)
            if not found:
                return text, count
            count += found
        return text, count

    def _round(self, text: str, hint: int, fired: object) -> tuple[str, int]:
        scan = Scan(text, hint)
        hidden = False
        for index in fired:  # type: ignore[attr-defined] # a sequence of indices: re2 is untyped
            trigger = TRIGGERS[index]
            trigger.finder(scan, trigger.argument)
            hidden = hidden or trigger.name.startswith("hidden:")
        if hidden:
            plain = evasion.normalised(text)
            if plain != text:
                again, more = self._round_plain(plain, hint)
                if more > len(_merged(scan.spans)):
                    return again, more
        if not scan.spans:
            return text, 0
        return _replaced(text, scan.spans)

    def _round_plain(self, text: str, hint: int) -> tuple[str, int]:
        scan = Scan(text, hint)
        for index in self._pass.fired(text) or ():
            TRIGGERS[index].finder(scan, TRIGGERS[index].argument)
        return _replaced(text, scan.spans) if scan.spans else (text, 0)


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Left-most, longest; spans that overlap become one under the first one's name."""
    if len(spans) == 1:
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


def _order(span: tuple[int, int, str]) -> tuple[int, int]:
    return span[0], -span[1]


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> tuple[str, int]:
    merged = _merged(spans)
    pieces = []
    place = 0
    for start, end, replacement in merged:
        pieces += (text[place:start], replacement)
        place = end
    pieces.append(text[place:])
    result = "".join(pieces)
    # A placeholder replaced by itself is no change.
    return (result, len(merged)) if result != text else (text, 0)
