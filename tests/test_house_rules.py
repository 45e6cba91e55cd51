"""The rules of the house that a machine can check: format, lint, types, import layers, and what a file may hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.timeout(300)


def run(tool: str, *arguments: str) -> None:
    done = subprocess.run([Path(sys.executable).with_name(tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: there is no list of files to check")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_format():
    run("ruff", "format", "--check", ".")


def test_lint():
    run("ruff", "check", ".")


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="types are checked against the oldest supported Python, once")
def test_types():
    run("mypy")


def test_imports_point_down():
    run("lint-imports")


def test_files_do_one_thing():
    long = []
    for path in tracked("otel_smart_agents/*.py"):
        text = path.read_text(encoding="utf-8")
        count = len(text.splitlines())
        if count > 300 and "Generated" not in text[:400] and "_pb/" not in str(path):
            long.append((count, path.name))
    assert not long, f"files over 300 lines: {sorted(long, reverse=True)}"


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of somebody's machine", r"/(?:work|root)/[a-z.]"),
        ("a registry's host", r"pythonhosted|pypi\.org/simple|registry\.npmjs|proxy\.golang|index\.crates"),
        ("unfinished work", r"\b(?:TODO|FIXME|XXX)\b"),
    ],
)
def test_no_file_holds(what, pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.md", "*.toml", "*.yaml", "*.sh", "Makefile")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, f"{what} in {found}"
