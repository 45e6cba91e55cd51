"""Java and Kotlin stacks as ``Throwable.printStackTrace``, Logback and Log4j print them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from otel_smart_agents.privacy.fingerprint.form import NAME_LENGTH, UNKNOWN, Chain, Frame, Part, Style, bare_type, identifier, type_name
from otel_smart_agents.privacy.fingerprint.java_names import LIBRARY_PREFIXES
from otel_smart_agents.privacy.fingerprint.log_lines import class_within

STYLE = Style("java", frozenset({"StackOverflowError"}), whole=False)

_SOURCE = (
    r"(?:Native Method|Unknown Source|<generated>"
    r"|[^():\n]{0,200}\.(?:java|kts?|scala|groovy|clj|jsp)(?::\d{1,9})?"
    r"|(?:SourceFile|Unknown)?:-?\d{1,9})"
)
_FRAME = re.compile(r"[ \t]+at ([^ \t(\n][^(\n]{0,1000})\(" + _SOURCE + r"\)(?:[ \t]+~?\[[^\]\n]{0,200}\])?[ \t]*")
_CAUSE = re.compile(r"(?:Caused by|Wrapped by): (.*)")
_SUPPRESSED = re.compile(r"[ \t]+Suppressed: ")
_ELIDED = re.compile(r"[ \t]+\.\.\. \d{1,9} (?:more|common frames omitted)")
_HEAD = re.compile(r"(?:Exception in thread \"[^\"\n]{0,200}\" )?((?:[\w$]{1,128}\.){1,32}[\w$]{1,128})(?::|[ \t]*$)")
_HIDDEN_CLASS = re.compile(r"\$\$Lambda(?:\$\d{1,9})?/(?:0x)?[0-9a-f]{1,16}")
_LAMBDA_METHOD = re.compile(r"(?:(?:lambda|\$anonfun)\$(\w{1,128}?)\$\d{1,9}(?:\$\w{1,32})?|(\w{1,128}?)\$lambda(?:[$-]\w{1,64}){0,16})")
_ACCESSOR = re.compile(r"access\$\w+")
_INITIALISERS = frozenset({"<init>", "<clinit>"})


@dataclass(slots=True)
class _Open:
    """A member of the chain while its lines are read: its frames are the last unbroken run of frame lines before the next member."""

    name: str = UNKNOWN
    frames: list[Frame] = field(default_factory=list)
    framed: bool = False
    running: bool = False
    inside: str = UNKNOWN  # the class in a line that does not begin with it

    def add(self, frame: Frame) -> None:
        if not self.running:
            self.frames = []
            self.running = self.framed = True
        self.frames.append(frame)

    def part(self) -> Part:
        return Part(self.name if self.name != UNKNOWN else self.inside, tuple(reversed(self.frames)), self.framed)


class _Reader:
    def __init__(self, packages: tuple[str, ...]) -> None:
        self.packages = packages
        self.members = [_Open()]
        self.skipping = False

    def line(self, line: str) -> bool:
        """Read one line; False where this stack has ended and another record begins."""
        self.skipping = (self.skipping and line[:1] in {" ", "\t"}) or _SUPPRESSED.match(line) is not None
        if self.skipping or _ELIDED.match(line):
            return True
        member = self.members[-1]
        frame = frame_of_line(line, self.packages)
        if frame is not None:
            member.add(frame)
            return True
        cause = _CAUSE.match(line)
        if cause:
            self.members.append(_Open(_printed_type(cause[1])))
            return True
        ended = member.running and not line.strip()
        member.running = False
        return not ended and self.head(line, member)

    def head(self, line: str, member: _Open) -> bool:
        """Take the exception's name: before the frames the first with an exception's ending; after them a name opens another record."""
        name = _printed_type(line)
        if member.framed:
            return bare_type(name) == UNKNOWN
        if name != UNKNOWN and len(self.members) == 1 and bare_type(member.name) == UNKNOWN:
            member.name = name
        elif name == UNKNOWN and member.inside == UNKNOWN:
            member.inside = _printed_type(class_within(line))
        return True


def chain_of_text(text: str, packages: tuple[str, ...]) -> Chain:
    """The chain in print order: the exception, then its causes. Suppressed exceptions are left out."""
    reader = _Reader(packages)
    for line in text.split("\n"):
        if not reader.line(line):
            break
    return [member.part() for member in reader.members]


def frame_of_line(line: str, packages: tuple[str, ...] = ()) -> Frame | None:
    """The frame on this line; ``None`` if it is no frame line."""
    match = _FRAME.fullmatch(line)
    if match is None:
        return None
    printed = _HIDDEN_CLASS.sub("$$Lambda", match[1]).rpartition("/")[2]  # class loader and module come before the last slash
    owner, _, method = printed.rpartition(".")
    if not owner:
        return None
    package, dot, name = owner.rpartition(".")
    if "$$" in name or name.startswith("$") or _ACCESSOR.fullmatch(method):
        return Frame("library", owner, "")  # generated: neither a place nor a library
    outer, scope = _class_name(name)
    function = f"{scope}.<lambda>" if scope else method_name(method)
    place = package + dot + outer
    library = None if any(f"{owner}.".startswith(f"{own}.") for own in packages) else _library(owner)
    return Frame("library", place, function, library) if library else Frame("fixed", place, function)


def _class_name(name: str) -> tuple[str, str]:
    """``Outer$Inner`` without the numbers of anonymous classes; and the function whose lambda a Kotlin class is (``Runner$run$1``)."""
    parts = name.split("$")
    kept = 1
    while kept < len(parts) and parts[kept][:1].isupper():
        kept += 1
    scope = parts[kept] if kept < len(parts) else ""
    return "$".join(parts[:kept]), scope if scope[:1].islower() and identifier(scope) else ""


def method_name(method: str) -> str:
    """``<init>``, ``run`` or, for a lambda, ``run.<lambda>`` without its number."""
    if method in _INITIALISERS:
        return method
    match = _LAMBDA_METHOD.fullmatch(method)
    if match:
        return f"{match[1] or match[2]}.<lambda>"
    bare = method.removesuffix("$default")
    return bare[:NAME_LENGTH] if identifier(bare.replace("$", "_")) else "<dyn>"


def _library(owner: str) -> str:
    """The first two components of a library's package, ``""`` for an application class."""
    parts = owner.split(".")
    for count in (1, 2, 3):
        if count < len(parts) and ".".join(parts[:count]) in LIBRARY_PREFIXES:
            return ".".join(parts[:2])
    return ""


def _printed_type(line: str) -> str:
    match = _HEAD.match(line)
    return type_name(match[1].rpartition("$")[2] if "$" in match[1].rpartition(".")[2] else match[1]) if match else UNKNOWN
