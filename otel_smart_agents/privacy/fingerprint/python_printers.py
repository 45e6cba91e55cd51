"""Tracebacks as loguru and IPython print them, turned into the interpreter's own form."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.fingerprint.python_group import HEADER

_SPACED = re.compile(r"(Traceback \(most recent call last\):\n)\n((?:  |> )File \")")
_IPYTHON_MARK = "Traceback (most recent call last)\n"
_IPYTHON_HEADER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,256} +Traceback \(most recent call last\)")
_IPYTHON_FILE = re.compile(r"File (.{1,1000}?):[0-9]{1,12}(?:, in ([^(\n]{1,512})\(.*)?")
_IPYTHON_CELL = re.compile(r"(?:Cell|Input) In ?\[[0-9]{1,9}\](?:, line [0-9]{1,12})?(?:, in ([^(\n]{1,512})\(.*|, in <[^\n]{1,64}>.*)?")
_IPYTHON_OLD = re.compile(r"([~/<][^\n]{0,1000}|[A-Za-z]:\\[^\n]{0,1000}) in (<module>|[A-Za-z_][^(\n]{0,512})(?:\(.*)?")


def as_interpreter(text: str) -> str:
    """The text with the header and frame lines that the interpreter would have printed; the same text if nobody else printed it."""
    head = text.find(HEADER)
    if head < 0:
        return _from_ipython(text) if _IPYTHON_MARK in text else text
    if text.startswith(('\n\n  File "', '\n\n> File "'), head + len(HEADER)):
        return _SPACED.sub(r"\1\2", text).replace('\n> File "', '\n  File "')
    return text


def _from_ipython(text: str) -> str:
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        if _IPYTHON_HEADER.fullmatch(line):
            inside = True
            lines.append(HEADER)
            continue
        frame = _frame(line) if inside else ""
        if frame:
            lines.append(frame)
        elif not inside or (line and line[0] not in " \t-"):  # else a source line
            inside = False
            lines.append(line)
    return "\n".join(lines)


def _frame(line: str) -> str:
    cell = _IPYTHON_CELL.fullmatch(line)
    if cell:
        return f'  File "<ipython-input->", line 1, in {cell[1] or "<module>"}'
    found = _IPYTHON_FILE.fullmatch(line) or _IPYTHON_OLD.fullmatch(line)
    return f'  File "{found[1]}", line 1, in {found[2] or "<module>"}' if found else ""
