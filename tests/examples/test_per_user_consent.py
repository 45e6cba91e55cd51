"""A web server with many users under real servers: only spans of those who agreed arrive, each once, in what they agreed to."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from examples.seen import EXAMPLES, assert_absent, own_back_end

BIN = Path(sys.executable).parent
UVICORN = (str(BIN / "uvicorn"), "app:app", "--port", "0")
GUNICORN = (str(BIN / "gunicorn"), "app:app", "--bind", "127.0.0.1:0", "--workers", "2", "--worker-class", "asgi", "--no-control-socket")
SERVERS = {
    "uvicorn": UVICORN,
    "gunicorn": GUNICORN,
    "gunicorn-preload": (*GUNICORN, "--preload"),
}
EACH = 6
"""Requests of every user, so that both workers get some."""


@contextmanager
def serving(user, back_end, command):
    log = user.folder.parent / "server.log"
    with log.open("w") as out:
        environ = user.environ(**own_back_end(back_end), PYTHONDONTWRITEBYTECODE="1")
        server = subprocess.Popen(command, cwd=EXAMPLES / "08_per_user_consent", env=environ, stdout=out, stderr=out)
        try:
            yield address(log, server)
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(5)
                raise AssertionError(f"the server did not end\n{log.read_text()[-3000:]}") from None
    assert "Traceback" not in log.read_text()


def address(log: Path, server) -> str:
    until = time.monotonic() + 25
    while time.monotonic() < until and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", log.read_text())
        if found:
            try:
                requests.get(found[0] + "/openapi.json", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return found[0]
        time.sleep(0.05)
    raise AssertionError(f"the server did not start\n{log.read_text()[-3000:]}")


@pytest.mark.parametrize("name", SERVERS)
def test_only_who_agreed_is_recorded(user, back_end, name):
    with serving(user, back_end, SERVERS[name]) as url:
        for number in range(EACH):
            for person in ("ana", "ben", "cleo", ""):
                question = "my secret" if number == 0 else "hours"
                found = requests.get(f"{url}/ask", params={"question": question}, headers={"X-User": person}, timeout=10)
                assert found.status_code == 200
    spans = back_end.spans()
    ids = Counter((span["trace_id"], span["span_id"]) for span in spans)
    assert max(ids.values()) == 1
    subjects: dict[str, list] = {}
    for span in spans:
        assert span["attributes"]["smart_agents.consent.policy_version"] == "2026-11"
        subjects.setdefault(span["attributes"]["smart_agents.consent.subject"], []).append(span)
    ana, cleo = sorted(subjects.values(), key=lambda found: -kinds(found)["skill"])
    assert kinds(ana) == {"agent": EACH, "skill": EACH}
    assert kinds(cleo) == {"agent": EACH}
    assert {tuple(span["attributes"]["smart_agents.consent.categories"]) for span in ana} == {("agent", "error", "skill")}
    assert {span["attributes"].get("error.type") for span in ana} == {None, "KeyError"}
    assert "KeyError" not in {span["attributes"].get("error.type") for span in cleo}  # cleo agreed to "agent" alone
    assert_absent(user, back_end, '"ana"', '"ben"', '"cleo"', "my secret", "9 to 5")


def kinds(spans: list) -> Counter[str]:
    return Counter(kind for span in spans if (kind := span["attributes"].get("smart_agents.kind")))
