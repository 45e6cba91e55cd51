"""What the end-to-end tests share: the collector, Jaeger, Tempo where there is one, users with a fresh home."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from collector.harness import built_program
from promises.program import Home

from e2e import backends
from e2e.servers import Jaeger, Tempo

if TYPE_CHECKING:
    from collections.abc import Iterator

JAVASCRIPT = Path(__file__).resolve().parent / "javascript"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).resolve().parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def program() -> Path:
    """Our collector."""
    found, reason = built_program()
    if found is None:
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def jaeger(tmp_path_factory) -> Iterator[Jaeger]:
    """One Jaeger for all tests: each uses a service name of its own."""
    if not backends.jaeger().is_file():
        pytest.skip("Jaeger is not built: `make e2e` does that")
    with Jaeger(backends.jaeger(), tmp_path_factory.mktemp("jaeger")) as server:
        yield server


@pytest.fixture(scope="session")
def tempo(tmp_path_factory) -> Iterator[Tempo]:
    """Tempo is under the AGPL and is not built here: the program is the one that the person names."""
    named = os.environ.get("OTEL_SMART_AGENTS_TEMPO")
    if not named:
        pytest.skip("no Grafana Tempo: set OTEL_SMART_AGENTS_TEMPO to the path of its program (3.0 or newer)")
    with Tempo(Path(named), tmp_path_factory.mktemp("tempo")) as server:
        yield server


@pytest.fixture(scope="session")
def javascript(tmp_path_factory) -> Path:
    """The folder of a program that uses the stock OpenTelemetry SDK for JavaScript, installed from npm."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not on this machine: there is no JavaScript SDK to try")
    folder = tmp_path_factory.mktemp("javascript") / "planted"
    shutil.copytree(JAVASCRIPT, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture
def user(tmp_path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)
