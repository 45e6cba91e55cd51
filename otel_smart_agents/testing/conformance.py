"""Live-check: do emitted spans keep to the registry?

Looks at finished spans (SDK objects or OTLP-JSON) and says of each deviation which span and key it is about, and what to do. It finds what
Weaver's ``live-check`` finds, without Weaver, and our own rules: privacy class, span name against operation, status against outcome.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.semconv import Attribute, Privacy
from otel_smart_agents.testing.spanview import SpanView, views_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_REPLACED: Final = re.compile(r"other(?:-[A-Za-z0-9_]{1,16}-[0-9a-f]{16})?|\[redaction_error\]")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {"string": (str,), "int": (int,), "double": (float,), "boolean": (bool,)}
_NOT_ERROR: Final = frozenset({"success", "cancelled", "abandoned", "interrupted"})
_ERROR: Final = frozenset({"failure", "timeout"})
_MOMENTS: Final = frozenset({"feature", "rating"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation.

    Attributes:
        rule: ``unregistered``, ``never``, ``type``, ``value``, ``length``, ``name``, ``kind``, ``outcome``, ``status`` or ``error``.
        span: name of the span.
        key: the attribute it is about; empty if it is about the span as a whole.
        message: one sentence that says what is wrong and what is expected.
    """

    rule: str
    span: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.span}: {self.message}"


def check_conformance(spans: Any, *, content: Collection[str] = ()) -> list[Finding]:
    """Return every deviation of the spans from the registry; an empty list means that they keep to it.

    Args:
        spans: an SDK span, an OTLP-JSON span or document, or an iterable of them.
        content: keys of class N that code lets through explicitly (``Policy.content``).

    Raises:
        TypeError: ``spans`` is none of these.
    """
    return [finding for view in views_of(spans) for finding in _findings(view, frozenset(content))]


def _findings(view: SpanView, content: frozenset[str]) -> Iterator[Finding]:
    for where, attributes in (("", view.attributes), *view.parts):
        for key, value in attributes.items():
            problem = _attribute_problem(key, value, content)
            if problem is not None:
                place = f" of the {where}" if where else ""
                yield Finding(problem[0], view.name, key, f"attribute {key}{place} {problem[1]}")
    for rule, message in (*_name_problems(view), *_kind_problems(view), *_status_problems(view)):
        yield Finding(rule, view.name, "", message)


def registered(key: str) -> Attribute | None:
    """Return the registry's row for a key, also for one under a prefix of the program's own; ``None`` if there is none."""
    found = semconv.ATTRIBUTES.get(key)
    if found is not None:
        return found
    return next((row for prefix, row in semconv.KEY_PREFIXES.items() if key.startswith(prefix) and len(key) > len(prefix)), None)


def _attribute_problem(key: str, value: Any, content: frozenset[str]) -> tuple[str, str] | None:
    row = registered(key)
    if row is None:
        if key.startswith(semconv.NEVER_PREFIXES) or key.endswith(semconv.NEVER_SUFFIXES):
            return "never", "is of class N: it must never be recorded"
        near = get_close_matches(key, semconv.ATTRIBUTES, n=1)
        return "unregistered", "is not in the registry" + (f" (nearest: {near[0]})" if near else "")
    if row.privacy == Privacy.NEVER:
        if key in content and row.content:
            return None
        return "never", "is of class N: it must never be recorded"
    if not _right_type(value, row.type):
        return "type", f"is {_type_name(value)}, the registry says {row.type}"
    return next(filter(None, (_text_problem(row, text) for text in _texts(value))), None) or _size_problem(row, value)


def _right_type(value: Any, wanted: str) -> bool:
    if wanted == "any":
        return True
    if wanted.endswith("[]"):
        return isinstance(value, list | tuple) and all(_right_type(item, wanted[:-2]) for item in value)
    if isinstance(value, bool) and wanted != "boolean":
        return False
    return isinstance(value, _TYPES[wanted])


def _type_name(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "a list of " + (" and ".join(sorted({_type_name(item) for item in value})) or "nothing")
    return {bool: "boolean", int: "int", float: "double", str: "string"}.get(type(value), type(value).__name__)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return (item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _text_problem(row: Attribute, text: str) -> tuple[str, str] | None:
    """Return what is wrong with one text; texts of class scan are free within their length."""
    if text == row.fallback or _REPLACED.fullmatch(text):
        return None
    if row.privacy == Privacy.PSEUDONYMOUS and _pattern(semconv.PATTERN_PSEUDONYM).fullmatch(text):
        return None
    if row.catalogue is not None and text not in row.catalogue:
        return "value", f"has the value {text!r}, the registry allows {', '.join(sorted(row.catalogue))}"
    if row.max_length is not None and len(text) > row.max_length:
        return "length", f"has {len(text)} characters, the registry allows {row.max_length}"
    if row.catalogue is None and row.pattern is not None and not _pattern(row.pattern).fullmatch(text):
        wanted = "a keyed hash" if row.hashed else f"the form {row.pattern[:80]}"
        return "value", f"has the value {text[:80]!r}, the registry wants {wanted}"
    return None


def _size_problem(row: Attribute, value: Any) -> tuple[str, str] | None:
    if row.max_items is not None and isinstance(value, list | tuple) and len(value) > row.max_items:
        return "length", f"has {len(value)} items, the registry allows {row.max_items}"
    return None


def _name_problems(view: SpanView) -> Iterator[tuple[str, str]]:
    """The name is the operation, alone or with the name of what ran."""
    kind = semconv.KINDS.get(str(view.attributes.get(semconv.SMART_AGENTS_KIND)))
    operation = view.attributes.get(semconv.GEN_AI_OPERATION_NAME) or (kind.operation if kind else None)
    if operation is None or operation == semconv.OTHER:
        return
    if view.name.partition(" ")[0] != operation:
        yield "name", f"the span's name begins with {view.name.partition(' ')[0]!r}, its operation is {operation!r}"
    elif kind is not None:
        value = view.attributes.get(kind.name_key)
        allowed = {operation} | ({f"{operation} {value}"} if value is not None else set())
        if view.name not in allowed:
            yield "name", f"the span's name must be {' or '.join(repr(name) for name in sorted(allowed))}, as {kind.name_key} says"


def _kind_problems(view: SpanView) -> Iterator[tuple[str, str]]:
    word = view.attributes.get(semconv.SMART_AGENTS_KIND)
    if view.scope == semconv.SCOPE_NAME and word is None:
        yield "kind", f"a span of the scope {semconv.SCOPE_NAME} must have {semconv.SMART_AGENTS_KIND}"
    kind = semconv.KINDS.get(word) if isinstance(word, str) else None
    if kind is None:
        return
    operation = view.attributes.get(semconv.GEN_AI_OPERATION_NAME)
    wanted = kind.operation if kind.operation in semconv.OPERATIONS else None
    if operation != wanted:
        yield "kind", f"{semconv.GEN_AI_OPERATION_NAME} is {operation!r}, a span of kind {word} has {wanted!r}"
    if word not in _MOMENTS and semconv.SMART_AGENTS_OUTCOME not in view.attributes:
        yield "outcome", f"{semconv.SMART_AGENTS_OUTCOME} is missing"


def _status_problems(view: SpanView) -> Iterator[tuple[str, str]]:
    if view.status == "OK":
        yield "status", "the status is OK: leave it unset, success is smart_agents.outcome"
    error = view.attributes.get(semconv.ERROR_TYPE)
    if view.status == "ERROR" and error is None:
        yield "error", "the status is ERROR and error.type is missing"
    if view.status != "ERROR" and error is not None:
        yield "error", f"error.type is {error!r} and the status is not ERROR"
    if view.description and view.description != error:
        yield "status", "the status has a description that is not error.type: a message could hold anything"
    outcome = view.attributes.get(semconv.SMART_AGENTS_OUTCOME)
    if view.status == "ERROR" and outcome in _NOT_ERROR:
        yield "outcome", f"the outcome is {outcome} and the status is ERROR: it must be unset"
    if view.status != "ERROR" and outcome in _ERROR:
        yield "outcome", f"the outcome is {outcome} and the status is not ERROR"
