"""A no works whatever state the disk is in, and hands over the proofs for deletion requests."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from otel_smart_agents.consent import Destination, files
from otel_smart_agents.errors import ConsentError


class TestNo:
    """ "No" works whatever state the disk is in, and hands over the proofs for deletion requests."""

    def test_proofs_are_handed_over_before_the_ids_go(self, store, paths, upstream, notice):
        store.grant(upstream, notice, method="cli")
        old = store.identities.current(upstream)
        new = store.identities.rotate(upstream)
        seen: list[tuple] = []

        def hand_over(proofs):
            assert (paths.consent / "ids" / f"{upstream.key}.json").exists()
            seen.append(proofs)

        done = store.revoke(upstream, method="cli", hand_over=hand_over)
        assert [proof.id for proof in done.proofs] == [new.id, old.id]
        assert seen == [done.proofs]
        assert not (paths.consent / "ids" / f"{upstream.key}.json").exists()
        assert store.identities.pending_deletions(upstream) == []

    def test_if_handing_over_fails_the_no_stands_and_the_proofs_stay(self, store, upstream, notice):
        store.grant(upstream, notice, method="cli")

        def fail(proofs):
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            store.revoke(upstream, method="cli", hand_over=fail)
        assert store.decide(upstream, notice=notice).state == "revoked"
        assert len(store.revoke(upstream, method="cli").proofs) == 1

    def test_damaged_ids_go_without_proof(self, store, paths, upstream, notice):
        store.grant(upstream, notice, method="cli")
        (paths.consent / "ids" / f"{upstream.key}.json").write_text("junk")
        assert store.revoke(upstream, method="cli").proofs == ()
        assert not (paths.consent / "ids" / f"{upstream.key}.json").exists()

    def test_on_a_full_disk_everything_is_off(self, store, paths, upstream, notice, monkeypatch):
        store.grant(upstream, notice, method="cli")

        def full(path, data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(files, "write_atomic", full)
        with pytest.raises(ConsentError, match=r"No space left.*turns all telemetry off"):
            store.revoke(upstream, method="cli")
        assert store.decide(upstream, notice=notice).mode == "off"

    def test_where_nothing_can_be_written_it_says_what_to_do(self, store, paths, upstream, notice, monkeypatch):
        def read_only(*arguments):
            raise OSError(30, "Read-only file system")

        store.grant(upstream, notice, method="cli")
        monkeypatch.setattr(files, "write_atomic", read_only)
        monkeypatch.setattr(files, "empty_own", read_only)
        with pytest.raises(ConsentError, match="stop the program and delete"):
            store.revoke(upstream, method="cli")

    def test_a_strangers_file_is_never_emptied(self, tmp_path, monkeypatch):
        file = tmp_path / "file"
        file.write_text("theirs")
        monkeypatch.setattr(files, "user_id", lambda: os.getuid() + 1)
        with pytest.raises(ConsentError, match="belongs to user"):
            files.empty_own(file)
        assert file.read_text() == "theirs"

    def test_a_failed_yes_changes_nothing(self, store, paths, upstream, notice, monkeypatch, tmp_path):
        store.deny(upstream, notice, method="cli")
        before = (paths.consent / "consent.json").read_bytes()
        real = files.write_atomic

        def full(path, data):
            if path.name == "consent.json":
                raise OSError(28, "No space left on device")
            real(path, data)

        monkeypatch.setattr(files, "write_atomic", full)
        with pytest.raises(ConsentError, match="could not be stored"):
            store.grant(upstream, notice, method="cli")
        assert (paths.consent / "consent.json").read_bytes() == before
        assert store.decide(upstream, notice=notice).state == "denied"


def test_a_no_for_an_own_destination_holds_for_whatever_shares_its_key(store, notice):
    """The stand-alone command may know a product by the slug in its folder's name only."""
    named = Destination("own", "MyApp", "http://127.0.0.1:4318")
    by_folder = replace(named, product=named.key.split(".")[0])
    assert by_folder.key == named.key
    store.deny(by_folder, method="cli")
    assert store.decide(named).state == "denied"
    assert store.decide(named, gate="user", notice=notice).state == "denied"


def test_a_yes_holds_for_the_product_that_was_named_alone(store, notice):
    named = Destination("own", "MyApp", "http://127.0.0.1:4318")
    store.grant(replace(named, product=named.key.split(".")[0]), notice, method="cli")
    assert store.decide(named, gate="user", notice=notice).state == "unknown"
