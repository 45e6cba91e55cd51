"""The administrator's policy as the command line shows it and keeps to it."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from otel_smart_agents.cli import enable as enabling
from otel_smart_agents.cli.enable import enable
from otel_smart_agents.cli.explain import show_policy
from otel_smart_agents.cli.group import Session
from otel_smart_agents.cli.known import Destinations
from otel_smart_agents.consent import ConsentStore, Destination, policyfile
from otel_smart_agents.errors import PolicyError
from otel_smart_agents.paths import TelemetryPaths

OWN = Destination("own", "shop", "http://127.0.0.1:4318")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Makes a session on a machine with this policy, with a person at the terminal."""
    monkeypatch.setattr(policyfile, "ROOT_UID", os.getuid())
    monkeypatch.setattr(enabling, "no_person", lambda *_, **__: None)
    monkeypatch.setattr(enabling, "cannot_ask", lambda *_, **__: None)
    tmp_path.chmod(0o700)
    (tmp_path / "home").mkdir()
    (tmp_path / "etc").mkdir(mode=0o755)

    def make(text):
        policy = tmp_path / "etc" / "policy.toml"
        policy.write_text(text)
        policy.chmod(0o644)
        data = tmp_path / "home" / ".smart-agents" / "telemetry"
        store = ConsentStore(TelemetryPaths(data, data, policy), environ={})
        return Session(store, Destinations(store), "otel-smart-agents")

    return make


@pytest.mark.parametrize("text", ['[own]\nmode = "off"', "[own]\ncategories = []", '[own]\nmoed = "off"'])
def test_nobody_is_shown_a_notice_that_they_cannot_agree_to(machine, text):
    session = machine(text)
    session.store.deny(OWN, method="cli")
    done = CliRunner().invoke(enable, ["-d", "own"], obj=session, input="y\n")
    assert isinstance(done.exception, PolicyError)
    assert "shop records" not in done.output
    assert session.store.destinations()[0].state == "denied"


def test_policy_show_prints_every_limit_and_where_it_stands(machine):
    session = machine('hosts = ["a.example"]\n[upstream]\nproducts = ["acme", "beta"]\n[[destination]]\nproduct = "shop"\ncategories = []')
    lines = CliRunner().invoke(show_policy, obj=session).output.splitlines()
    assert lines[1].endswith("; any product; only hosts a.example")
    assert lines[1].startswith("  top level, about everything: at most on; ")
    assert lines[3].startswith("  [upstream], about upstream: ")
    assert lines[3].endswith("; only products acme, beta; any host")
    assert lines[4] == "  [[destination]] 1, about shop: at most on; no category; any product; any host"


def test_status_gives_the_reason_where_categories_are_fewer(user):
    user.agree(categories={"agent", "error"})
    item = user.cli("status").out
    assert "reason      agreed to on" in item
