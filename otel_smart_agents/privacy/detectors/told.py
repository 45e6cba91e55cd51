"""Passwords told in a sentence: words stand between the name and the value (``the password for the vpn is …``, ``密码是…``)."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import Scan, Trigger
from otel_smart_agents.privacy.detectors.name_words import PASSWORDS
from otel_smart_agents.privacy.detectors.secret_values import digits_in, is_algorithm, is_placeholder
from otel_smart_agents.privacy.key_words import BENIGN_TAILS

# The patterns are for text in small letters.
_WORD = r"[a-zà-ÿа-яё'-]{1,14}"
_LINK = r"(?: is| was| ist| lautet| est| es| è| é| (?:re)?(?:set|changed|updated|rotated)(?: from| to)|[*_`]{0,3}:| ?->| ?→)"
_VALUE = r"([!#-&(-;=?-\[\]-_a-z|~]{6,128})"
_OPENING = r"[*_`\"']{0,3}"
_AFTER_NAME = re.compile(
    rf"{_OPENING}((?: {_WORD}){{0,4}}){_LINK}(?: now)?[*_`]{{0,3}} {_OPENING}{_VALUE}(?: to {_OPENING}{_VALUE})?", re.ASCII
)
_GLUED = re.compile(rf"(?:密码|密碼|パスワード|비밀번호|암호)(?:是|为|為|は|는|은|:|\uff1a) ?{_VALUE}", re.ASCII)
_CODES = (
    r"(?:verification|security|access|confirmation|one[- ]time|login|sign-in|authentication|2fa|mfa|otp)[ -]"
    r"(?:code|pin|passcode|password)"
)
_CODE = re.compile(rf"{_CODES}(?: [a-z]{{1,12}}){{0,3}}(?: is|:) {_OPENING}([0-9]{{3}}[ -]?[0-9]{{3}}|[0-9]{{4,8}})", re.ASCII)


def _told(scan: Scan, _: str) -> None:
    low = scan.low
    for name in PASSWORDS:
        place = low.find(name)
        while place >= 0:
            end = place + len(name)
            found = _AFTER_NAME.match(low, end)
            if found is not None and BENIGN_TAILS.isdisjoint(found.group(1).split(" ")):
                _mark(scan, *found.span(2))
                if found.group(3) is not None:
                    _mark(scan, *found.span(3))
            place = low.find(name, end)


def _codes(scan: Scan, _: str) -> None:
    for found in _CODE.finditer(scan.low):
        if scan.bounded(found.start(1), found.end(1)):
            scan.add(found.start(1), found.end(1), "[secret]")


def foreign_sentences(scan: Scan) -> None:
    """Passwords told in other scripts."""
    _told(scan, "")
    for found in _GLUED.finditer(scan.low):
        _mark(scan, *found.span(1))


def _mark(scan: Scan, start: int, end: int) -> None:
    """Mark what has digits and a sign or both cases: more than a word of the sentence."""
    value = scan.text[start:end].rstrip(".,;:)*_`'\"")
    if len(value) < 6 or digits_in(value) == 0 or any(sign in value for sign in "/(=[") or is_placeholder(value) or is_algorithm(value):
        return
    if any(sign in value for sign in "!#$%&*^?@+~") or (value.lower() != value != value.upper()):
        scan.add(start, start + len(value), "[secret]")


# Nothing here waits over a long stretch: in one automaton with the others that would multiply its states.
TRIGGERS = (
    Trigger("told", rf"(?i)(?:{'|'.join(PASSWORDS)})[*_`\"']*(?: [a-z]|:[*_`]| ?->| ?→| [èéа-я])", _told, alone=True),
    Trigger("code", rf"(?i){_CODES}(?: |:)", _codes, alone=True),
)
