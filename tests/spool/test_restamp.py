"""Promises of ``restamp``: a choice moves to the current epoch whole, the rest stays as it was, and nothing is in both or in neither."""

from __future__ import annotations

from otel_smart_agents.spool.body import Body
from otel_smart_agents.spool.names import Terms
from otel_smart_agents.spool.restamp import restamp

from .conftest import ids_of, make_spans


def split(body, wanted):
    return body.keep(lambda span: int(span["spanId"], 16) in wanted), body.keep(lambda span: int(span["spanId"], 16) not in wanted)


def recorded(spool, reader, count):
    spool.append(make_spans(count))
    spool.seal()
    (file,) = reader.ready_files("traces")
    return file, ids_of(file.body().payloads)


def test_a_part_moves_and_the_rest_stays(spool, reader):
    file, ids = recorded(spool, reader, 4)
    with file.claim() as claimed:
        chosen, rest = split(claimed.body, set(ids[:2]))
        made = restamp(claimed, terms=Terms(7), chosen=chosen, rest=rest)
    assert (made.epoch, ids_of(made.body().payloads)) == (7, ids[:2])
    assert {(one.epoch, tuple(ids_of(one.body().payloads))) for one in reader.ready_files("traces")} == {
        (1, tuple(ids[2:])),
        (7, tuple(ids[:2])),
    }
    assert made.path.stat().st_mode & 0o077 == 0
    assert reader.state().dropped == {}


def test_the_whole_moves(spool, reader):
    file, ids = recorded(spool, reader, 2)
    with file.claim() as claimed:
        restamp(claimed, terms=Terms(7), chosen=claimed.body, rest=Body("traces", ()))
    (left,) = reader.ready_files("traces")
    assert (left.epoch, ids_of(left.body().payloads)) == (7, ids)


def test_what_is_in_neither_is_gone(spool, reader):
    file, ids = recorded(spool, reader, 3)
    with file.claim() as claimed:
        _, rest = split(claimed.body, {ids[0]})
        assert restamp(claimed, terms=Terms(7), chosen=Body("traces", ()), rest=rest) is None
    (left,) = reader.ready_files("traces")
    assert (left.epoch, ids_of(left.body().payloads)) == (1, ids[1:])


def test_what_was_cleared_meanwhile_does_not_come_back(spool, reader):
    file, _ = recorded(spool, reader, 2)
    with file.claim() as claimed:
        reader.clear(wait_s=0)
        assert restamp(claimed, terms=Terms(7), chosen=claimed.body, rest=Body("traces", ())) is None
    assert reader.ready_files("traces") == []
