"""National identity, tax, health and travel document numbers: beside a keyword, or alone where letters and check digit prove them."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, Scan, Trigger
from otel_smart_agents.privacy.detectors.national_forms import ALONE, ANY_FORM, KEYED, Check
from otel_smart_agents.privacy.detectors.triggers import WordSet

_keyed: dict[str, list[tuple[re.Pattern[str], Check | None]]] = {}
_alone: list[tuple[re.Pattern[str], Check]] = []
_SEPARATORS = str.maketrans("", "", " -./()+")
_WINDOW = 56
_WORD_EDGE = ALNUM_SET | {"_"}


def _nothing(scan: Scan, _: str) -> None:
    """Only asked for by other triggers."""


def _rows_of(keyword: str) -> list[tuple[re.Pattern[str], Check | None]]:
    if keyword not in _keyed:
        _keyed[keyword] = [(re.compile(form, re.ASCII), test) for keywords, form, test in KEYED if keyword in keywords]
    return _keyed[keyword]


def _keywords(scan: Scan, _: str) -> None:
    for index in _KEYWORD_SET(scan.text):
        _beside_keyword(scan, _KEYWORDS[index])


def foreign_keywords(scan: Scan) -> None:
    """Numbers beside words in other scripts and with accents."""
    for keyword in _FOREIGN_KEYWORDS:
        if keyword in scan.low:
            _beside_keyword(scan, keyword)


def _beside_keyword(scan: Scan, keyword: str) -> None:
    low = scan.low
    place = low.find(keyword)
    while place >= 0:
        end = place + len(keyword)
        whole = not (place and low[place - 1] in ALNUM_SET and keyword.isascii())
        if whole and not (keyword[-1] in ALNUM_SET and end < len(low) and low[end] in ALNUM_SET and low[end] != "s"):
            for form, test in _rows_of(keyword):
                _in_window(scan, form, test, window=(end, min(len(low), end + _WINDOW)))
                _in_window(scan, form, test, window=(max(0, place - 24), place))
        place = low.find(keyword, end)


def _in_window(scan: Scan, form: re.Pattern[str], test: Check | None, *, window: tuple[int, int]) -> None:
    start, end = window
    line = scan.text.find("\n", start, end)
    if line >= 0:
        end = line
    limit = min(len(scan.text), end + 24)
    place = start
    while (found := form.search(scan.text, place, limit)) is not None and found.start() < end:
        piece = found.group().translate(_SEPARATORS)
        if scan.bounded(found.start(), found.end(), inside=_WORD_EDGE) and (test is None or test(piece.upper())):
            scan.add(found.start(), found.end(), "[id]")
        place = found.end()


def _forms(scan: Scan, _: str) -> None:
    if not _alone:
        _alone.extend((re.compile(form, re.ASCII), test) for form, test in ALONE)
    for form, test in _alone:
        for found in form.finditer(scan.text):
            start, end = found.span()
            piece = found.group().translate(_SEPARATORS)
            if scan.bounded(start, end, inside=_WORD_EDGE) and not _in_chain(scan.text, start, end) and test(piece.upper()):
                scan.add(start, end, "[id]")


def _in_chain(text: str, start: int, end: int) -> bool:
    """Part of a longer run joined with hyphens (UUIDs, part numbers)."""
    return (start > 1 and text[start - 1] == "-" and text[start - 2] in ALNUM_SET) or (
        text[end : end + 1] == "-" and text[end + 1 : end + 2] in ALNUM_SET and end + 1 < len(text)
    )


def _keyword_pattern(keyword: str) -> str:
    before = r"\b" if keyword[0] in ALNUM_SET else ""
    after = r"s?\b" if keyword[-1] in ALNUM_SET else ""
    return f"(?i){before}{re.escape(keyword)}{after}"


_ALL_KEYWORDS = tuple(dict.fromkeys(keyword for keywords, _, _ in KEYED for keyword in keywords))
_KEYWORDS = tuple(keyword for keyword in _ALL_KEYWORDS if keyword.isascii())
_FOREIGN_KEYWORDS = tuple(keyword for keyword in _ALL_KEYWORDS if not keyword.isascii())
_KEYWORD_SET = WordSet([(keyword, _keyword_pattern(keyword)) for keyword in _KEYWORDS])
_ANY_KEYWORD = "|".join(re.escape(keyword.strip(" :#")) for keyword in sorted(_KEYWORDS))

TRIGGERS = (
    Trigger("id-digits", r"[0-9]{2}", _nothing, alone=True),
    Trigger("id", f"(?i)\\b(?:{_ANY_KEYWORD})s?\\b", _keywords, needs="id-digits"),
    Trigger("id-form", ANY_FORM, _forms, alone=True),
)
