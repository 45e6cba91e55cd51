"""One view of a finished span, whether it is an SDK object or a span of an OTLP-JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_STATUS = {0: "UNSET", 1: "OK", 2: "ERROR", "STATUS_CODE_UNSET": "UNSET", "STATUS_CODE_OK": "OK", "STATUS_CODE_ERROR": "ERROR"}


@dataclass(frozen=True, slots=True)
class SpanView:
    """What the checks look at.

    Attributes:
        name: the span's name.
        status: ``UNSET``, ``OK`` or ``ERROR``.
        description: the status's description.
        attributes: the span's attributes.
        parts: place → attributes, for the resource and every event and link.
        scope: name of the instrumentation scope.
    """

    name: str
    status: str
    description: str
    attributes: Mapping[str, Any]
    parts: Sequence[tuple[str, Mapping[str, Any]]]
    scope: str


def views_of(source: Any) -> Iterator[SpanView]:
    """Yield a view of each span: of an SDK span, an OTLP-JSON span or document (``resourceSpans``), or an iterable of them.

    Raises:
        TypeError: the source is none of these.
    """
    if isinstance(source, Mapping):
        yield from _of_json(source)
    elif hasattr(source, "instrumentation_scope") and hasattr(source, "attributes"):
        yield _of_sdk(source)
    elif isinstance(source, str | bytes) or not hasattr(source, "__iter__"):
        raise TypeError(f"not a span, an OTLP-JSON document or a list of them: {type(source).__name__}")
    else:
        for item in source:
            yield from views_of(item)


def _of_sdk(span: Any) -> SpanView:
    parts: list[tuple[str, Mapping[str, Any]]] = [("resource", span.resource.attributes if span.resource else {})]
    parts += [(f"event {event.name}", event.attributes or {}) for event in span.events or ()]
    parts += [("link", link.attributes or {}) for link in span.links or ()]
    scope = span.instrumentation_scope
    return SpanView(
        name=span.name,
        status=span.status.status_code.name,
        description=span.status.description or "",
        attributes=span.attributes or {},
        parts=parts,
        scope=scope.name if scope else "",
    )


def _of_json(document: Mapping[str, Any]) -> Iterator[SpanView]:
    if "resourceSpans" not in document:
        yield _json_span(document, {}, "")
        return
    for group in document["resourceSpans"]:
        resource = _pairs(group.get("resource", {}).get("attributes", ()))
        for scoped in group.get("scopeSpans", ()):
            scope = scoped.get("scope", {}).get("name", "")
            for span in scoped.get("spans", ()):
                yield _json_span(span, resource, scope)


def _json_span(span: Mapping[str, Any], resource: Mapping[str, Any], scope: str) -> SpanView:
    parts: list[tuple[str, Mapping[str, Any]]] = [("resource", resource)]
    parts += [(f"event {event.get('name', '')}", _pairs(event.get("attributes", ()))) for event in span.get("events", ())]
    parts += [("link", _pairs(link.get("attributes", ()))) for link in span.get("links", ())]
    status = span.get("status", {})
    return SpanView(
        name=span.get("name", ""),
        status=_STATUS.get(status.get("code", 0), "UNSET"),
        description=status.get("message", ""),
        attributes=_pairs(span.get("attributes", ())),
        parts=parts,
        scope=scope,
    )


def _pairs(attributes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {pair["key"]: json_value(pair.get("value", {})) for pair in attributes}


def json_value(value: Mapping[str, Any]) -> Any:
    """Return the Python value of an OTLP-JSON ``AnyValue``; 64-bit integers may be text there (protobuf's JSON mapping)."""
    kind: str
    content: Any
    kind, content = next(iter(value.items()), ("", None))
    if kind == "intValue":
        return int(content)
    if kind == "doubleValue":
        return float(content)
    if kind == "arrayValue":
        return tuple(json_value(item) for item in content.get("values", ()))
    if kind == "kvlistValue":
        return _pairs(content.get("values", ()))
    return content
