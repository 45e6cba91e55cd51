"""One drain in the calling thread, for the command line: the same sender, the same consent, before every request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from otel_smart_agents.consent import ConsentGate
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.erasure import Erasure
from otel_smart_agents.export.outbox import DiskOutbox
from otel_smart_agents.export.sender import DrainReport, Sender
from otel_smart_agents.export.tallies import Tallies
from otel_smart_agents.export.transport import make_transport
from otel_smart_agents.export.write_behind import suppress_instrumentation
from otel_smart_agents.privacy.counters import Counters
from otel_smart_agents.spool.limits import SpoolLimits

if TYPE_CHECKING:
    from otel_smart_agents.consent import ConsentStore
    from otel_smart_agents.setup.request import Request


def drain(request: Request, store: ConsentStore, *, budget_s: float, asked: bool = False) -> DrainReport:
    """Send owed requests for erasure and then, while consent allows it, what waits.

    Args:
        request: the destination, configured in this process.
        store: where consent is kept; read again before every request.
        budget_s: seconds after which no request is begun.
        asked: a person wants it now, see ``Sender.drain``.

    Raises:
        ConfigError: the destination has no usable endpoint.
    """
    endpoint = request.endpoint()
    if endpoint is None:
        raise ConfigError(f"{request.destination.key} has no endpoint: there is nobody to send to")
    gate = ConsentGate(
        store,
        request.destination,
        gate=request.gate,
        notice=request.notice,
        run_mode=request.run_mode,
        categories=request.settings.categories,
    )
    suppress_instrumentation()
    sender = Sender(
        request.destination,
        endpoint=endpoint,
        outbox=DiskOutbox(
            store.paths.spool / request.destination.key,
            limits=SpoolLimits(),
            counters=Counters(),
            erasure=Erasure(request.destination, store),
        ),
        transport=make_transport(endpoint),
        decide=gate.decision,
        tallies=Tallies(),
        keep_sent=request.upstream,
    )
    return sender.drain(deadline=time.monotonic() + budget_s, asked=asked)
