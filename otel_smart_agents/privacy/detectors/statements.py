"""Database statements: the literals of SQL become ``?``; names and structure stay."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import STATEMENT, Scan, Trigger

_VERBS = re.compile(
    r"(?:SELECT\s[^;]{0,4000}?\sFROM\s|INSERT\s+INTO\s|REPLACE\s+INTO\s|UPDATE\s[^;]{1,400}?\sSET\s|DELETE\s+FROM\s|MERGE\s+INTO\s|CALL\s+[a-z_.]+\s*\("
    r"|EXEC(?:UTE)?\s+[a-z_.@]+\s|CREATE\s+(?:USER|ROLE|LOGIN)\s|ALTER\s+(?:USER|ROLE|LOGIN)\s|GRANT\s[^;]{1,400}?\sTO\s|WITH\s[^;]{1,400}?\sAS\s*\(|VALUES\s*\("
    r"|COPY\s[^;]{1,200}?\sFROM\s|UPSERT\s+INTO\s|MATCH\s*\(|IDENTIFIED\s+BY\s)",
    re.ASCII | re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\s{0,16}(?:/\*.{0,256}?\*/\s{0,4}|--[^\n]{0,256}\n\s{0,4})?(?:EXPLAIN\s+(?:ANALYZE\s+)?)?"
    r"(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH|CALL|EXEC|EXECUTE|CREATE|ALTER|GRANT|COPY|UPSERT)\s",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
# A statement inside something else: a JSON field, a driver's error message.
_EMBEDDED = re.compile(
    r"(?:(?i:sql|query|statement|stmt|command)\\{0,4}[\"']?\]?\s{0,2}[:=]\s{0,2}\\{0,4}[\"']{0,3}|\[SQL: ?|execute\(\\{0,4}[\"']{1,3})\s{0,4}"
    r"(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH|CALL|EXEC|CREATE USER|ALTER USER)\s",
    re.ASCII | re.IGNORECASE,
)
_LITERAL = re.compile(
    r"(?:[NnEeBbXxRr]|_utf8(?:mb4)?)?'(?:[^'\\]|''|\\.)*(?:'|$)|\$\$[^$]*\$\$|\b0x[0-9A-Fa-f]+\b|[0-9][0-9A-Za-z_.]*", re.ASCII | re.DOTALL
)
_DOUBLE = re.compile(r"(?:=|<|>|\(|,|\bLIKE|\bIN|\bVALUES|\bBY)\s{0,4}(\"(?:[^\"\\\n]|\"\")*\")", re.ASCII | re.IGNORECASE)
_COUNTING = re.compile(r"(?:limit|offset|top|fetch first|fetch next|rows|interval|varchar|char|decimal|numeric|\bas|\$|:|[a-z_@#.])\s{0,2}\(?$", re.ASCII)


def _statements(scan: Scan, _: str) -> None:
    text = scan.text
    start = _start(scan)
    if start < 0 or not _VERBS.search(text, start):
        return
    end = len(text)
    for found in _LITERAL.finditer(text, start):
        begin = found.start()
        if found.group()[0].isdigit():
            if found.group().replace(".", "").isdigit() and not _COUNTING.search(scan.low[max(0, begin - 14) : begin]):
                scan.add(begin, found.end(), "?")
        elif len(found.group()) > 2 or found.group() == "'":
            scan.add(begin, found.end(), "?")
    for found in _DOUBLE.finditer(text, start, end):
        # In ANSI SQL double quotes hold names, in MySQL text: after an operator it is text.
        if len(found.group(1)) > 2 and scan.hint & STATEMENT and not found.group().lower().startswith((",", "(")):
            scan.add(found.start(1), found.end(1), "?")


def _start(scan: Scan) -> int:
    """Where the statement starts: the whole value, or what stands in a field for statements; -1 when there is none."""
    if scan.hint & STATEMENT or _BEGINS.match(scan.text):
        return 0
    found = _EMBEDDED.search(scan.text)
    return found.end() if found else -1


TRIGGERS = (
    Trigger(
        "sql",
        r"(?i)(?:\b(?:select|insert|update|delete|replace|merge|call|exec|execute|values|create|alter|with|copy|upsert)\s[^;]*['0-9\"$])",
        _statements,
    ),
)
