"""A real RightsService on the loopback interface that checks proofs as the collector does and whose answers a test scripts."""

from __future__ import annotations

import time
from concurrent import futures
from typing import Any

import grpc

from otel_smart_agents._pb.rights.v1 import rights_pb2, rights_pb2_grpc
from otel_smart_agents.consent.idfile import id_of


class RightsService(rights_pb2_grpc.RightsServiceServicer):
    """``url`` is ``http://127.0.0.1:<free port>``; ``erased`` are the ids, ``requests`` every request with its metadata.

    Args:
        script: names of gRPC codes to refuse the next requests with, then the default.
        default: what becomes of further ones: ``OK``, the name of a code, or ``EMPTY`` for an answer that promises nothing.
        delay_s: seconds before an answer.
    """

    def __init__(self, script=(), *, default: str = "OK", delay_s: float = 0.0) -> None:
        self.script, self.default, self.delay_s = list(script), default, delay_s
        self.requests: list[tuple[Any, dict[str, str]]] = []
        self.erased: list[str] = []
        self._server = grpc.server(futures.ThreadPoolExecutor(4))
        rights_pb2_grpc.add_RightsServiceServicer_to_server(self, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self.url = f"http://127.0.0.1:{self.port}"
        self._server.start()

    def RequestErasure(self, request, context):
        self.requests.append((request, {item.key: item.value for item in context.invocation_metadata()}))
        time.sleep(self.delay_s)
        code = self.script.pop(0) if self.script else self.default
        if code not in ("OK", "EMPTY"):
            context.abort(grpc.StatusCode[code], "as the test wants it")
        if code == "EMPTY":
            return rights_pb2.RequestErasureResponse()
        if id_of(request.proof) != request.installation_id:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "the proof is not the secret of the installation id")
        self.erased.append(request.installation_id)
        receipt = rights_pb2.ErasureReceipt(
            request_id=f"{len(self.erased):048x}",
            state=rights_pb2.ERASURE_STATE_ACCEPTED,
            received_time_unix_nano=time.time_ns(),
        )
        return rights_pb2.RequestErasureResponse(receipt=receipt)

    def close(self) -> None:
        self._server.stop(0).wait(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
