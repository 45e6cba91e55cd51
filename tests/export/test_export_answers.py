"""OTLP's retry table, read strictly."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.answer import Answer, accepted_grpc, backoff_s, grpc_answer, http_answer, retry_after_s, retry_info_s
from otel_smart_agents.export.endpoint import Endpoint, is_loopback


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "accepted"), (202, "accepted"), (301, "rejected"), (302, "rejected"), (304, "rejected"), (307, "rejected"), (400, "rejected"),
        (401, "rejected"), (403, "rejected"), (404, "rejected"), (408, "rejected"), (413, "too_large"), (429, "retry"), (500, "rejected"),
        (501, "rejected"), (502, "retry"), (503, "retry"), (504, "retry"),
    ],
)  # fmt: skip
def test_http_statuses(status, verdict):
    assert http_answer(status, {}, b"") == Answer(verdict, str(status))


def test_retry_after_in_seconds_and_as_a_date_is_honoured_in_full():
    assert http_answer(503, {"Retry-After": "86400"}, b"").retry_after_s == 86_400
    assert retry_after_s(formatdate(1_000_090, usegmt=True), now_s=lambda: 1_000_000.0) == 90
    assert retry_after_s(formatdate(999_000, usegmt=True), now_s=lambda: 1_000_000.0) == 0
    for nonsense in (None, "", "soon", "-5", "1.5", "٣"):
        assert retry_after_s(nonsense) is None


@pytest.mark.parametrize("value", ["1795862400000", "99999999999", "9" * 400, "604801", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_that_no_back_end_means_counts_as_none(value):
    assert http_answer(503, {"Retry-After": value}, b"") == Answer("retry", "503")
    assert http_answer(503, {"Retry-After": "604800"}, b"").retry_after_s == 604_800


@pytest.mark.parametrize("wait", [Duration(seconds=10**11), Duration(seconds=604_801), Duration(nanos=-1)])
def test_retry_info_that_no_back_end_means_still_asks_for_a_retry(wait):
    assert grpc_answer("RESOURCE_EXHAUSTED", "", status_with(RetryInfo(retry_delay=wait))) == Answer("retry", "RESOURCE_EXHAUSTED")


def test_partial_success_is_counted_in_both_forms():
    message = ExportTraceServiceResponse()
    message.partial_success.rejected_spans = 7
    message.partial_success.error_message = "too old"
    assert http_answer(200, {"Content-Type": "application/x-protobuf"}, message.SerializeToString()).refused == 7
    assert accepted_grpc(message.SerializeToString()) == Answer("accepted", "OK", refused=7)
    logs = ExportLogsServiceResponse()
    logs.partial_success.rejected_log_records = 2
    assert accepted_grpc(logs.SerializeToString()).refused == 2
    json = b'{"partialSuccess":{"rejectedSpans":"3"}}'
    assert http_answer(200, {"Content-Type": "application/json"}, json).refused == 3
    assert (
        http_answer(200, {"Content-Type": "application/json"}, b'{"partialSuccess":{"rejectedLogRecords":4}}', signal="logs").refused == 4
    )
    assert http_answer(200, {"Content-Type": "application/json"}, json).result == "partial"


@given(st.binary(max_size=60))
def test_no_answer_of_a_back_end_breaks_the_sender(body):
    for kind in ("application/json", "application/x-protobuf", ""):
        assert http_answer(200, {"Content-Type": kind}, body).verdict == "accepted"
    retry_info_s(body)


def status_with(detail):
    packed = AnyMessage()
    packed.Pack(detail)
    return Status(code=8, details=[packed]).SerializeToString()


def test_grpc_codes():
    for code in ("CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"):
        assert grpc_answer(code, "", None).verdict == "retry"
    for code in ("INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND", "UNIMPLEMENTED", "INTERNAL", "UNKNOWN"):
        assert grpc_answer(code, "", None).verdict == "rejected"


def test_resource_exhausted_is_retried_only_with_retry_info():
    assert grpc_answer("RESOURCE_EXHAUSTED", "", None).verdict == "rejected"
    assert grpc_answer("RESOURCE_EXHAUSTED", "", status_with(Duration(seconds=9))).verdict == "rejected"
    info = status_with(RetryInfo(retry_delay=Duration(seconds=40, nanos=500_000_000)))
    assert grpc_answer("RESOURCE_EXHAUSTED", "", info) == Answer("retry", "RESOURCE_EXHAUSTED", retry_after_s=40.5)
    assert grpc_answer("UNAVAILABLE", "", info).retry_after_s == 40.5
    assert grpc_answer("RESOURCE_EXHAUSTED", "grpc: received message larger than max (9 vs. 4)", None).verdict == "too_large"


def test_backoff_is_full_jitter_between_one_second_and_a_quarter_of_an_hour():
    highest = [backoff_s(n, pick=lambda low, high: high) for n in range(1, 15)]
    assert highest[:5] == [1, 2, 4, 8, 16]
    assert highest[-1] == 900 == backoff_s(10_000, pick=lambda low, high: high)
    assert backoff_s(3, pick=lambda low, high: low) == 0
    assert len({backoff_s(5) for _ in range(20)}) > 1


@pytest.mark.parametrize("url", ["", "collector:4318", "ftp://x", "https://", "https://user:secret@collector.example"])
def test_an_endpoint_that_cannot_be_used_says_so(url):
    with pytest.raises(ConfigError, match="endpoint") as error:
        Endpoint(url)
    assert "secret" not in str(error.value) or "headers=" in str(error.value)


def test_addresses_of_each_protocol():
    assert Endpoint("https://c.example:4318/otlp/").address("logs") == "https://c.example:4318/otlp/v1/logs"
    grpc = Endpoint("https://c.example", "grpc")
    assert (grpc.grpc_target, grpc.secure) == ("c.example:4317", True)
    assert grpc.address("traces") == "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    assert Endpoint("http://[::1]:99", "grpc").grpc_target == "[::1]:99"
    assert grpc.shown("traces") == "https://c.example:4317/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def test_headers_never_show_in_a_representation():
    assert "topsecret" not in repr(Endpoint("https://c.example", headers={"Authorization": "topsecret"}))


def test_loopback_is_told_without_a_resolver():
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.9.9.9", "::1", "LOCALHOST")))
    assert not any(map(is_loopback, ("localhost.example", "10.0.0.1", "0.0.0.0", "example.com", None)))
    assert not Endpoint("http://10.0.0.1").needs_resolver
    assert Endpoint("http://example.com").needs_resolver
