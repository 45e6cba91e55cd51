"""The program that ``demo`` observes: a review workflow that succeeds, fails with a secret in its message, and stops a stream half-way.

Everything private in it is invented and appears in ``SECRETS``, so that the demonstration can look for it in what was recorded and sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Final

from otel_smart_agents import agent, feedback, skill, tool, workflow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PROMPT: Final = "Review /home/dana/acme/billing.py and mail the result to dana@acme.example"
TOKEN: Final = "ghp_" + "Zq7w9Xr2" * 4 + "Vt4m"  # shaped like a token, opens nothing
SECRETS: Final = (PROMPT, TOKEN, "dana@acme.example", "/home/dana", "billing.py")
"""Every private text that the program handles."""


@tool("read_file")
def read_file(path: str) -> str:
    """Pretend to read a file of the user's."""
    time.sleep(0.004)
    return f"# {path}\npassword = '{TOKEN}'\n"


@skill("find-secrets", version="1.2.0")
def find_secrets(text: str) -> int:
    """Count lines that look like a secret."""
    time.sleep(0.006)
    return text.count("password")


@skill("open-ticket", version="0.9.1")
def open_ticket(reviewer: str) -> None:
    """Fail the way real code fails: with a secret, a mail address and a path in the message."""
    time.sleep(0.003)
    raise PermissionError(f"ticket server refused {reviewer} with token {TOKEN} while reading /home/dana/.netrc")


@agent("code-reviewer", version="2.0.0", source="curated")
def review(prompt: str) -> int:
    """Read one file and look for secrets."""
    found = find_secrets(read_file(prompt.split()[1]))
    time.sleep(0.005)
    return found


@agent("ticket-writer", version="2.0.0", source="curated")
def write_ticket(reviewer: str) -> None:
    """Call a skill that fails."""
    open_ticket(reviewer)


@agent("summariser", version="2.0.0", source="curated")
async def summarise(prompt: str) -> AsyncIterator[str]:
    """Stream an answer word by word."""
    for word in prompt.split():
        await asyncio.sleep(0.002)
        yield word


async def _stop_reading_half_way() -> None:
    async def read() -> None:
        async for _ in summarise(PROMPT):
            pass  # no wait here: the cancellation always meets the agent at work, never its reader

    reader = asyncio.ensure_future(read())
    await asyncio.sleep(0.01)
    reader.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reader


def run() -> str:
    """Run the workflow once and return the message of the exception that the program itself saw."""
    message = ""
    with workflow("nightly-review") as flow:
        review(PROMPT)
        try:
            write_ticket("dana@acme.example")
        except PermissionError as error:
            message = str(error)
        asyncio.run(_stop_reading_half_way())
        feedback(flow, "user_satisfaction", 4)
    return message
