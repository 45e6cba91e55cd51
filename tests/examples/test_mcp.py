"""An MCP client and its server: two processes, one trace."""

from __future__ import annotations

import pytest

from examples.seen import assert_absent, one, tree

pytest.importorskip("mcp", reason="the example needs the package mcp")


def test_one_trace_across_client_and_server(user, run, back_end):
    done = run("09_mcp/client.py")
    assert done.stdout == "long enough, 3 names\n"
    spans = back_end.spans()
    reviewer, editor = one(spans, "invoke_agent reviewer"), one(spans, "invoke_agent editor")
    assert reviewer["resource"]["service.name"] == "review-server"
    assert editor["resource"]["service.name"] == "editor"
    assert len({span["trace_id"] for span in spans if span["attributes"].get("smart_agents.kind")}) == 1
    lines = tree(spans).splitlines()
    start = lines.index("  execute_tool review [success]")
    assert lines[start + 1 : start + 6] == [
        "    MCP send tools/call review",
        "      tools/call review",
        "        invoke_agent reviewer [success]",
        "          execute_tool check-length [success]",
        "          execute_tool check-names [success]",
    ]
    assert_absent(user, back_end, "dana", "robin", "lisbon")


def test_helpers_alone_carry_the_trace(user, back_end):
    """With an SDK that does nothing itself: the ``_meta`` of the message, as JSON, between two processes."""
    done = user.run(
        """
import json, os, subprocess, sys
from otel_smart_agents import configure, tool
from otel_smart_agents.instrument.mcp import inject_meta
with configure(service_name="editor"), tool("review"):
    code = (
        "import json, sys; from otel_smart_agents import agent, configure; from otel_smart_agents.instrument.mcp import continued\\n"
        "with configure(service_name='review-server'), continued(json.loads(sys.argv[1])), agent('reviewer'): pass"
    )
    subprocess.run([sys.executable, "-c", code, json.dumps(inject_meta())], check=True, timeout=20)
""",
        OTEL_EXPORTER_OTLP_ENDPOINT=back_end.url,
    )
    assert done.stderr == ""
    assert tree(back_end.spans()) == "execute_tool review [success]\n  invoke_agent reviewer [success]"
