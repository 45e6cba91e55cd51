"""The consent log: chained, anchored, healed after a crash, and any changed byte is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otel_smart_agents.consent import files, log
from otel_smart_agents.consent.log import answers_of_no, check, check_chain, highest_epoch, line_of, make_entry

ENTRIES: list[dict] = []
for number in range(4):
    ENTRIES.append(
        make_entry(
            ENTRIES[-1] if ENTRIES else None,
            action="granted" if number % 2 == 0 else "revoked",
            time_ns=1_800_000_000_000_000_000 + number,
            facts={"destination": "acme.upstream.01234567", "epoch": number + 1, "controller": "Ämter & Söhne"},
        )
    )
LOG = b"".join(map(line_of, ENTRIES))


def test_an_intact_log_is_intact():
    report = check(LOG, ENTRIES[-1])
    assert (report.ok, report.entries, report.pending) == (True, 4, False)
    assert check(b"", None).ok


@pytest.mark.parametrize("anchored", [True, False])
def test_any_changed_byte_is_found(anchored):
    anchor = ENTRIES[-1] if anchored else None
    for position in range(len(LOG)):
        for mask in (0x01, 0x20, 0x80):
            broken = bytearray(LOG)
            broken[position] ^= mask
            report = check(bytes(broken), anchor)
            assert not report.ok, (position, mask)
            assert report.reason


@given(st.data())
def test_any_edit_is_found(data):
    """Replace, insert or delete any bytes anywhere: only the loss of the very end may pass, and then as pending, with nothing lost."""
    start = data.draw(st.integers(0, len(LOG)))
    end = data.draw(st.integers(start, len(LOG)))
    put = data.draw(st.binary(max_size=40) | st.sampled_from([line_of(entry) for entry in ENTRIES]))
    edited = LOG[:start] + put + LOG[end:]
    report = check(edited, ENTRIES[-1])
    if edited != LOG and report.ok:
        assert report.pending
        assert LOG.startswith(edited)
        assert len(edited) >= len(LOG) - len(line_of(ENTRIES[-1]))


def test_lines_missing_anywhere_are_found():
    lines = LOG.splitlines(keepends=True)
    for missing in range(3):
        assert not check(b"".join(lines[:missing] + lines[missing + 1 :]), ENTRIES[-1]).ok
    assert not check(b"".join(lines[:2]), ENTRIES[-1]).ok
    assert not check(b"", ENTRIES[-1]).ok
    assert "lines are missing or foreign" in check(b"".join(lines[:2]), ENTRIES[-1]).reason


def test_swapped_repeated_and_foreign_lines_are_found():
    lines = LOG.splitlines(keepends=True)
    assert not check(b"".join([lines[1], lines[0], *lines[2:]]), ENTRIES[-1]).ok
    assert not check(LOG + lines[-1], ENTRIES[-1]).ok
    assert not check(LOG + line_of(make_entry(ENTRIES[-1], action="granted", time_ns=1, facts={})), ENTRIES[-1]).ok
    assert not check_chain(LOG + b'{"a":1}\n').ok
    assert not check_chain(b"[]\n").ok
    assert not check_chain(b"[" * 100_000 + b"\n").ok


def test_a_rewritten_line_needs_every_later_one_rewritten_and_the_anchor_too():
    forged = {**ENTRIES[0], "action": "denied"}
    del forged["hash"]
    forged["hash"] = log.sha256_hex(log.canonical(forged))
    report = check_chain(line_of(forged) + b"".join(map(line_of, ENTRIES[1:])))
    assert not report.ok
    assert "does not follow" in report.reason


@pytest.mark.parametrize("kept", [0, 1, 7, -1])
def test_a_crash_before_or_while_appending_is_pending_and_heals(tmp_path, kept):
    path = tmp_path / "log.jsonl"
    last = line_of(ENTRIES[-1])
    torn = b"".join(map(line_of, ENTRIES[:-1])) + last[:kept]
    path.write_bytes(torn)
    report = check(torn, ENTRIES[-1])
    assert (report.ok, report.pending, report.entries) == (True, True, 3)
    assert log.settle(path, torn, ENTRIES[-1], time_ns=1) == ENTRIES[-1]
    assert path.read_bytes() == LOG


def test_a_settled_log_is_left_alone(tmp_path):
    path = tmp_path / "log.jsonl"
    assert log.settle(path, LOG, ENTRIES[-1], time_ns=1) == ENTRIES[-1]
    assert log.settle(path, LOG, None, time_ns=1) == ENTRIES[-1]
    assert log.settle(path, b"", None, time_ns=1) is None
    assert not path.exists()


def test_a_damaged_log_is_kept_and_a_new_chain_names_its_hash(tmp_path):
    path = tmp_path / "consent-log.jsonl"
    for number in (1, 2):
        path.write_bytes(b"junk")
        first = log.settle(path, b"junk", ENTRIES[-1], time_ns=1)
        assert first["damaged_sha256"] == log.sha256_hex(b"junk")
        assert (tmp_path / f"consent-log.damaged-{number}.jsonl").read_bytes() == b"junk"
        assert check_chain(path.read_bytes()).ok
    path.unlink()
    assert log.settle(path, b"", ENTRIES[-1], time_ns=1)["action"] == "log_restarted"


def test_epochs_and_denials_are_read_from_whatever_is_readable():
    key = ENTRIES[0]["destination"]
    noise = b'junk\n[]\n{"destination": "x"}\n{"destination": "%s", "epoch": []}\n' % key.encode()
    assert highest_epoch(noise + LOG + b"{", key) == 4
    assert highest_epoch(LOG, "other") == 0
    assert answers_of_no(noise + LOG) == {}


class TestInTheStore:
    def test_every_answer_is_a_line(self, store, paths, upstream, own, notice):
        store.deny(upstream, notice, method="prompt")
        receipt = store.grant(upstream, notice, categories={"agent"}, method="cli")
        store.revoke(upstream, method="cli")
        store.grant(own, notice, method="cli")
        lines = [json.loads(line) for line in (paths.consent / "consent-log.jsonl").read_text().splitlines()]
        assert [(line["seq"], line["action"], line["epoch"]) for line in lines] == [
            (1, "denied", 1),
            (2, "granted", 2),
            (3, "revoked", 3),
            (4, "granted", 1),
        ]
        assert lines[1]["record"]["receipt_sha256"] == receipt.hash
        assert lines[1]["record"]["categories"]["agent"] == "granted"
        assert store.verify_log().ok

    def test_any_changed_byte_is_found(self, store, paths, upstream, notice):
        store.grant(upstream, notice, method="cli")
        store.revoke(upstream, method="cli")
        path = paths.consent / "consent-log.jsonl"
        whole = path.read_bytes()
        for position in range(0, len(whole), 5):
            broken = bytearray(whole)
            broken[position] ^= 0x04
            path.write_bytes(bytes(broken))
            assert not store.verify_log().ok, position
        path.write_bytes(whole)
        assert store.verify_log().ok
        path.unlink()
        assert not store.verify_log().ok

    def test_a_link_in_its_place_is_found_set_aside_and_never_written_through(self, store, paths, upstream, notice, tmp_path):
        store.grant(upstream, notice, method="cli")
        path = paths.consent / "consent-log.jsonl"
        path.rename(tmp_path / "real")
        path.symlink_to(tmp_path / "real")
        before = (tmp_path / "real").read_bytes()
        assert not store.verify_log().ok
        store.revoke(upstream, method="cli")
        assert (tmp_path / "real").read_bytes() == before
        assert store.verify_log().ok

    def test_a_crash_between_file_and_log_loses_nothing(self, store, paths, upstream, notice, monkeypatch):
        def crash(path, line):
            raise OSError(5, "crash")

        with monkeypatch.context() as patch:
            patch.setattr(files, "append_line", crash)
            store.grant(upstream, notice, method="cli")
        assert store.decide(upstream, notice=notice).mode == "on"
        report = store.verify_log()
        assert (report.ok, report.pending, report.entries) == (True, True, 0)
        store.revoke(upstream, method="cli")
        assert store.verify_log().entries == 2
        assert not store.verify_log().pending

    def test_a_full_disk_does_not_stop_a_no(self, store, upstream, notice, monkeypatch):
        store.grant(upstream, notice, method="cli")

        def full(*arguments, **keywords):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(files, "append_line", full)
            patch.setattr(log, "settle", full)
            assert store.revoke(upstream, method="cli").state == "revoked"
        store.grant(upstream, notice, method="cli")
        assert store.verify_log().ok
