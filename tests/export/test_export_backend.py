"""Every way in which a back end can answer: no loss, the right number of attempts, duplicates only where an acknowledgement was lost."""

from __future__ import annotations

import json
import time

import pytest
from support.pipelines import ScriptedGate, emit, make_pipeline, tracer_of
from support.receiver import GrpcReceiver, HttpReceiver, Reply, dead_port, silent_port

from otel_smart_agents.consent.model import Destination
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.outbox import DiskOutbox
from otel_smart_agents.export.sender import Sender, request_bytes
from otel_smart_agents.export.tallies import Tallies
from otel_smart_agents.export.transport import make_transport
from otel_smart_agents.privacy.counters import Counters
from otel_smart_agents.spool.folder import SpoolFolder
from otel_smart_agents.spool.limits import SpoolLimits
from otel_smart_agents.spool.state import sent_log

HTTP = [("http/json", HttpReceiver), ("http/protobuf", HttpReceiver)]
ALL = [*HTTP, ("grpc", GrpcReceiver)]


class Bench:
    """A spool filled by a real pipeline and a sender whose clock the test moves."""

    def __init__(self, tmp_path, protocol, receiver=None, *, script=(), url=None, timeout_s=5.0, compression="gzip"):
        self.receiver = receiver(script) if receiver else None
        self.url = url or self.receiver.url
        self.now_ns = time.time_ns()
        self.gate = ScriptedGate()
        self.pipeline = make_pipeline(tmp_path, None, gate=self.gate)
        self.tracer = tracer_of(self.pipeline)
        self.folder = self.pipeline.folder
        self.spool = SpoolFolder(self.folder)
        self.endpoint = endpoint = Endpoint(self.url, protocol, timeout_s=timeout_s, compression=compression)
        self.counters = Counters()
        self.tallies = Tallies()
        self.sender = Sender(
            Destination("own", "shop", self.url),
            endpoint=endpoint,
            outbox=DiskOutbox(self.folder, limits=SpoolLimits(), counters=self.counters, clock=lambda: self.now_ns),
            transport=make_transport(endpoint),
            decide=self.gate.decision,
            tallies=self.tallies,
            clock=lambda: self.now_ns,
        )

    def fill(self, count=5):
        ids = emit(self.tracer, count)
        assert self.pipeline.seal()
        return ids

    def drain(self, *, later_s=0.0):
        self.now_ns += int(later_s * 1e9)
        return self.sender.drain()

    def left(self):
        return self.spool.stats().spans

    def rejected(self):
        return self.spool.stats().signals["traces"].rejected_files

    def close(self):
        self.pipeline.shutdown()
        if self.receiver:
            self.receiver.close()


@pytest.fixture
def bench(tmp_path):
    made = []

    def make(*args, **kwargs):
        made.append(Bench(tmp_path, *args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ids_at(receiver):
    return [span["span_id"] for span in receiver.stored_once()]


@pytest.mark.parametrize(("protocol", "receiver"), ALL)
def test_accepted_means_gone_from_the_disk(bench, protocol, receiver):
    b = bench(protocol, receiver)
    ids = b.fill()
    report = b.drain()
    assert (report.requests, report.accepted, report.emptied) == (1, 5, True)
    assert ids_at(b.receiver) == ids
    assert b.left() == 0
    (entry,) = sent_log(b.folder)
    assert (entry["spans"], entry["result"], entry["sha256"]) == (5, "ok", b.receiver.requests[0].headers["idempotency-key"])


@pytest.mark.parametrize(("protocol", "receiver"), ALL)
def test_partial_success_is_counted_and_never_sent_again(bench, protocol, receiver):
    b = bench(protocol, receiver, script=[Reply(refused=2)])
    b.fill()
    report = b.drain()
    assert (report.accepted, report.rejected, report.emptied) == (3, 2, True)
    assert b.drain(later_s=10_000).requests == 0
    assert b.spool.state().dropped == {"rejected": 2}
    assert b.counters["rejected"] == 2
    assert sent_log(b.folder)[0]["result"] == "partial"


@pytest.mark.parametrize("status", [304, 400, 401, 404, 500, 302])
def test_what_no_retry_can_change_is_kept_aside_and_counted_after_one_attempt(bench, status):
    b = bench("http/json", HttpReceiver, script=[Reply(status=status, headers={"Location": "http://127.0.0.1:1/"})])
    b.fill()
    report = b.drain()
    assert (report.requests, report.rejected, report.emptied) == (1, 5, True)
    assert (b.left(), b.rejected()) == (0, 1)
    assert b.spool.state().dropped == {"rejected": 5}
    assert b.drain(later_s=10_000).requests == 0
    assert len(b.receiver.requests) == 1


@pytest.mark.parametrize("code", ["INVALID_ARGUMENT", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED"])
def test_grpc_refusals_are_kept_aside(bench, code):
    b = bench("grpc", GrpcReceiver, script=[Reply(code=code)])
    b.fill()
    assert b.drain().rejected == 5
    assert (b.left(), b.rejected()) == (0, 1)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_back_off_grows_and_nothing_is_lost(bench, status):
    b = bench("http/protobuf", HttpReceiver, script=[Reply(status=status)] * 3)
    ids = b.fill()
    waits = []
    for attempt in range(3):
        report = b.drain(later_s=waits[-1] + 0.01 if waits else 0)
        waits.append(report.retry_in_s)
        assert (report.requests, report.emptied, b.left()) == (1, False, 5)
        assert 0 <= waits[-1] <= 2**attempt
        if waits[-1] > 0.05:
            assert b.drain(later_s=0).requests == 0  # not before its time, in whatever process
    assert b.drain(later_s=waits[-1] + 0.01).emptied
    assert ids_at(b.receiver) == ids
    assert len(b.receiver.requests) == 4
    assert len({request.body for request in b.receiver.requests}) == 1
    assert b.spool.state().attempts == 0


def test_retry_after_is_honoured_in_full(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(status=503, headers={"Retry-After": "7200"})])
    b.fill()
    assert b.drain().retry_in_s == 7_200
    assert b.drain(later_s=7_190).requests == 0
    assert b.drain(later_s=11).emptied


def test_retry_info_is_honoured_in_full(bench):
    b = bench("grpc", GrpcReceiver, script=[Reply(code="RESOURCE_EXHAUSTED", retry_info_s=3_600.0), Reply(code="UNAVAILABLE")])
    ids = b.fill()
    assert b.drain().retry_in_s == 3_600
    assert b.drain(later_s=3_599).requests == 0
    assert 0 <= b.drain(later_s=2).retry_in_s <= 2
    assert b.drain(later_s=5).emptied
    assert ids_at(b.receiver) == ids


@pytest.mark.parametrize("value", ["1795862400000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_that_cannot_be_meant_stops_nothing(bench, value):
    b = bench("http/json", HttpReceiver, script=[Reply(status=503, headers={"Retry-After": value})])
    ids = b.fill()
    assert b.drain().retry_in_s <= 1  # the sender's own back-off
    assert b.drain(later_s=1.01).emptied
    assert ids_at(b.receiver) == ids


def test_a_clock_that_was_ahead_stops_nothing(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(status=503), Reply(status=503, headers={"Retry-After": "3600"})])
    ids = b.fill()
    days_s = 20 * 86_400.0
    assert b.drain(later_s=days_s).requests == 1
    assert b.drain(later_s=-days_s).requests == 1
    assert b.drain(later_s=-1.0).emptied
    assert ids_at(b.receiver) == ids


def test_a_person_who_sends_now_waits_only_where_the_back_end_asked_for_it(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(status=503)] * 3 + [Reply(status=503, headers={"Retry-After": "3600"})])
    b.fill()
    for _ in range(4):
        assert b.sender.drain(asked=True).requests == 1
    assert b.spool.state().last_code == "503"
    assert b.sender.drain(asked=True).retry_in_s == 3_600
    b.now_ns += 3_600 * 10**9
    assert b.sender.drain(asked=True).emptied
    assert b.spool.state().last_code == ""


@pytest.mark.parametrize(("protocol", "receiver"), ALL)
def test_a_lost_acknowledgement_repeats_the_same_bytes_under_the_same_key(bench, protocol, receiver):
    b = bench(protocol, receiver, script=[Reply(action="lose_ack")])
    ids = b.fill()
    assert not b.drain().emptied
    assert b.drain(later_s=2).emptied
    first, second = b.receiver.requests
    assert first.body == second.body
    assert first.wire_body == second.wire_body
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert ids_at(b.receiver) == ids
    assert len(b.receiver.spans()) == 10


@pytest.mark.parametrize(("protocol", "receiver"), ALL)
def test_a_reset_connection_loses_and_doubles_nothing(bench, protocol, receiver):
    b = bench(protocol, receiver, script=[Reply(action="reset")] * 2)
    ids = b.fill()
    for _ in range(3):
        b.drain(later_s=5)
    assert ids_at(b.receiver) == ids
    assert len(b.receiver.spans()) == 5
    assert len(b.receiver.requests) == 3


@pytest.mark.parametrize("protocol", ["http/json", "grpc"])
def test_a_dead_back_end_costs_one_attempt_at_a_time(bench, protocol):
    with dead_port() as port:
        b = bench(protocol, url=f"http://127.0.0.1:{port}", timeout_s=2.0)
        b.fill()
        b.fill()
        report = b.drain()
        assert (report.requests, report.accepted) == (1, 0)
        assert b.left() == 10


@pytest.mark.parametrize("protocol", ["http/json", "grpc"])
def test_a_silent_back_end_is_left_after_the_timeout(bench, protocol):
    with silent_port() as port:
        b = bench(protocol, url=f"http://127.0.0.1:{port}", timeout_s=0.4)
        b.fill()
        start = time.monotonic()
        assert b.drain().retry_in_s is not None
        assert time.monotonic() - start < 2
        assert b.left() == 5


def test_a_slow_answer_within_the_timeout_is_waited_for(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(delay_s=0.5)])
    b.fill()
    assert b.drain().emptied
    assert len(b.receiver.requests) == 1


@pytest.mark.parametrize(("protocol", "receiver"), ALL)
def test_too_large_is_halved_until_it_fits(bench, protocol, receiver):
    too_large = Reply(status=413, code="RESOURCE_EXHAUSTED", details="Received message larger than max (9 vs. 4)")
    b = bench(protocol, receiver, script=[too_large, too_large])
    ids = b.fill(8)
    report = b.drain()
    assert (report.accepted, report.rejected, report.emptied) == (8, 0, True)
    assert sorted(ids_at(b.receiver)) == sorted(ids)
    assert len(b.receiver.requests) == 5  # 8, 4, 2 + 2 + 4


def test_a_single_span_that_is_too_large_is_rejected_alone(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(status=413)] * 3)
    ids = b.fill(4)
    report = b.drain()
    assert (report.accepted, report.rejected, report.emptied) == (3, 1, True)
    assert ids_at(b.receiver) == ids[1:]
    assert b.spool.state().dropped == {"rejected": 1}


def test_halves_survive_a_failure_between_them(bench):
    b = bench("http/protobuf", HttpReceiver, script=[Reply(status=413), Reply(), Reply(status=503)])
    ids = b.fill(6)
    assert b.drain().accepted == 3
    assert b.left() == 3
    assert b.drain(later_s=5).emptied
    assert sorted(ids_at(b.receiver)) == sorted(ids)
    assert len(b.receiver.spans()) == 6


class _Small(HttpReceiver):
    """Takes no body above a limit, and loses the connection before one of its acknowledgements."""

    limit = 0
    loses = 0
    stored = 0

    def take(self, signal, path, headers, *, wire_body, body):
        if len(body) > self.limit:
            self.script(Reply(status=413))
        else:
            self.stored += 1
            self.script(Reply(action="lose_ack") if self.stored == self.loses else Reply())
        return super().take(signal, path, headers, wire_body=wire_body, body=body)


@pytest.mark.parametrize("protocol", ["http/json", "http/protobuf"])
@pytest.mark.parametrize("loses", [1, 2, 3])
@pytest.mark.parametrize("grows", [False, True])
def test_a_half_whose_acknowledgement_was_lost_is_repeated_as_the_same_bytes(bench, protocol, loses, grows):
    b = bench(protocol, _Small)
    b.receiver.loses = loses
    ids = b.fill(9)
    (file,) = b.spool.ready_files("traces")
    b.receiver.limit = len(request_bytes(file.body(), b.endpoint)) * 0.35
    b.drain()
    assert b.left() < 9 or loses == 1
    if grows:
        b.receiver.limit = 10**6  # another instance, which would take the rest in one request
    assert b.drain(later_s=5).emptied
    assert sorted(ids_at(b.receiver)) == sorted(ids)
    again = [request for request in b.receiver.requests if request.stored]
    keys = [request.headers["idempotency-key"] for request in again]
    assert len(set(keys)) > 1
    assert len(again) == len(set(keys)) + 1
    assert len({request.body for request in again}) == len(set(keys))
    once = {request.headers["idempotency-key"]: request for request in again}
    assert sum(len(request.records()) for request in once.values()) == 9


def test_a_divided_request_is_previewed_and_kept_as_its_parts(bench):
    b = bench("http/json", HttpReceiver, script=[Reply(status=413), Reply(status=503)])
    b.fill(4)
    b.drain()
    (file,) = b.spool.ready_files("traces")
    shown = [part.json() for part in file.parts()]
    assert [part.items for part in file.parts()] == [2, 2]
    assert file.body().items == 4
    b.drain(later_s=5)
    assert [request.body for request in b.receiver.requests[2:]] == shown


def test_json_is_sent_byte_for_byte_as_it_is_shown(bench):
    b = bench("http/json", HttpReceiver)
    b.fill()
    (file,) = b.spool.ready_files("traces")
    shown = file.body().json()
    b.drain()
    (request,) = b.receiver.requests
    assert request.body == shown
    assert request.headers["idempotency-key"] == file_digest(shown)
    assert json.loads(request.body)["resourceSpans"]


def file_digest(data):
    import hashlib

    return hashlib.sha256(data).hexdigest()


def test_without_compression_the_wire_carries_the_body_itself(bench):
    b = bench("http/json", HttpReceiver, compression="none")
    b.fill()
    b.drain()
    (request,) = b.receiver.requests
    assert request.wire_body == request.body
    assert "content-encoding" not in request.headers


def test_two_senders_never_send_at_the_same_time(bench, tmp_path):
    b = bench("http/json", HttpReceiver, script=[Reply(delay_s=0.6)])
    b.fill()
    other = Bench(tmp_path, "http/json", url=b.receiver.url)
    import threading

    first = threading.Thread(target=b.drain)
    first.start()
    assert b.receiver.wait(1)
    report = other.drain()
    assert (report.busy, report.requests) == (True, 0)
    first.join()
    assert len(b.receiver.spans()) == 5
    other.close()


def test_a_wait_is_shared_with_other_processes(bench, tmp_path):
    b = bench("http/json", HttpReceiver, script=[Reply(status=429, headers={"Retry-After": "60"})])
    b.fill()
    b.drain()
    other = Bench(tmp_path, "http/json", url=b.receiver.url)
    report = other.drain()
    assert (report.requests, len(b.receiver.requests)) == (0, 1)
    assert 55 < report.retry_in_s <= 60
    other.close()


def test_damaged_lines_are_left_out_and_the_rest_is_sent(bench):
    b = bench("http/json", HttpReceiver)
    emit(b.tracer, 2)
    b.pipeline.flush(5)
    emit(b.tracer, 3)
    b.pipeline.seal()
    (file,) = b.spool.ready_files("traces")
    data = bytearray(file.path.read_bytes())
    data[40] ^= 1
    file.path.write_bytes(data)
    report = b.drain()
    assert (report.accepted, report.emptied) == (3, True)
    assert b.spool.state().dropped == {"corrupt": 1}
