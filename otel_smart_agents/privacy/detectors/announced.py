"""What a word before it tells: dates of birth, machines named after people, the words of a wallet, numbers in links and after 00."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, DIGIT_SET, Scan, Trigger
from otel_smart_agents.privacy.detectors.paths import names_a_person
from otel_smart_agents.privacy.detectors.phones import country_length_fits, digits_of, run_of_digits

_MONTH = r"[a-zà-ÿ]{3,9}\.?"
_DATE = (
    r"((?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)?[0-9]{2}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?{_MONTH},? (?:19|20)[0-9]{{2}}|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}})"
)
_BIRTH = re.compile(
    r"(?:date of birth|birth[ _-]?date|born on|dob|geburtsdatum|geburtstag|geboren am|date de naissance|fecha de nacimiento"
    r"|nacid[oa] el|data di nascita|data de nascimento|geboortedatum)\\?[\"']?[ :=]{1,3}\\?[\"']?(?:is |was |the )?" + _DATE
)
_PERSONAL_MACHINE = re.compile(
    r"([a-z][a-z0-9]{1,30})-(?:macbook(?:-?(?:pro|air))?|imac(?:-?pro)?|mac-?mini|mbp|iphone|ipad|laptop)(?:-[0-9]{1,3})?"
    r"\.(?:local|lan|home|localdomain|fritz\.box|internal|corp|attlocal\.net)"
)
_WINDOWS_MACHINE = re.compile(r"(?:DESKTOP|LAPTOP)-[A-Z0-9]{7}")
_WALLET_WORDS = re.compile(
    r"(?:mnemonic|seed|recovery)(?:[ _-]?(?:phrase|words))?\\?[\"']?(?: ?[:=] ?| is )\\?[\"']?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})"
)
_CHAT_LINK = re.compile(r"wa\.me/\+?([0-9]{7,15})")
_ABROAD = re.compile(r"00(?:[17]|[2-9][0-9]{1,2})[ /(-]{1,2}[0-9]")
_NO_START = ALNUM_SET | frozenset(".,+-/:_")
_NO_END = ALNUM_SET | {"_"}


def _births(scan: Scan) -> None:
    for found in _BIRTH.finditer(scan.low):
        if scan.bounded(found.start(), found.end()):
            scan.add(found.start(1), found.end(1), "[personal]")


def _machines(scan: Scan) -> None:
    for found in _PERSONAL_MACHINE.finditer(scan.low):
        if scan.bounded(found.start(), found.end()) and names_a_person(found.group(1)):
            scan.add(found.start(1), found.end(1), "[user]")
    for found in _WINDOWS_MACHINE.finditer(scan.text):
        if scan.bounded(found.start(), found.end()) and any(character in DIGIT_SET for character in found.group()):
            scan.add(found.start(), found.end(), "[host]")


def _wallet_words(scan: Scan) -> None:
    for found in _WALLET_WORDS.finditer(scan.low):
        if scan.text[found.end() : found.end() + 1] not in ALNUM_SET:
            scan.add(found.start(1), found.end(1), "[secret]")


def _numbers_abroad(scan: Scan) -> None:
    text = scan.text
    for found in _CHAT_LINK.finditer(text):
        scan.add(found.start(1), found.end(), "[phone]")
    for found in _ABROAD.finditer(text):
        start = found.start()
        run = run_of_digits(text, start + 2)
        end = start + 2 + len(run)
        if (not start or text[start - 1] not in _NO_START) and text[end : end + 1] not in _NO_END and _is_number_abroad(run):
            scan.add(start, end, "[phone]")


def _is_number_abroad(run: str) -> bool:
    """Columns of a table and dumps of memory have groups of four; after the code of a country no number begins with a zero."""
    groups = re.findall("[0-9]+", run)[1:]
    digits = digits_of(run)
    if not groups or (groups[0].startswith("0") and len(groups[0]) > 1) or all(len(group) == 4 for group in groups):
        return False
    return len(digits) > 8 and country_length_fits(digits)


def _announced(scan: Scan, _: str) -> None:
    _births(scan)
    _machines(scan)
    _wallet_words(scan)
    _numbers_abroad(scan)


TRIGGERS = (
    Trigger(
        "announced",
        r"(?i)birth[ _-]?date|of birth|born on|\bdob\b|geburts|geboren am|naissance|nacimiento|nacid[oa] el|nascita"
        r"|nascimento|geboorted|-(?:macbook|imac|mac-?mini|mbp|iphone|ipad|laptop)|(?:desktop|laptop)-[a-z0-9]|wa\.me/"
        r"|00[1-9][0-9]{0,2}[ /(-]"
        r"|(?:mnemonic|seed|recovery)(?:[ _-]?(?:phrase|words))?\\?[\"']?(?: ?[:=]| is )",
        _announced,
    ),
)
