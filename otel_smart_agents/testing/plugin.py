"""The pytest plugin: export is off in test runs, and the fixture ``traces`` shows what was recorded.

pytest loads this module in every run of an environment that has the package, so it imports nothing that such a run does not have anyway.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from otel_smart_agents.env import OTEL_PYTHON_SMART_AGENTS_PREFIX, SMART_AGENTS_TELEMETRY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.testing.traces import Traces

_INI = "smart_agents_export"
_OFF = {SMART_AGENTS_TELEMETRY: "off", OTEL_PYTHON_SMART_AGENTS_PREFIX + "MODE": "off"}
_before = pytest.StashKey[dict[str, str | None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the switch for projects that test their own export."""
    parser.addini(_INI, "let otel-smart-agents record and send during tests (default: false)", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Switch export off for the run and for the programs that tests start: a test run is nobody's usage."""
    if config.getini(_INI):
        return
    config.stash[_before] = {name: os.environ.get(name) for name in _OFF}
    os.environ.update(_OFF)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the environment as it was."""
    for name, value in config.stash.get(_before, {}).items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture
def traces() -> Iterator[Traces]:
    """What the instrumented code under test records: in memory, after redaction, with ids and times that are the same on every run."""
    from otel_smart_agents.testing.traces import Traces

    recorded = Traces().start()
    try:
        yield recorded
    finally:
        recorded.stop()
