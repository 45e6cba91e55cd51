"""Requests for erasure: an OTLP log event that names an id and proves its possession, sent like any other data."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv
from otel_smart_agents.spool.state import Deletion, queue_deletion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from otel_smart_agents.consent.model import Destination

ID: str = "installation_id"
PROOF: str = "proof"
REQUESTED_NS: str = "requested_ns"


def queue_deletions(folder: Path, proofs: Iterable[Any], *, clock: Callable[[], int] = time.time_ns) -> list[Deletion]:
    """Queue one request per id (``id`` and ``secret_hex`` of a proof of possession) in a destination's spool folder.

    The moment is part of the request, so that every attempt sends the same bytes.

    Raises:
        SpoolError, OSError: it cannot be written.
    """
    return [queue_deletion(folder, {ID: proof.id, PROOF: proof.secret_hex, REQUESTED_NS: clock()}, clock=clock) for proof in proofs]


def deletion_payload(request: Mapping[str, Any], destination: Destination) -> bytes:
    """Return the content of the ``resourceLogs`` array of one request, the same bytes for the same request.

    Raises:
        KeyError: the request does not name an id and its proof.
    """
    moment = str(int(request.get(REQUESTED_NS, 0)))
    attributes = {
        semconv.SMART_AGENTS_DELETION_INSTALLATION_ID: str(request[ID]),
        semconv.SMART_AGENTS_DELETION_PROOF: str(request[PROOF]),
    }
    record = {
        "timeUnixNano": moment,
        "observedTimeUnixNano": moment,
        "severityNumber": 9,
        "eventName": semconv.EVENT_DELETION,
        "attributes": _attributes(attributes),
    }
    scope = {"scope": {"name": semconv.SCOPE_NAME}, "logRecords": [record], "schemaUrl": semconv.SCHEMA_URL}
    group = {"resource": {"attributes": _attributes({semconv.SERVICE_NAME: destination.product})}, "scopeLogs": [scope]}
    return json.dumps(group, ensure_ascii=False, separators=(",", ":")).encode()


def _attributes(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]
