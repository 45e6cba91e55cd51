"""What every test may use: the evaluation data, a home of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from otel_smart_agents.consent.detect import AGENT_VALUES, AGENT_VARIABLES, CI_VARIABLES

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The evaluation data beside the checkout; tests that need it skip in a plain clone."""
    folder = Path(os.environ.get("SMART_AGENTS_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"the evaluation data is not at {folder}: it is not part of a clone")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home folder and an environment without any telemetry, CI or agent variable."""
    for name in list(os.environ):
        detected = name in AGENT_VARIABLES or name in AGENT_VALUES or name in CI_VARIABLES
        if detected or name.startswith(("OTEL_", "SMART_AGENTS_")) or name in ("DO_NOT_TRACK", "TRACEPARENT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path
