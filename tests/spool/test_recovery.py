"""Files of dead processes: adopted once, killed runs reported once, also if recovery itself is killed at any point."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits, markers
from otel_smart_agents.spool.markers import marker_line, parse_markers
from otel_smart_agents.spool.names import Terms

from .conftest import OWN, ids_of, make_span, make_spans, waiting_ids

AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}


def in_dead_process(work):
    """Run ``work`` in a forked process that dies without any goodbye."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def spans_of(folder):
    """Every waiting span as parsed OTLP JSON."""
    return [
        span
        for file in SpoolFolder(folder).ready_files("traces")
        for payload in file.body().payloads
        for resource in json.loads(b"[" + payload + b"]")
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def outcome(span):
    """The outcome attributes of a span."""
    return [item["value"]["stringValue"] for item in span.get("attributes", []) if item["key"] == "smart_agents.outcome"]


def test_what_a_killed_process_appended_is_adopted_once(folder, reader):
    spans = make_spans(5)

    def work():
        spool = Spool(folder, OWN, epoch=4)
        spool.append(spans[:3])
        spool.append(spans[3:])

    in_dead_process(work)
    assert reader.ready_files("traces") == []
    assert reader.stats().spans == 5
    report = reader.recover("traces")
    assert (report.files, report.spans, report.interrupted, report.damaged_lines) == (1, 5, 0, 0)
    assert waiting_ids(folder) == [span.context.span_id for span in spans]
    assert reader.ready_files("traces")[0].epoch == 4
    assert reader.recover("traces").files == 0


def test_a_torn_line_is_counted_as_unfinished_and_kept_aside(folder, reader):
    spans = make_spans(3)
    in_dead_process(lambda: [Spool(folder, OWN, epoch=1).append([span]) for span in spans])
    paths = sorted((folder / "traces" / "active").iterdir())
    os.truncate(paths[2], paths[2].stat().st_size // 2)
    report = reader.recover("traces")
    assert (report.files, report.spans, report.damaged_lines, report.unfinished_lines) == (2, 2, 0, 1)
    assert waiting_ids(folder) == [span.context.span_id for span in spans[:2]]
    assert reader.state().dropped == {"unfinished": 1}
    assert len(list((folder / "traces" / "rejected").iterdir())) == 1
    assert list((folder / "traces" / "active").iterdir()) == []


def test_a_line_that_ends_is_damaged_however_little_of_it_is_left(folder, reader):
    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    (path,) = (folder / "traces" / "active").iterdir()
    path.write_bytes(path.read_bytes()[:40] + b"\n")
    report = reader.recover("traces")
    assert (report.damaged_lines, report.unfinished_lines) == (1, 0)
    assert reader.state().dropped == {"corrupt": 1}


def test_a_marker_that_was_being_written_hides_no_other_and_is_no_damage(folder, reader):
    def work():
        spool = Spool(folder, OWN, epoch=1)
        for number in (1, 2):
            spool.open_marker(make_span(number, attributes=AGENT))

    in_dead_process(work)
    (path,) = (folder / "traces" / "active").glob("*.open")
    data = path.read_bytes()
    for cut in range(data.index(b"\n") + 1, len(data) - 1):
        found, damaged = parse_markers(data[:cut])
        assert ([marker.key[1] for marker in found], damaged) == ([1], 0), cut
    path.write_bytes(data[:-9])
    report = reader.recover("traces")
    assert (report.interrupted, report.damaged_lines) == (1, 0)
    assert reader.state().dropped == {}


def test_whole_lines_around_damage_are_kept(folder, reader):
    spans = make_spans(3)

    def work():
        spool = Spool(folder, OWN, epoch=1)
        for span in spans:
            spool.append([span])

    in_dead_process(work)
    (path,) = (folder / "traces" / "active").iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert reader.recover("traces").damaged_lines == 1
    assert waiting_ids(folder) == [spans[0].context.span_id, spans[2].context.span_id]
    assert path.name in str(reader.ready_files("traces")[0].path)


def test_a_killed_run_is_one_interrupted_span_with_its_steps(folder, reader):
    root, step = make_span(1, name="invoke_agent planner", attributes=AGENT, end_time=None), make_span(2)

    def work():
        spool = Spool(folder, OWN, epoch=1)
        assert spool.open_marker(root)
        time.sleep(0.05)
        spool.append([step])
        spool.seal()

    in_dead_process(work)
    assert reader.recover("traces").interrupted == 1
    found = {int(span["spanId"], 16): span for span in spans_of(folder)}
    assert set(found) == {1, 2}
    assert outcome(found[1]) == ["interrupted"]
    assert outcome(found[2]) == []
    assert found[1]["status"] == {"code": 0}
    assert {item["key"] for item in found[1]["attributes"]} == {*AGENT, "smart_agents.outcome"}
    lived = int(found[1]["endTimeUnixNano"]) - int(found[1]["startTimeUnixNano"])
    assert 40_000_000 < lived < 20_000_000_000
    for _ in range(2):
        assert reader.recover("traces").interrupted == 0


def test_a_run_that_ended_is_not_interrupted(folder, reader):
    root = make_span(1, attributes=AGENT)

    def work():
        spool = Spool(folder, OWN, epoch=1)
        spool.open_marker(root)
        spool.open_marker(make_span(2, attributes=AGENT))
        spool.append([root])
        spool.close_marker(0xABC, 2)
        spool.close_marker(0xABC, 3)
        assert spool.open_markers == 0

    in_dead_process(work)
    assert reader.recover("traces").interrupted == 0
    assert waiting_ids(folder) == [1]


def test_a_run_whose_span_was_written_but_not_yet_closed_is_not_interrupted(folder, reader, monkeypatch):
    root = make_span(1, attributes=AGENT)

    def work():
        spool = Spool(folder, OWN, epoch=1)
        spool.open_marker(root)
        markers.MarkerFile.close_keys = lambda *_args: os._exit(0)  # killed between the two writes
        spool.append([root])

    in_dead_process(work)
    assert reader.recover("traces").interrupted == 0
    assert [outcome(span) for span in spans_of(folder)] == [[]]


def test_a_process_that_exits_with_an_open_run_leaves_it_to_recovery(folder, reader):
    spool = Spool(folder, OWN, epoch=1)
    spool.open_marker(make_span(1, attributes=AGENT))
    spool.append([make_span(2)])
    spool.close()
    assert reader.recover("traces").interrupted == 1
    assert sorted(waiting_ids(folder)) == [1, 2]


def test_open_runs_survive_many_seals(folder, reader):
    def work():
        spool = Spool(folder, OWN, epoch=1)
        spool.open_marker(make_span(1, attributes=AGENT))
        for number in range(10, 20):
            spool.append([make_span(number)])
            spool.seal()

    in_dead_process(work)
    assert not any(b"openMarker" in file.path.read_bytes() for file in reader.ready_files("traces"))
    assert reader.recover("traces").interrupted == 1
    assert sorted(waiting_ids(folder)) == [1, *range(10, 20)]


def test_the_marker_file_of_a_busy_server_stays_small(folder, reader, monkeypatch):
    monkeypatch.setattr(markers, "_COMPACT_AFTER", 20)

    def work():
        spool = Spool(folder, OWN, epoch=1)
        spool.open_marker(make_span(1, attributes=AGENT))
        for number in range(10, 200):
            spool.open_marker(make_span(number, attributes=AGENT))
            spool.append([make_span(number, attributes=AGENT)])
            size = os.path.getsize(folder / "traces" / "active" / str(spool._runs._file.name))
            assert size < 40 * 1_000, size
        spool.open_marker(make_span(2, attributes=AGENT))

    in_dead_process(work)
    assert reader.recover("traces").interrupted == 2
    assert sorted(waiting_ids(folder)) == [1, 2, *range(10, 200)]
    assert len([span for span in spans_of(folder) if outcome(span)]) == 2


def test_without_open_runs_the_marker_file_is_empty_and_goes(folder):
    spool = Spool(folder, OWN, epoch=1)
    root = make_span(1, attributes=AGENT)
    spool.open_marker(root)
    spool.append([root])
    (path,) = (folder / "traces" / "active").glob("*.open")
    assert path.stat().st_size == 0
    spool.open_marker(make_span(2, attributes=AGENT))
    assert len(parse_markers(path.read_bytes())[0]) == 1
    spool.close_marker(0xABC, 2)
    spool.close()
    assert list((folder / "traces" / "active").iterdir()) == []


def test_every_flipped_bit_of_a_marker_is_noticed():
    from otel_smart_agents.spool import encode_spans

    line = marker_line(encode_spans([make_span(1, attributes=AGENT)]), opened_ns=5)
    for position in range(len(line) - 1):
        for bit in range(8):
            flipped = bytearray(line)
            flipped[position] ^= 1 << bit
            found, damaged = parse_markers(bytes(flipped))
            assert found == [], (position, bit)
            assert damaged >= 1, (position, bit)
    assert parse_markers(b"-" + line[1:]) == ([], 0)
    assert parse_markers(b'{"x":1,"crc32":"00000000"}\n')[1] == 1


def test_a_damaged_marker_is_counted_and_the_others_are_reported(folder, reader):
    def work():
        spool = Spool(folder, OWN, epoch=1)
        for number in (1, 2, 3):
            spool.open_marker(make_span(number, attributes=AGENT))

    in_dead_process(work)
    (path,) = (folder / "traces" / "active").glob("*.open")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    report = reader.recover("traces")
    assert (report.interrupted, report.damaged_lines) == (2, 1)
    assert waiting_ids(folder) == [1, 3]
    assert reader.state().dropped == {"corrupt": 1}


def test_a_replaced_file_is_not_adopted_by_its_name(folder, reader, monkeypatch):
    from otel_smart_agents.spool import locked

    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    real = locked.try_lock

    def swapped(directory, name, fd):
        if name.endswith(".jsonl"):
            path = directory.path / name
            shutil.copy(path, path.with_suffix(".copy"))
            os.replace(path.with_suffix(".copy"), path)
        return real(directory, name, fd)

    monkeypatch.setattr(locked, "try_lock", swapped)
    assert reader.recover("traces").files == 0
    monkeypatch.undo()
    assert reader.recover("traces").files == 1


def test_markers_that_appear_after_the_folder_was_listed_hold_the_data_back(folder, reader, monkeypatch):
    def work():
        spool = Spool(folder, OWN, epoch=1)
        spool.append([make_span(2)])
        spool.open_marker(make_span(1, attributes=AGENT))

    in_dead_process(work)
    from otel_smart_agents.spool import recovery

    real = recovery.parse_name
    monkeypatch.setattr(recovery, "parse_name", lambda name: None if name.endswith(".open") else real(name))
    assert reader.recover("traces").files == 0
    monkeypatch.undo()
    assert reader.recover("traces").interrupted == 1
    assert sorted(waiting_ids(folder)) == [1, 2]


def test_an_empty_file_and_an_old_temporary_are_removed(folder, reader):
    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    (path,) = (folder / "traces" / "active").iterdir()
    os.truncate(path, 0)
    old, new = path.with_name(".x.1.tmp"), path.with_name(".y.2.tmp")
    old.touch()
    new.touch()
    os.utime(old, (1, 1))
    assert reader.recover("traces").files == 0
    assert [item.name for item in path.parent.iterdir()] == [new.name]


def test_a_file_that_cannot_be_moved_does_not_stop_the_others(folder, reader, monkeypatch):
    from otel_smart_agents.spool import recovery

    for _ in range(3):
        in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    real, calls = recovery.fdatasync, []

    def failing(fd):
        calls.append(fd)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(fd)

    monkeypatch.setattr(recovery, "fdatasync", failing)
    report = reader.recover("traces")
    assert (report.files, report.refused) == (2, 1)
    assert reader.recover("traces").files == 1


def test_a_file_cleared_while_it_is_adopted_is_counted(folder, reader, monkeypatch):
    from otel_smart_agents.spool import recovery

    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(2)))
    real = recovery.fdatasync
    monkeypatch.setattr(recovery, "fdatasync", lambda fd: (real(fd), [path.unlink() for path in (folder / "traces" / "active").iterdir()]))
    assert reader.recover("traces").files == 0
    assert reader.state().dropped == {"cleared": 2}


@pytest.mark.parametrize("with_data", [True, False])
def test_recovery_may_be_killed_at_any_point(tmp_path, with_data):
    """Each recovery dies before its n-th change of the disk; the next one, and the one after, must still report every run once."""
    origin = tmp_path / "origin" / "spool" / OWN.key

    def work():
        spool = Spool(origin, OWN, epoch=1)
        spool.open_marker(make_span(1, attributes=AGENT))
        spool.open_marker(make_span(2, attributes=AGENT))
        if with_data:
            spool.append([make_span(3)])
            spool.append([make_span(2, attributes=AGENT)])
            spool.append([make_span(4)])

    in_dead_process(work)
    if with_data:
        (path,) = (origin / "traces" / "active").glob("*.jsonl")
        data = path.read_bytes()
        path.write_bytes(data[: len(data) - 30])
    expected = [1, 2, 3] if with_data else [1, 2]
    died = True
    kills = 0
    while died:
        folder = tmp_path / str(kills) / "spool" / OWN.key
        shutil.copytree(origin.parent, folder.parent)
        died = _recover_and_die(folder, kills)
        SpoolFolder(folder).recover("traces")
        SpoolFolder(folder).recover("traces")
        ids = waiting_ids(folder)
        assert sorted(ids) == expected, kills
        interrupted = sorted(int(span["spanId"], 16) for span in spans_of(folder) if outcome(span))
        assert interrupted == ([1] if with_data else [1, 2]), kills
        assert SpoolFolder(folder).stats().spans == len(expected)
        kills += 1
    assert kills > (12 if with_data else 8)


def _recover_and_die(folder, step):
    """Recover in a child that dies before its ``step``-th change of the disk; tell whether it did."""
    child = os.fork()
    if child == 0:
        changes = [0]

        def counted(real):
            def call(*args, **more):
                if changes[0] == step:
                    os._exit(9)
                changes[0] += 1
                return real(*args, **more)

            return call

        for name in ("write", "replace", "unlink", "mkdir", "fdatasync", "fsync", "ftruncate"):
            setattr(os, name, counted(getattr(os, name)))
        try:
            SpoolFolder(folder).recover("traces")
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_ids_are_read_in_order():
    from otel_smart_agents.spool import encode_spans

    assert ids_of([encode_spans([make_span(5), make_span(6)])]) == [5, 6]


def test_runs_of_a_closed_writer_stay_apart_from_those_of_its_second_life(folder, reader):
    spool = Spool(folder, OWN, epoch=1)
    for number in (1, 2):
        spool.open_marker(make_span(number, attributes=AGENT))
        spool.append([make_span(10 + number)])
        spool.close()
    assert reader.recover("traces").interrupted == 2
    assert sorted(waiting_ids(folder)) == [1, 2, 11, 12]


def test_markers_are_closed_part_by_part_when_a_batch_fills_several_files(folder, reader):
    spool = Spool(folder, OWN, epoch=1, limits=SpoolLimits(seal_bytes=1_500))
    runs = [make_span(number, attributes=AGENT) for number in range(1, 13)]
    for run in runs:
        spool.open_marker(run)
    assert spool.append(runs) == 12
    assert spool.open_markers == 0
    assert len(reader.ready_files("traces")) > 2
    spool.close()


def test_the_marker_file_is_rewritten_and_stays_right(folder, reader, monkeypatch):
    monkeypatch.setattr(markers, "_COMPACT_AFTER", 3)
    spool = Spool(folder, OWN, epoch=1)
    for number in range(1, 30):
        spool.open_marker(make_span(number, attributes=AGENT))
        if number % 5:
            spool.close_marker(0xABC, number)
    (path,) = (folder / "traces" / "active").glob("*.open")
    found, damaged = parse_markers(path.read_bytes())
    assert (sorted(marker.key[1] for marker in found), damaged) == ([5, 10, 15, 20, 25], 0)
    spool.close()
    assert reader.recover("traces").interrupted == 5


def test_a_marker_that_cannot_be_written_or_closed_is_no_error(folder, reader, monkeypatch):
    spool = Spool(folder, OWN, epoch=1)
    assert spool.open_marker(make_span(1, attributes=AGENT))
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.files.os.write", lambda fd, data: real(fd, data[:9]))
        assert spool.open_marker(make_span(2, attributes=AGENT)) is False
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.markers.os.ftruncate", lambda *_: (_ for _ in ()).throw(OSError(5, "x")))
        spool.close_marker(0xABC, 1)
    assert spool.open_markers == 0
    assert spool.open_marker(make_span(3, attributes=AGENT))
    spool.close()
    # The mark of run 1 could not be taken back: it is seen once too often, never lost.
    assert reader.recover("traces").interrupted == 2


def test_a_cleared_marker_file_is_not_touched_at_the_end(folder, reader):
    spool = Spool(folder, OWN, epoch=1)
    spool.open_marker(make_span(1, attributes=AGENT))
    reader.clear()
    spool.close_marker(0xABC, 1)
    spool.close()
    assert reader.recover("traces").interrupted == 0


def test_a_damaged_file_cleared_while_it_is_adopted_stays_away(folder, reader, monkeypatch):
    from otel_smart_agents.spool import recovery

    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(2)))
    (path,) = (folder / "traces" / "active").iterdir()
    with path.open("ab") as file:
        file.write(b"torn")
    real = recovery.keep_damaged
    monkeypatch.setattr(recovery, "keep_damaged", lambda *args, **more: (real(*args, **more), path.unlink()))
    assert reader.recover("traces").refused == 1
    assert waiting_ids(folder) == []


def test_a_full_disk_leaves_a_damaged_file_to_the_next_recovery(folder, reader, monkeypatch):
    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(2)))
    (path,) = (folder / "traces" / "active").iterdir()
    with path.open("ab") as file:
        file.write(b"torn")
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr("otel_smart_agents.spool.files.os.write", lambda fd, data: real(fd, data[:9]))
        assert reader.recover("traces").refused == 1
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    assert reader.recover("traces").spans == 2


def test_what_is_unknown_in_the_folder_is_left_alone(folder, reader):
    in_dead_process(lambda: Spool(folder, OWN, epoch=1).append(make_spans(1)))
    note = folder / "traces" / "active" / "notes.txt"
    note.write_text("mine")
    assert reader.recover("traces").files == 1
    assert note.read_text() == "mine"
    import otel_smart_agents.spool as package

    with pytest.raises(AttributeError, match="nothing"):
        _ = package.nothing


def test_what_a_dead_process_left_keeps_the_terms_that_it_was_recorded_under(folder, reader):
    terms = Terms(1, local=True, categories=frozenset({"agent"}))

    def write():
        spool = Spool(folder, OWN, epoch=terms.epoch, marks=terms.marks)
        spool.open_marker(make_span(attributes=AGENT))
        spool.append([make_span()])
        spool.sync()

    in_dead_process(write)
    report = reader.recover("traces")
    assert (report.files, report.spans, report.interrupted) == (1, 2, 1)
    assert {file.terms for file in reader.ready_files("traces")} == {terms}
    in_dead_process(lambda: Spool(folder, OWN, epoch=1, marks=terms.marks).open_marker(make_span(attributes=AGENT)))
    assert reader.recover("traces").interrupted == 1
    assert {file.terms for file in reader.ready_files("traces")} == {terms}
