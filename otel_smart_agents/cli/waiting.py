"""What waits at a destination, brought into a state in which it can be looked at and counted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otel_smart_agents.cli.output import reason, say
from otel_smart_agents.spool.limits import SIGNALS

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sealed files and what is in them.

    Attributes:
        requests: requests that the current consent covers.
        items: spans, log records and metrics in them.
        older: items recorded under an earlier answer; they stay unless a person picks them in a review.
    """

    requests: int = 0
    items: int = 0
    older: int = 0


def settle(known: Known) -> str | None:
    """Seal what this process is writing and adopt what dead processes left, as a sender would. Makes no folder.

    Returns what is in the way of reading the spool, told on stderr too; ``None`` for nothing.
    """
    if known.handle is not None:
        known.handle.flush(to="disk")
        known.handle.seal()
    if known.folder.folder.is_dir():
        for signal in SIGNALS:
            try:
                known.folder.recover(signal)
            except OSError as error:
                say(f"{known.key}: {reason(error)}", style="red")
                return reason(error)
    return None


def waiting(known: Known, *, epoch: int) -> Waiting:
    """Count what is sealed.

    Args:
        known: the destination.
        epoch: the current consent epoch.
    """
    requests = items = older = 0
    for signal in SIGNALS:
        with suppress(OSError):
            for file in known.folder.ready_files(signal):
                with suppress(OSError):  # sent or cleared meanwhile, damaged, or not safe to open
                    count = file.body().items
                    if file.epoch == epoch:
                        requests, items = requests + 1, items + count
                    else:
                        older += count
    return Waiting(requests, items, older)
