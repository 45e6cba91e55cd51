"""Go stacks: a crash with its goroutine dump, ``runtime.Stack`` and ``debug.Stack``, and ``%+v`` of an error of ``pkg/errors``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from otel_smart_agents.privacy.fingerprint.form import NAME_LENGTH, UNKNOWN, Chain, Frame, Part, Style, identifier, type_name
from otel_smart_agents.privacy.fingerprint.shared import normal_path

OVERFLOW = "stack_overflow"
STYLE = Style("go", frozenset({OVERFLOW}))

_GOROUTINE = re.compile(r"^[ \t]*goroutine \d{1,20}(?: gp=\S{1,32} m=\S{1,32}(?: mp=\S{1,32})?)? \[[^\]\n]{1,200}\]:[ \t]*$", re.MULTILINE)
_LOCATION = re.compile(r"[ \t]+(\S.*\.(?:go|s|c|cc|cpp|cgo\d\.go)):\d{1,9}(?: \+0x[0-9a-f]{1,16})?(?: fp=.{0,200})?[ \t]*")
_ELIDED = re.compile(r"[ \t]*\.\.\.(?:\d{1,9} frames|additional frames) elided\.\.\.")
_TYPE_PARAMETERS = re.compile(r"\[[^\]]*\]")
_CLOSURE = re.compile(r"(?:func|gowrap|deferwrap)?\d{1,9}")
_SUFFIX = re.compile(r"(?:-fm|-range\d{1,9}|·\w{1,64})+$")
_PACKAGE_TYPE = re.compile(r"\((\*?[\w./%-]{1,256})\) ?(?:0x|\{|\()")

# The runtime's own errors differ in numbers; what stands before those is the type.
_RUNTIME_ERRORS = {
    "index out of range": "index_out_of_range",
    "slice bounds out of range": "slice_bounds_out_of_range",
    "invalid memory address or nil pointer dereference": "nil_dereference",
    "integer divide by zero": "divide_by_zero",
    "integer overflow": "integer_overflow",
    "hash of unhashable type": "unhashable_type",
    "comparing uncomparable type": "uncomparable_type",
    "makeslice": "makeslice",
    "growslice": "growslice",
    "makechan": "makechan",
    "negative shift amount": "negative_shift",
    "cannot convert slice": "slice_conversion",
}
_FATAL_ERRORS = {
    "stack overflow": OVERFLOW,
    "all goroutines are asleep - deadlock!": "deadlock",
    "concurrent map": "concurrent_map",
    "out of memory": "out_of_memory",
}
_STD_NAMES = """
archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html
image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync
syscall testing text time unicode unique unsafe vendor weak
"""
_STD = frozenset(_STD_NAMES.split())
_RUNTIME_PACKAGES = frozenset({"runtime", "runtime/debug", "internal/runtime/maps", "internal/abi"})


@dataclass(frozen=True, slots=True)
class _Symbol:
    package: str
    function: str


def chain_of_text(text: str, packages: tuple[str, ...]) -> Chain:
    """One part for a goroutine dump (its first goroutine); one for each stack of a wrapped error, in print order."""
    goroutine = _GOROUTINE.search(text)
    if goroutine is None:
        return _wrapped(text.split("\n"), packages)
    kind = _panic_type(text[: goroutine.start()])
    frames = _goroutine(text[goroutine.end() :].lstrip("\n").split("\n"), packages, overflow=kind == OVERFLOW)
    if kind == UNKNOWN and frames.panicked:
        kind = "panic"
    return [Part(kind, tuple(reversed(frames.frames)), framed=True)]


@dataclass(slots=True)
class _Dump:
    frames: list[Frame]
    panicked: bool = False


def _goroutine(lines: list[str], packages: tuple[str, ...], *, overflow: bool) -> _Dump:
    """The frames of one goroutine, innermost first, without the deferred function that printed them and without its creator."""
    dump = _Dump([])
    for function, location in pairwise(lines):
        if not function.strip() or function.lstrip().startswith("created by "):
            break
        if _ELIDED.match(function) and overflow:
            dump.frames.clear()  # only the outermost frames lie before the recursion, whatever its depth
        match = _LOCATION.fullmatch(location)
        if match is None or _LOCATION.fullmatch(function):
            continue
        if function.lstrip().startswith("panic("):
            dump.frames.clear()  # everything above was called by the panic, not by the program
            dump.panicked = True
            continue
        frame = _frame(function.strip(), match[1], packages)
        if frame is not None:
            dump.frames.append(frame)
    return dump


def _wrapped(lines: list[str], packages: tuple[str, ...]) -> list[Part]:
    """``%+v``: a message, its stack (innermost first), the message that wraps it, its stack, and so on."""
    parts: list[Part] = []
    block: list[Frame] = []
    index = 0
    while index < len(lines):
        match = _LOCATION.fullmatch(lines[index + 1]) if index + 1 < len(lines) and not lines[index][:1].isspace() else None
        if match is not None:
            frame = _frame(lines[index].strip(), match[1], packages)
            block += [] if frame is None else [frame]
            index += 2
            continue
        if block:
            parts.append(Part("error", tuple(reversed(block)), framed=True))
            block = []
        index += 1
    if block:
        parts.append(Part("error", tuple(reversed(block)), framed=True))
    return parts


def _panic_type(head: str) -> str:
    start = head.find("panic: ")
    if start < 0:
        start = head.find("fatal error: ")
    text = head[max(start, 0) :]
    for prefix, table, other in (("runtime error: ", _RUNTIME_ERRORS, "runtime_error"), ("fatal error: ", _FATAL_ERRORS, "fatal_error")):
        _, found, message = text.partition(prefix)
        if found:
            return next((name for known, name in table.items() if message.startswith(known)), other)
    if text.startswith("panic: interface conversion: "):
        return "type_assertion"
    typed = _PACKAGE_TYPE.match(text, 7) if text.startswith("panic: ") else None
    if typed:
        return type_name(typed[1].replace("*", ""))
    return "panic" if "panic" in head else UNKNOWN


def _frame(printed: str, location: str, packages: tuple[str, ...]) -> Frame | None:
    """``None`` for the runtime's own functions: whether they are printed depends on how the stack was taken."""
    symbol = _symbol(printed)
    if symbol.package in _RUNTIME_PACKAGES or symbol.package == "panic":
        return None
    path = normal_path(location)
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if any(f"{symbol.package}/".startswith(f"{own}/") for own in packages):
        return Frame("fixed", f"{symbol.package}/{stem}", symbol.function)
    library = _library(symbol.package, path)
    if library:
        return Frame("library", symbol.package, symbol.function, library)
    return Frame("app", path.rpartition(".")[0], symbol.function)


def _symbol(printed: str) -> _Symbol:
    name = printed[: printed.rfind("(")] if printed.endswith(")") else printed
    generic, bracket, rest = name.rpartition("]")  # behind the last one nothing is closed: a search there would start at every "["
    name = _TYPE_PARAMETERS.sub("", generic + bracket) + rest
    folder, slash, last = name.rpartition("/")
    package, _, function = last.partition(".")
    return _Symbol(f"{folder}{slash}{package}".replace("%2e", "."), function_name(function))


def function_name(name: str) -> str:
    """``Runner.run`` for ``(*Runner).run``; every closure is ``<func>``, without its number."""
    kept: list[str] = []
    for part in name.replace("(*", "").replace(")", "").replace("(", "").split("."):
        bare = _SUFFIX.sub("", part)
        if _CLOSURE.fullmatch(bare):
            bare = "<func>"
        elif not bare or bare == "glob":
            continue
        elif not identifier(bare):
            bare = "<dyn>"
        if bare != "<func>" or kept[-1:] != ["<func>"]:
            kept.append(bare[:NAME_LENGTH])
    return ".".join(kept) or "<dyn>"


def _library(package: str, path: str) -> str:
    first = package.partition("/")[0]
    if first in _STD and "." not in first:
        return package
    module = path.rpartition("/pkg/mod/")[2] if "/pkg/mod/" in path else path
    if "@v" in module:
        return module.partition("@v")[0]
    return "/".join(package.split("/")[:3]) if "/vendor/" in path else ""
