"""The runs of this process that have begun and not ended, as the spool's open markers know them: used under the writer's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from otel_smart_agents.export.notes import Noted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from otel_smart_agents.export.store import Store
    from otel_smart_agents.spool.names import Terms


class Running:
    """Keeps the open markers of one store right: what has a marker when its process dies is reported as interrupted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.forget()

    def forget(self) -> None:
        """Begin anew, without a word to the store: in a fork these runs are the parent's."""
        self._begun: dict[tuple[int, int], ref[Any]] = {}
        self._left: set[tuple[int, int]] = set()
        self._terms: Terms | None = None

    def mark(self, begun: Any, span: Any, *, terms: Terms) -> None:
        """Open the marker of a run: its span as it is kept, and the one that will end. Raises SpoolError."""
        self._store.open_marker(begun, terms=terms)
        self._begun[begun.context.trace_id, begun.context.span_id] = ref(span)

    def turn_to(self, terms: Terms) -> None:
        """Close all markers if the terms change: their file is let go of, and recovery would report living runs as interrupted.

        A run that goes on over a change and is killed then is not reported; one that ends is, under the new terms.
        """
        if terms != self._terms:
            self._terms = terms
            for key in self._begun:
                self._store.close_marker(*key)
            self._begun.clear()

    def kept(self, spans: Sequence[Any]) -> None:
        """Hear that spans are kept: the store closes their markers by itself."""
        if self._begun:
            for span in spans:
                self._begun.pop((span.context.trace_id, span.context.span_id), None)

    def dropped(self, ended: Sequence[Any], kept: Sequence[Any]) -> None:
        """Forget runs whose span is not kept, so that they are not reported as interrupted one day."""
        ids = {span.context.span_id for span in kept}
        for item in ended:
            key = _key(item)
            if key[1] not in ids:
                self._store.close_marker(*key)
                self._begun.pop(key, None)

    def leave(self) -> None:
        """Forget runs that have ended and still wait in the SDK's own batch processor: nobody interrupted them.

        The others are left to recovery, which reports them as interrupted: should one end after all, it is not reported once more.
        """
        for key, begun in self._begun.items():
            span = begun()
            if span is None or span.end_time is not None:
                self._store.close_marker(*key)
            else:
                self._left.add(key)
        self._begun.clear()

    def not_left(self, items: Sequence[Any]) -> Sequence[Any]:
        """Return the ended spans without those that recovery reports."""
        return [item for item in items if _key(item) not in self._left] if self._left else items


def _key(item: Any) -> tuple[int, int]:
    context = (item.span if type(item) is Noted else item).context
    return context.trace_id, context.span_id
