"""An agent that calls a tool of another process over the Model Context Protocol: one trace across both.

The trace context travels in the message's ``_meta``. The SDK ``mcp`` ≥ 2 does that by itself for the global tracer provider;
``inject_meta`` and, in ``server.py``, ``continued`` do it for every SDK and never twice.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters, stdio_client

from otel_smart_agents import agent, configure, inject_meta, tool

SERVER = StdioServerParameters(command=sys.executable, args=[str(Path(__file__).with_name("server.py"))], env=dict(os.environ))


@agent("editor", version="1.0.0")
async def edit(text: str) -> str:
    async with stdio_client(SERVER) as streams, ClientSession(*streams) as session:
        await session.initialize()
        with tool("review"):
            result = await session.call_tool("review", {"text": text}, meta=inject_meta())
    return result.content[0].text


if __name__ == "__main__":
    with configure(service_name="editor"):
        print(asyncio.run(edit("Dana and Robin wrote this in Lisbon.")))
