"""What kind of failure an exception is, by its type: no message is read, and no method or property of an application's class is called.

The decision for a type is remembered. Only where the type alone cannot tell (an HTTP or gRPC status, an ``errno``) a few plain fields of
known library classes are read, from the instance's own dictionary. Causes and contexts are not followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from otel_smart_agents.privacy import category_tables as tables
from otel_smart_agents.semconv import ERROR_CATEGORIES

Hook = Callable[[BaseException], str | None]
Reader = Callable[[BaseException], str | None]

UNKNOWN: Final = "unknown"
OTHER_TYPE: Final = "_OTHER"

_NAME_LENGTH = 128
_TYPES_KEPT = 1_024
_MEMBERS_READ = 15
_THIRD_PARTY_NOT: Final = frozenset({"builtins", "__main__"})

_mro_of = type.__dict__["__mro__"].__get__
_name_of = type.__dict__["__name__"].__get__
_module_of = type.__dict__["__module__"].__get__
_errno_of = OSError.__dict__["errno"].__get__
_members_of = BaseExceptionGroup.__dict__["exceptions"].__get__

# By identity, since a metaclass may define ``__hash__``. They hold classes, not exceptions: at most ``_TYPES_KEPT`` are kept alive.
_decisions: dict[int, tuple[type, str, Reader | None]] = {}
_names: dict[int, tuple[type, str]] = {}


class _HookSlot:
    """The application's own rule, and how often it failed or answered with something that is no category."""

    def __init__(self) -> None:
        self.hook: Hook | None = None
        self.failures = 0


_slot = _HookSlot()


def error_type(exc_or_type: object) -> str:
    """The class name, at most 128 letters, digits and underscores; ``_OTHER`` where a class was given a name that is no identifier."""
    kind: Any = exc_or_type if issubclass(type(exc_or_type), type) else type(exc_or_type)
    found = _names.get(id(kind))
    if found is None:
        if len(_names) >= _TYPES_KEPT:
            _names.clear()
        found = _names[id(kind)] = (kind, _type_name(kind))
    return found[1]


def _type_name(kind: type) -> str:
    name = str(_name_of(kind)).partition("[")[0].rpartition(".")[2]
    if not name.isidentifier():
        return OTHER_TYPE
    return (name if name.isascii() else "".join(char if char.isascii() else "_" for char in name))[:_NAME_LENGTH]


def set_category_hook(hook: Hook | None) -> None:
    """Let the application sort its own exceptions first; ``None`` takes the rule away again.

    The hook gets the exception and returns one of ``semconv.ERROR_CATEGORIES``, or ``None`` to leave it to the built-in rules. One that
    raises or returns anything else is ignored for that exception and counted in ``category_hook_failures``.

    Raises:
        TypeError: the hook is not callable.
    """
    if hook is not None and not callable(hook):
        raise TypeError(f"set_category_hook() takes a callable or None, not {type(hook).__name__}")
    _slot.hook = hook
    _slot.failures = 0


def category_hook_failures() -> int:
    """How often the hook raised or returned no category since it was set."""
    return _slot.failures


def error_category(exc: BaseException) -> str:
    """One of ``semconv.ERROR_CATEGORIES`` for an exception; never raises."""
    if _slot.hook is not None:
        found = _asked(_slot.hook, exc)
        if found is not None:
            return found
    kind = type(exc)
    decision = _decisions.get(id(kind))
    if decision is None:
        if len(_decisions) >= _TYPES_KEPT:
            _decisions.clear()
        decision = _decisions[id(kind)] = (kind, *_decide(kind))
    _, category, reader = decision
    return category if reader is None else _read(reader, exc) or category


def _asked(hook: Hook, exc: BaseException) -> str | None:
    try:
        found = hook(exc)
        if found is None or (type(found) is str and found in ERROR_CATEGORIES):
            return found
    except Exception:  # noqa: BLE001, S110 - the program's failure must stay the one that is reported, not its telemetry rule's
        pass
    _slot.failures += 1
    return None


def _read(reader: Reader, exc: BaseException) -> str | None:
    try:
        return reader(exc)
    except Exception:  # noqa: BLE001 - a library changed its fields: the type's own category stands
        return None


def _decide(kind: type) -> tuple[str, Reader | None]:
    """The first base class that a table knows decides; a way to read a status comes with it if one of the classes has one."""
    category: str | None = None
    reader: Reader | None = None
    for base in _mro_of(kind):
        if base is OSError:
            return category or "filesystem", reader or (_of_errno if category is None else None)
        if base is BaseExceptionGroup:
            return category or UNKNOWN, _of_members
        key = f"{_root(base)}.{_name_of(base)}"
        reader = reader or _reader(key)
        category = category or tables.BY_CLASS.get(key) or _by_name(base)
        if category and reader is None and key in tables.BY_CLASS and not _has_status(kind):
            return category, None
    return category or UNKNOWN, reader


def _root(kind: type) -> str:
    """The first component of the module, with the C implementation's module read as the public one (``_socket`` → ``socket``)."""
    root = str(_module_of(kind)).partition(".")[0]
    return root.lstrip("_") if root.startswith("_") and root not in _THIRD_PARTY_NOT else root


def _by_name(kind: type) -> str | None:
    return None if _root(kind) in _THIRD_PARTY_NOT else tables.BY_NAME.get(_name_of(kind))


def _has_status(kind: type) -> bool:
    return any(_reader(f"{_root(base)}.{_name_of(base)}") for base in _mro_of(kind))


def _reader(key: str) -> Reader | None:
    path = tables.STATUS_PATHS.get(key)
    if path is not None:
        return lambda exc: _of_path(exc, path)
    return _SPECIAL.get(key)


def _own(value: Any, name: str) -> Any:
    """An entry of the object's own dictionary: no descriptor, property or ``__getattr__`` of its class runs."""
    return object.__getattribute__(value, "__dict__").get(name)


def _of_path(exc: BaseException, path: tuple[str, ...]) -> str | None:
    value: Any = exc
    for name in path:
        value = _own(value, name)
    return tables.of_status(int(value)) if issubclass(type(value), int) else None


def _of_errno(exc: BaseException) -> str | None:
    number = _errno_of(exc)
    return tables.ERRNO.get(number) if type(number) is int else None


def _of_members(exc: BaseException) -> str | None:
    """A group has the category that all its members share."""
    found = {error_category(member) for member in _members_of(exc)[:_MEMBERS_READ]}
    return found.pop() if len(found) == 1 else None


def _of_reason(exc: BaseException) -> str | None:
    reason = _own(exc, "reason")
    return error_category(reason) if issubclass(type(reason), OSError) else None


def _of_aws(exc: BaseException) -> str | None:
    response = _own(exc, "response")
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return tables.of_aws(code) or (tables.of_status(status) if isinstance(status, int) else None)


def _of_grpc(exc: BaseException) -> str | None:
    """``code()`` is grpc's own method; an application's subclass could have replaced it, so only grpc's classes are asked."""
    if _root(type(exc)) != "grpc":
        return None
    code: Any = exc.code()  # type: ignore[attr-defined]  # every RpcError of grpc that reaches a caller is also a Call
    return tables.GRPC.get(code.name)


_SPECIAL: Final[dict[str, Reader]] = {
    "botocore.ClientError": _of_aws,
    "grpc.RpcError": _of_grpc,
    "urllib.URLError": _of_reason,
}
