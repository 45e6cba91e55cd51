"""OTLP over gRPC.

The channel lives no longer than one drain of the sender, so that none is alive across a fork; bodies are sent as the bytes that were
shown to the user, no message object is built.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from otel_smart_agents import env
from otel_smart_agents.export.answer import Answer, accepted_grpc, grpc_answer
from otel_smart_agents.export.endpoint import is_loopback
from otel_smart_agents.export.transport import IDEMPOTENCY_KEY, USER_AGENT, digest
from otel_smart_agents.export.unsent import grpc_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    import grpc

    from otel_smart_agents.export.endpoint import Endpoint

_VERBOSITY = "GRPC_VERBOSITY"
_STATUS_DETAILS = "grpc-status-details-bin"
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class GrpcTransport:
    """Sends to one endpoint. Used by one thread at a time; ``close`` and ``interrupt`` may come from any."""

    def __init__(self, endpoint: Endpoint, *, environ: Mapping[str, str] | None = None) -> None:
        self._endpoint = endpoint
        self._environ = os.environ if environ is None else environ
        self._channel: grpc.Channel | None = None
        self._lock = threading.Lock()

    def send(self, body: bytes, *, signal: str, timeout_s: float) -> Answer:
        """Send one body; everything that a network does is an answer."""
        found = self.call(self._endpoint.address(signal), body, timeout_s=timeout_s)
        return found if isinstance(found, Answer) else accepted_grpc(found)

    def call(self, address: str, body: bytes, *, timeout_s: float) -> bytes | Answer:
        """Call one method and return the bytes of its response, or what it means that there is none."""
        load_grpc()
        import grpc

        metadata = [(name.lower(), value) for name, value in self._endpoint.headers.items()]
        metadata.append((IDEMPOTENCY_KEY.lower(), digest(body)))
        compression = grpc.Compression.Gzip if self._endpoint.compression == "gzip" else grpc.Compression.NoCompression
        try:
            with self._lock:
                channel = self._channel or self._open()
                method = channel.unary_unary(address)  # no serialisers: bytes out, bytes in
            # A blocking call needs no thread of grpcio's own, which could not be started while the interpreter shuts down.
            response = method(body, timeout=timeout_s, metadata=metadata, compression=compression)
        except grpc.RpcError as error:
            return _judge(error, self._endpoint)
        except (ValueError, OSError) as error:  # a closed channel, an unreadable certificate
            return Answer("retry", type(error).__name__, left=False)
        return bytes(response)

    def close(self) -> None:
        """Close the channel."""
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def prepare(self) -> None:
        """Import ``grpc``."""
        load_grpc()

    def interrupt(self) -> None:
        """Close the channel, which cancels a call in flight: gRPC's threads do not survive a fork, its locks would."""
        self.close()

    def after_fork_in_child(self) -> None:
        """Begin anew."""
        self._lock = threading.Lock()
        self._channel = None

    def _open(self) -> grpc.Channel:
        import grpc

        endpoint = self._endpoint
        options = [("grpc.primary_user_agent", USER_AGENT), ("grpc.enable_retries", 0), ("grpc.max_send_message_length", -1)]
        if is_loopback(endpoint.host):
            options.append(("grpc.enable_http_proxy", 0))  # as over HTTP: no proxy is asked for this very machine
        if endpoint.secure:
            self._channel = grpc.secure_channel(endpoint.grpc_target, self._credentials(), options=options)
        else:
            self._channel = grpc.insecure_channel(endpoint.grpc_target, options=options)
        return self._channel

    def _credentials(self) -> grpc.ChannelCredentials:
        import grpc

        endpoint = self._endpoint
        authorities = endpoint.certificate or next((v for n in _CA_VARIABLES if (v := env.get(self._environ, n))), "")
        return grpc.ssl_channel_credentials(
            root_certificates=_file(authorities),
            private_key=_file(endpoint.client_key),
            certificate_chain=_file(endpoint.client_certificate),
        )


def load_grpc() -> None:
    """Import ``grpc`` for the first time without its log: a handshake that fails is ours to report, not a line on the program's stderr.

    Its core reads the variable once, while it is imported; children of this process never see it. A program that uses gRPC itself, or
    that has set the variable, decides.
    """
    ours = "grpc" not in sys.modules and _VERBOSITY not in os.environ
    if ours:
        os.environ[_VERBOSITY] = "NONE"
    try:
        import grpc

        assert grpc.Channel is not None
    finally:
        if ours:
            os.environ.pop(_VERBOSITY, None)


def _file(path: str) -> bytes | None:
    return Path(path).read_bytes() if path else None


def _judge(error: grpc.RpcError, endpoint: Endpoint) -> Answer:
    code, details, trailers = error.code(), error.details() or "", error.trailing_metadata() or ()
    status = next((value for name, value in trailers if name == _STATUS_DETAILS), None)
    return replace(grpc_answer(code.name, details, status), left=grpc_left(code.name, details, endpoint))
