"""The examples of the how-to page are tests themselves: they are run as a user's test file."""

from __future__ import annotations

import re
from pathlib import Path

pytest_plugins = ["pytester"]

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/test-your-instrumentation.md"


def test_every_example_of_the_page_passes(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    tests = sum(block.count("def test_") for block in blocks)
    assert tests >= 8
    pytester.makepyfile(test_page="\n".join(blocks))
    result = pytester.runpytest_subprocess("-p", "otel_smart_agents.testing.plugin", "-W", "error", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=tests)


def test_the_printed_line_of_the_page_is_what_is_printed(capsys):
    text = PAGE.read_text(encoding="utf-8")
    block = re.search(r"^from otel_smart_agents\.testing import.*?^```$", text, re.DOTALL | re.MULTILINE).group().removesuffix("```")
    exec(compile(block, str(PAGE), "exec"), {})
    assert re.search(r"print\(finding\)  # (.*)", block).group(1) == capsys.readouterr().out.strip()
