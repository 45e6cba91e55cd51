"""A small agent that reviews this repository's own files: one skill per check, and one that fails with a name and a path in its message.

The trace keeps which skill failed, the type and category of the error and a hash of the stack; nothing of files, paths and messages.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from otel_smart_agents import agent, configure, current, feedback, skill, tool, workflow

FILES = sorted((Path(__file__).resolve().parents[1] / "otel_smart_agents" / "instrument").glob("*.py"))


@tool("read_file")
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@skill("check-line-length", version="1.0.0")
def line_length(text: str) -> int:
    return sum(len(line) > 140 for line in text.splitlines())


@skill("check-function-length", version="1.1.0")
def function_length(text: str) -> int:
    return sum(node.end_lineno - node.lineno > 40 for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))


@skill("check-prose", version="0.1.0")  # fails on purpose
def prose(path: Path) -> int:
    raise ConnectionError(f"the prose service refused {path} for dana@acme.example")


@agent("file-reviewer", version="2.0.0", source="curated")
def review(path: Path) -> Counter[str]:
    text = read(path)
    found = Counter({"long lines": line_length(text), "long functions": function_length(text)})
    try:
        found["typos"] = prose(path) if path.name == "__init__.py" else 0
    except ConnectionError:
        found["failed checks"] += 1  # the review goes on; the trace says which skill to repair
    current().set("findings", found.total())
    return found


@agent("summariser", version="1.0.0")
def summarise(total: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(total.items())) or "nothing found"


if __name__ == "__main__":
    with configure(service_name="repository-review"), workflow("review") as flow:
        total = sum((review(path) for path in FILES), Counter())
        print(f"{len(FILES)} files: {summarise(total)}")
        feedback(flow, "user_satisfaction", 3 if total["long functions"] else 5)
    print("All that was recorded of this run: otel-smart-agents preview")
