"""Spans of OTLP JSON as a tree for a terminal: the same bytes that are sent, drawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text
from rich.tree import Tree

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_STYLE: Final = {
    "success": "green",
    "failure": "red",
    "timeout": "red",
    "cancelled": "yellow",
    "abandoned": "yellow",
    "interrupted": "yellow",
    "denied": "magenta",
}
_MARK: Final = {"success": "✓", "failure": "✗", "timeout": "✗", "cancelled": "◌", "abandoned": "◌", "interrupted": "◌", "denied": "⊘"}


@dataclass(frozen=True, slots=True)
class SpanView:
    """One span as a person reads it.

    Attributes:
        name: the span's name.
        span_id: its id, hex.
        parent_id: its parent's id, hex, empty for a root.
        trace_id: its trace's id, hex.
        start_ns: start in Unix nanoseconds.
        duration_ns: how long it took, in nanoseconds.
        outcome: the registry's outcome, or ``failure`` for a foreign span whose status is an error.
        attributes: plain values by key.
    """

    name: str
    span_id: str
    parent_id: str
    trace_id: str
    start_ns: int
    duration_ns: int
    outcome: str
    attributes: Mapping[str, Any]


def value_of(value: Mapping[str, Any]) -> Any:
    """Return the plain value of an OTLP JSON AnyValue."""
    if "arrayValue" in value:
        return [value_of(item) for item in value["arrayValue"].get("values", [])]
    if "kvlistValue" in value:
        return {item["key"]: value_of(item.get("value", {})) for item in value["kvlistValue"].get("values", [])}
    if "intValue" in value:
        return int(value["intValue"])
    return next(iter(value.values()), None)


def plain_attributes(attributes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return OTLP JSON key-values as a plain mapping."""
    return {item["key"]: value_of(item.get("value", {})) for item in attributes}


def spans_of(body: Mapping[str, Any]) -> Iterator[SpanView]:
    """Yield every span of a request body in the order it is sent."""
    for resource in body.get("resourceSpans", []):
        for scope in resource.get("scopeSpans", []):
            for span in scope.get("spans", []):
                yield _view(span)


def _view(span: Mapping[str, Any]) -> SpanView:
    attributes = plain_attributes(span.get("attributes", []))
    failed = span.get("status", {}).get("code") == 2
    start = int(span.get("startTimeUnixNano", 0))
    return SpanView(
        name=span.get("name", ""),
        span_id=span.get("spanId", ""),
        parent_id=span.get("parentSpanId", ""),
        trace_id=span.get("traceId", ""),
        start_ns=start,
        duration_ns=max(0, int(span.get("endTimeUnixNano", start)) - start),
        outcome=str(attributes.get(semconv.SMART_AGENTS_OUTCOME, "failure" if failed else "")),
        attributes=attributes,
    )


def duration(nanoseconds: int) -> str:
    """Return a duration for a person."""
    if nanoseconds >= 1_000_000_000:
        return f"{nanoseconds / 1e9:.2f} s"
    if nanoseconds >= 1_000_000:
        return f"{nanoseconds / 1e6:.1f} ms"
    return f"{nanoseconds / 1e3:.0f} µs"


def label(span: SpanView) -> Text:
    """Return one line for a span: mark, name, outcome, duration, and for a failure its type and stack hash."""
    style = _STYLE.get(span.outcome, "")
    text = Text(f"{_MARK.get(span.outcome, '·')} ", style=style, no_wrap=True, overflow="ignore")
    text.append(span.name, style="bold")
    if span.outcome:
        text.append(f"  {span.outcome}", style=style)
    text.append(f"  {duration(span.duration_ns)}", style="dim")
    for key in (semconv.ERROR_TYPE, semconv.SMART_AGENTS_ERROR_STACK_HASH):
        if key in span.attributes:
            text.append(f"  {span.attributes[key]}", style="red" if key == semconv.ERROR_TYPE else "dim")
    return text


def trees(spans: Iterable[SpanView], *, limit: int = 200) -> Iterator[Tree]:
    """Yield one tree per trace, oldest first; a span whose parent is not among them is a root of its own.

    Args:
        spans: spans in any order.
        limit: spans drawn in all; the rest is counted in a last line.
    """
    ordered = sorted(spans, key=lambda span: span.start_ns)
    shown = ordered[:limit]
    known = {span.span_id for span in shown}
    children: dict[str, list[SpanView]] = defaultdict(list)
    roots: list[SpanView] = []
    for span in shown:
        (children[span.parent_id] if span.parent_id in known else roots).append(span)
    for root in roots:
        tree = Tree(label(root), guide_style="dim")
        pending = [(tree, child) for child in reversed(children[root.span_id])]
        while pending:
            branch, span = pending.pop()
            node = branch.add(label(span))
            pending += [(node, child) for child in reversed(children[span.span_id])]
        yield tree
    if len(ordered) > limit:
        yield Tree(Text(f"… and {len(ordered) - limit} more spans", style="dim"))
