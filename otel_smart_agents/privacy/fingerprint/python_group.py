"""Exception groups in printed form: margins of ``|`` and rules of ``+---`` turned back into a tree of texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FIRST_MEMBER = "+-+---------------- 1 ----------------"
HEADER = "Traceback (most recent call last):"
LINKS = frozenset(
    {
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    }
)
GROUP_HEADER = "  + Exception Group Traceback (most recent call last):"

_LINE = re.compile(
    r"((?:  )+)(?:(?P<first>\+-)?\+-{16} (?P<title>\d{1,9}|\.\.\.) -{16}|(?P<close>\+-{36})|[|+](?: (?P<content>.*))?)[ \t]*", re.DOTALL
)
_DEEPEST = 24  # ``traceback`` stops at 10 levels; deeper margins are message text


@dataclass(slots=True)
class Segment:
    """A run of chain text; ``members`` are the texts of the group that ends it, ``None`` if it does not end with a group."""

    text: str
    members: list[list[Segment]] | None = None


@dataclass(slots=True)
class _Level:
    segments: list[Segment] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    filled: bool = False  # whether a line has text: asked for every member, so it must not read the lines again

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.filled = self.filled or bool(line)

    def open_group(self) -> None:
        self.segments.append(Segment(self._taken(), []))

    def close(self) -> None:
        filled, text = self.filled, self._taken()
        if filled:
            self.segments.append(Segment(text))

    def _taken(self) -> str:
        text = "\n".join(self.lines)
        self.lines.clear()
        self.filled = False
        return text


class _Tree:
    """Margins of two spaces a level; level 1 is also the text without a margin.

    Messages may imitate margins. After the header of a plain traceback a margin is message text, until a link or a group's own header.
    """

    def __init__(self) -> None:
        self.levels = [_Level()]
        self.closed = False
        self.plain = False
        self.linked = False
        self.entered = False

    def text(self, line: str) -> None:
        """A line without a margin: after a closed group the chain goes on; before, it is a message line (the C printer indents none)."""
        if self.closed:
            self.back_to(1)
            self.entered = False
        if len(self.levels) == 1:
            self.plain = self.plain or line == HEADER
            self.linked = line in LINKS or (self.linked and not line)
            self.levels[0].add(line)

    def margin(self, match: re.Match[str]) -> None:
        if len(self.levels) == 1 and self.plain:
            if not self.linked and match[0] != GROUP_HEADER:
                self.levels[0].add(match[0])
                return
            self.plain = self.linked = False
        depth = len(match[1]) // 2
        title = match["title"]
        if match["close"]:
            self.closed = True
        elif title is None:
            self.content(depth, match["content"] or "")
        elif match["first"]:
            self.first_member(depth)
        else:
            self.next_member(depth, shown=title != "...")

    def content(self, depth: int, line: str) -> None:
        self.closed = False
        if depth <= len(self.levels):
            self.back_to(depth)
            self.levels[-1].add(line)
            self.entered = True

    def first_member(self, depth: int) -> None:
        # A group has said its name within the margin before its first member, and after the members of the group before it.
        if self.entered and depth <= min(len(self.levels), _DEEPEST) and self.levels[depth - 1].filled:
            self.back_to(depth)
            self.levels[-1].open_group()
            self.add_member(shown=True)

    def next_member(self, depth: int, *, shown: bool) -> None:
        if 2 <= depth <= len(self.levels):
            self.back_to(depth - 1)
            self.add_member(shown=shown)

    def add_member(self, *, shown: bool) -> None:
        level = _Level()
        members = self.levels[-1].segments[-1].members
        if shown and members is not None:
            members.append(level.segments)
        self.levels.append(level)
        self.closed = False

    def back_to(self, depth: int) -> None:
        for level in self.levels[depth:]:
            level.close()
        del self.levels[depth:]
        self.closed = False


def split_groups(text: str) -> list[Segment]:
    """The text of a chain, cut at its groups; every member of a group is again such a list."""
    tree = _Tree()
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match:
            tree.margin(match)
        else:
            tree.text(line)
    tree.back_to(1)
    tree.levels[0].close()
    return tree.levels[0].segments
