"""A back end of one's own: what its user can say about it from the stand-alone command, whatever the program is called."""

from __future__ import annotations

import pytest

PROGRAM = """
import os, sys
from otel_smart_agents import agent, configure
h = configure(service_name=sys.argv[1], endpoint=os.environ["OWN_URL"], audience="own")
@agent("a")
def a(): pass
a()
h.flush(5, to="backend")
print(h.decision().mode if callable(h.decision) else h.decision.mode)
"""


def run(user, receiver, name="MyApp", program=PROGRAM):
    """Run a program of that name and return the mode that it had."""
    done = user.run("python", "-c", program, name, OWN_URL=receiver.url)
    assert done.code == 0, done.err
    return done.out.strip()


@pytest.mark.parametrize("name", ["shop", "MyApp", "my.app", "Mein Läden"])
def test_a_no_holds_for_a_program_of_any_name(user, receiver, name):
    assert run(user, receiver, name) == "on"
    assert user.cli("disable", "-d", "own").code == 0
    before = len(receiver.requests)
    assert run(user, receiver, name) == "off"
    assert [request.path for request in receiver.requests[before:] if request.path == "/v1/traces"] == []
    assert user.cli("status", "--json").json["destinations"][0]["state"] == "denied"


def test_the_stand_alone_command_knows_the_program_by_its_name(user, receiver):
    run(user, receiver, "MyApp")
    sent_as = receiver.requests[-1].records()[0]["resource"]["app.installation.id"]
    (shown,) = user.cli("id", "show", "-d", "MyApp", "--json").json["ids"]
    assert shown["id"] == sent_as
    assert user.cli("id", "hash", "user-1", "-d", "MyApp").code == 0
    (rotated,) = user.cli("id", "rotate", "-d", "MyApp", "--json").json["ids"]
    assert rotated["id"] != sent_as
    assert user.cli("status", "--json").json["destinations"][0]["product"] == "MyApp"


def test_a_no_holds_also_where_only_the_folder_names_the_program(user, receiver):
    run(user, receiver, "MyApp")
    (state,) = (user.data / "spool").glob("*/state.json")
    state.unlink()
    assert user.cli("disable", "-d", "own").code == 1  # its endpoint is not known: nothing is believed to be off
    assert run(user, receiver, "MyApp") == "on"
    (state,) = (user.data / "spool").glob("*/state.json")
    state.write_text(state.read_text().replace('"product":"MyApp"', '"product":""'))
    assert user.cli("disable", "-d", "own").code == 0
    assert run(user, receiver, "MyApp") == "off"
