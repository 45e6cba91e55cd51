"""Answers: what is stored, what it means, and what makes it void."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace

import pytest

from otel_smart_agents.consent import files
from otel_smart_agents.consent.detect import AGENT_VARIABLES
from otel_smart_agents.consent.identity import DeletionProof
from otel_smart_agents.consent.model import CATEGORIES, Destination
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.errors import ConfigError, ConsentError
from otel_smart_agents.paths import telemetry_paths


def disk(tmp_path):
    return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


def test_nothing_is_on_until_someone_says_yes_and_asking_creates_nothing(store, upstream, own, notice, tmp_path):
    before = disk(tmp_path)
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer) == ("off", "unknown", "default")
    assert "enable" in decision.reason
    assert not decision.records
    assert not decision.sends
    assert store.decide(own, gate="user").mode == "off"
    assert store.stamp() == (None, None)
    assert store.destinations() == ()
    assert store.receipts() == []
    assert store.verify_log().ok
    assert store.identities.peek(upstream) is None
    assert store.identities.pending_deletions(upstream) == []
    assert disk(tmp_path) == before


def test_own_needs_no_yes_of_the_user(store, own):
    for gate in ("operator", "per_call"):
        decision = store.decide(own, gate=gate)
        assert (decision.mode, decision.state, decision.layer, decision.categories) == ("on", "not_required", "default", CATEGORIES)
        assert decision.granted_at_ns == decision.epoch == 0


def test_the_gate_of_own_does_not_open_upstream(store, upstream, notice):
    for gate in ("operator", "user", "per_call"):
        assert store.decide(upstream, gate=gate, notice=notice).mode == "off"


def test_a_yes_is_on_with_its_time_epoch_and_proof(store, upstream, notice, clock):
    receipt = store.grant(upstream, notice, categories={"agent", "error"}, method="cli", application_version="2.0")
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer) == ("on", "granted", "user")
    assert decision.categories == {"agent", "error"}
    assert decision.granted_at_ns == clock.now
    assert (decision.epoch, decision.notice_version) == (1, notice.version)
    assert (decision.receipt_id, decision.receipt_hash) == (receipt.id, receipt.hash)
    assert decision.sends


def test_local_records_and_never_sends(store, upstream, notice):
    store.grant(upstream, notice, mode="local", method="cli")
    decision = store.decide(upstream, notice=notice)
    assert decision.mode == "local"
    assert decision.records
    assert not decision.sends
    assert "kept on this machine" in decision.reason


def test_what_is_stored_can_be_read_by_a_person(store, paths, upstream, notice, clock):
    receipt = store.grant(upstream, notice, categories={"agent"}, method="prompt", application_version="2.0", shown="the text")
    content = json.loads((paths.consent / "consent.json").read_text())
    record = content["destinations"][upstream.key]
    assert content["schema"] == 1
    assert content["epoch"] == 1
    assert (record["product"], record["controller"], record["host"]) == ("acme", "Acme Ltd", "telemetry.acme.example")
    assert (record["state"], record["mode"], record["epoch"], record["method"]) == ("granted", "on", 1, "prompt")
    assert record["categories"] == {name: "granted" if name == "agent" else "denied" for name in CATEGORIES}
    assert record["notice_version"] == notice.version
    assert record["notice_sha256"] == __import__("hashlib").sha256(b"the text").hexdigest()
    assert record["time"] == "2027-01-15T08:00:00Z"
    assert record["time_ns"] == clock.now
    assert record["application_version"] == "2.0"
    assert (record["receipt_id"], record["receipt_sha256"]) == (receipt.id, receipt.hash)
    assert [item.destination for item in store.destinations()] == [upstream]


def test_the_hash_of_the_shown_text_defaults_to_the_notice(store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    text = notice.text(upstream)
    assert store.destinations()[0].notice_sha256 == __import__("hashlib").sha256(text.encode()).hexdigest()


def test_files_are_0600_in_folders_0700_whatever_the_umask(store, paths, upstream, notice):
    old = os.umask(0)
    try:
        store.grant(upstream, notice, method="cli")
        store.deny(upstream, method="cli")
    finally:
        os.umask(old)
    for path in [paths.consent.parent, *paths.consent.parent.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_same_yes_again_changes_nothing(store, upstream, notice, clock):
    first = store.grant(upstream, notice, method="cli")
    stamp = store.stamp()
    clock.forward(seconds=5)
    assert store.grant(upstream, notice, method="cli") == first
    assert store.stamp() == stamp
    other = store.grant(upstream, notice, categories={"agent"}, method="cli")
    assert other != first
    assert store.decide(upstream, notice=notice).epoch == 2


def test_a_yes_whose_receipt_was_lost_is_given_anew(store, paths, upstream, notice):
    first = store.grant(upstream, notice, method="cli")
    (paths.consent / "receipts" / f"{first.id}.json").unlink()
    assert store.grant(upstream, notice, method="cli").id != first.id


def test_every_answer_raises_the_epoch_and_a_grant_is_never_retroactive(store, upstream, notice, clock):
    store.grant(upstream, notice, method="cli")
    store.revoke(upstream, method="cli")
    clock.forward(days=1)
    store.grant(upstream, notice, method="cli")
    decision = store.decide(upstream, notice=notice)
    assert decision.epoch == 3
    assert decision.granted_at_ns == clock.now


def test_a_first_no_is_a_denial_and_a_no_after_a_yes_a_revocation(store, upstream, notice):
    first = store.deny(upstream, notice, method="prompt")
    assert (first.state, first.changed, first.epoch, first.proofs) == ("denied", True, 1, ())
    assert store.decide(upstream, notice=notice).state == "denied"
    again = store.deny(upstream, notice, method="cli")
    assert (again.state, again.changed, again.epoch) == ("denied", False, 1)
    store.grant(upstream, notice, method="cli")
    gone = store.revoke(upstream, method="cli")
    assert (gone.state, gone.changed, gone.epoch) == ("revoked", True, 3)
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer, decision.epoch) == ("off", "revoked", "user", 3)
    assert decision.categories == frozenset()


def test_a_denial_stays_when_the_notice_rises(store, upstream, notice, newer):
    store.deny(upstream, notice, method="cli")
    assert store.decide(upstream, notice=newer).state == "denied"


def test_a_grant_is_stale_when_the_notice_rises_and_only_then(store, upstream, notice, newer):
    store.grant(upstream, notice, method="cli")
    decision = store.decide(upstream, notice=newer)
    assert (decision.mode, decision.state) == ("off", "stale")
    assert "2026-11" in decision.reason
    assert "2026-12" in decision.reason
    assert store.decide(upstream, notice=replace(notice, version="2026-10")).mode == "on"
    store.grant(upstream, newer, method="cli")
    assert store.decide(upstream, notice=newer).mode == "on"
    assert store.decide(upstream, notice=notice).mode == "on"


@pytest.mark.parametrize("change", [{"controller": "Evil Inc"}, {"product": "acme2"}, {"endpoint": "https://evil.example/v1"}])
def test_another_controller_product_or_endpoint_is_unknown_again(change, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    decision = store.decide(replace(upstream, **change))
    assert (decision.mode, decision.state) == ("off", "unknown")
    assert store.decide(upstream, notice=notice).mode == "on"


def test_a_changed_controller_is_named(store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    reason = store.decide(replace(upstream, controller="Evil Inc")).reason
    assert "Acme Ltd" in reason
    assert "Evil Inc" in reason


def test_the_controller_may_come_from_the_notice(store, upstream, notice):
    bare = replace(upstream, controller="")
    store.grant(bare, notice, method="cli")
    assert store.decide(bare, notice=notice).mode == "on"
    assert store.decide(bare).mode == "off"  # upstream that does not say who it is for
    assert store.decide(bare, notice=replace(notice, controller="Evil Inc")).mode == "off"


def test_own_matches_whatever_controller_was_named(store, own, notice):
    store.grant(own, notice, method="cli")
    assert store.decide(own, gate="user").mode == "on"
    store.deny(own, method="cli")
    assert store.decide(own, gate="user", notice=notice).state == "revoked"
    assert store.decide(replace(own, controller="Other")).mode == "off"


def test_own_may_be_granted_without_a_notice(store, own):
    receipt = store.grant(own, categories={"agent"}, method="cli")
    assert store.decide(own, gate="user").categories == {"agent"}
    assert receipt.kantara()["piiControllers"][0]["piiController"] == "operator of this program"
    assert store.identities.peek(own) is None  # made at first use


def test_a_user_may_narrow_own_that_needs_no_yes(store, own):
    store.deny(own, method="cli")
    assert (store.decide(own).mode, store.decide(own).state) == ("off", "denied")
    store.grant(own, mode="local", categories={"agent"}, method="cli")
    decision = store.decide(own)
    assert (decision.mode, decision.categories) == ("local", {"agent"})


def test_two_destinations_have_nothing_in_common(store, upstream, notice):
    other = Destination("upstream", "beta", upstream.endpoint, "Beta Ltd")
    store.grant(upstream, notice, method="cli")
    assert store.decide(other, notice=replace(notice, controller="Beta Ltd")).mode == "off"
    store.grant(other, replace(notice, controller="Beta Ltd"), method="cli")
    assert store.identities.current(upstream).id != store.identities.current(other).id
    store.revoke(other, method="cli")
    assert store.decide(upstream, notice=notice).mode == "on"
    assert store.decide(upstream, notice=notice).epoch == 1
    assert store.identities.peek(other) is None


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"categories": ()}, "at least one category"),
        ({"categories": {"agents"}}, "did you mean 'agent'"),
        ({"mode": "off"}, "mode is 'on' or 'local'"),
        ({"method": "By Phone"}, "method must be a short"),
        ({"notice": None}, "without a notice"),
    ],
)
def test_a_grant_that_means_nothing_is_refused_and_leaves_nothing(arguments, what, store, upstream, notice, paths):
    with pytest.raises(ConfigError, match=what):
        store.grant(upstream, **{"notice": notice, "method": "cli", **arguments})
    assert not paths.consent.exists()


@pytest.mark.parametrize("method", ["cli", "prompt", "dialog"])
@pytest.mark.parametrize("name", ["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "AI_AGENT"])
def test_an_ai_agent_cannot_say_yes_for_its_human(name, method, store, environ, upstream, notice, paths):
    environ[name] = "1"
    with pytest.raises(ConsentError, match="Please relay") as caught:
        store.grant(upstream, notice, method=method)
    assert f"{AGENT_VARIABLES[name]} ({name})" in str(caught.value)
    assert not paths.consent.exists()


def test_an_ai_agent_and_ci_can_always_say_no(store, environ, upstream, notice):
    store.grant(upstream, notice, method="cli")
    environ.update(CLAUDECODE="1", CI="true")
    with pytest.raises(ConsentError):
        store.grant(upstream, notice, categories={"agent"}, method="cli")
    assert store.revoke(upstream, method="cli").changed
    assert store.decide(upstream, notice=notice).mode == "off"


def test_ci_cannot_say_yes(store, environ, upstream, notice):
    environ["GITHUB_ACTIONS"] = "true"
    with pytest.raises(ConsentError, match="GitHub Actions"):
        store.grant(upstream, notice, method="cli")


class TestMovedFolder:
    @pytest.fixture
    def moved(self, paths, tmp_path, environ, clock):
        return ConsentStore(replace(paths, data=tmp_path / "elsewhere"), environ=environ, clock=clock)

    @pytest.fixture
    def plant(self, paths, tmp_path, environ, clock):
        """Make a genuine consent file and put it where the data folder was moved to."""
        folder = tmp_path / "elsewhere"
        planter = ConsentStore(replace(paths, consent=folder, data=folder), environ=environ, clock=clock)
        yield planter

    def test_a_planted_grant_grants_nothing(self, moved, plant, upstream, own, notice):
        plant.grant(upstream, notice, method="cli")
        plant.grant(own, notice, method="cli")
        assert plant.decide(upstream, notice=notice).mode == "on"
        for decision in (moved.decide(upstream, notice=notice), moved.decide(own, gate="user")):
            assert (decision.mode, decision.state) == ("off", "unknown")

    def test_a_file_elsewhere_can_narrow(self, moved, plant, upstream, own, notice):
        moved.grant(upstream, notice, method="cli")
        assert moved.decide(upstream, notice=notice).mode == "on"
        plant.grant(upstream, notice, categories={"agent"}, method="cli")
        assert moved.decide(upstream, notice=notice).categories == {"agent"}
        plant.grant(upstream, notice, mode="local", method="cli")
        decision = moved.decide(upstream, notice=notice)
        assert (decision.mode, decision.layer) == ("local", "user")
        plant.deny(upstream, method="cli")
        decision = moved.decide(upstream, notice=notice)
        assert (decision.mode, decision.state) == ("off", "granted")
        assert "elsewhere" in decision.reason
        plant.deny(own, method="cli")
        assert moved.decide(own).mode == "off"

    def test_a_full_grant_elsewhere_takes_nothing_away(self, moved, plant, upstream, notice):
        moved.grant(upstream, notice, method="cli")
        plant.grant(upstream, notice, method="cli")
        assert moved.decide(upstream, notice=notice).reason.startswith("agreed to on")

    def test_a_damaged_file_elsewhere_is_off(self, moved, upstream, notice, tmp_path):
        moved.grant(upstream, notice, method="cli")
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "consent.json").write_text("{}")
        decision = moved.decide(upstream, notice=notice)
        assert decision.mode == "off"
        assert "elsewhere" in decision.reason

    def test_grants_are_kept_at_home_and_the_variable_moves_data_only(self, tmp_path, upstream, notice):
        environ = {"HOME": str(tmp_path / "home"), "SMART_AGENTS_TELEMETRY_DIR": str(tmp_path / "else")}
        (tmp_path / "home").mkdir()
        store = ConsentStore(environ=environ)
        assert store.paths == telemetry_paths(environ)
        store.grant(upstream, notice, method="cli")
        assert (tmp_path / "home" / ".smart-agents" / "telemetry" / "consent.json").exists()
        assert not (tmp_path / "else").exists()


class TestDamage:
    @pytest.fixture
    def file(self, store, paths, upstream, own, notice):
        store.grant(upstream, notice, method="cli")
        store.deny(own, method="cli")
        return paths.consent / "consent.json"

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b'{"sha256": 1}', b"[" * 100_000])
    def test_an_unreadable_file_is_off_for_everyone_and_says_so(self, content, file, store, upstream, own, notice):
        file.write_bytes(content)
        for decision in (store.decide(upstream, notice=notice), store.decide(own, gate="user"), store.decide(own)):
            assert (decision.mode, decision.state, decision.layer) == ("off", "unknown", "user")
            assert str(file) in decision.reason
        with pytest.raises(ConsentError):
            store.destinations()
        assert not store.verify_log().ok

    def test_no_flipped_bit_ever_widens(self, file, store, upstream, own, notice):
        """Any bit: the decision is what it was, or off."""
        whole = file.read_bytes()
        good = {store.decide(upstream, notice=notice).mode, "off"}
        for position in range(0, len(whole), 3):
            broken = bytearray(whole)
            broken[position] ^= 1 << (position % 8)
            file.write_bytes(bytes(broken))
            decision = store.decide(upstream, notice=notice)
            assert decision.mode in good
            assert decision.categories in (CATEGORIES, frozenset())
            assert store.decide(own).mode == "off", position

    def test_an_edit_by_hand_cannot_turn_no_into_yes(self, file, store, own):
        file.write_text(file.read_text().replace('"denied"', '"granted"'))
        assert store.decide(own, gate="user").mode == "off"

    @pytest.mark.parametrize("field", ["schema", "state", "mode", "audience"])
    def test_a_later_or_foreign_structure_is_off(self, field, file, store, upstream, notice):
        from otel_smart_agents.consent.record import canonical, sha256_hex

        content = json.loads(file.read_text())
        del content["sha256"]
        (content if field == "schema" else content["destinations"][upstream.key])[field] = 99 if field == "schema" else "new"
        content["sha256"] = sha256_hex(canonical(content))
        file.write_text(json.dumps(content))
        assert store.decide(upstream, notice=notice).mode == "off"

    def test_a_new_answer_heals_it_keeps_every_no_and_forgets_every_yes(self, file, store, paths, upstream, own, notice):
        other = Destination("upstream", "beta", "https://beta.example", "Acme Ltd")
        store.grant(other, notice, method="cli")
        file.write_bytes(b"junk")
        store.grant(upstream, notice, method="cli")
        assert store.decide(upstream, notice=notice).mode == "on"
        assert store.decide(own).mode == "off"  # "no" is read back from the log: for own a missing answer would mean yes
        assert store.decide(other, notice=notice).mode == "off"
        assert (paths.consent / "consent.damaged-1.json").read_bytes() == b"junk"
        file.write_bytes(b"more junk")
        store.deny(upstream, method="cli")
        assert (paths.consent / "consent.damaged-2.json").exists()
        assert store.verify_log().ok

    def test_epochs_never_repeat_even_if_the_file_is_lost(self, file, store, upstream, notice):
        file.unlink()
        store.grant(upstream, notice, method="cli")
        assert store.decide(upstream, notice=notice).epoch == 2


class TestForeignFiles:
    """A link, a device, a stranger's file, a file that strangers may write: refused, off, said so – and a "no" still works."""

    @pytest.fixture
    def granted(self, store, upstream, notice):
        store.grant(upstream, notice, method="cli")
        return store

    def off(self, store, upstream, notice, *, says):
        decision = store.decide(upstream, notice=notice)
        assert (decision.mode, decision.state) == ("off", "unknown")
        assert says in decision.reason

    def test_a_symbolic_link(self, granted, paths, upstream, notice, tmp_path):
        file = paths.consent / "consent.json"
        file.rename(tmp_path / "real.json")
        file.symlink_to(tmp_path / "real.json")
        self.off(granted, upstream, notice, says="symbolic link")
        granted.deny(upstream, method="cli")
        assert granted.decide(upstream, notice=notice).state == "denied"
        assert (tmp_path / "real.json").read_bytes()  # what the link pointed to is untouched

    def test_a_link_in_place_of_the_folder(self, granted, paths, upstream, notice, tmp_path):
        paths.consent.rename(tmp_path / "real")
        paths.consent.symlink_to(tmp_path / "real")
        self.off(granted, upstream, notice, says="not a real folder")
        with pytest.raises(ConsentError, match="not a real folder"):
            granted.grant(upstream, notice, categories={"agent"}, method="cli")

    def test_a_pipe_does_not_hang(self, granted, paths, upstream, notice):
        (paths.consent / "consent.json").unlink()
        os.mkfifo(paths.consent / "consent.json")
        self.off(granted, upstream, notice, says="not a regular file")

    def test_a_folder_in_place_of_the_file(self, granted, paths, upstream, notice):
        (paths.consent / "consent.json").unlink()
        (paths.consent / "consent.json").mkdir()
        self.off(granted, upstream, notice, says="not a regular file")

    def test_a_giant_is_not_read(self, granted, paths, upstream, notice):
        with (paths.consent / "consent.json").open("ab") as file:
            file.truncate(files.MAX_FILE_BYTES + 1)
        self.off(granted, upstream, notice, says="larger than")

    @pytest.mark.parametrize("mode", [0o620, 0o602])
    def test_a_file_that_others_may_write(self, mode, granted, paths, upstream, notice):
        (paths.consent / "consent.json").chmod(mode)
        self.off(granted, upstream, notice, says="chmod go-w")

    @pytest.mark.parametrize("which", ["telemetry", ".smart-agents"])
    def test_a_folder_that_others_may_write_until_the_user_answers_anew(self, which, granted, paths, upstream, notice):
        folder = paths.consent if which == "telemetry" else paths.consent.parent
        folder.chmod(0o770)
        self.off(granted, upstream, notice, says="chmod go-w")
        granted.grant(upstream, notice, categories={"agent"}, method="cli")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert granted.decide(upstream, notice=notice).mode == "on"

    @pytest.mark.parametrize("which", ["consent.json", "", ".."])
    def test_a_foreign_owner(self, which, granted, paths, upstream, notice, monkeypatch):
        real = os.getuid()
        if real == 0:
            os.chown(paths.consent / which, 12345, 12345)
        else:  # what belongs to this user is foreign to every other one
            monkeypatch.setattr(files, "user_id", lambda: real + 1)
        self.off(granted, upstream, notice, says="belongs to user")

    def test_a_missing_home_or_one_that_may_not_be_looked_into_is_no_answer(self, paths, environ, own, upstream, notice, tmp_path):
        (tmp_path / "plain").touch()
        for home in (tmp_path / "none", tmp_path / "plain"):
            folder = home / ".smart-agents" / "telemetry"
            store = ConsentStore(replace(paths, consent=folder, data=folder), environ=environ)
            assert store.decide(own).mode == "on"
            assert store.decide(upstream, notice=notice).mode == "off"
            with pytest.raises(ConsentError, match="cannot be used"):
                store.grant(upstream, notice, method="cli")


class TestNo:
    """ "No" works whatever state the disk is in, and hands over the proofs for deletion requests."""

    def test_proofs_are_handed_over_before_the_ids_go(self, store, paths, upstream, notice):
        store.grant(upstream, notice, method="cli")
        old = store.identities.current(upstream)
        new = store.identities.rotate(upstream)
        seen: list[tuple[DeletionProof, ...]] = []

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
