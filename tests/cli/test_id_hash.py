"""``id hash`` prints what stands in the spans, whichever key made it."""

from __future__ import annotations

import json
import sys

import pytest

PROGRAM = """
from otel_smart_agents import agent, configure, session


def set_up():
    return configure(service_name="assistant", gate="per_call"{key})


@agent("assistant")
def answer(): ...


if __name__ == "__main__":
    with set_up(), session(consent={{"agent"}}, policy_version="1", subject="user-4711"):
        answer()
"""


@pytest.fixture
def folder(user, tmp_path):
    user.environ["PYTHONPATH"] = str(tmp_path)
    return tmp_path


def subjects_in_spans(user, folder, *, key):
    (folder / "server.py").write_text(PROGRAM.format(key=key))
    assert user.run(sys.executable, str(folder / "server.py")).code == 0
    raw = json.loads(user.run(sys.executable, "-m", "otel_smart_agents", "preview", "--raw").out)
    spans = [span for group in raw["resourceSpans"] for scope in group["scopeSpans"] for span in scope["spans"]]
    return {a["value"]["stringValue"] for span in spans for a in span["attributes"] if a["key"] == "smart_agents.consent.subject"}


def id_hash(user, *arguments):
    done = user.run(sys.executable, "-m", "otel_smart_agents", *arguments)
    assert done.code == 0, done.err
    return done


def test_of_an_organisation_key(user, folder):
    (subject,) = subjects_in_spans(user, folder, key=", organisation_key=b'a key of the whole organisation'")
    named = id_hash(user, "--app", "server:set_up", "id", "hash", "user-4711")
    assert named.out.splitlines()[0].split("  ") == [subject, "a subject, a conversation or a session"]
    assert named.err == ""
    found = id_hash(user, "--app", "server:set_up", "id", "hash", "user-4711", "--json").json["hashes"]
    assert [(item["key_of"], item["pseudonym"] == subject) for item in found] == [("organisation", True), ("installation", False)]
    unnamed = id_hash(user, "id", "hash", "user-4711")
    assert subject not in unnamed.out
    assert "organisation_key" in unnamed.err
    assert "--app" in unnamed.err


def test_of_this_installation_s_key(user, folder):
    (subject,) = subjects_in_spans(user, folder, key="")
    for named in ((), ("--app", "server:set_up")):
        assert id_hash(user, *named, "id", "hash", "user-4711").out.startswith(subject)
