"""OTLP JSON back to protobuf messages, by rules of its own: what the oracle tests compare with the SDK's encoder."""

from __future__ import annotations

import base64
import json

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

REQUESTS = {
    "resourceSpans": ExportTraceServiceRequest,
    "resourceLogs": ExportLogsServiceRequest,
    "resourceMetrics": ExportMetricsServiceRequest,
}
_IDS = {"traceId", "spanId", "parentSpanId"}


def message(body: bytes):
    """Parse a request body. OTLP writes ids in hex where protobuf's own JSON has base64, so those are converted first."""
    parsed = json.loads(body)
    (name,) = parsed
    return ParseDict(_with_base64_ids(parsed), REQUESTS[name]())


def _with_base64_ids(value):
    if isinstance(value, list):
        return [_with_base64_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: base64.b64encode(bytes.fromhex(item)).decode() if key in _IDS else _with_base64_ids(item) for key, item in value.items()}
