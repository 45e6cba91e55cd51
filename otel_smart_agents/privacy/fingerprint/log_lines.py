"""What loggers and container runtimes put before the lines of a stack: the same text on each, with numbers of its own (times, counters)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX_LENGTH = 512
_LINES_TRIED = 200  # lines that may have a prefix, before a text is taken to have none
_NUMBER = re.compile(r"[0-9]+")
_STACK_STARTS = ("    at ", "\tat ", "goroutine ")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPED_STACK = re.compile(
    r"Traceback \(most recent call last\):\\n|\\n    at |\\n\\tat |goroutine [0-9]{1,20} \[[^\]\n]{1,200}\]:\\n", re.ASCII
)
_CLASS_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$")


def without_prefix(lines: list[str], prefix: str) -> list[str]:
    """What follows the prefix on each line that has it, whatever its numbers are; the other lines are left out."""
    whole, bare = re.compile(_pattern(prefix)), re.compile(_pattern(prefix.rstrip()))
    kept = []
    for line in lines:
        match = whole.match(line)
        if match:
            kept.append(line[match.end() :])
        elif bare.fullmatch(line.rstrip()):
            kept.append("")
    return kept


def has_prefix(line: str, prefix: str) -> bool:
    """Whether a line has the prefix but for its numbers."""
    return re.match(_pattern(prefix), line) is not None


def _pattern(prefix: str) -> str:
    """Numbers may have any length, but not where the prefix ends with one: what follows could begin with a digit."""
    last = len(prefix) - len(prefix.rstrip("0123456789"))
    head = prefix[: len(prefix) - last]
    return "[0-9]+".join(map(re.escape, _NUMBER.split(head))) + "[0-9]" * last


def unprefixed(text: str, is_frame: Callable[[str], bool]) -> str | None:
    """The text without what stands before its frames, ``None`` if nothing does."""
    lines = text.split("\n")
    for line in lines[:_LINES_TRIED]:
        for start in _STACK_STARTS:
            place = line.find(start, 1, PREFIX_LENGTH + len(start))
            if place > 0 and line[:place].strip() and is_frame(line[place:]):
                return "\n".join(without_prefix(lines, _least(lines, line[:place])))
    return None


def _least(lines: list[str], prefix: str) -> str:
    """The prefix without blanks that are the indentation of a nested stack: some line has fewer of them."""
    bare = prefix.rstrip(" ")
    pattern, blanks = re.compile(_pattern(bare)), len(prefix) - len(bare)
    for line in lines[:_LINES_TRIED]:
        match = pattern.match(line)
        rest = line[match.end() :] if match else ""
        if rest.strip():
            blanks = min(blanks, len(rest) - len(rest.lstrip(" ")))
    return bare + " " * blanks


def dedented(text: str) -> str:
    """The text without the indentation of its first line that has any text, which is no frame."""
    first = next((line for line in text.split("\n", _LINES_TRIED)[:_LINES_TRIED] if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    if not indent or first[len(indent) :].startswith("at ") or re.search(r"\.(?:go|s):[0-9]+(?: \+0x[0-9a-f]+)?\Z", first):
        return text
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))


def class_within(line: str) -> str:
    """The first word like ``package.SomeError:`` of a line, without the colon; ``""`` if there is none."""
    words = line.split()
    for index, word in enumerate(words):
        name = word.rpartition('"')[2].lstrip("[(<'")
        bare = name.removesuffix(":")
        ends = bare != name or index + 1 == len(words) or (words[index + 1].startswith("[") and words[index + 1].endswith("]:"))
        if ends and bare.endswith(("Error", "Exception")) and _CLASS_CHARACTERS.issuperset(bare):
            return bare
    return ""


def unescaped(text: str) -> str:
    """The text without the escapes of JSON or ``repr``."""
    return _ESCAPED.sub(lambda match: {"n": "\n", "t": "\t", "r": ""}.get(match[1], match[1]), text)


def escaped_stack(text: str) -> str | None:
    """The stack in a string of JSON or a log line, without the escapes and what surrounds the string; ``None`` if there is none."""
    found = _ESCAPED_STACK.search(text)
    if found is None:
        return None
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.start())
    line, place = text[start : end if end >= 0 else len(text)], found.start() - start
    if '  File "' not in line:  # the quotes of a string in double quotes would be escaped
        opening, closing = _quote_before(line, place), _quote_after(line, place)
        line = line[opening + 1 : closing] if opening >= 0 else line
    return unescaped(line)


def _quote_before(line: str, place: int) -> int:
    while place >= 0:
        place = line.rfind('"', 0, place)
        if place <= 0 or line[place - 1] != "\\":
            break
    return place


def _quote_after(line: str, place: int) -> int:
    place = line.find('"', place)
    while place > 0 and line[place - 1] == "\\":
        place = line.find('"', place + 1)
    return place if place >= 0 else len(line)
