"""The generated reference pages are what the code says now."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="how Python prints a signature changes between versions: checked on the oldest")
def test_the_pages_are_up_to_date():
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["otel_smart_agents", "otel_smart_agents.privacy", "otel_smart_agents.testing"])
def test_every_public_name_is_on_the_page(module):
    named = set(re.findall(r"^### (\w+)$", (ROOT / "docs/reference/api.md").read_text(), re.MULTILINE))
    assert set(importlib.import_module(module).__all__) - named <= {"__version__"}


def test_every_keyword_of_the_decorators_is_on_the_page():
    from otel_smart_agents.instrument.kinds import AgentKeywords, Keywords, SkillKeywords

    page = (ROOT / "docs/reference/api.md").read_text()
    for kind in (Keywords, AgentKeywords, SkillKeywords):
        section = page.split(f"### {kind.__name__}\n", 1)[1].split("\n### ", 1)[0]
        for keyword in kind.__annotations__:
            assert f"    {keyword}: " in section
