"""Python and Go leave the same of spans and log records, far beyond the rows of the vectors."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from random_spans import Maker  # the module beside this one

from otel_smart_agents.cli.collector_go import find_toolchain
from otel_smart_agents.errors import MissingDependencyError

PROCESSORS = Path(__file__).resolve().parents[2] / "processors"

pytestmark = pytest.mark.timeout(600)  # the first build on a machine compiles Go's standard library


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The Go test of the vectors, built from this checkout, and the environment it was built in."""
    if not (PROCESSORS / "go.mod").is_file():
        pytest.skip(f"the collector's source is not at {PROCESSORS}: it is not part of a source distribution")
    try:
        toolchain = find_toolchain(os.environ)
    except MissingDependencyError as error:
        pytest.skip(str(error))
    target = tmp_path_factory.mktemp("go") / "policy.test"
    command = [str(toolchain.go), "test", "-c", "-o", str(target), "./internal/policy"]
    subprocess.run(command, cwd=PROCESSORS, env=toolchain.environ, check=True, capture_output=True, text=True)
    return target


@pytest.mark.parametrize("seed", [1, 2])
def test_random_spans_and_records_are_left_alike(program, tmp_path, seed):
    rows = Maker(seed).rows(1_000)
    assert 100 < sum(row["expected"] is None for row in rows) < 600
    path = tmp_path / "spans.json"
    path.write_text(json.dumps({"rows": rows}), encoding="utf-8")
    done = subprocess.run(
        [program, "-test.run", "^TestVectors$"],
        cwd=PROCESSORS / "internal" / "policy",
        env=os.environ | {"SPAN_VECTORS": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:]
