"""An async agent that streams: the span lasts from the first item to the last, and knows how the stream ended.

Three readers: one reads to the end, one walks away half-way (``abandoned``), one is cancelled by a timeout (``cancelled``). None of the
last two is an error, and nothing of the streamed text is kept.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from otel_smart_agents import agent, configure, session, tool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@tool("complete")
async def complete(prompt: str) -> AsyncIterator[str]:
    for word in prompt.split():
        await asyncio.sleep(0.005)  # a language model would be asked here
        yield word


@agent("writer", version="1.0.0")
async def write(prompt: str) -> AsyncIterator[str]:
    async with aclosing(complete(prompt)) as words:
        async for word in words:
            yield word.upper()


async def read_all(prompt: str) -> str:
    return " ".join([word async for word in write(prompt)])


async def read_half(prompt: str) -> str:
    async with aclosing(write(prompt)) as words:
        async for word in words:
            return f"{word} … (that is enough)"
    return ""


async def read_in_time(prompt: str, *, seconds: float) -> str:
    try:
        return await asyncio.wait_for(read_all(prompt), seconds)
    except TimeoutError:
        return "(took too long)"


async def main() -> None:
    with configure(service_name="writing-desk"), session(conversation_id="chat-17"):  # the id leaves as a keyed hash
        print(await read_all("once upon a time there was a private trace"))
        print(await read_half("a story that nobody wants to read to its end"))
        print(await read_in_time(" ".join(["very"] * 500) + " long", seconds=0.05))


if __name__ == "__main__":
    asyncio.run(main())
