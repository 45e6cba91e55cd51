"""The canonical form: what one stack is reduced to before it is hashed. The same for every language.

A form is lines of text. ``T name`` opens one member of a chain (its exception type), ``A place:function`` is an application frame,
``L name`` the first library below the last application frame, ``F place:function`` a library frame of a stack without application frames,
and ``(`` and ``)`` enclose one leaf of an exception group. The first line names the language.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from otel_smart_agents.privacy.fingerprint.repeats import Repeats, collapse
from otel_smart_agents.privacy.fingerprint.shared import SharedPlaces

FRAMES_KEPT = 8  # the innermost ones: what called them from further out varies between installations
MEMBERS_KEPT = 8  # of one chain, the last ones printed
NAME_LENGTH = 128
UNKNOWN = "?"

# Without a frame there is nothing that tells an exception line from any other text: only these endings make a word an exception's name.
_CLASS_ENDINGS = ("Error", "Exception", "Warning", "Exit", "Interrupt", "Group", "Iteration", "Timeout", "Fault", "error", "timeout")

Kind = Literal["app", "fixed", "hidden", "library"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame after classification.

    Attributes:
        kind: ``app`` has a file path that is still to be made relative; ``fixed`` is an application frame whose place is final; ``hidden``
            is an application frame that is dropped (module level, comprehension) but still ends the libraries above it; ``library``.
        place: path without extension, lower case, or a fixed place such as ``<dyn>``.
        function: bare name; empty for a library frame that only names its package.
        package: top package name of a library frame.
    """

    kind: Kind
    place: str
    function: str
    package: str = ""

    @property
    def key(self) -> str:
        """Place and function as one text."""
        return f"{self.place}:{self.function}"


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a chain: an exception with its own frames, outermost first; ``leaves`` is set for an exception group."""

    type_name: str
    frames: Sequence[Frame] = ()
    framed: bool = False
    leaves: Sequence[Sequence[Part]] | None = None


Chain = Sequence[Part]


@dataclass(frozen=True, slots=True)
class Style:
    """What differs between languages: the first line, and how a stack that overflowed is cut.

    Attributes:
        language: first line of the form.
        overflow: type names of "recursion too deep": where exactly such a stack breaks off is chance.
        whole: True if the outermost frames of such a stack are printed; else only a window of the recursion is seen, at a chance phase.
    """

    language: str
    overflow: frozenset[str] = field(default_factory=frozenset)
    whole: bool = True


PYTHON = Style("python", frozenset({"RecursionError"}))


def identifier(name: str) -> bool:
    """True for ASCII letters, digits and underscore, and everything beyond ASCII: a rule that every language reads the same."""
    if name.isascii():
        return name.replace("_", "a").isalnum()
    return all(char == "_" or char >= "\x80" or char.isalnum() for char in name)


def type_name(printed: str) -> str:
    """The class name in ``package.module.Outer.Name[Param]``, or ``?`` where that is not an identifier."""
    name = printed.partition("[")[0].rpartition(".")[2]
    return name[:NAME_LENGTH] if name and identifier(name) else UNKNOWN


def render(chain: Chain, style: Style) -> str:
    """The canonical form of a whole chain."""
    return "\n".join([style.language, *_Form(chain, style).chain_lines(chain)])


def digest(canonical: str, *, key: bytes = b"") -> str:
    """``v1:`` and the first 16 hexadecimal digits of SHA-256, or of HMAC-SHA-256 under an organisation-wide key."""
    data = canonical.encode("utf-8", "replace")
    value = hmac.new(key, data, hashlib.sha256).hexdigest() if key else hashlib.sha256(data).hexdigest()
    return f"v1:{value[:16]}"


def _frames(chain: Chain) -> Iterator[Frame]:
    pending = [chain]
    while pending:
        for part in pending.pop():
            yield from part.frames
            pending.extend(part.leaves or ())


def bare_type(name: str) -> str:
    """``name`` if it has an exception's ending, else ``?``."""
    return name if name.endswith(_CLASS_ENDINGS) else UNKNOWN


class _Form:
    """One form in the making. Its members share the directory that paths are relative to, and whether there is application code at all."""

    def __init__(self, chain: Chain, style: Style) -> None:
        frames = [frame for frame in _frames(chain) if frame.kind in {"app", "fixed"}]
        self.style = style
        self.application = bool(frames)
        self.shared = SharedPlaces(frame.place for frame in frames if frame.kind == "app")

    def chain_lines(self, chain: Chain) -> list[str]:
        framed = [part for part in chain if part.framed or part.leaves is not None]
        if not framed:
            return [f"T {bare_type(chain[-1].type_name if chain else UNKNOWN)}"]
        blocks: list[list[str]] = []
        for part in framed:
            lines = self.part_lines(part) if part.leaves is None else self.group_lines(part)
            if not blocks or blocks[-1] != lines:  # a retried call adds the same member once for each attempt
                blocks.append(lines)
        return [line for block in blocks[-MEMBERS_KEPT:] for line in block]

    def group_lines(self, part: Part) -> list[str]:
        leaves = _leaves(part)
        framed = any(member.framed for leaf in leaves for member in leaf)
        forms = sorted({"\n".join(self.chain_lines(leaf)) for leaf in leaves})
        lines = [] if framed or not part.framed else self.part_lines(part)
        for form in forms:
            lines += ["(", form, ")"]
        return lines

    def part_lines(self, part: Part) -> list[str]:
        frames, library = _application(part.frames)
        lines = [f"T {part.type_name}"]
        if frames:
            repeats = collapse([self.place(frame) for frame in frames])
            if repeats.period and part.type_name in self.style.overflow:
                return [*lines, *_innermost("A", _overflowed(repeats, self.style))]
            lines += _innermost("A", repeats.kept)
        elif not self.application:
            below = collapse([frame.key for frame in _below_application(part.frames) if frame.function])
            return [*lines, *_innermost("F", below.kept)]
        return [*lines, f"L {library}"] if library else lines

    def place(self, frame: Frame) -> str:
        place = self.shared.relative(frame.place) if frame.kind == "app" else frame.place
        return f"{place}:{frame.function}"


def _leaves(part: Part) -> list[Chain]:
    """The chains below a group that do not end in a group themselves: nesting is not part of the form."""
    found: list[Chain] = []
    pending: list[Chain] = list(part.leaves or ())
    while pending:
        chain = pending.pop()
        if chain and chain[-1].leaves is not None:
            pending.extend(chain[-1].leaves)
        else:
            found.append(chain)
    return found


def _innermost(mark: str, names: Sequence[str]) -> list[str]:
    return [f"{mark} {name}" for name in names[-FRAMES_KEPT:]]


def _overflowed(repeats: Repeats, style: Style) -> Sequence[str]:
    if style.whole:
        return repeats.kept[: repeats.end]
    cycle = repeats.kept[repeats.end - repeats.period : repeats.end]
    start = min(range(len(cycle)), key=lambda index: cycle[index:] + cycle[:index])
    return cycle[start:] + cycle[:start]


def _application(frames: Iterable[Frame]) -> tuple[list[Frame], str]:
    """The application frames, and the first library package below the last one (hidden frames count as application here)."""
    kept: list[Frame] = []
    library = ""
    for frame in frames:
        if frame.kind == "library":
            library = library or frame.package
        else:
            library = ""
            if frame.kind != "hidden":
                kept.append(frame)
    return kept, library


def _below_application(frames: Sequence[Frame]) -> Sequence[Frame]:
    start = 0
    for index, frame in enumerate(frames, 1):
        if frame.kind != "library":
            start = index
    return frames[start:]
