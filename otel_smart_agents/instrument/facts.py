"""What a span says of an exception: outcome, type, category and a fingerprint of the place; never its message or its stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from types import CodeType, TracebackType

_CANCELLED: Final = frozenset({"CancelledError", "Cancelled"})
"""Names of the cancellation classes of asyncio, concurrent.futures and trio: by name, so that none of them has to be imported."""

# The slots of ``type`` itself: a metaclass of the program's own may answer for its classes, and its code is not to run.
_name_of = type.__dict__["__name__"].__get__
_bases_of = type.__dict__["__mro__"].__get__


def outcome_of(error: BaseException) -> str:
    """Return the outcome that an exception of this type stands for; a timeout is told by its category, see ``Facts``."""
    kind = type(error)
    if any(_name_of(base) in _CANCELLED for base in _bases_of(kind)):
        return "cancelled"
    if kind in (BaseExceptionGroup, ExceptionGroup) and {outcome_of(inner) for inner in error.exceptions} == {"cancelled"}:  # type: ignore[attr-defined] # a group has them
        return "cancelled"
    if isinstance(error, GeneratorExit):
        return "abandoned"
    return "failure" if isinstance(error, Exception) else "interrupted"


def _way(trace: TracebackType | None) -> tuple[tuple[CodeType, int], ...]:
    """Return the places that an exception passed, outermost first; the innermost ones stay while it travels outwards."""
    places = []
    while trace is not None:
        places.append((trace.tb_frame.f_code, trace.tb_lasti))
        trace = trace.tb_next
    return tuple(places)


def _length(trace: TracebackType | None) -> int:
    length = 0
    while trace is not None:
        length, trace = length + 1, trace.tb_next
    return length


class Facts:
    """What is recorded of one exception, computed where it is first seen and reused by the outer spans.

    The exception is remembered by its id, type and way: a reference would keep it (and every local variable of its frames) alive, and an
    attribute set on it would be pickled with it. An id is given again once its exception is gone, so the facts count only until another
    call begins (see ``ActiveRun``), and only for an exception that came the same way.
    """

    __slots__ = ("_hashes", "_identity", "_way", "category", "outcome", "type_name")

    def __init__(self, error: BaseException) -> None:
        from otel_smart_agents.privacy.categories import error_category, error_type

        self._identity = (id(error), type(error))
        self._way = _way(error.__traceback__)
        self._hashes: dict[tuple[str, ...], str] = {}
        self.type_name = error_type(error)
        self.category = error_category(error)
        self.outcome = "timeout" if self.category == "timeout" else "failure"

    def about(self, error: BaseException) -> bool:
        """Tell whether these are the facts of this very exception."""
        if self._identity != (id(error), type(error)):
            return False
        trace = error.__traceback__
        for _ in range(_length(trace) - len(self._way)):
            trace = trace.tb_next  # type: ignore[union-attr] # as many as were counted
        return _way(trace) == self._way

    def attributes(
        self, error: BaseException, *, packages: tuple[str, ...], component: str, categories: frozenset[str] | None
    ) -> dict[str, Any]:
        """Return the span attributes; without consent to ``error`` only the fact that there was one."""
        if categories is not None and "error" not in categories:
            return {semconv.ERROR_TYPE: semconv.ERROR_TYPE_OTHER}
        found = {
            semconv.ERROR_TYPE: self.type_name,
            semconv.SMART_AGENTS_ERROR_CATEGORY: self.category,
            semconv.SMART_AGENTS_ERROR_STACK_HASH: self._hash(error, packages),
        }
        if component:
            found[semconv.SMART_AGENTS_ERROR_COMPONENT] = component
        return found

    def _hash(self, error: BaseException, packages: tuple[str, ...]) -> str:
        if packages not in self._hashes:
            from otel_smart_agents.privacy.fingerprint import stack_hash

            self._hashes[packages] = stack_hash(error, packages=packages)
        return self._hashes[packages]
