"""One bug, one hash: from the object and from every printed form, on every CPython of this machine, at every place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from otel_smart_agents.privacy.fingerprint import canonical_of_text, stack_hash_of_text

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PLACES = ("home/alice/proj", "srv/app/releases/20261121")
# Each pair of these shows the same members in another order or nesting, which is not part of the form.
EQUAL_ON_PURPOSE = {"plain_group", "order_does_not_matter", "nested_group"}


@dataclass(frozen=True)
class Seen:
    case: str
    source: str
    form: str
    hash: str


def interpreters() -> list[str]:
    """The running one, and one of each other minor version from 3.10 on that runs here."""
    found = {sys.version_info[:2]: sys.executable}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in (10, 11, 12, 13, 14):
        for candidate in (f"python3.{minor}", *sorted(map(str, pyenv.glob(f"3.{minor}.*/bin/python3.{minor}")))):
            path = shutil.which(candidate)
            if path and (3, minor) not in found and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
                found[3, minor] = path
    return [found[version] for version in sorted(found)]


def run(interpreter: str, folder: Path, number: int) -> list[Seen]:
    app = folder / str(number) / PLACES[number % len(PLACES)]
    library = folder / str(number) / "venv" / "lib" / "python3.9" / "site-packages"
    shutil.copytree(HERE / "program", app, ignore=shutil.ignore_patterns("library", "__pycache__"))
    shutil.copytree(HERE / "program" / "library", library, ignore=shutil.ignore_patterns("__pycache__"))
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(library), str(ROOT)]), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [interpreter, str(app / "main.py"), f"planted_value_{number}"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    name = f"{Path(interpreter).name} at {PLACES[number % len(PLACES)]}"
    seen = []
    for row in map(json.loads, done.stdout.splitlines()):
        seen += [
            Seen(row["case"], f"{name}, {printer}", canonical_of_text(text), stack_hash_of_text(text))
            for printer, text in row["texts"].items()
        ]
        if "canonical" in row:
            seen.append(Seen(row["case"], f"{name}, object", row["canonical"], row["hash"]))
    return seen


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    folder = tmp_path_factory.mktemp("programs")
    return [one for number, interpreter in enumerate(interpreters()) for one in run(interpreter, folder, number)]


def test_every_source_of_one_bug_gives_one_form(seen: list[Seen]):
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in seen:
        forms[one.case][one.form].append(one.source)
    differing = {case: dict(found) for case, found in forms.items() if len(found) > 1}
    assert not differing, json.dumps(differing, indent=1)
    assert len(forms) > 90


def test_the_hash_says_what_the_form_says(seen: list[Seen]):
    hashes = defaultdict(set)
    for one in seen:
        hashes[one.form].add(one.hash)
    assert all(len(found) == 1 for found in hashes.values())
    assert len({next(iter(found)) for found in hashes.values()}) == len(hashes)


def test_different_bugs_have_different_forms(seen: list[Seen]):
    cases = defaultdict(set)
    for one in seen:
        cases[one.form].add(one.case)
    shared = [found for found in cases.values() if len(found) > 1]
    assert shared == [EQUAL_ON_PURPOSE]


def test_no_form_has_a_message_a_path_or_a_name(seen: list[Seen]):
    for one in seen:
        lowered = one.form.lower()
        for word in ("planted", "alice", "20261121", "home", "/srv", "\\", "site-packages", str(ROOT).lower(), "boom"):
            assert word not in lowered, one
