"""Damage: a cut at every offset and every flipped bit cost the lines they touch, no other, and never a wrong payload."""

from __future__ import annotations

import json

import pytest

from otel_smart_agents.spool import Body, encode_spans
from otel_smart_agents.spool.lines import HEADS, count_items, make_line, opened, parse

from .conftest import ids_of, make_log, make_metrics, make_spans


@pytest.fixture(scope="module")
def payloads():
    return [encode_spans(make_spans(count)) for count in (1, 2, 1)]


@pytest.fixture(scope="module")
def data(payloads):
    return b"".join(make_line("traces", payload) for payload in payloads)


def test_a_line_is_one_otlp_message_with_a_checksum(payloads):
    line = make_line("traces", payloads[0])
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    parsed = json.loads(line)
    assert list(parsed) == ["resourceSpans", "crc32"]
    assert opened(line[:-1]) == b'{"resourceSpans":[' + payloads[0] + b"]"


def test_whole_lines_come_back_unparsed(data, payloads):
    assert parse("traces", data).payloads == tuple(payloads)
    assert parse("traces", data).damaged == ()
    assert parse("traces", b"") == parse("traces", b"\n\n")


def test_a_cut_at_every_offset_costs_the_line_that_it_cuts(data, payloads):
    ends = [len(make_line("traces", payload)) for payload in payloads]
    borders = [sum(ends[: number + 1]) for number in range(len(ends))]
    for cut in range(len(data) + 1):
        parsed = parse("traces", data[:cut])
        # The last byte of a line is its end: without it the line is whole all the same.
        whole = sum(border - 1 <= cut for border in borders)
        assert list(parsed.payloads) == payloads[:whole], cut
        assert parsed.damaged_lines == (0 if cut in {0, *borders, *(border - 1 for border in borders)} else 1), cut


def test_every_flipped_bit_costs_at_most_the_line_that_it_is_in(data, payloads):
    starts = [0]
    for payload in payloads[:-1]:
        starts.append(starts[-1] + len(make_line("traces", payload)))
    for position in range(len(data)):
        number = max(index for index, start in enumerate(starts) if start <= position)
        others = payloads[:number] + payloads[number + 1 :]
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            parsed = parse("traces", bytes(flipped))
            found = list(parsed.payloads)
            if data[position] == 10:  # the end of a line carries no payload: nothing is lost with it
                assert (found, parsed.damaged_lines) == (payloads, 0), (position, bit)
            else:
                assert (found, parsed.damaged_lines) == (others, 1), (position, bit)


def test_a_torn_line_in_the_middle_does_not_take_its_neighbour(payloads):
    first, second, third = (make_line("traces", payload) for payload in payloads)
    for torn in (1, 10, len(second) // 2, len(second) - 2):
        parsed = parse("traces", first + second[:torn] + third)
        assert parsed.payloads[0] == payloads[0]
        assert parsed.payloads[-1] == payloads[2]


def test_two_damaged_lines_are_two(payloads):
    line = make_line("traces", payloads[0]).replace(b"traceId", b"traceID")
    assert parse("traces", line + line).damaged_lines == 2
    assert parse("traces", make_line("logs", payloads[0])).damaged_lines == 1


def test_an_empty_line_is_the_border_of_two_requests(payloads):
    first, second, third = (make_line("traces", payload) for payload in payloads)
    assert parse("traces", first + second + third).parts == (tuple(payloads),)
    divided = parse("traces", first + b"\n" + second + third)
    assert divided.parts == ((payloads[0],), (payloads[1], payloads[2]))
    assert (divided.payloads, divided.damaged) == (tuple(payloads), ())
    assert parse("traces", b"\n" + first + b"\n\n" + second + b"\n").parts == ((payloads[0],), (payloads[1],))
    torn = parse("traces", first + b"\n" + second[:-30] + b"\n" + third)
    assert torn.parts == ((payloads[0],), (payloads[2],))
    assert parse("traces", b"").parts == parse("traces", b"\n").parts == ()


def test_items_are_counted_without_parsing(data):
    from otel_smart_agents.spool import encode_logs, encode_metrics

    assert count_items("traces", data) == 4
    assert count_items("logs", encode_logs([make_log(), make_log()])) == 2
    assert count_items("metrics", encode_metrics(make_metrics())) == 2


def test_bodies_are_spliced_and_halved_the_same_way_every_time(payloads):
    body = Body("traces", tuple(payloads))
    assert body.json() == HEADS["traces"] + b",".join(payloads) + b"]}"
    assert len(body.sha256()) == 64
    pieces = [body]
    while any(piece.items > 1 for piece in pieces):
        halved = [half for piece in pieces for half in (piece.halves() or (piece,))]
        assert halved == [half for piece in pieces for half in (piece.halves() or (piece,))]
        pieces = halved
    assert [span_id for piece in pieces for span_id in ids_of(piece.payloads)] == ids_of(payloads)
    assert len(pieces) == body.items == 4
    assert pieces[0].halves() is None


def test_numbers_stay_as_they_were_when_a_line_is_halved():
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

    spans = [
        ReadableSpan("x", SpanContext(1, number, is_remote=False), attributes={"d": (1e16, 1e-7, -0.0, 5e-324, 0.1, 1.0), "t": "ü😀"})
        for number in (1, 2)
    ]
    first, second = Body("traces", (encode_spans(spans),)).halves()
    assert first.payloads == (encode_spans(spans[:1]),)
    assert second.payloads == (encode_spans(spans[1:]),)


def test_some_spans_can_be_left_out(payloads):
    body = Body("traces", tuple(payloads))
    ids = ids_of(payloads)
    assert ids_of(body.keep(lambda span: int(span["spanId"], 16) != ids[1]).payloads) == [ids[0], *ids[2:]]
    assert body.keep(lambda span: False).payloads == ()
    assert body.keep(lambda span: False).json() == b'{"resourceSpans":[]}'
