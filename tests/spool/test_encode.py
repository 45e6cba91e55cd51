"""A spooled span decodes to the message that the SDK's protobuf encoder makes."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common import _log_encoder, metrics_encoder, trace_encoder
from opentelemetry.sdk.metrics.export import Metric, MetricsData, ResourceMetrics, ScopeMetrics
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, Status, StatusCode

from otel_smart_agents.spool import Body, encode_logs, encode_metrics, encode_spans
from otel_smart_agents.spool import values as otlp_values

from . import strategies
from .otlp import message

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def _no_noise():
    # The SDK logs each attribute that it cannot encode and leaves it out; so do we, without the log.
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def wire(found) -> bytes:
    # Compared as bytes: NaN differs from itself.
    return found.SerializeToString(deterministic=True)


@many
@given(st.lists(strategies.spans(), max_size=4))
def test_spans_decode_to_the_message_of_the_sdk(spans):
    assert wire(message(Body("traces", (encode_spans(spans),)).json())) == wire(trace_encoder.encode_spans(spans))


@few
@given(st.lists(strategies.logs(), max_size=3))
def test_logs_decode_to_the_message_of_the_sdk(records):
    assert wire(message(Body("logs", (encode_logs(records),)).json())) == wire(_log_encoder.encode_logs(records))


@few
@given(strategies.metrics())
def test_metrics_decode_to_the_message_of_the_sdk(data):
    assert wire(message(Body("metrics", (encode_metrics(data),)).json())) == wire(metrics_encoder.encode_metrics(data))


@few
@given(st.lists(strategies.spans(), max_size=3))
def test_the_same_spans_give_the_same_bytes(spans):
    for heads in (otlp_values._heads, otlp_values._int_heads, otlp_values._string_heads):
        heads.clear()
    first = encode_spans(spans)
    assert encode_spans(spans) == first


CONTEXT = SpanContext(1, 2, is_remote=False)


def test_text_that_is_no_unicode_is_replaced_where_the_sdk_would_lose_the_whole_batch():
    span = ReadableSpan(
        "na\ud800me",
        CONTEXT,
        resource=Resource({}, "https://\udc00"),
        events=[Event("e\udfff", {"k": "\ud800"}, 1)],
        status=Status(StatusCode.ERROR, "\ud83d\ude00"),
        instrumentation_scope=InstrumentationScope("\ud800", "\ud800", "\ud800"),
    )
    with pytest.raises(UnicodeEncodeError):
        trace_encoder.encode_spans([span])
    (found,) = message(Body("traces", (encode_spans([span]),)).json()).resource_spans
    (encoded,) = found.scope_spans[0].spans
    assert (encoded.name, encoded.events[0].name, encoded.status.message) == ("na\ufffdme", "e\ufffd", "😀")
    assert not encoded.events[0].attributes
    assert (found.schema_url, found.scope_spans[0].scope.name) == ("https://\ufffd", "\ufffd")


def test_times_beyond_64_bits_are_moved_to_the_nearest():
    assert [otlp_values.fixed64(value) for value in (None, -1, 0, 5, 2**70)] == ['"0"', '"0"', '"0"', '"5"', f'"{2**64 - 1}"']
    assert [otlp_values.dropped(count) for count in (0, 2, 2**40)] == [
        "",
        ',"droppedAttributesCount":2',
        f',"droppedAttributesCount":{2**32 - 1}',
    ]


def test_a_histogram_without_a_minimum_has_none():
    point = strategies.HistogramDataPoint({}, 1, 2, 3, 4, [3], [], None, None)
    scope = ScopeMetrics(InstrumentationScope("s"), [Metric("m", "", "", strategies.Histogram([point], 1))], "")
    data = MetricsData([ResourceMetrics(Resource({}), [scope], "")])
    (found,) = message(Body("metrics", (encode_metrics(data),)).json()).resource_metrics
    (decoded,) = found.scope_metrics[0].metrics[0].histogram.data_points
    assert (decoded.sum, decoded.HasField("min"), decoded.HasField("max")) == (4, False, False)


def test_a_log_body_that_otlp_cannot_express_is_empty():
    for body in (2**70, {"a": object()}, "\ud800"):
        (record,) = [strategies.ReadableLogRecord(strategies.LogRecord(body=body, observed_timestamp=1), Resource({}))]
        (found,) = message(Body("logs", (encode_logs([record]),)).json()).resource_logs
        assert found.scope_logs[0].log_records[0].body.WhichOneof("value") is None


def test_an_unknown_kind_of_metric_is_an_error():
    data = MetricsData([ResourceMetrics(Resource({}), [ScopeMetrics(InstrumentationScope("s"), [Metric("m", "", "", object())], "")], "")])
    with pytest.raises(TypeError, match="'m' has data of the unknown kind object"):
        encode_metrics(data)


def test_a_span_without_context_is_an_error():
    with pytest.raises(TypeError, match="without context"):
        encode_spans([ReadableSpan("x")])


def test_values_of_derived_types_are_their_base_types():
    class Text(str):
        __slots__ = ()

    class Whole(int):
        def __repr__(self):
            return "seven"

    class Real(float):
        def __repr__(self):
            return "half"

    assert otlp_values.any_value(Text("a")) == '{"stringValue":"a"}'
    assert otlp_values.any_value(Whole(7)) == '{"intValue":"7"}'
    assert otlp_values.any_value(Real(0.5)) == '{"doubleValue":0.5}'
    assert otlp_values.any_value(range(2)) == '{"arrayValue":{"values":[{"intValue":"0"},{"intValue":"1"}]}}'


def test_attributes_of_any_mapping_are_read():
    class Fixed(dict):
        copy = property()

    assert otlp_values.attributes({"a": object(), "b": 1}) == '"attributes":[{"key":"b","value":{"intValue":"1"}}],'
    assert otlp_values.attributes(Fixed(a=1)) == '"attributes":[{"key":"a","value":{"intValue":"1"}}],'


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(otlp_values, "_KEYS_KEPT", 3)
    for value in (1, "text", 0.5):
        otlp_values.attributes({f"{value}-{number}": value for number in range(50)})
    assert all(len(heads) <= 3 for heads in (otlp_values._heads, otlp_values._int_heads, otlp_values._string_heads))
    for number in range(600):
        encode_spans([ReadableSpan("x", CONTEXT, resource=Resource({"n": number}))])
    from otel_smart_agents.spool import encode

    assert len(encode._resource_head._known) <= encode._KEPT
