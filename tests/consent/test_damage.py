"""Damaged and untrusted files are off, said so, and healed by the next answer."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace

import pytest

from otel_smart_agents.consent import files
from otel_smart_agents.consent.model import CATEGORIES, Destination
from otel_smart_agents.consent.record import canonical, sha256_hex
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.errors import ConsentError


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
        report = store.verify_log()
        assert report.ok  # the log itself is whole
        assert "its end cannot be compared, because consent.json cannot be used" in report.reason

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
    """A link, a device, a stranger's file, a file that strangers may write: refused, off, said so, and a "no" still works."""

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
