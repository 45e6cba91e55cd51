"""``builder.yaml``: what ocb's users get is what our own distribution has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml

from otel_smart_agents._version import __version__
from otel_smart_agents.cli.collector_go import build_environ

from .harness import ROOT

SOURCES = ROOT / "processors"
PARTS = ("extensions", "receivers", "processors", "exporters", "connectors")
BUILDER = "go.opentelemetry.io/collector/cmd/builder@v0.161.0"


def manifest():
    return yaml.safe_load((SOURCES / "builder.yaml").read_text())


def test_both_have_the_same_components():
    named = {item.get("import", item["gomod"].split()[0]) for part in PARTS for item in manifest()[part]}
    text = (SOURCES / "cmd" / "otelcol-smart-agents" / "components.go").read_text()
    imported = {
        path
        for path in re.findall(r'"([^"]+/[^"]+)"', text)
        if re.search(r"(?:extension|receiver|processor|exporter|connector|filestorage)$", path)
    }
    imported -= {f"go.opentelemetry.io/collector/{part.removesuffix('s')}" for part in PARTS}
    assert named == imported


def test_both_have_the_same_versions():
    required = dict(re.findall(r"^\s*(\S+/\S+) (v\S+)", (SOURCES / "go.mod").read_text(), re.MULTILINE))
    for part in (*PARTS, "providers"):
        for item in manifest()[part]:
            module, version = item["gomod"].split()
            if "path" in item:
                assert version == f"v{__version__}"
            else:
                assert required[module] == version, module
    replaced = re.findall(r"^\s*(\S+ => \S+ \S+)$", (SOURCES / "go.mod").read_text(), re.MULTILINE)
    assert manifest()["replaces"] == replaced


@pytest.mark.e2e
@pytest.mark.timeout(400)
@pytest.mark.skipif(shutil.which("go") is None, reason="no Go on PATH: the builder cannot be run")
def test_ocb_generates_a_collector_from_it(tmp_path):
    tree = subprocess.run(["git", "ls-files", "-z", "processors"], cwd=ROOT, capture_output=True, check=False)
    if tree.returncode != 0:
        pytest.skip("not a git checkout: there is no list of files to copy")
    for name in tree.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    argv = ["go", "run", BUILDER, "--config", "builder.yaml", "--skip-compilation"]
    done = subprocess.run(argv, cwd=tmp_path / "processors", env=build_environ(os.environ), capture_output=True, text=True, check=False)
    if done.returncode != 0 and "dial tcp" in done.stderr:
        pytest.skip("ocb's modules are not in Go's module cache, and the module proxy cannot be reached")
    assert done.returncode == 0, done.stderr
    assert "agentprivacyprocessor.NewFactory()" in (tmp_path / "processors" / "ocb" / "components.go").read_text()
