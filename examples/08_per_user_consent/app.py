"""A web server with many users: only those who agreed are recorded, each one in the categories they agreed to.

    uvicorn app:app --workers 2
    gunicorn app:app --workers 2 --worker-class asgi --preload
    curl -H 'X-User: ana' 'http://127.0.0.1:8000/ask?question=Which+skills+do+you+have'

``gate="per_call"`` drops every span outside a session with consent, so a forgotten session records too little, never too much.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI

from otel_smart_agents import agent, configure, session, skill

configure(service_name="assistant", gate="per_call")  # once per process; also right before gunicorn's --preload forks

POLICY = "2026-11"
CONSENT = {"ana": {"agent", "skill", "error"}, "ben": None, "cleo": {"agent"}}  # a column of your table of users


class UserConsent:
    """ASGI middleware: the consent of the signed-in user around everything that the request does, streaming included."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        user = dict(scope.get("headers", ())).get(b"x-user", b"").decode() or None  # your authentication says who it is
        with session(consent=CONSENT.get(user), policy_version=POLICY, subject=user):
            await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(UserConsent)


@skill("look-up", version="1.0.0")
def look_up(question: str) -> str:
    if "secret" in question:
        raise LookupError(f"no answer for {question}")
    return f"{len(question)} letters"


@agent("assistant", version="2.0.0")
async def answer(question: str) -> str:
    return await asyncio.to_thread(look_up, question)


@app.get("/ask")
async def ask(question: str) -> dict[str, str]:
    try:
        return {"answer": await answer(question)}
    except LookupError:
        return {"answer": "I do not know."}
