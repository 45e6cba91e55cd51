"""The server's half of ``client.py``: an MCP server over stdio whose tools are agents and skills."""

from __future__ import annotations

from mcp.server.mcpserver import Context, MCPServer

from otel_smart_agents import agent, configure, continued, skill

server = MCPServer("reviews")


@server.tool()
def review(text: str, ctx: Context) -> str:
    """Review a text."""
    with continued(ctx.request_context.meta), agent("reviewer", version="2.0.0"):
        return f"{check_length(text)}, {check_names(text)}"


@skill("check-length")
def check_length(text: str) -> str:
    return "too short" if len(text) < 20 else "long enough"


@skill("check-names")
def check_names(text: str) -> str:
    return f"{sum(word.istitle() for word in text.split())} names"


if __name__ == "__main__":
    with configure(service_name="review-server"):
        server.run()
