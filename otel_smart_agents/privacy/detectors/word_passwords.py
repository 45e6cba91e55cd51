"""Passwords that are words: ``password: opensesame`` alone in its line of YAML or INI, and inside ``Login(user=bob, password=swordfish)``.

Of a word only the place tells that it is a value: a line or a printed object of plain names and values, where program text has brackets
and quotes.
"""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM, DENIED, start_of_run
from otel_smart_agents.privacy.detectors.secret_values import is_placeholder
from otel_smart_agents.privacy.keys import key_hint

_WORD = re.compile(r"[a-z]{2,32}(?:-[a-z]{2,32}){0,6}")
# What is said of passwords, and what stands for one in documents and programs.
_SAID = frozenset(
    """
    required mandatory forbidden encrypted hashed unhashed plaintext plain unchanged rejected accepted matches matched incorrect correct
    strong medium absent present locked unlocked random generated prompt prompted secure insecure sensitive protected private public
    writeonly write-only readonly read-only nullable numeric alphanumeric username single-quoted length always never ignored skipped
    stored saved updated exists existing mismatch mismatched similar common compromised pending success successful confirmed verified
    stdin environment variable literal parameter argument integer boolean unicode varchar callable function default-value unsupported
    candidate hasher hashing cleartext clear-text supplied given entered masked-out plain-text tooshort too-short too-long too-weak
    """.split()  # noqa: SIM905 - words read best as one text
)
_LINE_START = re.compile(r"[ \t]{0,64}(?:[-*>][ \t]{1,4})?[\"']?[\w.\-]{0,64}[\"']?[ \t]{0,8}[=:][ \t]{1,8}")
_LINE_LIMIT = 200
_LINE_END = re.compile(r"[ \t]{0,8}(?:\r?\n|\\r|\\n|[\"']|$)")
_INI_LINE = re.compile(
    r"[ \t]*(?:\[[^\]\n]{1,64}\]|[#;][^\n]{0,200}|[A-Za-z_][A-Za-z0-9_.\-]{0,64}[ \t]*=[ \t]*[^\s\"'(){}\[\];,]{0,128})[ \t\r]*"
)
_PAIR = r"[A-Za-z_][A-Za-z0-9_]{0,64}=[^\s,=()\[\]{}\"']{0,128}"
_OBJECT = re.compile(rf"[A-Z][A-Za-z0-9_.$]{{0,64}}[(\[{{]({_PAIR}(?:, {_PAIR}){{1,24}})[)\]}}]")
_STRUCT = re.compile(r"\{[A-Z][A-Za-z0-9_]{0,64}:[^\s{}\"',]{0,128}(?: [A-Z][A-Za-z0-9_]{0,64}:[^\s{}\"',]{0,128}){1,24}\}")
_OBJECT_LIMIT = 1024
_TYPE = ALNUM + "_.$"


def is_word_password(text: str, start: int, end: int, sign: str) -> bool:
    """Whether the word ``text[start:end]``, tied to the name of a password by ``sign``, is the password."""
    word = text[start:end]
    if len(word) < 6 or _WORD.fullmatch(word) is None or word in _SAID or is_placeholder(word) or key_hint(word) & DENIED:
        return False
    if "pass" in word or "secret" in word:
        return False
    if _begins_line(text, start) and _LINE_END.match(text, end) is not None:
        return sign == ":" or _among_settings(text, start, end)
    return _in_object(text, start, end, sign)


def _begins_line(text: str, start: int) -> bool:
    low = max(0, start - _LINE_LIMIT)
    before = text[low:start]
    line = max(before.rfind("\n") + 1, before.rfind("\\n") + 2 if "\\n" in before else 0)
    return (line > 0 or low == 0) and _LINE_START.fullmatch(before[line:]) is not None


def _among_settings(text: str, start: int, end: int) -> bool:
    """``name = word`` is also how programs copy: the lines around must be those of a file of settings."""
    line, after = text.rfind("\n", 0, start), text.find("\n", end)
    before = text[max(0, line - _LINE_LIMIT) : line].rpartition("\n")[2] if line > 0 else ""
    following = text[after + 1 : after + 1 + _LINE_LIMIT].partition("\n")[0] if after >= 0 else ""
    around = [piece for piece in (before, following) if piece.strip()]
    return bool(around) and all(_INI_LINE.fullmatch(piece) is not None for piece in around)


def _in_object(text: str, start: int, end: int, sign: str) -> bool:
    """Printed by a program of Java or Go: a type's name, then plain names and values; a call passes names on (``user=user``)."""
    low = max(0, start - _OBJECT_LIMIT)
    close = min((place for place in (text.find(bracket, end, end + _OBJECT_LIMIT) for bracket in ")]}") if place >= 0), default=-1)
    opened = max(text.rfind(bracket, low, start) for bracket in "([{")
    if close < 0 or opened < 0:
        return False
    if sign == ":":
        return _STRUCT.fullmatch(text[opened : close + 1]) is not None
    found = _OBJECT.fullmatch(text[start_of_run(text, opened, _TYPE, 64) : close + 1])
    return found is not None and not any(name == value for name, _, value in (pair.partition("=") for pair in found.group(1).split(", ")))
