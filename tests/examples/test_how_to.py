"""The Python on the how-to pages that belong to examples runs as it is printed."""

from __future__ import annotations

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
def test_every_link_of_the_page_leads_somewhere(page):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (PAGES / link).exists()] == []


def test_the_files_on_the_zero_code_page_are_the_example_s():
    text = (PAGES / "zero-code.md").read_text(encoding="utf-8")
    targets = (EXAMPLES / "07_zero_code" / "targets.toml").read_text(encoding="utf-8")
    assert targets.partition("[targets]")[2].strip() in text
