"""Which ``with`` statement is being left, when one stored object stands in several at once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias

from otel_smart_agents.instrument.context import RUN_KEY
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from types import FrameType

    from opentelemetry.context import Context

    Entry: TypeAlias = tuple[FrameType, Run, Any, Context]
"""What one ``with`` statement entered: its frame, the run, what undoes the attachment of the context, and that context.

The frame enters and leaves, and is alive meanwhile, so it tells one statement from all others. A plain tuple, since one is made per block.
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


def take(entries: list[Entry], frame: FrameType) -> Entry | None:
    """Take out and return what the statement of the frame entered last.

    An ``ExitStack`` enters and leaves in frames of its own: it gets the last entry of its kind that is around the running code, else the
    last of its kind.
    """
    try:
        entry = entries[-1]
        if entry[0] is not frame:
            entry = _of(frame, entries[::-1])
        entries.remove(entry)
    except (IndexError, ValueError):  # another thread took it in this moment
        return None
    return entry


def _of(frame: FrameType, latest: list[Entry]) -> Entry:
    for entry in latest:
        if entry[0] is frame:
            return entry
    file = frame.f_code.co_filename
    alike = [entry for entry in latest if file == contextlib.__file__ == entry[0].f_code.co_filename] or latest
    return next(filter(is_around, alike), alike[0])
