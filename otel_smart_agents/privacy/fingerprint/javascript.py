"""JavaScript stacks as printed by V8 (Node.js, Deno, Chrome), Firefox and Safari, and by Node's ``util.inspect`` with causes and groups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from otel_smart_agents.privacy.fingerprint.form import NAME_LENGTH, UNKNOWN, Chain, Frame, Part, Style, bare_type, identifier, type_name
from otel_smart_agents.privacy.fingerprint.javascript_files import library_of, place_of
from otel_smart_agents.privacy.fingerprint.log_lines import class_within
from otel_smart_agents.privacy.fingerprint.shared import in_packages

STYLE = Style("javascript", frozenset({"RangeError", "InternalError"}), whole=False)

_V8 = re.compile(r"[ \t]+at (?:async (?=.))?(.+)")
_POSITION = re.compile(r"(.+?):\d{1,9}(?::\d{1,9})?")
_NATIVE = re.compile(r"<anonymous>|native|\[native code\]|index \d{1,9}|unknown location|")
_GECKO = re.compile(r"[ \t]*([^@\n]{0,512})@(\[native code\]|[^@\s][^@\n]*:\d{1,9}(?::\d{1,9})?)[ \t]*")
_ELIDED = re.compile(r"[ \t]+\.\.\. \d{1,9} (?:lines matching|more)")
_HEAD = re.compile(r"(?:error: )?(?:Uncaught (?:\(in promise\) )?)?\[?([A-Za-z_$][\w$.]{0,256})(?: \[[A-Z0-9_]{1,64}\])?\]?(?:: |:?$|\] )")
_MODULE_LEVEL = frozenset({"global code", "module code", "eval code"})
_ANONYMOUS = "<anonymous>"


@dataclass(slots=True)
class _Open:
    """A member of a chain while its lines are read: the frames of a stack are its last unbroken run of frame lines."""

    name: str
    named: bool = False
    frames: list[Frame] = field(default_factory=list)
    framed: bool = False
    running: bool = False
    inside: str = UNKNOWN  # the class in a line that does not begin with it

    def part(self, leaves: list[Chain] | None = None) -> Part:
        name = self.name if self.name != UNKNOWN else self.inside
        return Part(name, tuple(reversed(self.frames)), self.framed, leaves)


class _Reader:
    """Reads line by line; ``errors`` collects the members of an ``AggregateError`` while its list is open."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        self.packages = packages
        self.chain: list[_Open] = [_Open(UNKNOWN)]
        self.errors: list[list[_Open]] | None = None
        self.indents: list[int] = []  # of the members of each open list
        self.first = True

    @property
    def current(self) -> _Open:
        return self.errors[-1][-1] if self.errors else self.chain[-1]

    def line(self, line: str) -> bool:
        """Read one line; False where the stack has ended."""
        frame = frame_of_line(line, self.packages)
        if frame is not None:
            self.frame(frame)
        elif _ELIDED.match(line) is None:
            if not line.strip() and self.current.running and self.errors is None:
                return False
            self.current.running = False
            self.text(line)
        self.first = False
        return True

    def frame(self, frame: Frame) -> None:
        member = self.current
        if not member.running:
            member.frames = []
            member.running = member.framed = True
        if frame.kind != "hidden" or frame.place:
            member.frames.append(frame)

    def text(self, line: str) -> None:
        bare = line.strip()
        if bare.startswith("[cause]: "):
            (self.errors[-1] if self.errors else self.chain).append(_Open(_named(bare[9:]) or UNKNOWN, named=True))
        elif bare.startswith("[errors]: ["):
            self.indents.append(len(line) - len(line.lstrip()) + 2)
            if self.errors:
                self.errors.pop()  # nested: its members are members of the outer group
            self.errors = self.errors or []
        elif self.indents:
            self.member(line, bare)
        elif not self.current.named and not self.current.framed:
            self.head(line)

    def member(self, line: str, bare: str) -> None:
        """Within a list: the line that opens its next member, or the one that closes it."""
        indent = self.indents[-1]
        if bare.startswith("]"):
            self.indents.pop()
        elif self.errors is not None and line[:indent].isspace() and line[indent : indent + 1].strip():
            name = bare_type(_named(bare) or UNKNOWN)
            if name != UNKNOWN:
                self.errors.append([_Open(name, named=True)])

    def head(self, line: str) -> None:
        """The class before the message: the first word with an exception's ending, else the very first word of the text."""
        name = _named(line)
        if name and (bare_type(name) != UNKNOWN or (self.first and name[:1].isupper())):
            self.current.name = name
            self.current.named = bare_type(name) != UNKNOWN
        elif self.current.inside == UNKNOWN:
            self.current.inside = type_name(class_within(line).replace("$", "_"))

    def parts(self) -> list[Part]:
        parts = [member.part() for member in self.chain]
        if self.errors:
            leaves: list[Chain] = [[member.part() for member in leaf] for leaf in self.errors]
            parts[0] = self.chain[0].part(leaves)
        return parts


def chain_of_text(text: str, packages: tuple[str, ...]) -> Chain:
    """The chain in print order: the error, then its causes."""
    reader = _Reader(packages)
    for line in text.split("\n"):
        if not reader.line(line):
            break
    return reader.parts()


def frame_of_line(line: str, packages: tuple[str, ...] = ()) -> Frame | None:
    """The frame on this line; ``None`` if it is no frame line. Native code gives a hidden frame without a place."""
    match = _V8.fullmatch(line)
    if match:
        body = match[1].rstrip(",{ \t") or match[1][0]
        name, place = body.split(" (", 1) if body.endswith(")") and " (" in body else ("", body)
        return _frame(name, place.removesuffix(")") if name else place, packages)
    match = _GECKO.fullmatch(line)
    return _frame(match[1], match[2], packages) if match else None


def _frame(name: str, location: str, packages: tuple[str, ...]) -> Frame | None:
    if _NATIVE.fullmatch(location):
        return Frame("hidden", "", "")
    position = _POSITION.fullmatch(location)
    if position is None:
        return None
    function = function_name(name)
    place = place_of(position[1])
    library = library_of(place)
    own = in_packages(library[1] if library else place, packages, anywhere=library is None)
    if own:
        return Frame("fixed", own, function)
    if library:
        return Frame("library", library[1], function or _ANONYMOUS, library[0])
    if not function:
        return Frame("hidden", place, "")
    return Frame("fixed" if place.startswith("<") else "app", place, function)


def function_name(name: str) -> str:
    """The bare name of a function: no receiver, alias, ``async``, ``new``, ``get`` or ``set``; ``""`` for module level."""
    bare = name.partition(" [as ")[0].rpartition("*")[2].strip()
    if bare in _MODULE_LEVEL:
        return ""
    bare = bare.rpartition(" ")[2].rpartition(".")[2].rpartition("/")[2]
    if not bare or bare.startswith("<") or bare.endswith("<") or bare == "anonymous":
        return _ANONYMOUS
    return bare[:NAME_LENGTH] if identifier(bare.replace("$", "_").replace("#", "_")) else "<dyn>"


def _named(line: str) -> str:
    match = _HEAD.match(line)
    name = type_name(match[1].replace("$", "_")) if match else UNKNOWN
    return "" if name == UNKNOWN else name
