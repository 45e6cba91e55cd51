"""Which ``with`` statement is being left, when one stored object stands in several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from otel_smart_agents.instrument.context import RUN_KEY
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from types import FrameType

    from opentelemetry.context import Context


class Entry(NamedTuple):
    """What one ``with`` statement entered.

    Attributes:
        frame: the statement's; it enters and leaves, and is alive meanwhile, so that it tells one statement from all others.
        run: the run, if the statement stands for one.
        token: undoes the attachment of the context.
        context: the context that was attached.
    """

    frame: FrameType
    run: Run
    token: Any
    context: Context

    def is_around(self) -> bool:
        """Tell whether the running code is inside: not so when a generator is closed by a task that never entered it."""
        current = STATE.get()
        if current is self.context:
            return True
        found: Any = current.get(RUN_KEY)
        while found is not None and found is not self.run:
            found = found.outer
        return found is not None or self.run is NO_RUN


def take(entries: list[Entry], frame: FrameType) -> Entry | None:
    """Take out and return what the statement of the frame entered last.

    Someone who enters and leaves in different frames (``ExitStack``) gets the last entry that is around the running code, else the last.
    """
    found = next((entry for entry in reversed(entries) if entry.frame is frame), None)
    found = found or next(filter(Entry.is_around, reversed(entries)), None) or (entries[-1] if entries else None)
    if found is None:
        return None
    try:
        entries.remove(found)
    except ValueError:  # another thread took it in this moment
        return None
    return found
