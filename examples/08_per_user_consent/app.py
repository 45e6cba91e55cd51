"""A web server with many users: only those who agreed are recorded, each one in the categories they agreed to.

    uvicorn app:app --workers 2
    gunicorn app:app --workers 2 --worker-class asgi --preload    (gunicorn 24 or newer)
    curl -H 'X-User: ana' 'http://127.0.0.1:8000/ask?question=hours'

``gate="per_call"`` drops every span outside a session with consent, so a forgotten session records too little, never too much.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request

from otel_smart_agents import agent, configure, session, skill

handle = configure(service_name="assistant", gate="per_call")  # at import: gunicorn --preload forks after it
CONSENT = {"ana": {"agent", "skill", "error"}, "ben": None, "cleo": {"agent"}}  # a column of your table of users


@asynccontextmanager
async def lifespan(_app: FastAPI) -> Any:
    yield
    handle.shutdown()  # send what is left: uvicorn ends by the signal that it got, and then nothing else runs


app = FastAPI(lifespan=lifespan)


@app.middleware("http")
async def user_consent(request: Request, call_next: Any) -> Any:
    user = request.headers.get("x-user")  # your authentication says who it is
    with session(consent=CONSENT.get(user), policy_version="2026-11", subject=user):
        return await call_next(request)


@skill("look-up", version="1.0.0")
def look_up(question: str) -> str:
    return {"hours": "9 to 5", "place": "Lisbon"}[question]


@agent("assistant", version="2.0.0")
async def answer(question: str) -> str:
    return await asyncio.to_thread(look_up, question)


@app.get("/ask")
async def ask(question: str) -> dict[str, str]:
    try:
        return {"answer": await answer(question)}
    except KeyError:
        return {"answer": "I do not know."}
