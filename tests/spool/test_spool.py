"""Appending, sealing, claiming, acknowledging: what is acknowledged by append() is in a file that one sender takes once."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext

from otel_smart_agents.consent.model import Destination
from otel_smart_agents.errors import SpoolCorruptError, SpoolError
from otel_smart_agents.privacy import Counters, Policy, RedactedSpan
from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits, sha256_hex
from otel_smart_agents.spool.names import FileName, parse_name

from .conftest import OWN, SCAN, ids_of, make_log, make_metrics, make_span, make_spans, waiting_ids
from .otlp import message


def test_nothing_is_made_before_the_first_append(folder):
    spool = Spool(folder, OWN, epoch=1)
    assert spool.append([]) == 0
    assert spool.seal() is None
    assert (spool.active_items, spool.open_markers, spool.dirty_since_ns, spool.age_s()) == (0, 0, None, None)
    spool.sync()
    spool.close()
    reader = SpoolFolder(folder)
    assert reader.ready_files("traces") == reader.sent_files("logs") == reader.deletions() == reader.sent_log() == []
    assert reader.stats().spans == reader.recover("traces").files == reader.clear().files == 0
    assert not folder.parent.parent.exists()


def test_an_appended_span_is_in_the_file_at_once(spool, folder):
    span = make_span()
    assert spool.append([span]) == 1
    (path,) = (folder / "traces" / "active").iterdir()
    assert json.loads(path.read_bytes())["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"] == span.name
    assert spool.active_items == 1
    assert spool.dirty_since_ns is not None
    spool.sync()
    assert spool.dirty_since_ns is None


def test_one_batch_is_one_line(spool, folder):
    spool.append(make_spans(3))
    spool.append(make_spans(2))
    ready = spool.seal()
    assert ready.path.read_bytes().count(b"\n") == 2
    assert ready.body().items == 5


def test_only_the_user_can_read(spool, folder, reader):
    os.umask(0o022)
    spool.append(make_spans(1))
    spool.open_marker(make_span())
    spool.seal()
    reader.queue_deletion({"id": "x"})
    reader.count("queue", 2)
    reader.record_sent({"sha256": "0"})
    for root, _, files in os.walk(folder.parent.parent):
        assert stat.S_IMODE(os.stat(root).st_mode) == 0o700
        for name in files:
            assert stat.S_IMODE(os.stat(os.path.join(root, name)).st_mode) == 0o600


def test_file_names_tell_age_process_and_epoch(folder):
    spool = Spool(folder, OWN, epoch=7, clock=lambda: 42)
    spool.append(make_spans(1))
    ready = spool.seal()
    assert (ready.name.created_ns, ready.name.pid, ready.epoch) == (42, os.getpid(), 7)
    assert parse_name(str(ready.name)) == ready.name
    assert parse_name("notes.txt") is None
    # A clock that stands still must not let a file replace its elder.
    spool.append(make_spans(1))
    assert spool.seal().name.created_ns == 43
    assert len(SpoolFolder(folder).ready_files("traces")) == 2
    spool.close()


def test_the_spool_takes_only_what_the_filter_made(spool, folder):
    raw = ReadableSpan("x", SpanContext(1, 2, is_remote=False))
    for item in (raw, make_log(), "span"):
        with pytest.raises(TypeError, match="RedactedSpan only"):
            spool.append([make_span(), item])
        with pytest.raises(TypeError, match="RedactedSpan only"):
            spool.open_marker(item)
    assert not folder.exists()
    with pytest.raises(ValueError, match="traces, logs, metrics"):
        Spool(folder, OWN, signal="spans", epoch=1)


def test_an_upstream_spool_refuses_what_was_redacted_for_the_operator(folder):
    upstream = Spool(folder, Destination("upstream", "acme", "https://acme.example"), epoch=1)
    with pytest.raises(TypeError, match="redacted for 'own'"):
        upstream.append([make_span()])
    assert isinstance(make_span(policy=Policy(audience="own")), RedactedSpan)


@pytest.mark.parametrize(("signal", "make", "count"), [("logs", make_log, 1), ("metrics", make_metrics, 2)])
def test_logs_and_metrics_have_files_of_their_own(folder, reader, signal, make, count):
    spool = Spool(folder, OWN, signal=signal, epoch=1)
    assert spool.append([make(), make()]) == 2 * count
    spool.close()
    (ready,) = reader.ready_files(signal)
    assert ready.body().items == 2 * count
    assert message(ready.body().json())
    assert reader.stats().signals[signal].spans == 2 * count
    first, second = ready.body().halves()
    assert first.items + second.items == 2 * count


def test_a_file_is_sealed_at_its_span_limit(folder, reader):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_spans=4))
    assert spool.append(make_spans(10)) == 10
    assert spool.should_seal(1e9) is False
    assert [file.body().items for file in reader.ready_files("traces")] == [4, 4]
    spool.append(make_spans(2))
    assert spool.should_seal(1e9) is True
    spool.close()
    assert [file.body().items for file in reader.ready_files("traces")] == [4, 4, 4]


def test_a_file_is_sealed_at_its_byte_limit_and_a_line_is_never_longer(folder, reader):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_bytes=3_000))
    spans = make_spans(40)
    assert spool.append(spans) == 40
    spool.close()
    assert all(file.path.stat().st_size <= 3_000 for file in reader.ready_files("traces"))
    assert waiting_ids(reader.folder) == [span.context.span_id for span in spans]


def test_a_span_that_fits_in_no_line_is_dropped_and_counted(folder, reader, monkeypatch):
    monkeypatch.setattr("otel_smart_agents.spool.fit.MAX_LINE_BYTES", 2_000)
    counters = Counters()
    spool = Spool(folder, OWN, epoch=1, counters=counters, limits=SpoolLimits(seal_bytes=1_000))
    small = make_span()
    large, oversize = (make_span(attributes={f"step.{number}": "word " * 60 for number in range(count)}, policy=SCAN) for count in (3, 9))
    assert spool.append([oversize, small, large]) == 2
    spool.close()
    assert waiting_ids(folder) == [small.context.span_id, large.context.span_id]
    assert counters["oversize"] == 1
    assert reader.state().dropped == {"oversize": 1}
    assert 1_000 < max(len(line) for file in reader.ready_files("traces") for line in file.path.read_bytes().splitlines()) < 2_000


def test_age_decides_when_to_seal(folder):
    now = [10**18]
    spool = Spool(folder, OWN, epoch=1, clock=lambda: now[0])
    spool.append(make_spans(1))
    now[0] += 4_900_000_000
    assert spool.age_s() == pytest.approx(4.9)
    assert not spool.should_seal(5)
    assert spool.should_seal(5, now_ns=now[0] + 200_000_000)
    now[0] -= 10**12
    assert spool.age_s() == 0.0
    spool.close()


def test_claim_ack(spool, folder, reader):
    spool.append(make_spans(2))
    ready = spool.seal()
    with ready.claim() as claimed:
        assert (claimed.span_count, claimed.damaged_lines, claimed.epoch) == (2, 0, 1)
        assert claimed.body_json() == ready.body().json()
        assert claimed.body.sha256() == sha256_hex(claimed.body_json())
        assert claimed.payloads == ready.body().payloads
        assert message(claimed.body_json())
        with ready.claim() as second:
            assert second is None
        assert claimed.ack() is True
    assert reader.ready_files("traces") == []
    with ready.claim() as gone:
        assert gone is None
    with pytest.raises(FileNotFoundError):
        ready.body()


def test_what_is_not_acknowledged_stays_and_is_the_same_bytes(spool, reader):
    spool.append(make_spans(2))
    ready = spool.seal()
    with ready.claim() as claimed:
        first = claimed.body_json()
    with ready.claim() as claimed:
        assert claimed.body_json() == first


def test_sent_bodies_are_kept_when_asked(spool, reader):
    spool.append(make_spans(1))
    ready = spool.seal()
    with ready.claim() as claimed:
        body = claimed.body_json()
        claimed.ack(keep_sent=True)
    (kept,) = reader.sent_files("traces")
    assert kept.body().json() == body
    assert reader.stats().sent_files == 1
    assert reader.stats().spans == 0


def test_a_rejected_file_is_kept_and_counted(spool, reader, folder):
    for _ in range(3):
        spool.append(make_spans(2))
        with spool.seal().claim() as claimed:
            claimed.reject(limits=SpoolLimits(rejected_files=2))
    assert reader.state().dropped == {"rejected": 6}
    assert len(list((folder / "traces" / "rejected").iterdir())) == 2
    assert reader.stats().signals["traces"].rejected_files == 2


def test_a_file_of_another_epoch_is_dropped_with_its_reason(spool, reader):
    spool.append(make_spans(2))
    with spool.seal().claim() as claimed:
        claimed.drop("consent")
        assert claimed.ack() is False
        claimed.drop("consent")
        claimed.reject()
    assert reader.state().dropped == {"consent": 2}
    assert reader.ready_files("traces") == []


def test_too_large_for_the_back_end_is_sent_in_halves(spool, reader):
    spans = make_spans(4)
    spool.append(spans)
    ready = spool.seal()
    with ready.claim() as claimed:
        first, second = claimed.body.halves()
        claimed.keep_only(second, sent=first)
        assert claimed.body == second
        with ready.claim() as other:
            assert other is None
    assert waiting_ids(spool.folder) == [span.context.span_id for span in spans[2:]]
    with ready.claim() as claimed:
        claimed.keep_only(claimed.body.halves()[1], sent=claimed.body.halves()[0])
        claimed.ack(keep_sent=True)
        claimed.keep_only(first)
    assert sorted(span_id for file in reader.sent_files("traces") for span_id in ids_of(file.body().payloads)) == [
        span.context.span_id for span in spans
    ]


def test_a_flipped_bit_in_a_ready_file_costs_its_line_and_is_counted_once(spool, reader, folder):
    for _ in range(3):
        spool.append(make_spans(1))
    ready = spool.seal()
    ids = ids_of(ready.body().payloads)
    data = bytearray(ready.path.read_bytes())
    data[len(data) // 2] ^= 4
    ready.path.write_bytes(data)
    for _ in range(2):
        with ready.claim() as claimed:
            assert ids_of(claimed.payloads) == [ids[0], ids[2]]
            assert claimed.damaged_lines == 1
    assert reader.state().dropped == {"corrupt": 1}
    assert len(list((folder / "traces" / "rejected").iterdir())) == 1


def test_a_file_without_one_whole_line_is_said_to_be_corrupt_and_goes(spool, reader):
    spool.append(make_spans(1))
    ready = spool.seal()
    ready.path.write_bytes(b"garbage")
    with pytest.raises(SpoolCorruptError, match="checksum"):
        ready.body()
    with ready.claim() as claimed:
        assert claimed is None
    assert not ready.path.exists()
    assert reader.state().dropped == {"corrupt": 1}


def test_the_oldest_ready_file_goes_first_when_the_cap_is_reached(folder, reader):
    limits = SpoolLimits(max_bytes=20_000, seal_bytes=2_000)
    counters = Counters()
    spool = Spool(folder, OWN, epoch=1, limits=limits, counters=counters)
    reader.queue_deletion({"id": "a"})
    spans = make_spans(150)
    for span in spans:
        spool.append([span])
    spool.close()
    total = sum(file.path.stat().st_size for file in reader.ready_files("traces"))
    kept = waiting_ids(folder)
    assert 15_000 < total <= 20_000
    assert kept == [span.context.span_id for span in spans][-len(kept) :]
    assert reader.state().dropped == {"cap": 150 - len(kept)} == counters.snapshot()
    assert len(reader.deletions()) == 1


def test_the_cap_is_one_for_all_signals_and_spares_a_file_that_is_being_sent(folder):
    limits = SpoolLimits(max_bytes=2_500)
    traces = Spool(folder, OWN, epoch=1, clock=lambda: 1)
    traces.append(make_spans(1))
    oldest = traces.seal()
    logs = Spool(folder, OWN, signal="logs", epoch=1, clock=lambda: 2)
    for _ in range(8):
        logs.append([make_log()])
        logs.seal()
    reader = SpoolFolder(folder, limits=limits, clock=lambda: 3)
    with oldest.claim() as claimed:
        assert claimed is not None
        reader.recover("traces")
        assert oldest.path.exists()
    assert 0 < reader.stats().signals["logs"].files < 8
    SpoolFolder(folder, limits=replace(limits, max_bytes=1), clock=lambda: 3).recover("traces")
    assert not oldest.path.exists()
    assert reader.stats().bytes == 0


def test_files_older_than_their_time_are_dropped(folder):
    day = 86_400 * 10**9
    spool = Spool(folder, OWN, epoch=1, clock=lambda: 100 * day)
    spool.append(make_spans(2))
    spool.seal()
    young = Spool(folder, OWN, epoch=1, clock=lambda: 129 * day)
    young.append(make_spans(1))
    young.seal()
    reader = SpoolFolder(folder, clock=lambda: 131 * day)
    reader.recover("traces")
    assert reader.state().dropped == {"age": 2}
    assert reader.stats().spans == 1
    assert reader.stats().oldest_ns == 129 * day


def test_a_writer_looks_at_the_folder_once_a_minute(folder, monkeypatch):
    now = [10**18]
    spool = Spool(folder, OWN, epoch=1, clock=lambda: now[0], limits=SpoolLimits(max_age_s=50))
    looks = []
    monkeypatch.setattr("otel_smart_agents.spool.caps.enforce_caps", lambda *_args, **_more: looks.append(now[0]) or 0)
    for _ in range(10):
        spool.append(make_spans(1))
        spool.seal()
        now[0] += 20 * 10**9
    assert len(looks) == 3


def test_sent_bodies_go_after_their_time_and_above_their_bytes(folder):
    spool = Spool(folder, OWN, epoch=1)
    for _ in range(6):
        spool.append(make_spans(1))
        with spool.seal().claim() as claimed:
            claimed.ack(keep_sent=True)
    size = SpoolFolder(folder).sent_files("traces")[0].path.stat().st_size
    reader = SpoolFolder(folder, limits=SpoolLimits(sent_bytes=3 * size + 10))
    reader.recover("traces")
    assert len(reader.sent_files("traces")) == 3
    SpoolFolder(folder, clock=lambda: time.time_ns() + 8 * 86_400 * 10**9).recover("traces")
    assert reader.sent_files("traces") == []
    assert reader.state().dropped == {}


def test_clear_takes_everything_but_deletion_requests(spool, folder, reader):
    spool.append(make_spans(2))
    with spool.seal().claim() as claimed:
        claimed.ack(keep_sent=True)
    spool.append(make_spans(2))
    with spool.seal().claim() as claimed:
        claimed.reject()
    spool.append(make_spans(3))
    spool.seal()
    reader.queue_deletion({"id": "a"})
    spool.open_marker(make_span())
    spool.append(make_spans(4))
    report = reader.clear()
    assert (report.files, report.items, report.live, report.kept) == (2, 7, 1, 2)
    assert [path for path in (folder / "traces").rglob("*") if path.is_file() and path.suffix != ".cleared"] == []
    assert len(reader.deletions()) == 1
    # The writer notices, and counts only what the one who cleared could not know of.
    after = make_span()
    assert spool.append([after]) == 1
    assert spool.open_marker(make_span())
    spool.seal()
    assert reader.state().dropped == {"rejected": 2, "cleared": 7}
    assert waiting_ids(folder) == [after.context.span_id]


def test_a_file_cleared_just_before_it_is_sealed_is_counted(spool, folder, reader):
    spool.append(make_spans(2))
    reader.clear()
    assert spool.seal() is None
    assert reader.state().dropped == {"cleared": 2}
    spool.append(make_spans(1))
    import shutil

    shutil.rmtree(folder)
    assert spool.seal() is None
    spool.append(make_spans(1))
    assert spool.seal() is not None


def test_clear_by_age_takes_only_ready_files(folder):
    spool = Spool(folder, OWN, epoch=1, clock=lambda: 1_000)
    spool.append(make_spans(2))
    spool.seal()
    young = Spool(folder, OWN, epoch=1, clock=lambda: 3_000)
    young.append(make_spans(1))
    young.seal()
    spool.append(make_spans(1))
    reader = SpoolFolder(folder)
    report = reader.clear(older_than_ns=2_000)
    assert (report.files, report.items, report.live) == (1, 2, 0)
    assert reader.stats().spans == 2
    assert reader.state().dropped == {"cleared": 2}
    spool.close()


def test_clear_waits_for_a_request_and_then_goes_ahead(spool, reader):
    spool.append(make_spans(2))
    ready = spool.seal()
    with ready.claim() as claimed:
        report = reader.clear(wait_s=0.05)
        assert (report.files, report.items, report.live) == (1, 2, 1)
        assert claimed.ack() is False
    assert reader.state().dropped == {"cleared": 2}
    spool.append(make_spans(1))
    ready = spool.seal()
    with ready.claim() as claimed:
        timer = threading.Timer(0.1, lambda: claimed.ack() and claimed.release())
        timer.start()
        assert reader.clear(wait_s=5).files == 0
        timer.join()


def test_a_live_process_is_left_alone_by_recovery(spool, folder, reader):
    spool.append(make_spans(1))
    spool.open_marker(make_span())
    report = reader.recover("traces")
    assert (report.files, report.interrupted, report.refused) == (0, 0, 0)
    assert spool.append(make_spans(1)) == 1
    assert spool.seal().body().items == 2


def test_threads_share_one_writer(spool, folder):
    spans = [make_spans(50) for _ in range(4)]
    threads = [threading.Thread(target=lambda mine=mine: [spool.append([span]) for span in mine]) for mine in spans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool.close()
    assert sorted(waiting_ids(folder)) == sorted(span.context.span_id for mine in spans for span in mine)


def test_a_signal_handler_in_the_middle_of_an_append_is_refused_not_stuck(spool, folder, reader, monkeypatch):
    real, seen = os.write, []

    def write(fd, data):
        if not seen:
            seen.append(1)
            with pytest.raises(SpoolError, match="signal handler"):
                spool.append([make_span()])
            assert spool.open_marker(make_span()) is False
            spool.close_marker(1, 2)
            with pytest.raises(SpoolError):
                spool.seal()
        return real(fd, data)

    monkeypatch.setattr("otel_smart_agents.spool.active.os.write", write)
    assert spool.append([make_span()]) == 1
    monkeypatch.undo()
    spool.close()
    assert len(waiting_ids(folder)) == 1
    assert reader.state().dropped == {"busy": 1}


def test_a_forked_child_starts_anew_and_frees_no_lock(spool, folder, reader):
    spool.append(make_spans(1))
    spool.open_marker(make_span())
    child = os.fork()
    if child == 0:
        try:
            spool.append(make_spans(2))
            spool.close()
            assert spool.open_markers == 0
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    report = reader.recover("traces")
    assert (report.files, report.interrupted) == (0, 0)
    assert len(waiting_ids(folder)) == 2
    spool.append(make_spans(1))
    assert spool.seal().body().items == 2


def test_an_item_that_cannot_be_encoded_takes_no_other_with_it(spool, folder, reader, monkeypatch):
    from otel_smart_agents.spool import fit

    real, bad = fit.encode_spans, make_span()

    def encode(items):
        if bad in items:
            raise RuntimeError
        return real(items)

    monkeypatch.setattr(fit, "encode_spans", encode)
    assert spool.append([make_span(), bad, make_span()]) == 2
    spool.close()
    assert len(waiting_ids(folder)) == 2
    assert reader.state().dropped == {"unencodable": 1}


def test_drops_that_happened_elsewhere_are_kept_too(spool, reader):
    spool.count_drop("queue", 3)
    spool.count_drop("queue", 0)
    spool.close()
    assert reader.state().dropped == {"queue": 3}


def test_the_collector_can_replay_a_file(spool):
    spool.append(make_spans(2))
    spool.append(make_spans(1))
    for line in spool.seal().path.read_bytes().splitlines():
        parsed = json.loads(line)
        parsed.pop("crc32")
        assert message(json.dumps(parsed).encode()).resource_spans
    assert FileName(1, 2, "ab", 3) < FileName(2, 1, "aa", 1)


def test_a_file_that_never_got_a_line_goes_when_its_writer_does(spool, folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.active.os.write", lambda fd, data: (_ for _ in ()).throw(OSError(5, "x")))
        with pytest.raises(SpoolError):
            spool.append(make_spans(1))
    assert spool.age_s() is None
    assert spool.should_seal(0) is False
    assert len(list((folder / "traces" / "active").iterdir())) == 1
    spool.close()
    assert list((folder / "traces" / "active").iterdir()) == []
    spool.close_marker(1, 2)


def test_a_folder_so_busy_that_no_file_can_be_locked_is_an_error(spool, folder, monkeypatch):
    from otel_smart_agents.spool import active

    monkeypatch.setattr(active, "_ATTEMPTS", 3)
    monkeypatch.setattr(active, "create_locked", lambda *_args, **_more: None)
    with pytest.raises(SpoolError, match="so busy that no new file could be locked in 3 attempts"):
        spool.append(make_spans(1))


def test_another_name_is_taken_if_one_is_in_use(folder):
    first = Spool(folder, OWN, epoch=1, clock=lambda: 5)
    second = Spool(folder, OWN, epoch=1, clock=lambda: 5)
    second._token = first._token
    first.append(make_spans(1))
    second.append(make_spans(1))
    assert second.seal().name.created_ns == 6
    first.close()


def test_a_file_that_goes_between_two_looks_is_no_error(spool, reader, folder, monkeypatch):
    from otel_smart_agents.spool import clear, ready

    spool.append(make_spans(1))
    file = spool.seal()
    with monkeypatch.context() as patch:
        patch.setattr(clear, "take_away", lambda *_args: None)
        real = clear.count_items
        patch.setattr(clear, "count_items", lambda *args: (file.path.unlink(), real(*args))[1])
        assert reader.clear(wait_s=0).files == 0
    assert [path for path in folder.rglob("*") if path.is_file() and path.suffix == ".cleared"] == []
    spool.append(make_spans(1))
    with spool.seal().claim() as claimed:
        real_name = ready.unused_name
        monkeypatch.setattr(ready, "unused_name", lambda directory, name: (claimed.file.path.unlink(), real_name(directory, name))[1])
        assert claimed.ack(keep_sent=True) is False
    assert reader.state().dropped == {"cleared": 1}


def test_whether_a_writer_lives_is_asked_of_the_system():
    from otel_smart_agents.spool.clear import _lives

    assert _lives(str(FileName(1, os.getpid(), "0" * 8, 1)))
    assert _lives("somebody's notes")
    assert not _lives(str(FileName(1, 2**33, "0" * 8, 1)))


def test_a_process_of_somebody_else_lives_too(monkeypatch):
    from otel_smart_agents.spool import clear

    def refused(pid, number):
        raise PermissionError

    monkeypatch.setattr(clear.os, "kill", refused)
    assert clear._lives(str(FileName(1, 1, "0" * 8, 1)))


def test_cap_drops_leave_a_file_that_just_went(spool, monkeypatch):
    from otel_smart_agents.spool import caps

    spool.append(make_spans(1))
    file = spool.seal()
    real = caps.read_fd
    monkeypatch.setattr(caps, "read_fd", lambda fd: (real(fd), file.path.unlink())[0])
    assert caps.take_away(spool.folder, "traces", "ready", str(file.name)) is None


def test_stats_say_how_many_files_wait(spool, reader):
    spool.append(make_spans(1))
    spool.seal()
    spool.append(make_spans(1))
    stats = reader.stats()
    assert (stats.files, stats.spans, stats.bytes > 500) == (2, 2, True)


def test_a_batch_of_which_nothing_can_be_encoded_writes_nothing(spool, folder, monkeypatch):
    monkeypatch.setattr("otel_smart_agents.spool.fit.encode_spans", lambda items: (_ for _ in ()).throw(RuntimeError))
    assert spool.append(make_spans(2)) == 0
    spool.close()
    assert waiting_ids(folder) == []


def test_a_fork_that_nobody_announced_is_noticed(spool, folder):
    spool.append(make_spans(1))
    spool._pid = -1
    spool.append(make_spans(1))
    assert len(list((folder / "traces" / "active").iterdir())) == 2


def test_an_empty_file_taken_by_somebody_else_is_left(spool, folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.active.os.write", lambda fd, data: (_ for _ in ()).throw(OSError(5, "x")))
        with pytest.raises(SpoolError):
            spool.append(make_spans(1))
    (path,) = (folder / "traces" / "active").iterdir()
    path.unlink()
    path.write_bytes(b"another's")
    spool.close()
    assert path.exists()


def test_a_file_without_whole_lines_that_cannot_be_removed_stays(spool, monkeypatch):
    spool.append(make_spans(1))
    ready = spool.seal()
    ready.path.write_bytes(b"garbage")
    monkeypatch.setattr("otel_smart_agents.spool.files.os.unlink", lambda *_a, **_m: (_ for _ in ()).throw(OSError(5, "x")))
    with ready.claim() as claimed:
        assert claimed.span_count == 0


def test_clear_of_one_signal_needs_no_folder_of_the_others(folder, reader):
    from otel_smart_agents.spool import clear

    assert clear._exists(folder, "logs", "ready", "x") is False
    assert clear._remove(folder, "logs", "ready", "x") is False
    assert clear._open_markers(folder, "logs") == []
