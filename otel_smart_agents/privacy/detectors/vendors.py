"""Vendors' tokens: literal anchor first, then the published form around it."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.checks import github_crc
from otel_smart_agents.privacy.detectors.model import ALNUM_SET, WORD, Scan, Trigger
from otel_smart_agents.privacy.detectors.service_tokens import SERVICES
from otel_smart_agents.privacy.detectors.triggers import WordSet
from otel_smart_agents.privacy.detectors.vendor_tokens import CLOUDS, CODE_HOSTS, MODELS

VENDORS = CODE_HOSTS + MODELS + CLOUDS + SERVICES
_HEAD_LIMIT = 96
# Short or everyday anchors: a token needs a digit to be told from a word.
_NEEDS_DIGIT = frozenset((
    "s.", "r.", "YC", "fw_", "oy2", "cio", "pa-", "ak-", "as-", "md-", "sk-", "AC", "SK", "PK", "ATBB", "LTAI", "API-", "live_", "test_",
    "secret_", "A3T", "SUA", "npm_", "csk-", "crates_", "GOOG", "SCW", "dose", "dkea", "u+",
))  # fmt: skip
_MASK = frozenset("xX*.-_")


class _Form:
    """One row of the table, compiled at first use."""

    __slots__ = ("anchor", "head", "needs_digit", "tail")

    def __init__(self, row: tuple[str, ...]) -> None:
        self.anchor = row[0]
        self.tail = re.compile(row[1], re.ASCII)
        self.head = re.compile(f"(?:{row[2]})$", re.ASCII) if len(row) > 2 and row[2] not in {"", ".*"} else None
        self.needs_digit = row[0] in _NEEDS_DIGIT


_forms: dict[str, list[_Form]] = {}


def _forms_of(anchor: str) -> list[_Form]:
    if anchor not in _forms:
        _forms[anchor] = [_Form(row) for row in VENDORS if row[0] == anchor]
    return _forms[anchor]


def _vendors(scan: Scan, _: str) -> None:
    for index in _ANCHOR_SET(scan.text):
        _tokens(scan, _ANCHORS[index])


def _tokens(scan: Scan, anchor: str) -> None:
    text = scan.text
    forms = _forms_of(anchor)
    place = text.find(anchor)
    while place >= 0:
        after = place + len(anchor)
        for form in forms:
            if _one(scan, form, place):
                break
        place = text.find(anchor, after)


def _one(scan: Scan, form: _Form, place: int) -> bool:
    text = scan.text
    body = place + len(form.anchor)
    found = form.tail.match(text, body)
    if found is None:
        return False
    end = found.end()
    start = _start(text, form, place)
    if start < 0 or (end < len(text) and text[end] in WORD):
        return _glued_github(scan, form, place)
    value = text[body:end]
    if (value and not (set(value) - _MASK)) or value.count("EXAMPLE") > 2 or (form.needs_digit and not any(c.isdigit() for c in value)):
        return False
    scan.add(start, end, "[token]")
    return True


def _after_dot(text: str, form: _Form, place: int) -> bool:
    return text[place - 1] == "." and len(form.anchor) < 5 and place > 1 and text[place - 2] in ALNUM_SET


def _start(text: str, form: _Form, place: int) -> int:
    """Where the token starts; -1 when what stands before does not fit."""
    if form.head is not None:
        low = max(0, place - _HEAD_LIMIT)
        found = form.head.search(text, low, place)
        if found is None or (found.start() and text[found.start() - 1] in ALNUM_SET):
            return -1
        return found.start()
    # "video.ico-7a38…" is a file name: after a dot only long anchors count.
    if place and form.anchor[0] in ALNUM_SET and (text[place - 1] in ALNUM_SET or _after_dot(text, form, place)):
        return -1
    return place


def _glued_github(scan: Scan, form: _Form, place: int) -> bool:
    """A GitHub token glued to other letters is still told by its checksum."""
    end = place + 40
    if form.anchor[:2] == "gh" and len(form.anchor) == 4 and github_crc(scan.text[place:end]):
        scan.add(place, end, "[token]")
        return True
    return False


_FIRST = re.compile(r"(\[[^\]]+\])\{([0-9]+)(?:,[0-9]*)?\}", re.ASCII)


def _cheap(pattern: str) -> str:
    """The first run of the pattern, at most four long: enough to tell text from tokens, and it keeps the automaton small."""
    found = _FIRST.match(pattern)
    if found is None or "|" in pattern:
        return ""
    return f"{found.group(1)}{{{min(int(found.group(2)), 4)}}}"


def _bare_pattern(anchor: str) -> str:
    tails = {_cheap(row[1]) for row in VENDORS if row[0] == anchor}
    return re.escape(anchor) + (tails.pop() if len(tails) == 1 else "")


def _starts_a_word(anchor: str) -> bool:
    return anchor[0] in ALNUM_SET and not anchor.startswith("gh") and all(len(row) == 2 for row in VENDORS if row[0] == anchor)


def _pattern(anchor: str) -> str:
    return ("(?:^|[^0-9A-Za-z])" if _starts_a_word(anchor) else "") + _bare_pattern(anchor)


_ANCHORS = tuple(sorted({row[0] for row in VENDORS}))
_ANCHOR_SET = WordSet([(anchor.lower(), _pattern(anchor)) for anchor in _ANCHORS])
# One pattern for all, written so that the automaton shares the beginning of a word and the letters that anchors have in common.
_WORDS = "|".join(_bare_pattern(anchor) for anchor in _ANCHORS if _starts_a_word(anchor))
_ANYWHERE = "|".join(_bare_pattern(anchor) for anchor in _ANCHORS if not _starts_a_word(anchor))

_DISCORD = re.compile(r"[A-Za-z0-9]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,40}", re.ASCII)


def _discord(scan: Scan, _: str) -> None:
    for found in _DISCORD.finditer(scan.text):
        piece = found.group()
        if (
            scan.bounded(found.start(), found.end(), inside=WORD)
            and any(c.isdigit() for c in piece[:24])
            and any(c.isupper() for c in piece[:24])
        ):
            scan.add(found.start(), found.end(), "[token]")


TRIGGERS = (
    Trigger("vendor", f"(?:^|[^0-9A-Za-z])(?:{_WORDS})|{_ANYWHERE}", _vendors, alone=True),
    Trigger("discord", r"\.[A-Za-z0-9_-]{6}[A-Za-z0-9_-]?\.[A-Za-z0-9_-]{6}", _discord, alone=True),
)
