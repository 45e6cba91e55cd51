"""Asking a back end's RightsService for erasure: the request that is answered with a receipt, where the log event is only taken.

See ``proto/otel_smart_agents/proto/rights/v1/rights.proto``. The service is known from configuration alone (``rights_endpoint``):
nothing is sent to find out whether there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.export.answer import Answer
from otel_smart_agents.export.deletion import ID, PROOF, REQUESTED_NS
from otel_smart_agents.export.grpc_transport import GrpcTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.export.transport import Transport

_REQUEST_ERASURE: Final = "/otel_smart_agents.proto.rights.v1.RightsService/RequestErasure"
_NO_SUCH_SERVICE: Final = "UNIMPLEMENTED"


def erasure_request(request: Mapping[str, Any]) -> bytes:
    """Return the RequestErasureRequest of a queued request, the same bytes for the same request.

    Raises:
        KeyError, TypeError, ValueError: the request does not name an id and its proof.
    """
    from otel_smart_agents._pb.rights.v1 import rights_pb2

    message = rights_pb2.RequestErasureRequest(
        installation_id=str(request[ID]),
        proof=bytes.fromhex(request[PROOF]),
        requested_time_unix_nano=int(request.get(REQUESTED_NS, 0)),
    )
    return message.SerializeToString(deterministic=True)


class RightsTransport:
    """A transport to a destination that also has a RightsService: ``Transport``, and the call that asks for erasure.

    Args:
        base: sends everything else.
        endpoint: of the service.
    """

    def __init__(self, base: Transport, endpoint: Endpoint) -> None:
        self._base = base
        self._service = GrpcTransport(endpoint)

    def erase(self, request: bytes, *, timeout_s: float) -> tuple[Answer, str] | None:
        """Ask for erasure and return the answer with the receipt's request id; ``None`` if there is no RightsService after all."""
        found = self._service.call(_REQUEST_ERASURE, request, timeout_s=timeout_s)
        if isinstance(found, Answer):
            return None if found.code == _NO_SUCH_SERVICE else (found, "")
        return _acknowledged(found)

    def send(self, body: bytes, *, signal: str, timeout_s: float) -> Answer:
        """See ``Transport``."""
        return self._base.send(body, signal=signal, timeout_s=timeout_s)

    def close(self) -> None:
        """See ``Transport``."""
        self._service.close()
        self._base.close()

    def prepare(self) -> None:
        """See ``Transport``: erasure is asked for rarely, so gRPC is imported only then."""
        self._base.prepare()

    def interrupt(self) -> None:
        """See ``Transport``."""
        self._service.interrupt()
        self._base.interrupt()

    def after_fork_in_child(self) -> None:
        """See ``Transport``."""
        self._service.after_fork_in_child()
        self._base.after_fork_in_child()


def _acknowledged(response: bytes) -> tuple[Answer, str]:
    from google.protobuf.message import DecodeError

    from otel_smart_agents._pb.rights.v1 import rights_pb2

    try:
        receipt = rights_pb2.RequestErasureResponse.FromString(response).receipt
    except DecodeError:
        receipt = rights_pb2.ErasureReceipt()
    if not receipt.state:  # whatever answered, it did not promise anything: the request stays
        return Answer("retry", "NO_RECEIPT"), ""
    return Answer("accepted", "OK"), receipt.request_id
