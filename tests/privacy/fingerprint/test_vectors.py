"""The vectors that other implementations run are what this one computes, and what they mean holds."""

from __future__ import annotations

import json
import runpy
from collections import defaultdict
from pathlib import Path

import pytest

from otel_smart_agents.privacy.fingerprint import canonical_of_text, stack_hash_of_text

VECTORS = Path(__file__).parents[2] / "vectors"
ROWS = json.loads((VECTORS / "tracebacks.json").read_text(encoding="utf-8"))["rows"]

# What a person reads in the texts and must not find in any form: people, hosts, message words, absolute folders.
PRIVATE = (
    "alice",
    "bob",
    "carol",
    "dave",
    "contoso.example",
    "build-17",
    "fileserver7",
    "c:/",
    "/home/",
    "/srv",
    "/users",
    "weather",
)


def test_made_by_the_maker():
    made = runpy.run_path(str(VECTORS / "make_tracebacks.py"))["document"]()
    assert made == (VECTORS / "tracebacks.json").read_text(encoding="utf-8"), "run: python tests/vectors/make_tracebacks.py"


def test_there_are_enough_of_each_language():
    counts = defaultdict(int)
    for row in ROWS:
        counts[row["language"]] += 1
    assert len(ROWS) >= 150
    assert min(counts.values()) >= 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['language']}-{row['title']}"[:60])
def test_form_and_hash(row):
    packages = tuple(row["packages"])
    assert canonical_of_text(row["text"], packages=packages) == row["canonical"]
    assert stack_hash_of_text(row["text"], packages=packages) == row["hash"]


def test_one_form_for_each_group():
    forms = defaultdict(set)
    for row in ROWS:
        forms[row["group"]].add(row["canonical"])
    assert {group: found for group, found in forms.items() if len(found) != 1} == {}


def test_no_form_has_anything_private():
    for row in ROWS:
        lines = [line for line in row["canonical"].lower().splitlines() if not line.startswith("l ")]
        assert not [word for word in PRIVATE for line in lines if word in line], row


@pytest.mark.shared
def test_the_bar_on_the_evaluation_rows(shared_data: Path):
    rows = [json.loads(line) for line in (shared_data / "stacks" / "stacks-dev.jsonl").read_text(encoding="utf-8").splitlines()]
    forms = defaultdict(set)
    for row in rows:
        forms[row["group"]].add(canonical_of_text(row["text"]))
    assert all(len(found) == 1 for found in forms.values())
    assert len(set().union(*forms.values())) == len(forms)


def test_where_libraries_lie_and_what_runs_the_program_changes_nothing():
    titles = {
        "libraries beside the program",
        "a folder of vendored libraries",
        "an archive of libraries",
        "under a debugger",
        "under another debugger",
        "an embedded Python on Windows",
    }
    rows = [row for row in ROWS if row["title"] in titles]
    assert len(rows) == len(titles)
    assert {row["canonical"] for row in rows} == {"python\nT TimeoutError\nA main:main\nA acme/web:fetch\nL httpclient"}


@pytest.mark.parametrize(
    ("language", "titles", "form"),
    [
        (
            "python",
            {
                "prefixes of different length",
                "printed by loguru",
                "printed by IPython",
                "printed by an IPython of an older age",
                "a record of JSON over some lines",
            },
            "python\nT ValueError\nA main:main\nA acme/runner:run",
        ),
        ("python", {"a chain of cells printed by IPython"}, "python\nT KeyError\nA <cell>:load\nT ValueError\nA <cell>:load"),
        (
            "javascript",
            {
                "a record of JSON",
                "a record of JSON over some lines",
                "a container's name before each line",
                "indented",
                "a logger's words before the class",
                "files without a folder",
            },
            "javascript\nT TypeError\nA index:main\nA agent:run\nA parse:parse",
        ),
        (
            "java",
            {"a container's name before each line", "indented", "a logger's words before the class"},
            "java\nT IllegalStateException\nA com.acme.Main:main\nA com.acme.Parser:parse",
        ),
        ("go", {"a container's name before each line"}, "go\nT panic\nA main:main\nA run:run"),
    ],
)
def test_what_prints_a_stack_and_what_is_put_before_its_lines_changes_nothing(language, titles, form):
    rows = [row for row in ROWS if row["language"] == language and row["title"] in titles]
    assert len(rows) == len(titles)
    assert {row["canonical"] for row in rows} == {form}
