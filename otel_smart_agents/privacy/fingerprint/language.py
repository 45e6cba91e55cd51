"""Which language printed a text, told by what comes first in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from otel_smart_agents.privacy.fingerprint import golang, java, javascript, python_text
from otel_smart_agents.privacy.fingerprint.form import PYTHON, Chain, Style
from otel_smart_agents.privacy.fingerprint.log_lines import dedented, escaped_stack, unprefixed
from otel_smart_agents.privacy.fingerprint.python_group import HEADER

Parser = Callable[[str, tuple[str, ...]], Chain]

_PYTHON_FRAME = '\n  File "'
_AT_LINE = re.compile(r"^[ \t]+at .+$", re.MULTILINE)
_GECKO_LINE = re.compile(r"^[^@\n]{0,512}@[^@\s][^@\n]*:\d{1,9}:\d{1,9}[ \t]*$", re.MULTILINE)
_GO_LINE = re.compile(r"^goroutine \d{1,20} |^\t\S.*\.(?:go|s):\d{1,9}(?: \+0x[0-9a-f]+)?$", re.MULTILINE)
_GOROUTINE = re.compile(r"goroutine [0-9]{1,20} \[[^\]\n]{1,200}\]:")
_FOREIGN_HEAD = re.compile(r"\s*(?:Uncaught |Exception in thread )?[\w$.\"]*(?:Error|Exception)(?: \[\w+\])?: ")
_LINES_TRIED = 200  # of one kind, before a text is taken to have none


def parse(text: str, packages: tuple[str, ...]) -> tuple[Chain, Style]:
    """The chain of a printed stack and the style of its language; Python where nothing tells another one."""
    found = _parse(text, packages)
    if not _framed(found[0]) and "\\n" in text:
        inner = escaped_stack(text)
        within = _parse(inner, packages) if inner else found
        return within if _framed(within[0]) else found
    return found


def _framed(chain: Chain) -> bool:
    return any(part.framed or part.leaves for part in chain)


def _parse(text: str, packages: tuple[str, ...]) -> tuple[Chain, Style]:
    head = text.find(HEADER)
    if head >= 0 or text.startswith('  File "') or _PYTHON_FRAME in text:
        foreign = _foreign(text, packages) if head > 0 and _FOREIGN_HEAD.match(text) else None
        return foreign or (python_text.chain_of_text(text, packages), PYTHON)
    return _foreign(text, packages) or _prefixed(text, packages) or (python_text.chain_of_text(text, packages), PYTHON)


def _prefixed(text: str, packages: tuple[str, ...]) -> tuple[Chain, Style] | None:
    bare = unprefixed(text, _is_start)
    return _foreign(bare, packages) if bare is not None else None


def _is_start(line: str) -> bool:
    return any(read(line, ()) is not None for read in (java.frame_of_line, javascript.frame_of_line)) or _GOROUTINE.match(line) is not None


def _foreign(text: str, packages: tuple[str, ...]) -> tuple[Chain, Style] | None:
    text = dedented(text)
    found = [(place, parser, style) for place, parser, style in _candidates(text) if place >= 0]
    if not found:
        return None
    _, parser, style = min(found, key=lambda item: item[0])
    chain = parser(text, packages)
    return (chain, style) if _framed(chain) else None


def _candidates(text: str) -> list[tuple[int, Parser, Style]]:
    go = _GO_LINE.search(text)
    return [
        (go.start() if go else -1, golang.chain_of_text, golang.STYLE),
        (_first(_AT_LINE, text, java.frame_of_line), java.chain_of_text, java.STYLE),
        (_first(_AT_LINE, text, javascript.frame_of_line), javascript.chain_of_text, javascript.STYLE),
        (_first(_GECKO_LINE, text, javascript.frame_of_line), javascript.chain_of_text, javascript.STYLE),
    ]


def _first(pattern: re.Pattern[str], text: str, frame_of_line: Callable[[str, tuple[str, ...]], object]) -> int:
    for tried, match in enumerate(pattern.finditer(text)):
        if frame_of_line(match[0], ()) is not None:
            return match.start()
        if tried >= _LINES_TRIED:
            break
    return -1
