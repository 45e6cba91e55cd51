"""One process: the queue, the promises of flush, damage to the disk, two destinations, self-metrics."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from support.pipelines import ScriptedGate, emit, make_pipeline, provider_of, tracer_of, wait_until
from support.receiver import HttpReceiver, Reply, dead_port

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export import selfmetrics
from otel_smart_agents.export.write_behind import WriteBehind
from otel_smart_agents.spool.folder import SpoolFolder
from otel_smart_agents.spool.limits import SpoolLimits


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    yield
    assert wait_until(lambda: not our_threads(), 5), our_threads()


def our_threads():
    # The thread of the durations belongs to the instrumentation and outlives the destinations that other tests configure.
    return [thread.name for thread in threading.enumerate() if thread.name in ("smart-agents-writer", "smart-agents-sender")]


def test_making_a_pipeline_makes_nothing(tmp_path):
    before = threading.active_count()
    pipeline = make_pipeline(tmp_path, "http://127.0.0.1:9")
    tracer_of(pipeline)
    pipeline.flush(1)
    pipeline.resume()
    pipeline.shutdown()
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == before


def test_what_has_ended_is_on_the_disk_within_100_ms(tmp_path):
    pipeline = make_pipeline(tmp_path, None)
    tracer = tracer_of(pipeline)
    emit(tracer)  # the first one starts the thread and loads the detectors
    pipeline.flush(5)
    ids = emit(tracer, 20)
    start = time.monotonic()
    (active,) = (pipeline.folder / "traces" / "active").glob("*.jsonl")
    assert wait_until(lambda: ids[-1] in active.read_text(), 2, pause_s=0.002)
    assert time.monotonic() - start < 0.1
    pipeline.shutdown()


def test_write_through_has_it_on_the_disk_when_the_span_has_ended(tmp_path):
    pipeline = make_pipeline(tmp_path, None, durability="write_through")
    tracer = tracer_of(pipeline)
    for _ in range(3):
        (span_id,) = emit(tracer)
        (active,) = (pipeline.folder / "traces" / "active").glob("*.jsonl")
        assert span_id in active.read_text()
    assert "smart-agents-writer" not in our_threads()
    pipeline.shutdown()


def test_data_is_synced_within_a_second_and_then_nothing_wakes_up(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, seal_age_s=0.3)
        emit(tracer_of(pipeline), 3)
        assert receiver.wait_spans(3)
        time.sleep(1.2)
        ours = [thread.native_id for thread in threading.enumerate() if thread.name.startswith("smart-agents")]
        assert len(ours) >= 2

        def switches():
            texts = [Path(f"/proc/self/task/{native_id}/status").read_text() for native_id in ours]
            return sum(int(text.split("voluntary_ctxt_switches:")[1].split()[0]) for text in texts)

        before = switches()
        time.sleep(2)
        assert switches() == before
        pipeline.shutdown()


def test_flush_to_the_back_end_is_true_only_if_it_was_reached(tmp_path):
    with dead_port() as port:
        pipeline = make_pipeline(tmp_path, f"http://127.0.0.1:{port}")
        emit(tracer_of(pipeline), 2)
        start = time.monotonic()
        assert pipeline.flush(5, to="disk")
        assert not pipeline.flush(1, to="backend")
        assert time.monotonic() - start < 2
        pipeline.shutdown(0)
    assert SpoolFolder(pipeline.folder).stats().spans == 2


def test_flush_names_its_targets(tmp_path):
    with pytest.raises(ConfigError, match="backend"):
        make_pipeline(tmp_path, None).flush(1, to="cloud")


def test_flush_is_false_when_the_disk_kept_nothing(tmp_path, capsys):
    folder = tmp_path / "spool"
    folder.write_text("a file where the folder should be")
    pipeline = make_pipeline(tmp_path, None)
    tracer = tracer_of(pipeline)
    emit(tracer, 2)
    assert not pipeline.flush(5)
    emit(tracer, 2)
    pipeline.flush(5)
    pipeline.shutdown()
    said = capsys.readouterr().err
    assert said.count("otel-smart-agents:") == 1
    assert "spool" in said
    assert pipeline.counters["disk_error"] == 4


def test_a_full_queue_drops_the_newest_and_counts(tmp_path):
    gate = ScriptedGate()
    release = threading.Event()
    asked = threading.Event()
    inner = gate.decision

    def slow():
        if threading.current_thread().name == "smart-agents-writer":
            asked.set()
            release.wait(10)
        return inner()

    gate.decision = slow
    pipeline = make_pipeline(tmp_path, None, queue_size=50, gate=gate)
    tracer = tracer_of(pipeline)
    parent = tracer.start_span("GET /")
    inside = trace.set_span_in_context(parent)
    token = otel_context.attach(inside)
    first = emit(tracer, 1)
    assert asked.wait(5)
    more = emit(tracer, 80)
    otel_context.detach(token)
    release.set()
    assert pipeline.flush(5)
    text = "".join(path.read_text() for path in pipeline.folder.rglob("*.jsonl"))
    assert all(span_id in text for span_id in first + more[:50])
    assert not any(span_id in text for span_id in more[50:])
    assert pipeline.counters["queue"] == 30
    pipeline.shutdown()
    assert SpoolFolder(pipeline.folder).stats().dropped["queue"] == 30


def test_many_threads_lose_nothing(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, seal_age_s=0.2)
        tracer = tracer_of(pipeline)
        ids = []
        threads = [threading.Thread(target=lambda: ids.extend(emit(tracer, 200))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert pipeline.flush(20, to="backend")
        pipeline.shutdown()
        assert pipeline.counters["queue"] == 0
        assert sorted(span["span_id"] for span in receiver.spans()) == sorted(ids)


def test_a_file_is_sent_as_soon_as_it_is_full(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, limits=SpoolLimits(seal_spans=64), seal_age_s=600)
        emit(tracer_of(pipeline), 200)
        assert receiver.wait_spans(128)
        pipeline.shutdown(0)


def test_a_file_is_sealed_by_age_only_while_the_back_end_is_healthy(tmp_path):
    with dead_port() as port:
        pipeline = make_pipeline(tmp_path, f"http://127.0.0.1:{port}", seal_age_s=0.05)
        tracer = tracer_of(pipeline)
        for _ in range(12):
            emit(tracer)
            pipeline.flush(5)
            time.sleep(0.06)
        stats = SpoolFolder(pipeline.folder).stats()
        assert stats.spans == 12
        assert stats.files <= 6  # one per attempt, not one per age
        pipeline.shutdown(0)


def test_two_destinations_at_once_are_isolated(tmp_path):
    with HttpReceiver() as one, dead_port() as port:
        alive = make_pipeline(tmp_path, one.url, product="alive")
        dead = make_pipeline(tmp_path, f"http://127.0.0.1:{port}", product="dead")
        provider = provider_of(alive, dead)
        from otel_smart_agents import semconv

        ids = emit(provider.get_tracer(semconv.SCOPE_NAME), 10)
        start = time.monotonic()
        assert alive.flush(5, to="backend")
        assert not dead.flush(0.5, to="backend")
        assert time.monotonic() - start < 3
        provider.shutdown()
        assert [span["span_id"] for span in one.spans()] == ids
        assert SpoolFolder(dead.folder).stats().spans == 10
        assert SpoolFolder(alive.folder).stats().spans == 0
        assert dead.folder != alive.folder


def test_memory_instead_of_a_disk(tmp_path):
    with HttpReceiver([Reply(status=503, headers={"Retry-After": "1"}), Reply(status=413)]) as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, spool="memory", protocol="http/json")
        ids = emit(tracer_of(pipeline), 6)
        assert not pipeline.flush(0.2, to="backend")
        assert wait_until(lambda: pipeline.flush(1, to="backend"), 6, pause_s=0.1)
        pipeline.shutdown()
        assert list(tmp_path.iterdir()) == []
        assert sorted(span["span_id"] for span in receiver.spans()) == sorted(ids)


def test_memory_is_bounded_and_its_losses_are_counted(tmp_path):
    pipeline = make_pipeline(tmp_path, None, spool="memory", limits=SpoolLimits(max_bytes=20_000, seal_spans=10))
    emit(tracer_of(pipeline), 200)
    assert pipeline.flush(5)
    assert 0 < pipeline.counters["cap"] < 200
    pipeline.shutdown()


def test_nothing_private_reaches_the_receiver(tmp_path):
    secrets = ["AKIAIOSFODNN7EXAMPLE", "alice@example.com", "/home/alice/project", "please summarise my diary", "4111 1111 1111 1111"]
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, protocol="http/json")
        provider = provider_of(pipeline)
        tracer = provider.get_tracer("vendor.http", "1.0")
        secret = " ".join(secrets)

        def fail():
            attributes = {"url.full": f"https://x/?q={secrets[1]}", "user.email": secrets[1], "gen_ai.input.messages": secret}
            with tracer.start_as_current_span(f"GET {secrets[0]} {secrets[1]}", attributes=attributes) as span:
                span.add_event(secret, {"prompt": secret})
                span.set_attribute("error.message", secret)
                raise RuntimeError(secret)

        with pytest.raises(RuntimeError):
            fail()
        emit(tracer, 1, **{"smart_agents.label.note": secrets[1], "http.url": secrets[2]})
        assert pipeline.flush(5, to="backend")
        pipeline.shutdown()
        arrived = b"".join(request.body for request in receiver.requests)
        assert len(receiver.spans()) == 2
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for value in secrets:
        assert value.encode() not in arrived
        assert value.encode() not in on_disk


def test_the_sender_makes_no_spans_of_its_own(tmp_path):
    from opentelemetry.instrumentation.requests import RequestsInstrumentor

    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url)
        provider = provider_of(pipeline)
        RequestsInstrumentor().instrument(tracer_provider=provider)
        try:
            emit(provider.get_tracer("t"), 2)
            assert pipeline.flush(5, to="backend")
            assert pipeline.flush(5, to="backend")
        finally:
            RequestsInstrumentor().uninstrument()
            pipeline.shutdown()
        assert len(receiver.spans()) == 2
        assert "traceparent" not in receiver.requests[0].headers


def test_shutdown_ends_the_threads_and_late_spans_are_still_written(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url)
        tracer = tracer_of(pipeline)
        emit(tracer, 2)
        assert pipeline.shutdown(5)
        assert wait_until(lambda: not our_threads(), 3)
        late = emit(tracer, 2)
        assert pipeline.flush(5, to="backend")
        assert pipeline.shutdown(5)
        assert [span["span_id"] for span in receiver.spans()][2:] == late


def test_the_thread_that_ends_never_leaves_an_item_behind():
    written = []
    for _ in range(150):
        queue = WriteBehind(
            written.extend,
            rest=lambda: -1.0,
            sync=lambda: None,
            on_start=lambda: None,
            prepare=lambda: None,
            on_drop=lambda n: None,
            on_error=print,
        )
        queue.linger_s = 0.0
        for number in range(5):
            queue.submit(number)
        assert wait_until(lambda queue=queue: not len(queue), 2, pause_s=0.0005)
    assert wait_until(lambda: len(written) == 750, 2)


def test_an_error_of_the_writer_is_not_the_programs(tmp_path, capsys):
    class Broken:
        def decision(self):
            raise RuntimeError("no consent file")

    pipeline = make_pipeline(tmp_path, None, gate=Broken())
    emit(tracer_of(pipeline), 2)
    pipeline.flush(5)
    pipeline.shutdown()
    assert pipeline.counters["consent"] == 2
    assert not (tmp_path / "spool").exists()


def test_a_policy_that_cannot_be_made_drops_and_counts(tmp_path):
    def policy(decision):
        raise RuntimeError("no key")

    pipeline = make_pipeline(tmp_path, None, policy=policy)
    emit(tracer_of(pipeline), 2)
    pipeline.flush(5)
    pipeline.shutdown()
    assert pipeline.counters["redaction_error"] == 2
    assert not list(tmp_path.rglob("*.jsonl"))


def test_self_metrics(tmp_path):
    with HttpReceiver([Reply(refused=1), Reply(status=400)]) as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url)
        reader = InMemoryMetricReader()
        provider = MeterProvider([reader], shutdown_on_exit=False)
        selfmetrics.observe(pipeline, provider)
        tracer = tracer_of(pipeline)
        emit(tracer, 3)
        pipeline.flush(5, to="backend")
        emit(tracer, 2)
        pipeline.flush(5, to="backend")
        emit(tracer, 1, **{"smart_agents.label.mail": "bob@example.com"})
        pipeline.flush(5)
        found = {}
        for metric in reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics:
            for point in metric.data.data_points:
                found[metric.name, tuple(sorted(point.attributes.items()))] = point.value
        pipeline.shutdown(0)
        provider.shutdown()
    assert found["smart_agents.export.items", ()] == 2
    assert found["smart_agents.export.requests", (("smart_agents.export.result", "partial"), ("smart_agents.signal", "traces"))] == 1
    assert found["smart_agents.export.requests", (("smart_agents.export.result", "rejected"), ("smart_agents.signal", "traces"))] == 1
    assert found["smart_agents.dropped", (("smart_agents.drop.reason", "rejected"),)] == 3
    assert found["smart_agents.redactions", ()] >= 1
    assert found["smart_agents.spool.size", (("smart_agents.signal", "traces"),)] > 100
    assert found["smart_agents.queue.size", (("smart_agents.signal", "traces"),)] == 0


def test_a_killed_run_is_marked_and_a_finished_one_is_not(tmp_path):
    pipeline = make_pipeline(tmp_path, None)
    tracer = tracer_of(pipeline)
    emit(tracer)
    pipeline.flush(5)
    assert not list(pipeline.folder.rglob("*.open"))  # it ended before the writer looked
    with tracer.start_as_current_span(
        "invoke_agent long", attributes={"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "agent"}
    ):
        pipeline.flush(5)
        (marker,) = pipeline.folder.rglob("*.open")
        assert marker.read_bytes()
    pipeline.flush(5)
    assert not marker.exists() or not marker.read_bytes()
    pipeline.shutdown()


def test_the_owner_of_the_files_is_the_only_reader(tmp_path):
    with HttpReceiver() as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url)
        emit(tracer_of(pipeline), 2)
        pipeline.flush(5, to="backend")
        pipeline.shutdown()
    for path in pipeline.folder.rglob("*"):
        assert os.stat(path).st_mode & 0o077 == 0, path
