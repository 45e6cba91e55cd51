"""Database statements: the literals of SQL become ``?``; names and structure stay."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import STATEMENT, Scan, Trigger

_VERB = (
    r"(?:select|insert|update|delete|replace|merge|with|call|exec|execute|grant|copy|upsert"
    r"|create (?:user|role|login)|alter (?:user|role|login))"
)
_STRUCTURE = (
    r"(?i)(?:\bselect\s[^;]*\sfrom\s|\bselect\s+[^a-z\s*]|\b(?:insert|replace|merge|upsert)\s+into\s|\bupdate\s[^;]*\sset\s"
    r"|\bdelete\s+from\s|\bvalues\s*\(|\bcall\s+[a-z_.]+\s*\(|\bexec(?:ute)?\s+[a-z_.@]+\s|\bcopy\s[^;]*\sfrom\s|\bmatch\s*\("
    r"|\b(?:create|alter)\s+(?:user|role|login)\s|\bidentified\s+by\s)"
)
_BEGINS = r"(?i)\A\s*(?:/\*[^*]*\*/\s*|--[^\n]*\n\s*)?(?:explain\s+(?:analyze\s+)?)?" + _VERB + r"\s"
# A statement inside something else: a JSON field, a driver's error message.
_EMBEDDED = (
    r"(?i)(?:(?:sql|query|statement|stmt|command|psql)\\*[\"']?\]?\s?[:=]\s?\\*[\"']*|\[sql: ?|execute\(\\*[\"']+|-[ce] [\"'])\s*"
    + _VERB
    + r"\s"
)
_EMBEDDED_START = re.compile(r"(?i)(?:[:=(]\s{0,2}(\\{0,4}[\"']{1,3})?|\[sql: ?|-[ce] ([\"']))\s{0,4}(?:" + _VERB + r")\s", re.ASCII)
_LITERAL = re.compile(
    r"(?:[NnEeBbXxRr]|_utf8(?:mb4)?)?'(?:[^'\\]|''|\\.)*(?:'|$)|\$\$[^$]*\$\$|\b0x[0-9A-Fa-f]+\b|[0-9][0-9A-Za-z_.]*", re.ASCII | re.DOTALL
)
_DOUBLE = re.compile(r"(?:=|<|>|\bLIKE|\bIN|\bVALUES|\bBY)\s{0,4}(\"(?:[^\"\\\n]|\"\")*\")", re.ASCII | re.IGNORECASE)
_COUNTING = re.compile(
    r"(?:limit|offset|top|fetch first|fetch next|rows|interval|varchar|char|decimal|numeric|\bas|\$|:|[a-z_@#.])\s{0,2}\(?$", re.ASCII
)


def _whole(scan: Scan, _: str) -> None:
    """The text is a statement."""
    _literals(scan, 0, len(scan.text))


def _hinted(scan: Scan, _: str) -> None:
    """The key says that the text is a statement."""
    if scan.hint & STATEMENT:
        _literals(scan, 0, len(scan.text))


def _embedded(scan: Scan, _: str) -> None:
    """A statement inside something else, from its verb on."""
    found = _EMBEDDED_START.search(scan.text)
    if found is not None:
        closing = found.group(1) or found.group(2) or ("]" if found.group().lower().startswith("[sql") else "\x00")
        end = scan.text.find(closing, found.end())
        _literals(scan, found.end(), end if end >= 0 else len(scan.text))


def _literals(scan: Scan, start: int, end: int) -> None:
    text = scan.text
    for found in _LITERAL.finditer(text, start, end):
        begin = found.start()
        if found.group()[0].isdigit():
            if found.group().replace(".", "").isdigit() and not _COUNTING.search(scan.low[max(0, begin - 14) : begin]):
                scan.add(begin, found.end(), "?")
        else:
            scan.add(begin, found.end(), "?")
    if scan.hint & STATEMENT:
        for found in _DOUBLE.finditer(text, start, end):
            # In ANSI SQL double quotes hold names, in MySQL text: after an operator it is text.
            scan.add(found.start(1), found.end(1), "?")


_BOUND = re.compile(r"'(?:[^'\\\n]|\\.){0,4096}'|\"(?:[^\"\\\n]|\\.){0,4096}\"|\b[0-9][0-9.]{0,64}\b", re.ASCII)
_BOUND_LIMIT = 4096
_GIVEN, _GIVEN_END = "input_value=", ", input_type="
_PLAIN_GIVEN = re.compile(r"None|True|False|-?[0-9]{1,4}(?:\.[0-9]{1,4})?|''|\[\]|\{\}|\?|PydanticUndefined", re.ASCII)


def _bound(scan: Scan, _: str) -> None:
    """What a driver reports as bound to a statement (``[parameters: ('bob', 'x')]``); the names of parameters stay."""
    text = scan.text
    place = text.find("[parameters: ")
    while place >= 0:
        start = place + len("[parameters: ")
        stop = min(len(text), start + _BOUND_LIMIT)
        for sign in (")]", "}]", "]]"):
            end = text.find(sign, start, stop)
            stop = end if end >= 0 else stop
        for found in _BOUND.finditer(text, start, stop):
            if text[found.end() : found.end() + 1] != ":":
                scan.add(found.start(), found.end(), "?")
        place = text.find("[parameters: ", stop)


def _given(scan: Scan, _: str) -> None:
    """What a failed validation quotes is what the user gave (``input_value='…', input_type=str``)."""
    text = scan.text
    place = text.find(_GIVEN)
    while place >= 0:
        start = place + len(_GIVEN)
        end = text.find(_GIVEN_END, start, start + _BOUND_LIMIT)
        if end >= 0 and _PLAIN_GIVEN.fullmatch(text[start:end]) is None:
            scan.add(start, end, "?")
        place = text.find(_GIVEN, max(start, end))


TRIGGERS = (
    Trigger("bound", r"\[parameters: ", _bound, literal="[parameters: ", alone=True),
    Trigger("given", r"input_value=[^\n]", _given, literal="input_value=", alone=True),
    Trigger("sql", _STRUCTURE, _hinted, alone=True),
    Trigger("sql-whole", _BEGINS, _whole, needs="sql", alone=True),
    Trigger("sql-embedded", _EMBEDDED, _embedded, needs="sql", alone=True),
)
