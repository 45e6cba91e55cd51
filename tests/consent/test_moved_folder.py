"""A moved data folder: what is found there can take away and never give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.paths import telemetry_paths


class TestMovedFolder:
    @pytest.fixture
    def moved(self, paths, tmp_path, environ, clock):
        return ConsentStore(replace(paths, data=tmp_path / "elsewhere"), environ=environ, clock=clock)

    @pytest.fixture
    def plant(self, paths, tmp_path, environ, clock):
        """Make a genuine consent file and put it where the data folder was moved to."""
        folder = tmp_path / "elsewhere"
        return ConsentStore(replace(paths, consent=folder, data=folder), environ=environ, clock=clock)

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
