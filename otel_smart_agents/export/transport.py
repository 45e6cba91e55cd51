"""The seam between the sender and a protocol: bytes in, verdict out, nothing kept."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from otel_smart_agents._version import __version__

if TYPE_CHECKING:
    from otel_smart_agents.export.answer import Answer
    from otel_smart_agents.export.endpoint import Endpoint

USER_AGENT = f"otel-smart-agents/{__version__}"

IDEMPOTENCY_KEY = "Idempotency-Key"
"""Header with the SHA-256 (hex) of the uncompressed body: a receiver may recognise a body whose acknowledgement was lost."""


class Transport(Protocol):
    """Sends one body. Never raises for anything that a network or a back end does."""

    def send(self, body: bytes, *, signal: str, timeout_s: float) -> Answer:
        """Send one uncompressed body and judge the answer within about ``timeout_s`` seconds."""

    def close(self) -> None:
        """Close the connection; sending again opens a new one."""

    def prepare(self) -> None:
        """Import what sending needs, ahead of the first request."""

    def interrupt(self) -> None:
        """Break off a request in flight where that is possible (it ends as ``retry``): before a fork and at the end of the program."""

    def after_fork_in_child(self) -> None:
        """Forget the parent's connection without closing it."""


def digest(body: bytes) -> str:
    """Return the SHA-256 of an uncompressed body in hex: what ``preview`` shows, what the header carries, what is logged."""
    return hashlib.sha256(body).hexdigest()


def compress(body: bytes) -> bytes:
    """Return the body in gzip, the same bytes for the same body (no time stamp)."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def make_transport(endpoint: Endpoint) -> Transport:
    """Return the transport of an endpoint's protocol, and of its RightsService; nothing is connected or imported beyond them."""
    if (rights := endpoint.rights) is not None:
        from otel_smart_agents.export.rights import RightsTransport

        return RightsTransport(make_transport(replace(endpoint, rights_url="")), rights)
    if endpoint.protocol == "grpc":
        from otel_smart_agents.export.grpc_transport import GrpcTransport

        return GrpcTransport(endpoint)
    from otel_smart_agents.export.http_transport import HttpTransport

    return HttpTransport(endpoint)
