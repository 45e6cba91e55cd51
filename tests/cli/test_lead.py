"""What a person sees first: the telemetry that there is on this machine, and what every command does."""

from __future__ import annotations

import re

import click

from otel_smart_agents.cli import telemetry

OWN = (
    "import os\nfrom otel_smart_agents import agent, configure\n"
    "h = configure(service_name='{name}', endpoint='http://127.0.0.1:9', audience='own', durability='write_through')\n"
    "@agent('a')\ndef a(): pass\na()\nos._exit(0)\n"
)


def test_where_only_own_back_ends_are_known_status_begins_with_them(user):
    assert user.run("python", "-c", OWN.format(name="shop")).code == 0
    lines = user.cli("status").out.splitlines()
    assert lines[0] == "Telemetry to your own back end is on (decided by: default)"
    assert lines[1].startswith("  not sent: ")
    assert lines[2] == "Nothing goes to the makers of any software: no such destination is known here."
    assert user.cli("status", "--json").json["mode"] == "off"  # the field is about upstream, as before


def test_own_back_ends_that_differ_are_named(user):
    for name in ("shop", "desk"):
        assert user.run("python", "-c", OWN.format(name=name)).code == 0
    assert user.cli("status").out.splitlines()[0] == "Telemetry to your own back end is on (decided by: default)"
    done = user.cli("status", OTEL_SERVICE_NAME="shop", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_SDK_DISABLED="true")
    first = done.out.splitlines()[0]
    assert first.startswith("Telemetry to your own back end is off (decided by: environment)"), first


def test_where_the_makers_of_software_are_known_they_come_first(user):
    user.agree()
    assert user.run("python", "-c", OWN.format(name="shop")).code == 0
    lines = user.cli("status").out.splitlines()
    assert lines[0] == "Upstream telemetry is on (decided by: user)"
    assert "Telemetry to your own back end is on (decided by: default)" in lines[2:4]


def test_help_says_what_every_command_does_in_a_whole_sentence():
    text = telemetry.get_help(click.Context(telemetry, info_name="telemetry", terminal_width=80))
    listed = re.sub(r"\s+", " ", text[text.index("Commands:") :])
    assert "..." not in listed
    for name, command in telemetry.commands.items():
        sentence = (command.help or "").split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".")
        assert f"{name} {re.sub(r' +', ' ', sentence)}" in listed, name


def test_groups_inside_have_whole_sentences_too():
    inner = telemetry.commands["id"]
    text = inner.get_help(click.Context(inner, info_name="id", terminal_width=80))
    assert "..." not in text[text.index("Commands:") :]


def test_where_all_was_sent_nothing_is_told_about_sending(user, receiver):
    send = OWN.replace("os._exit(0)", "h.shutdown(5)").format(name="shop").replace("http://127.0.0.1:9", receiver.url)
    assert user.run("python", "-c", send).code == 0
    (shop,) = user.cli("status", "--json").json["destinations"]
    assert (shop["sent"], shop["waiting"]["spans"], shop["not_sent_because"]) == (1, 0, None)
    assert "not sent" not in user.cli("status").out
    assert user.run("python", "-c", OWN.format(name="shop").replace("http://127.0.0.1:9", receiver.url)).code == 0
    assert "this command is not configured for it" in user.cli("status").out
