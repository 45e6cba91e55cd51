"""Both ends of one destination's spool, on the disk or in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents.export.memory import MemoryStore
from otel_smart_agents.export.outbox import DiskOutbox
from otel_smart_agents.export.store import DiskStore, Outbox, Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.export.options import PipelineOptions
    from otel_smart_agents.spool.limits import DropCounter


def storage(
    folder: Path,
    destination: Destination,
    *,
    endpoint: Endpoint | None,
    options: PipelineOptions,
    counters: DropCounter,
    clock: Callable[[], int],
) -> tuple[Store, Outbox]:
    """Return the writing and the reading end; nothing is made on the disk before the first item."""
    if options.spool == "memory":
        memory = MemoryStore(limits=options.limits, counters=counters, erasure=options.erasure, clock=clock)
        return memory, memory
    store = DiskStore(folder, destination, endpoint=endpoint, limits=options.limits, counters=counters, clock=clock)
    return store, DiskOutbox(folder, limits=options.limits, counters=counters, erasure=options.erasure, clock=clock)
