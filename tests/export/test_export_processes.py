"""Places to live: exits, forks, multiprocessing, freezes, kills. Each program is a real process."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest
from support.pipelines import wait_until
from support.programs import TESTS, run, start
from support.receiver import GrpcReceiver, HttpReceiver, Reply, dead_port, silent_port

from otel_smart_agents.spool.folder import SpoolFolder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and fork are POSIX")

EXITING = """
protocol, audience = os.environ.get("TEST_PROTOCOL", "http/protobuf"), os.environ.get("TEST_AUDIENCE", "own")
pipeline = make_pipeline(folder, url, protocol=protocol, audience=audience)
tracer = tracer_of(pipeline)
ids = emit(tracer, 10)
time.sleep(float(os.environ.get("TEST_LIVES", "0")))
ids += emit(tracer, 10)
print(" ".join(ids))
print("leaving", time.time(), flush=True)
"""


SEND_WHAT_IS_LEFT = """
pipeline = make_pipeline(folder, url)
pipeline.resume()
until = time.monotonic() + 15
time.sleep(0.3)  # what dead processes left is adopted first
while pipeline._courier.waiting() and time.monotonic() < until:
    time.sleep(0.05)
"""


def spooled(folder):
    (destination,) = (folder / "spool").iterdir()
    return SpoolFolder(destination)


def exit_delay_s(done, ended):
    leaving = float(next(line for line in done.stdout.splitlines() if line.startswith("leaving")).split()[1])
    return ended - leaving


@pytest.mark.parametrize(("protocol", "receiver"), [("http/json", HttpReceiver), ("http/protobuf", HttpReceiver), ("grpc", GrpcReceiver)])
def test_a_short_program_has_sent_everything_when_it_ends(tmp_path, protocol, receiver):
    with receiver() as found:
        done = run(EXITING, folder=tmp_path, url=found.url, TEST_PROTOCOL=protocol, TEST_LIVES="1.5")
        assert exit_delay_s(done, time.time()) < 2.0
        assert [span["span_id"] for span in found.spans()] == done.stdout.splitlines()[0].split()
    assert spooled(tmp_path).stats().spans == 0
    assert done.stderr == ""


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
@pytest.mark.parametrize("kind", ["dead", "silent"])
def test_the_exit_is_never_delayed_by_more_than_a_second_and_a_half(tmp_path, protocol, kind):
    with (dead_port if kind == "dead" else silent_port)() as port:
        done = run(EXITING, folder=tmp_path, url=f"http://127.0.0.1:{port}", TEST_PROTOCOL=protocol)
        assert exit_delay_s(done, time.time()) < 1.5 + 0.3  # the interpreter's own end is part of the measured time
    assert spooled(tmp_path).stats().spans == 20
    assert done.stderr == ""


def test_a_slow_back_end_does_not_hold_the_exit_and_loses_nothing(tmp_path):
    with HttpReceiver(default=Reply(delay_s=8)) as receiver:
        done = run(EXITING, folder=tmp_path, url=receiver.url)
        assert exit_delay_s(done, time.time()) < 1.8
    assert spooled(tmp_path).stats().spans == 20


def test_upstream_uses_the_exit_at_most_once_an_hour(tmp_path):
    with HttpReceiver() as receiver:
        for expected in (1, 1):
            done = run(EXITING, folder=tmp_path, url=receiver.url, TEST_AUDIENCE="upstream", TEST_PROTOCOL="http/json", TEST_LIVES="1.5")
            assert len(receiver.requests) == expected
        assert exit_delay_s(done, time.time()) < 1.0
    assert spooled(tmp_path).stats().spans == 20  # sealed, for the next process


def test_the_next_process_sends_what_the_last_one_left(tmp_path):
    with HttpReceiver() as receiver:
        done = run(
            EXITING.replace("make_pipeline(folder, url,", "make_pipeline(folder, url, exit_timeout_s=0.0001,"),
            folder=tmp_path,
            url=receiver.url,
        )
        ids = done.stdout.splitlines()[0].split()
        run(SEND_WHAT_IS_LEFT, folder=tmp_path, url=receiver.url)
        assert sorted(span["span_id"] for span in receiver.stored_once()) == sorted(ids)


def test_two_pipelines_share_one_exit_budget(tmp_path):
    body = """
    pipelines = [make_pipeline(folder, url, product=name) for name in ("one", "two", "three")]
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from otel_smart_agents.export.exporters import ConsentAwareSpanExporter
    from otel_smart_agents.export.processor import SpoolSpanProcessor
    provider = TracerProvider()  # has a hook of its own at exit
    for pipeline in pipelines[:2]:
        provider.add_span_processor(SpoolSpanProcessor(pipeline))
    provider.add_span_processor(BatchSpanProcessor(ConsentAwareSpanExporter(pipelines[2])))
    emit(provider.get_tracer("t"), 5)
    print("leaving", time.time(), flush=True)
    """
    with silent_port() as port:
        done = run(body, folder=tmp_path, url=f"http://127.0.0.1:{port}")
        assert exit_delay_s(done, time.time()) < 1.8
    left = [SpoolFolder(folder).stats().spans for folder in (tmp_path / "spool").iterdir()]
    assert sorted(left) == [5, 5, 5]


@pytest.mark.parametrize("end", ["kill", "term", "os._exit"])
def test_a_death_loses_at_most_the_last_100_ms(tmp_path, end):
    body = """
    pipeline = make_pipeline(folder, None)
    tracer = tracer_of(pipeline)
    emit(tracer); pipeline.flush(5)
    print("ready", flush=True)
    while True:
        (span_id,) = emit(tracer)
        print(span_id, time.monotonic(), flush=True)
        if os.environ["TEST_END"] == "os._exit" and time.monotonic() > float(os.environ["TEST_UNTIL"]):
            print("dying", time.monotonic(), flush=True)
            os._exit(0)
        time.sleep(0.001)
    """
    process = start(body, folder=tmp_path, TEST_END=end, TEST_UNTIL=str(time.monotonic() + 2.5))
    lines = []
    if end != "os._exit":
        process.stdout.readline()
        time.sleep(0.6)
        process.send_signal(signal.SIGKILL if end == "kill" else signal.SIGTERM)
    died = time.monotonic()
    lines = process.communicate(timeout=20)[0].splitlines()
    if end == "os._exit":
        died = float(next(line for line in lines if line.startswith("dying")).split()[1])
    ended = [line.split() for line in lines if len(line.split()) == 2 and len(line.split()[0]) == 16]
    assert len(ended) > 50
    folder = spooled(tmp_path)
    folder.recover("traces")
    text = b"".join(file.body().json() for file in folder.ready_files("traces")).decode()
    owed = [span_id for span_id, at in ended if float(at) < died - 0.1]
    assert owed
    assert all(span_id in text for span_id in owed)
    assert all(text.count(f'"spanId":"{span_id}"') <= 1 for span_id, _ in ended)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_multiprocessing_lose_and_double_nothing(tmp_path, method):
    (tmp_path / "workload.py").write_text(
        "import os\n"
        "from pathlib import Path\n"
        "from support.pipelines import emit, make_pipeline, tracer_of\n"
        "pipeline = make_pipeline(Path(os.environ['TEST_FOLDER']), os.environ['TEST_URL'])\n"
        "tracer = tracer_of(pipeline)\n"
        "def work(count, results):\n"
        "    results.put(emit(tracer, count))\n"
    )
    body = f"""
    sys.path.insert(0, str(folder))
    import multiprocessing
    import workload
    if __name__ == "__main__":
        context = multiprocessing.get_context("{method}")
        ids = emit(workload.tracer, 5)
        results = context.Queue()
        children = [context.Process(target=workload.work, args=(7, results)) for _ in range(3)]
        for child in children: child.start()
        for child in children: ids += results.get(timeout=20)
        for child in children: child.join(20)
        assert [child.exitcode for child in children] == [0, 0, 0]
        ids += emit(workload.tracer, 5)
        print(" ".join(ids))
    """
    (tmp_path / "main.py").write_text("")
    with HttpReceiver() as receiver:
        done = run(body, folder=tmp_path, url=receiver.url, PYTHONPATH=os.pathsep.join([str(tmp_path), str(TESTS)]))
        ids = done.stdout.split()
        assert len(ids) == 31
        run(SEND_WHAT_IS_LEFT, folder=tmp_path, url=receiver.url)
        arrived = [span["span_id"] for span in receiver.stored_once()]
        assert sorted(arrived) == sorted(ids)
        assert done.stderr == ""


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_preloaded_workers_forked_while_threads_run(tmp_path, protocol):
    """What gunicorn --preload does: everything is set up and has sent something before the fork."""
    body = """
    pipeline = make_pipeline(folder, url, protocol=os.environ["TEST_PROTOCOL"], seal_age_s=0.05)
    tracer = tracer_of(pipeline)
    ids = emit(tracer, 3)
    assert pipeline.flush(5, to="backend")
    ids += emit(tracer, 3)  # still in the queue or half-written when the workers are born
    children = []
    for number in range(4):
        pid = os.fork()
        if pid == 0:
            mine = emit(tracer, 5)
            ok = pipeline.flush(8, to="backend")
            (folder / f"ids{number}").write_text(" ".join(mine) + ("" if ok else " failed"))
            sys.exit(0)
        children.append(pid)
        ids += emit(tracer, 1)
    for pid in children:
        assert os.waitpid(pid, 0)[1] == 0
    for number in range(4):
        ids += (folder / f"ids{number}").read_text().split()
    assert pipeline.flush(8, to="backend")
    print(" ".join(ids))
    """
    with (GrpcReceiver if protocol == "grpc" else HttpReceiver)() as receiver:
        done = run(body, folder=tmp_path, url=receiver.url, TEST_PROTOCOL=protocol)
        ids = done.stdout.split()
        assert "failed" not in ids
        assert sorted(span["span_id"] for span in receiver.stored_once()) == sorted(ids)
        assert len(ids) == 30


def test_a_fork_during_a_request_over_grpc_does_not_hang(tmp_path):
    body = """
    pipeline = make_pipeline(folder, url, protocol="grpc")
    tracer = tracer_of(pipeline)
    emit(tracer, 3)
    pipeline.flush(5)
    pipeline._courier.thread.request()
    time.sleep(0.4)
    start = time.monotonic()
    pid = os.fork()
    assert time.monotonic() - start < 1
    if pid == 0:
        emit(tracer, 2)
        os._exit(0 if pipeline.flush(15, to="backend") else 3)
    assert os.waitpid(pid, 0)[1] == 0
    assert pipeline.flush(15, to="backend")
    """
    with GrpcReceiver([Reply(delay_s=2.5)]) as receiver:
        run(body, folder=tmp_path, url=receiver.url)
        assert len(receiver.stored_once()) == 5


def test_a_frozen_and_resumed_process_goes_on(tmp_path):
    body = """
    pipeline = make_pipeline(folder, url, seal_age_s=0.1)
    tracer = tracer_of(pipeline)
    count = 0
    print("ready", flush=True)
    until = time.monotonic() + 3.0
    while time.monotonic() < until:
        emit(tracer); count += 1
        time.sleep(0.002)
    print(count, flush=True)
    """
    with HttpReceiver() as receiver:
        process = start(body, folder=tmp_path, url=receiver.url)
        assert process.stdout.readline() == "ready\n"
        assert receiver.wait(2)
        for _ in range(3):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.3)
            process.send_signal(signal.SIGCONT)
            time.sleep(0.2)
        out, err = process.communicate(timeout=20)
        assert err == ""
        assert len(receiver.stored_once()) == int(out)


def test_a_frozen_sender_does_not_freeze_the_others(tmp_path):
    body = """
    pipeline = make_pipeline(folder, url)
    emit(tracer_of(pipeline), 3)
    pipeline.flush(5)
    print("ready", flush=True)
    pipeline.flush(20, to="backend")
    """
    with HttpReceiver([Reply(delay_s=30)]) as receiver:
        frozen = start(body, folder=tmp_path, url=receiver.url)
        frozen.stdout.readline()
        assert receiver.wait(1)
        frozen.send_signal(signal.SIGSTOP)
        try:
            done = run(EXITING, folder=tmp_path, url=receiver.url)
            assert exit_delay_s(done, time.time()) < 1.8
        finally:
            frozen.kill()
            frozen.communicate()
        run(SEND_WHAT_IS_LEFT, folder=tmp_path, url=receiver.url)
        assert wait_until(lambda: len(receiver.stored_once()) == 23, 5)


def test_ten_thousand_children_of_one_span(tmp_path):
    body = """
    pipeline = make_pipeline(folder, url)
    tracer = tracer_of(pipeline)
    agent = {"smart_agents.kind": "agent", "gen_ai.operation.name": "invoke_agent"}
    with tracer.start_as_current_span("invoke_agent root", attributes=agent):
        for _ in range(20):
            emit(tracer, 500)
            pipeline.flush(10)
    assert pipeline.flush(30, to="backend")
    print(pipeline.counters["queue"])
    """
    with HttpReceiver() as receiver:
        done = run(body, folder=tmp_path, url=receiver.url)
        assert done.stdout.split() == ["0"]
        assert len(receiver.spans()) == 10_001


def test_a_program_without_stderr_lives(tmp_path):
    run(
        """
        sys.stderr.close(); sys.stderr = None
        (folder / "spool").write_text("no folder")
        pipeline = make_pipeline(folder, url)
        emit(tracer_of(pipeline), 3)
        pipeline.flush(5)
        """,
        folder=tmp_path,
    )
