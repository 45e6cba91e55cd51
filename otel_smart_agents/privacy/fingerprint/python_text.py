"""A printed Python traceback as a chain of parts. Every pattern here reads its text once: time grows with the length alone."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.fingerprint.form import UNKNOWN, Chain, Part, bare_type, type_name
from otel_smart_agents.privacy.fingerprint.log_lines import PREFIX_LENGTH, has_prefix, without_prefix
from otel_smart_agents.privacy.fingerprint.python_frames import frame_of
from otel_smart_agents.privacy.fingerprint.python_group import FIRST_MEMBER, GROUP_HEADER, LINKS, Segment, split_groups
from otel_smart_agents.privacy.fingerprint.python_printers import as_interpreter

_HEAD = re.compile(r"(?:  \+ )?(?:Exception Group )?Traceback \(most recent call last\):(?=[ \t]*\n[^\n]{0,512}  File \")")
_TRACEBACK = r"(?:Exception Group )?Traceback \(most recent call last\):[ \t]*(?=\n  File \")"  # it is never printed without a frame
_START = re.compile(rf"^{_TRACEBACK}", re.MULTILINE)
_HEADLESS = re.compile(r"^(?=  File \")", re.MULTILINE)
_FRAME = re.compile(r"^  File \"(.*)\", line (?:\d{1,12}|None|\?), in (.*)$", re.MULTILINE)
_EXCEPTION = re.compile(r"\n(?=[^ \t\n])")  # the first line in column 0 ends the frames: whatever a message imitates comes after it
_LINK = rf"\n(?:{'|'.join(re.escape(link) for link in sorted(LINKS))})\n"
_NEXT = re.compile(rf"{_LINK}\n{_TRACEBACK}")
_NEXT_BARE = re.compile(rf"{_LINK}\n(?=[^\s:]+(?::|$))", re.MULTILINE)
_ANY_LINK = re.compile(_LINK)
_LINES_READ_FOR_TYPE = 50


def chain_of_text(text: str, packages: tuple[str, ...]) -> Chain:
    """The chain in the order in which it was printed; without any frame one part with the exception's name, if one can be seen."""
    grouped = FIRST_MEMBER in text or GROUP_HEADER in text
    text = as_interpreter(_without_prefix(text, grouped=grouped))
    if grouped:
        return _chain(split_groups(text), packages)
    return _parts(text, packages)[0] or [_bare(text)]


def _without_prefix(text: str, *, grouped: bool) -> str:
    """Cut what a log formatter, a container runtime or an indentation put before every line from the first header on."""
    head = _HEAD.search(text)
    if head is None:
        return text
    line_start = text.rfind("\n", 0, head.start()) + 1
    prefix = text[line_start : head.start()]
    if not prefix or (grouped and ((prefix.strip(" |") == "" and "|" in prefix) or FIRST_MEMBER in text[:line_start])):
        return text
    first, *rest = text[head.start() :].split("\n")
    if not rest or len(prefix) > PREFIX_LENGTH or not has_prefix(rest[0], prefix):
        return text[head.start() :]
    return "\n".join([first, *without_prefix(rest, prefix)])


def _chain(segments: list[Segment], packages: tuple[str, ...]) -> list[Part]:
    parts: list[Part] = []
    for index, segment in enumerate(segments):
        if index and not _ANY_LINK.match("\n" + segment.text.lstrip("\n")):
            break  # what follows a group without a link is another log record
        found, end = _parts(segment.text, packages)
        if segment.members is not None:
            leaves = [_chain(member, packages) for member in segment.members]
            named = found.pop() if found and not _NEXT_BARE.search(segment.text, end) else Part(UNKNOWN)  # never raised: no header
            found.append(Part(named.type_name, named.frames, named.framed, leaves))
        elif index and not found:
            found = [_bare(segment.text)]  # never raised, but it says that the chain does not end with the group
        parts += found
    return parts or [_bare(segment.text) for segment in segments[-1:]]


def _parts(text: str, packages: tuple[str, ...]) -> tuple[list[Part], int]:
    """The members of a chain that have a traceback, and where the message of the last begins.

    A member without one (never raised) is not told from message text, so it is left out.
    """
    parts: list[Part] = []
    stop = 0
    start = _first(text)
    while start is not None:
        end = _EXCEPTION.search(text, start.end())
        stop = end.start() if end else max(text.rfind("\n"), start.end())  # a text that was cut off may end inside a name
        frames = [frame_of(file, name, packages) for file, name in _FRAME.findall(text, start.end(), stop)]
        parts.append(Part(_type_at(text, stop + 1) if end else UNKNOWN, frames, framed=True))
        start = _NEXT.search(text, stop)
    return parts, stop


def _first(text: str) -> re.Match[str] | None:
    """Where the first traceback starts: at its header, or at the first frame line of a text whose head was cut off."""
    header = _START.search(text)
    frame = _HEADLESS.search(text, 0, header.start() if header else len(text))
    return frame if frame and _cut_off(text[: frame.start()]) else header


def _cut_off(before: str) -> bool:
    """Whether frame lines without a header follow the rest of a cut text; else they are the message of an exception without frames."""
    first, *rest = before.split("\n")
    return _type_of_line(first) == UNKNOWN and all(not line or line[0] in " \t" for line in rest)


def _type_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return _type_of_line(text[start : end if end >= 0 else len(text)])


def _type_of_line(line: str) -> str:
    printed = line.partition(": ")[0]
    return type_name(printed.rstrip().removesuffix(":"))


def _bare(text: str) -> Part:
    """The exception's name in a text without frames: that of the last member of the chain, the one that reached the caller."""
    last = 0
    for link in _NEXT_BARE.finditer(text):
        last = link.end()
    for line in text[last:].lstrip("\n").split("\n", _LINES_READ_FOR_TYPE)[:_LINES_READ_FOR_TYPE]:
        name = _type_of_line(line)
        if name != UNKNOWN and line[0] not in " \t":
            return Part(bare_type(name))  # what follows may be its message
    return Part(UNKNOWN)
