"""A decision that is cheap enough to ask for with every batch and before every request."""

from __future__ import annotations

import time
from dataclasses import dataclass
from os import F_OK, access
from typing import TYPE_CHECKING, Final

from otel_smart_agents.consent.files import stat_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from otel_smart_agents.consent.model import Decision, Destination, Gate, Mode
    from otel_smart_agents.consent.notice import Notice
    from otel_smart_agents.consent.store import ConsentStore

MAX_AGE_S: Final = 0.5
"""A decision older than this is made anew even if no watched file changed: variables, folder modes, links."""


@dataclass(frozen=True, slots=True)
class _Seen:
    tokens: tuple[tuple[str, tuple[int, int, int, int] | None], ...]
    until_s: float
    decision: Decision


class ConsentGate:
    """The current decision for one destination. Every method may be called from any thread and after a fork.

    A "no" written to the consent file is seen by the very next call; a changed variable, folder mode or link within half a second.

    Args:
        store: where consent is kept.
        destination: where data would go.
        gate: who decides about an ``own`` destination.
        notice: the product's current notice.
        run_mode: the most that this run allows.
        categories: the most categories that this run allows.
        project_mode: the most that the project's settings allow.
        monotonic: seconds that never go backwards.
    """

    def __init__(
        self,
        store: ConsentStore,
        destination: Destination,
        *,
        gate: Gate = "operator",
        notice: Notice | None = None,
        run_mode: Mode | None = None,
        categories: Iterable[str] | None = None,
        project_mode: Mode | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.destination = destination
        self.gate: Gate = gate
        self.notice = notice
        self._run_mode = run_mode
        self._categories = None if categories is None else frozenset(categories)
        self._project_mode = project_mode
        self._monotonic = monotonic
        self._watched = store.watched
        self._seen: _Seen | None = None

    def decision(self) -> Decision:
        """Return the current decision; the same object as before while nothing changed."""
        seen = self._seen
        if seen is None or self._monotonic() >= seen.until_s:
            return self.refresh()
        for path, token in seen.tokens:
            # Asking whether a missing file appeared costs less than half of asking what it looks like.
            if access(path, F_OK) if token is None else stat_token(path) != token:
                return self.refresh()
        return seen.decision

    __call__ = decision

    def refresh(self) -> Decision:
        """Decide anew now, whatever was seen before."""
        # The tokens are read before the files: a change in between makes the next call decide again instead of being missed.
        tokens = tuple((path, stat_token(path)) for path in self._watched)
        decision = self.store.decide(
            self.destination,
            gate=self.gate,
            notice=self.notice,
            run_mode=self._run_mode,
            categories=self._categories,
            project_mode=self._project_mode,
        )
        seen = self._seen
        if seen is not None and seen.decision == decision:
            decision = seen.decision
        self._seen = _Seen(tokens, self._monotonic() + MAX_AGE_S, decision)
        return decision
