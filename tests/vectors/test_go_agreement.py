"""Python and Go redact, hash and judge alike, far beyond the rows of the vectors: the collector sees what the application's filter sees."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from go_agreement import HERE, PROCESSORS, Question, build, differences, questions  # the module beside this one

from otel_smart_agents.cli.collector_go import find_toolchain
from otel_smart_agents.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(600)  # the first build on a machine compiles Go's standard library


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go side, built from this checkout."""
    if not (PROCESSORS / "go.mod").is_file():
        pytest.skip(f"the collector's source is not at {PROCESSORS}: it is not part of a source distribution")
    try:
        toolchain = find_toolchain(os.environ)
    except MissingDependencyError as error:
        pytest.skip(str(error))
    target = tmp_path_factory.mktemp("go") / "redactlines"
    build([toolchain.go], target, toolchain.environ)
    return target


def agree(program: Path, asked: list[Question]) -> None:
    """Fail with the first questions that the two answer differently."""
    found = differences(program, asked)
    assert not found, f"{len(found)} of {len(asked)} differ:\n" + "\n".join(found[:5])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_texts_made_of_the_vectors_are_redacted_alike(program: Path, seed: int) -> None:
    asked = list(questions(seed, 2_000))
    assert len({question["value"] for question in asked}) > 1_500
    agree(program, asked)


def test_every_key_is_judged_alike(program: Path) -> None:
    rows = json.loads((HERE / "keys.json").read_text(encoding="utf-8"))["rows"]
    keys = {row["key"] for row in rows} | {question["key"] for question in questions(4, 3_000)}
    agree(program, [{"hint_of": key} for key in sorted(keys)])


def test_every_stack_of_the_vectors_is_read_alike(program: Path) -> None:
    rows = json.loads((HERE / "tracebacks.json").read_text(encoding="utf-8"))["rows"]
    agree(program, [{"text": row["text"], "packages": row.get("packages", [])} for row in rows])


def test_the_evaluation_rows_are_answered_alike(program: Path, shared_data: Path) -> None:
    values = [{"key": row["key"], "value": row["value"]} for row in lines(shared_data / "pii" / "pii-dev.jsonl")]
    stacks = list(lines(shared_data / "stacks" / "stacks-dev.jsonl"))
    texts = [{"text": text, "packages": []} for row in stacks for text in strings(row).values()]
    scanned = [{"key": "exception.stacktrace", "value": question["text"]} for question in texts]
    agree(program, values + texts + scanned)


def test_what_agents_wrote_is_redacted_alike(program: Path, shared_data: Path) -> None:
    """Recorded sessions: prompts, tool results, patches, nested JSON."""
    asked: dict[tuple[str, str], Question] = {}
    for path in sorted((shared_data / "sessions").glob("*.jsonl")):
        for row in lines(path):
            for key, value in strings(row).items():
                asked.setdefault((key, value), {"key": key, "value": value})
    agree(program, list(asked.values()))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON lines of a file; a last line that was cut off is left out."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def strings(value: Any, path: str = "") -> dict[str, str]:
    """Every text in a document, by its path."""
    if isinstance(value, str):
        return {path: value}
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: dict[str, str] = {}
    for name, child in children:
        found.update(strings(child, f"{path}.{name}" if path else str(name)))
    return found
