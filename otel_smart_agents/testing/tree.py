"""Spans as a tree of text: one line each, the same on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def tree_text(spans: Iterable[Any], keys: Sequence[str] = ()) -> str:
    """Return the spans as a tree, in the order they started, with outcome, error type and the attributes asked for.

    A span whose parent is not among them is a root.
    """
    ordered = sorted(spans, key=lambda span: span.start_time or 0)
    known = {span.get_span_context().span_id for span in ordered}
    children: dict[int, list[Any]] = {}
    for span in ordered:
        parent = span.parent.span_id if span.parent is not None and span.parent.span_id in known else 0
        children.setdefault(parent, []).append(span)
    return "\n".join(line for root in children.get(0, ()) for line in _lines(root, children, keys))


def _lines(root: Any, children: dict[int, list[Any]], keys: Sequence[str]) -> Iterator[str]:
    """Yield a root's lines; by hand instead of recursion: agents nest deeper than Python's stack."""
    stack = [(root, "", "")]
    while stack:
        span, mark, indent = stack.pop()
        yield mark + _label(span, keys)
        below = children.get(span.get_span_context().span_id, [])
        for number, child in reversed(list(enumerate(below))):
            last = number == len(below) - 1
            stack.append((child, indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  ")))


def _label(span: Any, keys: Sequence[str]) -> str:
    attributes = span.attributes or {}
    outcome = attributes.get(semconv.SMART_AGENTS_OUTCOME) or (span.status.status_code.name.lower() if not span.status.is_unset else "")
    words = [str(word) for word in (outcome, attributes.get(semconv.ERROR_TYPE)) if word]
    words += [f"{key}={attributes[key]!r}" for key in keys if key in attributes]
    return f"{span.name} [{', '.join(words)}]" if words else str(span.name)
