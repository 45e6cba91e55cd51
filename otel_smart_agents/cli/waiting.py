"""What waits at a destination, brought into a state in which it can be looked at and counted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otel_smart_agents.cli.output import reason, say
from otel_smart_agents.spool.limits import SIGNALS

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.consent import Decision
    from otel_smart_agents.spool.names import Terms


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sealed files and what is in them.

    Attributes:
        requests: requests that the current consent covers.
        items: spans, log records and metrics in them.
        older: items that it does not cover, see ``held``; they stay unless a person picks them in a review.
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


def held(terms: Terms, decision: Decision) -> str | None:
    """Return why what was recorded under these terms does not leave by itself, ``None`` if the decision covers it."""
    if terms.covered_by(decision):
        return None
    if terms.epoch != decision.epoch:
        return "recorded before your current answer"
    if terms.local:
        return "recorded for your own eyes only"
    return f"recorded with {', '.join(sorted(terms.categories - decision.categories))}, which is not to be sent any more"


def waiting(known: Known, decision: Decision) -> Waiting:
    """Count what is sealed.

    Args:
        known: the destination.
        decision: what may be sent now.
    """
    requests = items = older = 0
    for signal in SIGNALS:
        with suppress(OSError):
            for file in known.folder.ready_files(signal):
                with suppress(OSError):  # sent or cleared meanwhile, damaged, or not safe to open
                    parts = file.parts()
                    count = sum(part.items for part in parts)
                    if file.terms.covered_by(decision):
                        requests, items = requests + len(parts), items + count
                    else:
                        older += count
    return Waiting(requests, items, older)
