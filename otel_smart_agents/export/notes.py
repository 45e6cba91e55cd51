"""What is known about a span when it starts and is needed when it has ended: whose consent covers it, and which parent it may name."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.trace import ReadableSpan, Span

from otel_smart_agents.privacy.kinds import category_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import SpanContext

    from otel_smart_agents.consent.percall import PerCallConsent

_KEPT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Note:
    """What was known at the start of one span.

    Attributes:
        consent: the end user's consent around the call, if there was one.
        moved: whether the parent is withheld.
        parent: the nearest sent ancestor, if the parent is withheld.
    """

    consent: PerCallConsent | None = None
    moved: bool = False
    parent: SpanContext | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """An ended span together with its note."""

    span: ReadableSpan
    note: Note


@dataclass(frozen=True, slots=True)
class Marker:
    """A root run that has just started, with its note; one without a note is marked by the running ``Span`` itself."""

    span: ReadableSpan
    note: Note | None = None


def marker_of(item: object) -> Marker | None:
    """Return what a queue's item marks, ``None`` if it is an ended span: the SDK hands over ``ReadableSpan``, never ``Span``."""
    if type(item) is ReadableSpan:
        return None
    if isinstance(item, Span):
        return Marker(item)
    return item if isinstance(item, Marker) else None


class Notes:
    """The notes of running spans, by span id; bounded, and closed when the bound is hit: a span whose note was lost is not recorded.

    Attributes:
        active: whether an ended span must be looked up.
    """

    def __init__(self, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._notes: dict[int, Note] = {}
        self._withheld: dict[int, SpanContext | None] = {}
        self._lost_before_ns = 0
        self.active = False

    def begin(self, span: ReadableSpan, consent: PerCallConsent | None, granted: frozenset[str]) -> Note | None:
        """Note what matters about a span that starts; ``granted`` is what the destination allows, before the user's own consent."""
        context, parent = span.context, span.parent
        moved = parent is not None and parent.span_id in self._withheld
        ancestor = self._withheld[parent.span_id] if moved and parent is not None else None
        category = category_of(kind_of(span.name, span.attributes or {}, _scope_name(span)))
        allowed = granted if consent is None else consent.narrow(granted)
        if len(self._notes) + len(self._withheld) >= _KEPT:
            self._forget()
        self.active = True
        if category is not None and category not in allowed:
            self._withheld[context.span_id] = ancestor if moved else parent
        if consent is None and not moved:
            return None
        note = self._notes[context.span_id] = Note(consent, moved, ancestor)
        return note

    def joined(self, span: ReadableSpan) -> ReadableSpan | Noted | None:
        """Return an ended span, with its note if it has one, and forget the note; ``None`` if the note was lost."""
        span_id = span.context.span_id
        self._withheld.pop(span_id, None)
        note = self._notes.pop(span_id, None)
        self.active = bool(self._notes or self._withheld or self._lost_before_ns)
        if note is not None:
            return Noted(span, note)
        return None if (span.start_time or 0) <= self._lost_before_ns else span

    def _forget(self) -> None:
        self._lost_before_ns = self._clock()
        self._notes.clear()
        self._withheld.clear()


class Reparented(ReadableSpan):
    """An ended span under another parent; everything else, counts of dropped items included, is the original's."""

    def __init__(self, span: ReadableSpan, parent: SpanContext | None) -> None:
        super().__init__(
            name=span.name,
            context=span.context,
            parent=parent,
            resource=span.resource,
            attributes=span.attributes,
            events=span.events,
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )
        self._original = span

    @property
    def dropped_attributes(self) -> int:
        """Attributes that the SDK dropped."""
        return self._original.dropped_attributes

    @property
    def dropped_events(self) -> int:
        """Events that the SDK dropped."""
        return self._original.dropped_events

    @property
    def dropped_links(self) -> int:
        """Links that the SDK dropped."""
        return self._original.dropped_links


def _scope_name(span: ReadableSpan) -> str | None:
    scope = span.instrumentation_scope
    return scope.name if scope is not None else None
