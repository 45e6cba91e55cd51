"""Telephone numbers: international, North American, and national ones beside a word that announces them."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, DIGITS, Scan, Trigger

# E.164 country codes: one digit, two digits; every other code has three.
_ONE_DIGIT = {"1": (11, 11), "7": (11, 11)}
_TWO_DIGITS = frozenset(
    [
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)
_PHONE_CHARACTERS = frozenset(DIGITS + " ().-/\u00a0\u2011")
_EXTENSION = re.compile(r" ?(?:x|X|ext\.?|Ext\.?|extension) ?[0-9]{1,6}", re.ASCII)


def digits_of(piece: str) -> str:
    """The ASCII digits of a piece."""
    return "".join(character for character in piece if character in DIGITS)


def run_of_digits(text: str, start: int) -> str:
    """The telephone-like run at ``start``: at most 30 characters and 15 digits, ending in a digit."""
    end = count = 0
    for offset, character in enumerate(text[start : start + 30]):
        if character not in _PHONE_CHARACTERS:
            break
        if character in DIGITS:
            count += 1
            if count > 15:
                break
            end = offset + 1
    return text[start : start + end]


_COMPACT_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)


def country_length_fits(digits: str) -> bool:
    """Whether digits begin with the code of a country and are as many as a number of it has; dates are none."""
    low, high = _ONE_DIGIT.get(digits[:1], (8, 15))
    known = digits[:1] in _ONE_DIGIT or digits[:2] in _TWO_DIGITS or digits[:2] in {"21", "22", "23", "24", "25", "26", "29"}
    known = known or digits[:2] in {"35", "37", "38", "42", "50", "59", "67", "68", "69", "80", "85", "87", "88", "96", "97", "99"}
    return known and low <= len(digits) <= high and not _COMPACT_DATE.fullmatch(digits)


def _international(scan: Scan, _: str) -> None:
    text = scan.text
    place = text.find("+")
    while place >= 0:
        run = run_of_digits(text, place + 1)
        digits = digits_of(run)
        before = text[place - 1] if place else " "
        if (
            len(digits) > 7
            and run[0] != " "
            and run[0] != "."
            and before not in ALNUM_SET
            and before not in ")]"
            and country_length_fits(digits)
        ):
            end = place + 1 + len(run)
            if end == len(text) or text[end] not in ALNUM_SET or _EXTENSION.match(text, end):
                _add_phone(scan, place, end)
        place = text.find("+", place + 1)


def _add_phone(scan: Scan, start: int, end: int) -> None:
    extension = _EXTENSION.match(scan.text, end)
    scan.add(start, extension.end() if extension else end, "[phone]")


_NANP = re.compile(r"(?:\(([2-9][0-9]{2})\) ?|([2-9][0-9]{2})([-.]))[2-9][0-9]{2}([-. ])[0-9]{4}", re.ASCII)
_NANP_TRIGGER = r"[2-9][0-9]{2}(?:\) ?|[-.])[2-9][0-9]{2}[-. ][0-9]{4}"


def _north_american(scan: Scan, _: str) -> None:
    text = scan.text
    for found in _NANP.finditer(text):
        start, end = found.span()
        same = found.group(1) or found.group(3) == found.group(4)
        country = text[max(0, start - 2) : start]
        if country in {"1-", "1."}:
            start -= 2
        if not same or (start and (text[start - 1] in ALNUM_SET or text[start - 1] in "-.")):
            continue
        after = text[end : end + 2]
        if after[:1] in ALNUM_SET and not _EXTENSION.match(text, end):
            continue
        if after[:1] in {"-", "."} and after[1:] in set(DIGITS):
            continue
        _add_phone(scan, start, end)


_KEYWORDS = (
    "phone", "telephone", "tel", "mobile", "mobil", "cell", "handy", "telefon", "celular", "fax", "whatsapp", "hotline", "call me",
    "call us", "call at", "call on", "call back", "text me", "me on", "me at", "us on", "us at", "sms", "dial", "contact number",
    "number is", "number:", "numero", "nummer", "msisdn",
)  # fmt: skip
_FOREIGN_KEYWORDS = (
    "teléfono", "téléphone", "móvil", "número", "numéro", "телефон", "тел", "電話", "携帯", "电话", "手机", "전화", "휴대폰", "โทร",
    "τηλέφωνο", "טלפון", "هاتف",
)  # fmt: skip
# Words that say little by themselves: the number must look like one (leading 0, brackets, 3-3-4 groups) and no counting word stands before.
_WEAK = frozenset(
    (
        "call at",
        "call on",
        "me on",
        "me at",
        "us on",
        "us at",
        "dial",
        "number is",
        "number:",
        "numero",
        "número",
        "nummer",
        "numéro",
        "cell",
        "mobile",
        "tel",
        "sms",
    )
)
_COUNTED = re.compile(
    r"(?:order|invoice|ticket|case|serial|part|version|issue|account|card|id|line|port|page|model|build|room|flight|tracking|random"
    r"|phone call|reference|ref|member|policy|customer|security|routing|vat|tax|passport|license|licence|registration|batch|lot"
    r"|sequence|a|the|any) ?$",
    re.ASCII,
)
_CANDIDATE = re.compile(r"\(?[0-9][0-9 ()./\-\x{a0}]{5,24}[0-9]".replace(r"\x{a0}", "\u00a0"), re.ASCII)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)?[0-9]{2}(?:[^0-9/.]|$)", re.ASCII
)
_GROUPED = re.compile(
    r"0[0-9]|\(|[0-9]{5} [0-9]{5}$|[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}|[0-9]{3}-[0-9]{2}-?[0-9]{2}$|[0-9]{3}-[0-9]{4}$", re.ASCII
)


def _plausible(piece: str, *, weak: bool) -> bool:
    digits = digits_of(piece)
    if not 7 <= len(digits) <= 15 or _DATE.match(piece) or len(set(digits)) == 1:
        return False
    if any(len(group) < 2 for group in piece.split(".")[1:]):
        return False
    return not weak or _GROUPED.match(piece) is not None or (10 <= len(digits) <= 12 and piece == digits)


def _phone_words(scan: Scan, _: str) -> None:
    low = scan.low
    for keyword in _KEYWORDS:
        if keyword in low:
            _near_keyword(scan, keyword)


def foreign_phone_words(scan: Scan) -> None:
    """Numbers beside words in other scripts and with accents."""
    for keyword in _FOREIGN_KEYWORDS:
        if keyword in scan.low:
            _near_keyword(scan, keyword)


def _near_keyword(scan: Scan, keyword: str) -> None:
    low = scan.low
    place = low.find(keyword)
    while place >= 0:
        end = place + len(keyword)
        if not keyword.isascii() or not (place and low[place - 1] in ALNUM_SET):
            weak = keyword in _WEAK
            if not (weak and keyword.startswith(("num", "núm")) and _COUNTED.search(low[max(0, place - 24) : place])):
                _numbers_after(scan, end, weak=weak)
        place = low.find(keyword, end)


def _numbers_after(scan: Scan, start: int, *, weak: bool) -> None:
    text = scan.text
    if text[start : start + 1] in ALNUM_SET and text[start : start + 1] not in "snN":
        return
    window_end = min(len(text), start + 48)
    line = text.find("\n", start, window_end)
    for found in _CANDIDATE.finditer(text, start, line if line >= 0 else window_end):
        begin = found.start()
        run = run_of_digits(text, begin)
        end = begin + len(run)
        glued = (text[begin - 1] in ALNUM_SET or text[begin - 1] in "_#$€£") or (end < len(text) and text[end] in ALNUM_SET)
        if _plausible(run, weak=weak) and (not glued or (text[begin - 1] not in ALNUM_SET and _EXTENSION.match(text, end))):
            _add_phone(scan, begin - (text[begin - 1] == "+"), end)


def _nothing(scan: Scan, _: str) -> None:
    """Only asked for by other triggers."""


_ANY_WORD = "|".join(sorted(_KEYWORDS))

TRIGGERS = (
    Trigger("digits", r"[0-9][0-9 ()./\-]{5}", _nothing, alone=True),
    Trigger("plus-number", r"\+\(?[0-9][0-9 ()./-]{6}", _international, literal="+", alone=True),
    Trigger("nanp", _NANP_TRIGGER, _north_american, alone=True),
    Trigger("phone", f"(?i)\\b(?:{_ANY_WORD})", _phone_words, needs="digits"),
)
