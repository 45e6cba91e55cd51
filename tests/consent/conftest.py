"""A user of their own for every test: folders, clock, notice, destinations."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from otel_smart_agents.consent import policyfile, prompt
from otel_smart_agents.consent.model import Destination
from otel_smart_agents.consent.notice import Notice
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.paths import TelemetryPaths

NOTICE = Notice(
    version="2026-11",
    controller="Acme Ltd",
    contact="privacy@acme.example",
    purposes=("To find out which agents fail and to fix them.",),
    recipients=("Acme Ltd", "Acme Hosting GmbH"),
    country="Ireland",
    retention="90 days, totals 2 years.",
    policy_url="https://acme.example/privacy",
    rights=("Ask for access and erasure at privacy@acme.example.",),
)
UPSTREAM = Destination("upstream", "acme", "https://telemetry.acme.example/v1", "Acme Ltd")
OWN = Destination("own", "acme", "http://127.0.0.1:4318")


@dataclass
class Clock:
    """Unix nanoseconds that move only when told to."""

    now: int = 1_800_000_000_000_000_000

    def __call__(self) -> int:
        return self.now

    def forward(self, *, days: float = 0, seconds: float = 0) -> None:
        self.now += int((days * 86_400 + seconds) * 1_000_000_000)


@pytest.fixture
def notice() -> Notice:
    return NOTICE


@pytest.fixture
def newer(notice) -> Notice:
    return replace(notice, version="2026-12")


@pytest.fixture
def upstream() -> Destination:
    return UPSTREAM


@pytest.fixture
def own() -> Destination:
    return OWN


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def environ() -> dict[str, str]:
    """The environment of a person at a terminal; a test may add to it."""
    return {}


@pytest.fixture
def paths(tmp_path, monkeypatch) -> TelemetryPaths:
    monkeypatch.setattr(policyfile, "ROOT_UID", os.getuid())  # the tests need not be run by root
    monkeypatch.setattr(prompt, "_given_up", set())
    tmp_path.chmod(0o700)
    folder = tmp_path / "home" / ".smart-agents" / "telemetry"
    (tmp_path / "home").mkdir()
    (tmp_path / "etc").mkdir(mode=0o755)
    return TelemetryPaths(consent=folder, data=folder, policy=tmp_path / "etc" / "policy.toml")


@pytest.fixture
def store(paths, environ, clock) -> ConsentStore:
    return ConsentStore(paths, environ=environ, clock=clock)


@pytest.fixture
def write_policy(paths):
    def write(text: str) -> None:
        paths.policy.write_text(text, encoding="utf-8")
        paths.policy.chmod(0o644)

    return write


CHILD_PATH = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, sys.path)])
"""``PYTHONPATH`` of a child process: what this one imports, and these tests."""

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can make a file that belongs to someone else")
not_root = pytest.mark.skipif(os.getuid() == 0, reason="root may read everything, whatever its mode says")
