"""The anonymous id: random, provable, replaced every 30 days, gone when it should be."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import replace

import pytest

from otel_smart_agents.consent import files
from otel_smart_agents.consent.identity import Identities, key_id_of
from otel_smart_agents.consent.idfile import FOLDERS_KEPT, id_of
from otel_smart_agents.errors import ConsentError


@pytest.fixture
def ids(paths, clock):
    return Identities(paths, clock=clock)


def test_a_grant_makes_the_id_of_upstream_and_own_gets_it_at_first_use(store, upstream, own, notice):
    store.grant(upstream, notice, method="cli")
    assert store.identities.peek(upstream) is not None
    assert store.identities.peek(own) is None
    assert store.identities.current(own) == store.identities.peek(own)


def test_the_secret_proves_the_id(ids, upstream):
    identity = ids.current(upstream)
    (proof,) = ids.pending_deletions(upstream)
    secret = bytes.fromhex(proof.secret_hex)
    assert proof.id == identity.id == str(uuid.UUID(bytes=hashlib.sha256(secret).digest()[:16])) == id_of(secret)
    assert len(secret) == 32


def test_it_stays_across_processes_and_differs_between_destinations_and_homes(ids, paths, clock, upstream, own, tmp_path):
    assert Identities(paths, clock=clock).current(upstream) == ids.current(upstream)
    (tmp_path / "other").mkdir()
    other = replace(paths, consent=tmp_path / "other" / ".smart-agents" / "telemetry")
    found = {ids.current(upstream).id, ids.current(own).id, Identities(other, clock=clock).current(upstream).id}
    assert len(found) == 3


def test_it_is_replaced_after_30_days_and_on_demand(ids, clock, upstream):
    first = ids.current(upstream)
    clock.forward(days=29.9)
    assert ids.current(upstream) == first
    clock.forward(days=0.2)
    second = ids.current(upstream)
    assert second.id != first.id
    third = ids.rotate(upstream)
    assert third.id not in (first.id, second.id)
    assert ids.current(upstream) == third


def test_an_id_from_the_future_is_replaced(ids, clock, upstream):
    clock.forward(days=400)
    first = ids.current(upstream)
    clock.forward(days=-400)
    assert ids.current(upstream).id != first.id
    second = ids.current(upstream)
    clock.forward(seconds=-3600)
    assert ids.current(upstream) == second  # a clock that was set back a little


def test_old_secrets_are_kept_for_deletion_requests_until_90_days_have_passed(ids, clock, upstream, paths):
    first = ids.current(upstream)
    clock.forward(days=30)
    second = ids.current(upstream)
    assert [proof.id for proof in ids.pending_deletions(upstream)] == [second.id, first.id]
    clock.forward(days=89)
    assert [proof.id for proof in ids.pending_deletions(upstream)] == [second.id, first.id]
    clock.forward(days=2)
    assert [proof.id for proof in ids.pending_deletions(upstream)] == [second.id]
    ids.rotate(upstream)
    assert first.id not in (paths.consent / "ids" / f"{upstream.key}.json").read_text()


def test_the_key_of_pseudonyms_is_another_secret_and_is_replaced_with_the_id(ids, upstream, paths):
    key, key_id = ids.pseudonym_key(upstream)
    assert key_id == key_id_of(key)
    assert len(key) == 32
    assert key.hex() != ids.pending_deletions(upstream)[0].secret_hex
    assert key_id not in key.hex()
    ids.rotate(upstream)
    newer = ids.pseudonym_key(upstream)
    assert newer != (key, key_id)
    assert ids.pseudonym_keys(upstream) == [newer, (key, key_id)]


def test_another_controller_gets_another_id_and_unnamed_is_no_other(ids, upstream):
    first = ids.current(upstream)
    assert ids.current(replace(upstream, controller="")) == first
    second = ids.current(replace(upstream, controller="Evil Inc"))
    assert second.id != first.id
    assert ids.peek(upstream) is None
    assert first.id in [proof.id for proof in ids.pending_deletions(replace(upstream, controller="Evil Inc"))]


def test_removing_removes_and_removing_nothing_makes_nothing(ids, upstream, paths):
    ids.remove(upstream)
    assert not paths.consent.exists()
    ids.current(upstream)
    ids.remove(upstream)
    assert ids.peek(upstream) is None
    assert ids.pending_deletions(upstream) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"ids": [{"secret": "zz"}]}', '{"ids": 3}'])
def test_a_damaged_file_is_said_and_own_goes_on_in_memory(content, ids, upstream, own, paths):
    for at in (upstream, own):
        ids.current(at)
        (paths.consent / "ids" / f"{at.key}.json").write_text(content)
    with pytest.raises(ConsentError, match="is damaged"):
        ids.current(upstream)
    with pytest.raises(ConsentError, match="is damaged"):
        ids.pending_deletions(upstream)
    assert not ids.current(own).stored


def test_where_no_disk_is_writable_own_lives_in_memory_and_upstream_does_not_live(ids, clock, upstream, own, monkeypatch):
    def read_only(*arguments, **keywords):
        raise ConsentError("read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(files, "ensure_folder", read_only)
        first = ids.current(own)
        assert not first.stored
        assert ids.current(own) == first
        assert ids.pseudonym_key(own) == ids.pseudonym_key(own)
        clock.forward(days=31)
        assert ids.current(own).id != first.id
        with pytest.raises(ConsentError, match="read-only"):
            ids.current(upstream)
    assert ids.current(own).stored  # the disk is back
    ids.remove(own)
    assert ids.peek(own) is None


def test_a_folder_that_cannot_be_looked_into_has_nothing_to_remove(ids, upstream, monkeypatch, paths):
    from pathlib import Path

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_symlink", refuse)
    ids.remove(upstream)
    assert not paths.consent.exists()


def test_what_is_stored_says_what_it_is(ids, upstream, paths, clock):
    ids.current(upstream)
    content = json.loads((paths.consent / "ids" / f"{upstream.key}.json").read_text())
    assert (content["schema"], content["product"], content["controller"]) == (1, "acme", "Acme Ltd")
    assert content["ids"][0]["created"] == "2027-01-15T08:00:00Z"
    assert content["ids"][0]["retired_ns"] is None


def test_nothing_of_the_machine_or_user_is_in_it(tmp_path, paths, clock, upstream):
    made = set()
    for number in range(5):
        (tmp_path / str(number)).mkdir()
        folder = tmp_path / str(number) / ".smart-agents" / "telemetry"
        made.add(Identities(replace(paths, consent=folder), clock=clock).current(upstream).id)
    assert len(made) == 5  # same machine, user, time and destination


def test_which_ids_were_sent_is_kept_through_rotations_and_by_nothing_else(ids, paths, clock, upstream):
    first = ids.current(upstream)
    second = ids.rotate(upstream)
    ids.mark_sent(upstream, {first.id, "11111111-2222-4333-8444-555555555555"})
    third = ids.rotate(upstream)
    found = {proof.id: proof.sent for proof in Identities(paths, clock=clock).pending_deletions(upstream)}
    assert found == {third.id: False, second.id: False, first.id: True}


def test_the_first_note_of_an_id_is_told_and_can_be_taken_back(ids, upstream):
    first = ids.current(upstream)
    assert ids.mark_sent(upstream, {first.id}) == {first.id}
    assert ids.mark_sent(upstream, {first.id}) == set()
    ids.mark_sent(upstream, {first.id}, sent=False)
    assert [proof.sent for proof in ids.pending_deletions(upstream)] == [False]


def test_nothing_is_made_by_noting_what_was_sent(ids, paths, upstream):
    ids.mark_sent(upstream, {"11111111-2222-4333-8444-555555555555"})
    assert not paths.consent.exists()


def test_a_file_that_does_not_tell_what_was_sent_says_so(ids, upstream):
    ids.current(upstream)
    path = ids.path(upstream)
    content = json.loads(path.read_text())
    del content["folders"], content["ids"][0]["sent"]
    path.write_text(json.dumps(content))
    (proof,) = ids.pending_deletions(upstream)
    assert proof.sent is None
    assert ids.folders(upstream) == ()


def test_moved_data_folders_are_noted_where_the_ids_are(ids, paths, clock, upstream, tmp_path):
    moved = [Identities(replace(paths, data=tmp_path / name), clock=clock) for name in ("a", "b", "a")]
    assert len({one.current(upstream).id for one in (ids, *moved)}) == 1
    ids.rotate(upstream)
    assert ids.folders(upstream) == (tmp_path / "a", tmp_path / "b")


def test_of_very_many_data_folders_the_ones_that_are_gone_make_room(ids, paths, clock, upstream, tmp_path):
    (tmp_path / "kept").mkdir()
    for name in ("kept", *map(str, range(3 * FOLDERS_KEPT))):
        Identities(replace(paths, data=tmp_path / name), clock=clock).current(upstream)
    found = ids.folders(upstream)
    assert len(found) <= FOLDERS_KEPT
    assert tmp_path / "kept" in found
    assert found[-1] == tmp_path / str(3 * FOLDERS_KEPT - 1)


def test_a_home_that_can_only_be_read_still_gives_its_id(ids, paths, clock, upstream, tmp_path, monkeypatch):
    identity = ids.current(upstream)
    moved = Identities(replace(paths, data=tmp_path / "moved"), clock=clock)

    def refuse(*_args, **_more):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files, "write_atomic", refuse)
    assert moved.current(upstream) == identity
