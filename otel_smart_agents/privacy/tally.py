"""What the filter did to one span, record or set of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents.privacy import counters as reasons

if TYPE_CHECKING:
    from otel_smart_agents.privacy.counters import Counters


class Tally:
    """Counts of one pass.

    Attributes:
        redactions: values, or parts of values, that were replaced.
        dropped: attributes that were dropped, on all surfaces.
        wrong_types: values dropped because the registry wants another type.
        errors: values whose filter failed.
    """

    __slots__ = ("dropped", "errors", "redactions", "wrong_types")

    def __init__(self) -> None:
        self.redactions = 0
        self.dropped = 0
        self.wrong_types = 0
        self.errors = 0

    def add_to(self, counters: Counters) -> None:
        """Add what is not zero to the shared counts."""
        if self.redactions:
            counters.add(reasons.REDACTIONS, self.redactions)
        if self.dropped:
            counters.add(reasons.ATTRIBUTES, self.dropped)
        if self.wrong_types:
            counters.add(reasons.WRONG_TYPE, self.wrong_types)
        if self.errors:
            counters.add(reasons.VALUE_ERROR, self.errors)
