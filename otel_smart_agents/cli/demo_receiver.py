"""A receiver of OTLP over HTTP on this machine's loopback address, for the demonstration: keeps the exact bytes that arrive."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

_MAX_BYTES = 16 * 2**20


@dataclass(slots=True)
class Received:
    """One request.

    Attributes:
        path: where it was sent.
        body: the uncompressed body.
        headers: its headers, lower case.
    """

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class LoopbackReceiver:
    """A context manager: listens on a free port of 127.0.0.1 and ends its thread at the end of the block."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        received = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("Content-Length", 0)), _MAX_BYTES)
                body = self.rfile.read(length)
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                received.append(Received(self.path, body, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(200)
                self.send_header("Content-Type", self.headers.get("Content-Type", "application/json"))
                answer = b"{}" if "json" in self.headers.get("Content-Type", "") else b""
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: Any) -> None:
                """Stay silent: the demonstration does the talking."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Base URL of the receiver."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
