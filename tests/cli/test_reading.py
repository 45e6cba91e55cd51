"""Promises of the commands that only look: they make nothing, their data is on stdout, and a machine can read it."""

from __future__ import annotations

import json

import click
import pytest

from otel_smart_agents.cli import telemetry

READING = [
    ("status",),
    ("preview",),
    ("doctor",),
    ("id", "show"),
    ("receipt",),
    ("policy", "show"),
    ("why", "gen_ai.agent.name"),
    ("send", "--dry-run"),
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_makes_nothing_in_a_fresh_home_and_answers_in_json(user, command):
    done = user.cli(*command, "--json", app=True)
    assert done.code == 0, done.err
    assert done.json["schema_version"] == 1
    assert user.files() == set()


def test_off_by_default_says_which_layer_decided(user):
    done = user.cli("status", "--json", app=True).json
    assert (done["mode"], done["layer"], done["categories"]) == ("off", "default", [])
    (at,) = done["destinations"]
    assert (at["mode"], at["state"], at["id"], at["configured_here"]) == ("off", "unknown", None, True)
    assert "enable" in at["not_sent_because"]


def test_off_by_default_where_nothing_is_known(user):
    done = user.cli("status")
    assert done.out.startswith("Upstream telemetry is off (decided by: default)\n")
    assert done.err == ""


def test_the_layer_of_the_environment_is_named(user):
    user.agree()
    done = user.cli("status", "--json", DO_NOT_TRACK="1").json
    assert (done["mode"], done["layer"]) == ("off", "environment")
    assert "DO_NOT_TRACK" in done["reason"]


def test_status_tells_everything_about_a_destination(user):
    epoch = user.agree(categories={"agent", "error"})
    user.record("planner", epoch=epoch, categories={"agent", "error"})
    user.record("planner", epoch=epoch - 1, trace=2)
    user.folder.count("cap", 3)
    (at,) = user.cli("status", "--json", app=True).json["destinations"]
    assert (at["mode"], at["state"], at["categories"]) == ("on", "granted", ["agent", "error"])
    assert (at["waiting"]["spans"], at["waiting"]["files"], at["waiting"]["older"]) == (2, 2, 1)
    assert at["dropped"] == {"cap": 3}
    assert at["endpoint"] == user.at.endpoint
    assert at["settings"]["endpoint"] == {"value": user.at.endpoint, "source": "argument"}
    assert at["id"]
    text = user.cli("status", app=True).out
    assert "3 cap" in text
    assert "1 of them are not covered by the current answer" in text


def test_what_an_own_program_left_behind_is_known_without_its_settings(user):
    code = (
        "import os\nfrom otel_smart_agents import agent, configure\n"
        "h = configure(service_name='shop', endpoint='http://127.0.0.1:9', audience='own', protocol='http/json', "
        "durability='write_through')\n@agent('a')\ndef a(): pass\na()\nos._exit(0)\n"
    )
    assert user.run("python", "-c", code).code == 0
    (at,) = user.cli("status", "--json").json["destinations"]
    assert (at["product"], at["audience"], at["endpoint"], at["waiting"]["spans"]) == ("shop", "own", "http://127.0.0.1:9", 1)
    (request,) = user.cli("preview", "--json").json["requests"]
    assert (request["protocol"], request["items"]) == ("http/json", 1)


def test_a_pipe_gets_whole_lines_without_colour(user):
    epoch = user.agree()
    user.record("planner", epoch=epoch)
    for command in ("status", "preview", "doctor"):
        done = user.cli(command)
        assert "\x1b" not in done.out + done.err
        assert not [line for line in done.out.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_it_wants_none(user, environ, coloured):
    terminal = user.terminal("status", app=False, **environ)
    text = terminal.read()
    assert ("\x1b[31m" in text or "\x1b[1;31m" in text) is coloured


def test_every_command_has_help_with_examples():
    def walk(command, path):
        yield path, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, (*path, name))

    missing = []
    for path, command in walk(telemetry, ("telemetry",)):
        text = command.get_help(click.Context(command, info_name=path[-1]))
        if "\n  Examples:\n    " not in text or "\\b" in text or not command.help:
            missing.append(" ".join(path))
    assert not missing


def test_receipt_and_log_are_shown(user):
    user.agree()
    done = user.cli("receipt", "--json").json
    assert done["log"] == {"ok": True, "entries": 1, "reason": done["log"]["reason"]}
    assert len(done["receipts"]) == len(done["hashes"]) == 1
    assert user.cli("receipt", "--kantara", "--json").json["receipts"][0]["consentReceiptID"]
    plain = user.cli("receipt")
    assert json.loads(plain.out)["record_id"]
    assert "SHA-256" in plain.err


def test_id_is_shown_hashed_and_replaced(user):
    user.agree()
    before = user.cli("id", "show").out.split()[0]
    hashed = user.cli("id", "hash", "conversation-4711", "--json").json["hashes"]
    assert len(hashed) == 1
    assert "4711" not in json.dumps(hashed)
    assert user.cli("id", "rotate", "--json").json["ids"][0]["id"] != before
    assert len(user.cli("id", "hash", "conversation-4711", "--json").json["hashes"]) == 2


def test_export_writes_requests_as_lines_that_only_their_owner_can_read(user):
    epoch = user.agree()
    user.record("planner", epoch=epoch)
    user.record("writer", epoch=epoch, trace=2)
    done = user.cli("export", "-")
    names = [line["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"] for line in map(json.loads, done.out.splitlines())]
    assert names == ["invoke_agent planner", "invoke_agent writer"]
    assert done.err == "2 requests written.\n"
    file = user.home / "usage.jsonl"
    assert user.cli("export", str(file)).code == 0
    assert file.read_text(encoding="utf-8") == done.out
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("older and longer " * 1_000)
    file.chmod(0o644)
    assert user.cli("export", str(file)).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == done.out
    piped = user.run("python", "-m", "otel_smart_agents", "export", "/dev/stdout")
    assert (piped.code, piped.out) == (0, done.out)  # a pipe has no mode to change
    assert user.cli("export", str(user.home / "no" / "such")).code == 1


def test_why_states_no_consent_that_nobody_gave(user):
    done = user.cli("why", "error.type")
    assert "If the category error is granted" in done.out
    assert "is granted." not in done.out.replace("If the category error is granted", "")
    user.agree(categories={"agent"})
    document = user.cli("why", "error.type", "--json").json
    (now,) = document["destinations"]
    assert (now["key"], now["mode"], now["decision"]) == (user.at.key, "on", "fallback")
    assert "not granted" in now["reason"]
    assert user.cli("why", "gen_ai.agent.name", "--json").json["destinations"][0]["reason"] == "The category agent is granted."
    user.cli("disable")
    assert f"{user.at.key}  dropped now: Nothing is recorded" in user.cli("why", "gen_ai.agent.name").out
