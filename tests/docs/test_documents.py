"""What the pages show is true: their blocks run, their links lead somewhere, their commands exist."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from run_document import commands, matches

from otel_smart_agents.cli import telemetry

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN_ELSEWHERE = {"test-your-instrumentation.md": "its blocks are tests: tests/testing/test_how_to.py runs them"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OURS = re.compile(r"^(?:\w+=\S* )*otel-smart-agents(?: --app \S+)?((?: [a-z][a-z-]*)*)(?: |$)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def has_blocks(page: Path) -> bool:
    if page.parent.name == "reference":
        return False  # generated from the code: tests/docs/test_reference.py
    return page.name not in RUN_ELSEWHERE and any(kind in ("python", "console") for kind, _ in FENCE.findall(page.read_text()))


@pytest.mark.parametrize("page", [page for page in PAGES if has_blocks(page)], ids=name)
def test_the_blocks_of_a_page_run(page, tmp_path):
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    (work / "examples").symlink_to(ROOT / "examples")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),  # the package of this checkout, wherever the environment was made
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }
    runner = [sys.executable, "-W", "error::UserWarning", str(ROOT / "tests/docs/run_document.py"), str(page), str(port)]
    done = subprocess.run(runner, cwd=work, env=environ, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    text = FENCE.sub("", page.read_text())
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name(page)} links to {target}"
        if anchor:
            assert anchor in anchors(found.read_text()), f"{name(page)} links to {target}"


def anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_path_of_somebodys_machine(page):
    assert not re.search(r"(?<![\w.])/(?:work|root|Users|private)/|/home/(?!dana|you\b)\w+", page.read_text())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_a_page_shows_exists(page):
    shown = [command for kind, block in FENCE.findall(page.read_text()) if kind == "console" for command, _ in commands(block)]
    for command in shown:
        match = OURS.match(command)
        if match:
            check(telemetry, match[1].split(), command)


def check(group: click.Command, words: list[str], command: str) -> None:
    while isinstance(group, click.Group) and words:
        context = click.Context(group)
        found = group.get_command(context, words[0])
        assert found is not None, f"there is no such command: {command}"
        group, words = found, words[1:]
    done = click.Context(group).get_help()
    assert done
    options = {option for parameter in group.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help", "-h"}
    for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", command.partition(" -- ")[0].partition("|")[0]):
        inherited = {option for parameter in telemetry.params for option in parameter.opts}
        assert option in options | inherited, f"there is no option {option}: {command}"


def test_the_index_names_every_page():
    listed = {target for page in (ROOT / "docs/README.md", ROOT / "docs/how-to/README.md") for target in LINK.findall(page.read_text())}
    for page in (ROOT / "docs").rglob("*.md"):
        assert page.name == "README.md" or any(target.endswith(page.name) for target in listed), f"no index names {name(page)}"


def test_what_varies_from_run_to_run_is_all_that_may_differ():
    assert not matches("acme.upstream.1fb70f65  off", "acme.upstream.f21d3502  off")
    assert matches("waiting  3 spans, 2.9 kB\n350 µs", "waiting  3 spans, 3.1 kB\n7.5 ms")


def test_nothing_is_validated_or_run_without_the_secret_that_it_needs():
    """A configuration without its secret is refused (tests/collector), so a page names it before the first command."""
    text = (ROOT / "docs/how-to/collector.md").read_text()
    assert text.index("SMART_AGENTS_TOKEN") < text.index("collector validate collector-config/gateway.yaml")
    for page in PAGES:
        rows = [line for line in page.read_text().splitlines() if line.startswith("| [existing-collector.yaml]")]
        assert all("allow-list.yaml" in row and "SMART_AGENTS_HMAC_KEY" in row for row in rows), name(page)
