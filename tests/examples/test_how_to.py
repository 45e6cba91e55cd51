"""The Python on the how-to pages that belong to examples runs as it is printed."""

from __future__ import annotations

import ast
import builtins
import json
import re

import pytest

from examples.seen import EXAMPLES

PAGES = EXAMPLES.parent / "docs" / "how-to"

SHOWN = {
    "per-user-consent": ["invoke_agent assistant"],
    "existing-provider": ["execute_tool look-up", "invoke_agent weather"],
    "zero-code": ["execute_tool decode", "execute_tool dumps"],
}


@pytest.mark.parametrize("page", SHOWN)
def test_the_code_of_the_page(user, page):
    blocks = re.findall(r"^```python\n(.*?)^```$", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    user.run("\n".join(blocks))
    requests = json.loads(user.cli("preview", "--json").stdout)["requests"]
    spans = [
        span
        for request in requests
        for group in request["decoded"]["resourceSpans"]
        for scope in group["scopeSpans"]
        for span in scope["spans"]
    ]
    assert sorted(span["name"] for span in spans) == SHOWN[page]


@pytest.mark.parametrize("page", SHOWN)
def test_a_block_imports_or_makes_what_it_uses(page):
    """A reader copies one block, not the page."""
    for block in re.findall(r"^```python\n(.*?)^```$", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        nodes = list(ast.walk(ast.parse(block)))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        made |= {(node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
        made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        assert {node.id for node in names} - made - set(dir(builtins)) == set(), block


@pytest.mark.parametrize("page", SHOWN)
def test_every_link_of_the_page_leads_somewhere(page):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (PAGES / link).exists()] == []


def test_the_files_on_the_zero_code_page_are_the_example_s():
    text = (PAGES / "zero-code.md").read_text(encoding="utf-8")
    targets = (EXAMPLES / "07_zero_code" / "targets.toml").read_text(encoding="utf-8")
    assert targets.partition("[targets]")[2].strip() in text
