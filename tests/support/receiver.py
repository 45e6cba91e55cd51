"""A real OTLP receiver on the loopback interface whose answers a test scripts.

``HttpReceiver`` speaks OTLP/HTTP (JSON and protobuf, gzip), ``GrpcReceiver`` OTLP/gRPC. Each request takes the next ``Reply`` of the
script; when the script is used up, ``default`` answers. Every request is kept with its headers, its uncompressed body and its records.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from concurrent import futures
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest, ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MESSAGES = {
    "traces": (ExportTraceServiceRequest, ExportTraceServiceResponse, "rejected_spans", "rejectedSpans"),
    "logs": (ExportLogsServiceRequest, ExportLogsServiceResponse, "rejected_log_records", "rejectedLogRecords"),
    "metrics": (ExportMetricsServiceRequest, ExportMetricsServiceResponse, "rejected_data_points", "rejectedDataPoints"),
}


@dataclass(frozen=True)
class Reply:
    """One scripted answer.

    Attributes:
        status: HTTP status; for gRPC the name of the code goes into ``code``.
        headers: extra response headers.
        refused: records refused by a partial success.
        delay_s: seconds before the answer.
        action: ``reply``; ``reset`` breaks the connection without keeping the data; ``lose_ack`` keeps the data and breaks the connection.
        code: gRPC status code's name.
        details: gRPC status text.
        retry_info_s: adds a google.rpc.RetryInfo of that many seconds (gRPC).
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    delay_s: float = 0.0
    action: str = "reply"
    code: str = "OK"
    details: str = ""
    retry_info_s: float | None = None

    @property
    def stores(self) -> bool:
        return self.action == "lose_ack" or (self.action == "reply" and self.status == 200 and self.code == "OK")


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    signal: str
    path: str
    headers: dict[str, str]
    wire_body: bytes
    body: bytes
    stored: bool
    at_s: float

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "")

    def message(self) -> Any:
        """The decoded protobuf message (protobuf bodies only)."""
        return _MESSAGES[self.signal][0].FromString(self.body)

    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def records(self) -> list[dict[str, Any]]:
        """Spans (or log records) as plain dicts: ``name``, ids in hex, ``attributes``, ``resource``, ``scope``."""
        return list(_json_records(self.json(), self.signal) if self.is_json else _protobuf_records(self.message(), self.signal))


def _value(value: dict[str, Any]) -> Any:
    for name, item in value.items():
        if name == "intValue":
            return int(item)
        if name == "arrayValue":
            return [_value(one) for one in item.get("values", ())]
        if name == "kvlistValue":
            return _attributes(item.get("values", ()))
        return item
    return None


def _attributes(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {item["key"]: _value(item.get("value", {})) for item in items}


def _json_records(body: dict[str, Any], signal: str) -> Iterator[dict[str, Any]]:
    groups, scopes, records = {
        "traces": ("resourceSpans", "scopeSpans", "spans"),
        "logs": ("resourceLogs", "scopeLogs", "logRecords"),
        "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
    }[signal]
    for group in body[groups]:
        resource = _attributes(group.get("resource", {}).get("attributes", ()))
        for scope in group[scopes]:
            for record in scope[records]:
                yield {
                    "name": record.get("name", record.get("eventName", "")),
                    "trace_id": record.get("traceId", ""),
                    "span_id": record.get("spanId", ""),
                    "parent_span_id": record.get("parentSpanId", ""),
                    "start": int(record.get("startTimeUnixNano", 0)),
                    "attributes": _attributes(record.get("attributes", ())),
                    "resource": resource,
                    "scope": scope.get("scope", {}).get("name", ""),
                }


def _pb_value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    item = getattr(value, kind)
    if kind == "array_value":
        return [_pb_value(one) for one in item.values]
    if kind == "kvlist_value":
        return {one.key: _pb_value(one.value) for one in item.values}
    return item


def _protobuf_records(message: Any, signal: str) -> Iterator[dict[str, Any]]:
    groups, scopes, records = {
        "traces": ("resource_spans", "scope_spans", "spans"),
        "logs": ("resource_logs", "scope_logs", "log_records"),
        "metrics": ("resource_metrics", "scope_metrics", "metrics"),
    }[signal]
    for group in getattr(message, groups):
        resource = {item.key: _pb_value(item.value) for item in group.resource.attributes}
        for scope in getattr(group, scopes):
            for record in getattr(scope, records):
                yield {
                    "name": getattr(record, "name", "") or getattr(record, "event_name", ""),
                    "trace_id": getattr(record, "trace_id", b"").hex(),
                    "span_id": getattr(record, "span_id", b"").hex(),
                    "parent_span_id": getattr(record, "parent_span_id", b"").hex(),
                    "start": getattr(record, "start_time_unix_nano", 0),
                    "attributes": {item.key: _pb_value(item.value) for item in getattr(record, "attributes", ())},
                    "resource": resource,
                    "scope": scope.scope.name,
                }


class _Receiver:
    """What both protocols share: the script, the record of requests, waiting."""

    url: str

    def __init__(self, script: Iterable[Reply] = (), *, default: Reply | None = None) -> None:
        self._script = list(script)
        self.default = default or Reply()
        self.requests: list[Request] = []
        self._changed = threading.Condition()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        raise NotImplementedError

    def script(self, *replies: Reply) -> None:
        """Replace what is left of the script."""
        with self._changed:
            self._script = list(replies)

    def take(self, signal: str, path: str, headers: dict[str, str], *, wire_body: bytes, body: bytes) -> Reply:
        with self._changed:
            reply = self._script.pop(0) if self._script else self.default
            self.requests.append(Request(signal, path, headers, wire_body, body, reply.stores, time.monotonic()))
            self._changed.notify_all()
        if reply.delay_s:
            time.sleep(reply.delay_s)
        return reply

    def wait(self, requests: int, *, timeout_s: float = 10.0) -> bool:
        """Wait until so many requests arrived."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) >= requests, timeout_s)

    def wait_spans(self, count: int, *, timeout_s: float = 10.0) -> bool:
        """Wait until so many records are stored (duplicates count)."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.spans()) >= count, timeout_s)

    def spans(self) -> list[dict[str, Any]]:
        """Records of every stored request, in order of arrival, duplicates included."""
        return [record for request in list(self.requests) if request.stored for record in request.records()]

    def stored_once(self) -> list[dict[str, Any]]:
        """Records of the stored requests; a body that came twice with the same Idempotency-Key counts once."""
        bodies: dict[str, Request] = {}
        for request in list(self.requests):
            if request.stored:
                key = request.headers["idempotency-key"]
                assert bodies.setdefault(key, request).body == request.body
        return [record for request in bodies.values() for record in request.records()]


class HttpReceiver(_Receiver):
    """OTLP over HTTP on ``http://127.0.0.1:<free port>``, or https with ``tls``."""

    def __init__(self, script: Iterable[Reply] = (), *, default: Reply | None = None, port: int = 0, tls: Any = None) -> None:
        super().__init__(script, default=default)
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_address[1]
        if tls is not None:  # the handshake belongs to the thread of the connection: a client that hangs there holds no other
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"http{'s' if tls is not None else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken connections are part of the tests."""


def _handler(receiver: HttpReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, wire_body: bytes) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = gzip.decompress(wire_body) if headers.get("content-encoding") == "gzip" else wire_body
            signal = self.path.rsplit("/", 1)[-1]
            reply = receiver.take(signal, self.path, headers, wire_body=wire_body, body=body)
            if reply.action in ("reset", "lose_ack"):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            content, kind = self._content(signal, headers, reply)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if reply.status != 304:
                self.wfile.write(content)

        def _content(self, signal: str, headers: dict[str, str], reply: Reply) -> tuple[bytes, str]:
            if reply.status != 200 or signal not in _MESSAGES:
                return b"no", "text/plain"
            _, response, field_name, json_name = _MESSAGES[signal]
            if "json" in headers.get("content-type", ""):
                partial = {"partialSuccess": {json_name: str(reply.refused), "errorMessage": "no room"}} if reply.refused else {}
                return json.dumps(partial).encode(), "application/json"
            message = response()
            if reply.refused:
                setattr(message.partial_success, field_name, reply.refused)
                message.partial_success.error_message = "no room"
            return message.SerializeToString(), "application/x-protobuf"

    return Handler


class GrpcReceiver(_Receiver):
    """OTLP over gRPC; ``url`` is ``http://127.0.0.1:<free port>`` (no TLS), or https with ``tls`` (``grpc.ServerCredentials``)."""

    def __init__(self, script: Iterable[Reply] = (), *, default: Reply | None = None, port: int = 0, tls: Any = None) -> None:
        import grpc

        super().__init__(script, default=default)
        self._server = grpc.server(futures.ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", -1)])
        self._server.add_generic_rpc_handlers((_grpc_handler(self),))
        at = f"127.0.0.1:{port}"
        self.port = self._server.add_insecure_port(at) if tls is None else self._server.add_secure_port(at, tls)
        self.url = f"http{'s' if tls is not None else ''}://127.0.0.1:{self.port}"
        self._server.start()

    def close(self) -> None:
        self._server.stop(0).wait(5)


def _grpc_handler(receiver: GrpcReceiver) -> Any:
    import grpc
    from google.protobuf.any_pb2 import Any as AnyMessage
    from google.protobuf.duration_pb2 import Duration
    from google.rpc.error_details_pb2 import RetryInfo
    from google.rpc.status_pb2 import Status

    signals = {"TraceService": "traces", "LogsService": "logs", "MetricsService": "metrics"}

    class Handler(grpc.GenericRpcHandler):
        def service(self, details: Any) -> Any:
            signal = next(signal for part, signal in signals.items() if part in details.method)
            headers = dict(details.invocation_metadata)

            def export(body: bytes, context: Any) -> bytes:
                reply = receiver.take(signal, details.method, headers, wire_body=body, body=body)
                if reply.action in ("reset", "lose_ack"):
                    context.abort(grpc.StatusCode.UNAVAILABLE, "the connection broke")
                if reply.code != "OK":
                    code = grpc.StatusCode[reply.code]
                    if reply.retry_info_s is not None:
                        packed = AnyMessage()
                        seconds = int(reply.retry_info_s)
                        packed.Pack(RetryInfo(retry_delay=Duration(seconds=seconds, nanos=round((reply.retry_info_s - seconds) * 1e9))))
                        status = Status(code=code.value[0], message=reply.details, details=[packed])
                        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
                    context.abort(code, reply.details)
                _, response, field_name, _ = _MESSAGES[signal]
                message = response()
                if reply.refused:
                    setattr(message.partial_success, field_name, reply.refused)
                return message.SerializeToString()

            return grpc.unary_unary_rpc_method_handler(export)

    return Handler()


@contextlib.contextmanager
def dead_port() -> Iterator[int]:
    """A port of this machine that refuses connections for as long as the block lasts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else gets it
        yield taken.getsockname()[1]


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield listening.getsockname()[1]
