"""ClickHouse's HTTP interface on a chDB store, as much as a collector needs: ``python clickhouse_front.py FOLDER`` prints its port.

A process of its own: the engine takes hundreds of megabytes and does not survive a fork. Not compressed, one query at a time.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from chdb.session import Session

BLOCK_INFO = b"\x01\x00\x02\xff\xff\xff\xff\x00"
"""What a Native block begins with for a client that names its protocol version: no overflow, no bucket."""
PROTOCOL = 1
"""The version that the client is told: blocks begin with their info, and columns have no flags."""
LOCK = threading.Lock()


def text(value: str) -> bytes:
    data = value.encode()
    return bytes([len(data)]) + data


def hello(version: str) -> bytes:
    """The answer to the client's first question, in the protocol version that it assumes before it has the answer."""
    columns = [
        ("displayName()", "String", text("chdb")),
        ("version()", "String", text(version)),
        ("revision()", "UInt32", PROTOCOL.to_bytes(4, "little")),
        ("timezone()", "String", text("UTC")),
    ]
    body = b"".join(text(name) + text(kind) + b"\x00" + data for name, kind, data in columns)
    return BLOCK_INFO + bytes([len(columns), 1]) + body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    session: Session
    version: str

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        parameters = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or self._chunks()
        try:
            with LOCK:
                answer = self._answer(parameters, body)
            self._send(200, answer)
        except Exception as error:
            self._send(500, str(error).encode())

    def _answer(self, parameters: dict[str, str], body: bytes) -> bytes:
        query = parameters.get("query", "")
        if query.lstrip().upper().startswith("INSERT") and body:
            return self._insert(query, body)
        query += body.decode()
        if "displayName()" in query:
            return hello(self.version)
        native = parameters.get("default_format") == "Native"
        answer = self.session.query(query, parameters.get("default_format", "TabSeparated")).bytes()
        return BLOCK_INFO + answer if native and answer else answer

    def _insert(self, query: str, body: bytes) -> bytes:
        head, _, kind = query.rpartition(" FORMAT ")
        kind = (kind.split() or ["Native"])[0]
        with tempfile.NamedTemporaryFile(suffix=f".{kind.lower()}") as file:
            file.write(body)
            file.flush()
            self.session.query(f"{head} SELECT * FROM file('{file.name}', '{kind}')")
        return b""

    def _chunks(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return b""
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status != 200:
            self.send_header("X-ClickHouse-Exception-Code", "1")
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    folder = Path(sys.argv[1])
    Handler.session = Session(str(folder))
    Handler.version = Handler.session.query("SELECT version()", "TSVRaw").bytes().decode().strip()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()  # until whoever started it is gone
    server.shutdown()
    Handler.session.close()


if __name__ == "__main__":
    main()
