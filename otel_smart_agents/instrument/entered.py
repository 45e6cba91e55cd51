"""Which ``with`` statement is being left, when one stored object stands in several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from otel_smart_agents.instrument.context import RUN_KEY
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from types import FrameType

    from opentelemetry.context import Context

    Entry: TypeAlias = tuple[FrameType | None, Run, Any, Context]
"""What one ``with`` statement entered: its frame, the run, what undoes the attachment of the context, and that context.

The frame enters and leaves, and is alive meanwhile, so it tells one statement from all others. Asking for it costs as much as all the rest
here, so it is left out where nothing else was entered: that entry is known by not being one of the others. For the same reason this is a
plain tuple.
"""


def is_around(entry: Entry) -> bool:
    """Tell whether the running code is inside what was entered: not so when a generator is closed by a task that never entered it."""
    _, run, _, context = entry
    current = STATE.get()
    if current is context or run is NO_RUN:
        return True
    found: Any = current.get(RUN_KEY)
    while found is not None and found is not run:
        found = found.outer
    return found is not None


def take(entries: list[Entry], frame: FrameType | None) -> Entry | None:
    """Take out and return what the statement of the frame entered last; without a frame, the only entry.

    Someone who enters and leaves in different frames (``ExitStack``) gets the last entry that is around the running code, else the last.
    """
    try:
        entry = entries[0] if frame is None else _of(frame, entries[::-1])
        entries.remove(entry)
    except (IndexError, ValueError):  # another thread took it in this moment
        return None
    return entry


def _of(frame: FrameType, latest: list[Entry]) -> Entry:
    for entry in latest:
        if entry[0] is frame:
            return entry
    around = list(filter(is_around, latest))
    unknown = [entry for entry in around if entry[0] is None]
    return (unknown or around or latest)[0]
