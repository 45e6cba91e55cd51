"""An exception object as a chain of parts: the same parts that its printed text has, without reading source or calling its methods.

``BaseException``'s own descriptors are used, so that no property or ``__getattribute__`` of the user's class runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from otel_smart_agents.privacy.fingerprint.form import Chain, Frame, Part, type_name
from otel_smart_agents.privacy.fingerprint.python_frames import frame_of

if TYPE_CHECKING:
    from types import TracebackType

# What ``traceback`` prints of a group; more is not in the text, so it may not be in the form of the object either.
GROUP_WIDTH = 15
GROUP_DEPTH = 10
MEMBERS_READ = 4_096
SIGNATURE_LENGTH = 256

# A worker process sends its traceback as text; these two classes carry it, between lines of three quotes.
_REMOTE = frozenset({("concurrent.futures.process", "_RemoteTraceback"), ("multiprocessing.pool", "RemoteTraceback")})

_REMOTE_NAMES = frozenset(name for _, name in _REMOTE)

_OVERRIDES = frozenset({"__traceback__", "__cause__", "__context__", "__suppress_context__", "__getattribute__"})
_TYPES_KEPT = 1_024
_plain: dict[int, type] = {}  # by identity: a metaclass may define ``__hash__`` and ``__eq__``

_traceback_of = BaseException.__dict__["__traceback__"].__get__
_cause_of = BaseException.__dict__["__cause__"].__get__
_context_of = BaseException.__dict__["__context__"].__get__
_context_hidden = BaseException.__dict__["__suppress_context__"].__get__
_members_of = BaseExceptionGroup.__dict__["exceptions"].__get__
_name_of = type.__dict__["__qualname__"].__get__
_module_of = type.__dict__["__module__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__


def signature_of(exc: BaseException) -> list[object] | None:
    """The types and code objects of a chain: equal identities, equal stack. ``None`` if it is too long, a group, remote or of an odd class.

    Identities rather than the objects: code objects of two files may compare equal, and hashing one is slow.
    """
    found: list[object] = []
    append = found.append
    current: BaseException | None = exc
    while current is not None:
        kind = type(current)
        if _plain.get(id(kind)) is not kind and not _is_plain(kind):
            return None
        append(kind)
        trace = current.__traceback__
        previous = None
        while trace is not None:
            code = trace.tb_frame.f_code
            if code is not previous:
                append(code)
                previous = code
            trace = trace.tb_next
        if len(found) > SIGNATURE_LENGTH:  # also what ends a chain that bites its own tail
            return None
        cause = current.__cause__
        current = cause if cause is not None else None if current.__suppress_context__ else current.__context__
    return found


def _is_plain(kind: type) -> bool:
    """Whether the plain attributes of such an exception are ``BaseException``'s own, and it is neither a group nor a worker's report."""
    names = {name for base in _mro_of(kind) if base is not BaseException and base is not object for name in _dict_of(base)}
    plain = not names & _OVERRIDES and not issubclass(kind, BaseExceptionGroup) and _name_of(kind) not in _REMOTE_NAMES
    if plain:
        if len(_plain) >= _TYPES_KEPT:
            _plain.clear()
        _plain[id(kind)] = kind
    return plain


@dataclass(slots=True, eq=False)
class _Node:
    exc: BaseException
    before: _Node | None = None
    members: list[_Node] = field(default_factory=list)


def chain_of_exception(exc: BaseException, packages: tuple[str, ...]) -> Chain:
    """The chain in the order in which it is printed."""
    return _chain(_tree(exc), packages, depth=0)


def _tree(exc: BaseException) -> _Node:
    """Which exceptions are shown, and where: the order of ``traceback.TracebackException``, which shows a cause or context only once."""
    root = _Node(exc)
    seen = {id(exc)}
    pending = [root]
    while pending and len(seen) < MEMBERS_READ:
        node = pending.pop()
        before = _shown_before(node.exc, seen)
        if before is not None:
            seen.add(id(before))
            node.before = _Node(before)
            pending.append(node.before)
        if issubclass(type(node.exc), BaseExceptionGroup):
            node.members = [_Node(member) for member in _members_of(node.exc)[:GROUP_WIDTH]]
            seen.update(id(member.exc) for member in node.members)
            pending += node.members
    return root


def _shown_before(exc: BaseException, seen: set[int]) -> BaseException | None:
    cause: BaseException | None = _cause_of(exc)
    if cause is not None and id(cause) not in seen:
        return cause
    context: BaseException | None = None if _context_hidden(exc) else _context_of(exc)
    return context if context is not None and id(context) not in seen else None


def _chain(last: _Node, packages: tuple[str, ...], *, depth: int) -> list[Part]:
    nodes = [last]
    while nodes[-1].before is not None:
        nodes.append(nodes[-1].before)
    parts: list[Part] = []
    for node in reversed(nodes):
        parts += _parts(node, packages, depth=depth)
    return parts


def _parts(node: _Node, packages: tuple[str, ...], *, depth: int) -> list[Part]:
    kind = type(node.exc)
    if (_module_of(kind), _name_of(kind)) in _REMOTE:
        text = getattr(node.exc, "tb", None)
        from otel_smart_agents.privacy.fingerprint.python_text import chain_of_text  # here: few exceptions come from another process

        return list(chain_of_text(text, packages)) if type(text) is str else []
    trace = _traceback_of(node.exc)
    leaves: list[Chain] | None = None
    if issubclass(kind, BaseExceptionGroup):
        if depth > GROUP_DEPTH:
            return []
        inner = max(depth, 1) + 1
        leaves = [_chain(member, packages, depth=inner) for member in node.members]
    return [Part(type_name(_printed_name(kind)), _frames(trace, packages), trace is not None, leaves)]


def _printed_name(kind: type) -> str:
    name: Any = _name_of(kind)
    return str(name).partition(": ")[0]


def _frames(trace: TracebackType | None, packages: tuple[str, ...]) -> list[Frame]:
    frames: list[Frame] = []
    previous = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if code is not previous:
            frames.append(frame_of(code.co_filename, code.co_name, packages))
            previous = code
        trace = trace.tb_next
    return frames
