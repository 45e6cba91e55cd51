"""Writes every file that is made from the registry: ``python -m semconv.generate [--check]``.

``--check`` writes nothing: it names the files that differ and exits with 1. A test does the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from semconv.model import HERE, Registry, load
from semconv.write_collector import allow_list_json, allow_list_yaml
from semconv.write_docs import data_dictionary, error_taxonomy, notice_template
from semconv.write_go import go_registry
from semconv.write_python import python_module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = HERE.parent


def outputs(registry: Registry) -> Mapping[Path, str]:
    """Return repository path → text of every generated file."""
    return {
        Path("otel_smart_agents/semconv.py"): python_module(registry),
        Path("docs/reference/data-dictionary.md"): data_dictionary(registry),
        Path("docs/reference/error-taxonomy.md"): error_taxonomy(registry),
        Path("docs/notice-template.md"): notice_template(registry),
        Path("collector-config/generated/allow-list.yaml"): allow_list_yaml(registry),
        Path("collector-config/generated/allowlist.json"): allow_list_json(registry),
        Path("processors/internal/registry/generated.go"): go_registry(registry),
    }


def stale(root: Path = ROOT, registry: Registry | None = None) -> list[Path]:
    """Return the generated files that are missing or differ from what the registry says."""
    registry = registry or load()
    return [
        path for path, text in outputs(registry).items() if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write the generated files, or with ``--check`` only compare them."""
    if unknown := [word for word in arguments if word != "--check"]:
        print(f"unknown argument {unknown[0]}; usage: python -m semconv.generate [--check]", file=sys.stderr)
        return 2
    registry = load()
    changed = stale(root, registry)
    if "--check" in arguments:
        for path in changed:
            print(f"{path} differs from the registry: run python -m semconv.generate", file=sys.stderr)
        return 1 if changed else 0
    texts = outputs(registry)
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(texts[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
