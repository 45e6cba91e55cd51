"""Numbers that carry their own proof: payment cards, bank accounts (IBAN), US social security numbers, device ids (IMEI)."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.checks import luhn, mod97
from otel_smart_agents.privacy.detectors.model import ALNUM_SET, DIGIT_SET, HEX, Scan, Trigger

_UUID_TAIL = frozenset(HEX)

# ISO/IEC 7812 issuer ranges: leading digits → allowed lengths.
_ISSUERS: tuple[tuple[range, int, frozenset[int]], ...] = (
    (range(4, 5), 1, frozenset((13, 16, 18, 19))),
    (range(51, 56), 2, frozenset((16,))),
    (range(2221, 2721), 4, frozenset((16,))),
    (range(34, 35), 2, frozenset((15,))),
    (range(37, 38), 2, frozenset((15,))),
    (range(300, 306), 3, frozenset(range(14, 20))),
    (range(3095, 3096), 4, frozenset(range(14, 20))),
    (range(36, 37), 2, frozenset(range(14, 20))),
    (range(38, 40), 2, frozenset(range(14, 20))),
    (range(6011, 6012), 4, frozenset(range(16, 20))),
    (range(644, 660), 3, frozenset(range(16, 20))),
    (range(62, 63), 2, frozenset(range(16, 20))),
    (range(81, 82), 2, frozenset(range(16, 20))),
    (range(3528, 3590), 4, frozenset(range(16, 20))),
    (range(1800, 1801), 4, frozenset((15,))),
    (range(2131, 2132), 4, frozenset((15,))),
    (range(1, 2), 1, frozenset((15,))),  # UATP
    (range(2200, 2205), 4, frozenset(range(16, 20))),  # Mir
    (range(9792, 9793), 4, frozenset((16,))),  # Troy
    (range(50, 51), 2, frozenset(range(13, 20))),  # Maestro, Dankort, Elo
    (range(56, 70), 2, frozenset(range(13, 20))),  # Maestro, RuPay, Interpayment
)
_CARD = re.compile(
    r"[1-9][0-9]{12,18}|[1-9][0-9]{3}(?:-[0-9]{4}){2}-[0-9]{1,4}(?:-[0-9]{1,3})?|[1-9][0-9]{3}(?: [0-9]{4}){2} [0-9]{1,4}(?: [0-9]{1,3})?"
    r"|[1-9][0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5}|[1-9][0-9]{3}(?:\.[0-9]{4}){3}",
    re.ASCII,
)
_CARD_TRIGGER = r"(?:^|[^0-9A-Za-z])[1-9][0-9]{3}(?:[0-9]{7}|[- .][0-9]{4}[- .][0-9]{4}|[ -][0-9]{6}[ -])"


_ISSUED = {str(number): lengths for numbers, _, lengths in reversed(_ISSUERS) for number in numbers}


def _issued(digits: str) -> bool:
    size = len(digits)
    return any(size in _ISSUED.get(digits[:length], ()) for length in (1, 2, 3, 4))


def _apart(scan: Scan, start: int, end: int) -> bool:
    """Not a piece of a longer number, identifier, decimal fraction or UUID."""
    text = scan.text
    if not scan.bounded(start, end):
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in {".", ","} and before[:1] in DIGIT_SET and len(before) == 2:
        return False
    if after[:1] in {".", "-"} and after[1:] in _UUID_TAIL and after[1:]:
        return False
    return not (before[-1:] in {"-", "_"} and before[:1] in _UUID_TAIL and len(before) == 2)


def _cards(scan: Scan, _: str) -> None:
    for found in _CARD.finditer(scan.text):
        piece = found.group()
        digits = piece.translate(_NO_SEPARATORS)
        if not 13 <= len(digits) <= 19 or len(set(digits)) < 2 or not luhn(digits):
            continue
        if _apart(scan, found.start(), found.end()):
            if _issued(digits):
                scan.add(found.start(), found.end(), "[card]")
            elif len(digits) == 15:
                scan.add(found.start(), found.end(), "[imei]")


_NO_SEPARATORS = str.maketrans("", "", " -.")

# ISO 13616 registry (SWIFT, release 99) and the further countries that use the form: country → length.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AO": 25, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BF": 28, "BG": 22, "BH": 22, "BI": 27, "BJ": 28,
    "BR": 29, "BY": 28, "CF": 27, "CG": 27, "CH": 21, "CI": 28, "CM": 27, "CR": 22, "CV": 25, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "DZ": 26, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GA": 27, "GB": 22, "GE": 22,
    "GI": 23, "GL": 18, "GQ": 27, "GR": 27, "GT": 28, "GW": 25, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IR": 26,
    "IS": 26, "IT": 27, "JO": 30, "KM": 27, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25,
    "MA": 28, "MC": 27, "MD": 24, "ME": 22, "MG": 27, "MK": 19, "ML": 28, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "MZ": 25, "NE": 28,
    "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SN": 28, "SO": 23, "ST": 25, "SV": 28, "TD": 27, "TG": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?:[0-9A-Z]{11,30}|(?: [0-9A-Z]{4}){2,7}(?: [0-9A-Z]{1,4})?)", re.ASCII)
_IBAN_TRIGGER = (
    r"(?:^|[^A-Za-z0-9])(?:[A-Z]{2}[0-9]{2}(?:[0-9A-Z]{7}|[ -][0-9A-Z]{4}[ -])|[a-z]{2}[0-9]{2}(?:[a-z]{0,4}[0-9]{7}|[ -][0-9a-z]{4}[ -]))"
)


def _ibans(scan: Scan, _: str) -> None:
    text = scan.text
    for found in re.finditer(r"[A-Za-z]{2}[0-9]{2}", text):
        start = found.start()
        size = IBAN_LENGTHS.get(found.group()[:2].upper())
        if size and not (start and text[start - 1] in ALNUM_SET):
            end = _iban_end(text, start, size) or _run_end(text, start)
            if end and mod97(text[start:end].translate(_NO_SEPARATORS)):
                scan.add(start, end, "[iban]")


def _run_end(text: str, start: int) -> int:
    """An account of another length than its country's (test data, old forms): one whole run, or whole groups of four, of 15 to 34 signs."""
    found = _IBAN.match(text, start)
    if found is None or (found.end() < len(text) and text[found.end()] in ALNUM_SET):
        return 0
    piece = found.group().translate(_NO_SEPARATORS)
    return found.end() if 15 <= len(piece) <= 34 and sum(c in DIGIT_SET for c in piece) > 9 and piece[:2].isupper() else 0


def _iban_end(text: str, start: int, size: int) -> int:
    """Where ``size`` letters and digits have been read, single blanks and hyphens between them allowed; 0 when they are not there."""
    count = 0
    for place in range(start, min(len(text), start + 2 * size)):
        character = text[place]
        if character in ALNUM_SET:
            count += 1
            if count == size:
                return 0 if text[place + 1 : place + 2] in ALNUM_SET else place + 1
        elif character not in " -" or text[place - 1] in " -":
            return 0
    return 0


_SSN = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3} [0-9]{2} [0-9]{4}|9[0-9]{2}(?:-[5-9][0-9]|[5-9][0-9]-)[0-9]{4}", re.ASCII)
_SSN_TRIGGER = r"[0-9]{3}(?:-[0-9]{2}-|-[0-9]{2}| [0-9]{2} |[0-9]{2}-)[0-9]{4}"
_ITIN_GROUPS = frozenset((*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)))


def _social_security(scan: Scan, _: str) -> None:
    text = scan.text
    for found in _SSN.finditer(text):
        start, end = found.span()
        digits = found.group().translate(_NO_SEPARATORS)
        area, group, serial = digits[:3], digits[3:5], digits[5:]
        if text[end : end + 1] == "-" or text[max(0, start - 1) : start] in {"-", "/"} or not scan.bounded(start, end):
            continue
        if area[0] == "9":
            if int(group) in _ITIN_GROUPS:
                scan.add(start, end, "[ssn]")
        elif area not in {"000", "666"} and group != "00" and serial != "0000" and _formatted(text, found):
            scan.add(start, end, "[ssn]")


def _formatted(text: str, found: re.Match[str]) -> bool:
    """Hyphens tell enough; blanks only where no other number stands beside."""
    if " " not in found.group():
        return True
    around = text[max(0, found.start() - 3) : found.start()] + text[found.end() : found.end() + 3]
    return not any(character in DIGIT_SET for character in around)


TRIGGERS = (
    Trigger("card", _CARD_TRIGGER, _cards, alone=True),
    Trigger("iban", _IBAN_TRIGGER, _ibans, alone=True),
    Trigger("ssn", _SSN_TRIGGER, _social_security, alone=True),
)
