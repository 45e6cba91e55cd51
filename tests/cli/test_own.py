"""A back end of one's own: what its user can say about it from the stand-alone command, whatever the program is called."""

from __future__ import annotations

import hashlib
import os

import pexpect
import pytest
from support.receiver import HttpReceiver, Reply

from otel_smart_agents.consent import Destination

PROGRAM = """
import os, sys
from otel_smart_agents import agent, configure
h = configure(service_name=sys.argv[1], endpoint=os.environ["OWN_URL"], audience="own")
@agent("a")
def a(): pass
a()
h.flush(5, to="backend")
print(h.decision().mode)
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


ASKS = """
import os
from acme_product import NOTICE
from otel_smart_agents import configure
def setup():
    return configure(service_name="shop", endpoint=os.environ["OWN_URL"], audience="own", gate="user", notice=NOTICE)
"""


@pytest.fixture
def asking(user, receiver, tmp_path):
    """A program that sends to its operator's back end only if its user says yes."""
    (tmp_path / "shop.py").write_text(ASKS)
    user.environ.update(OWN_URL=receiver.url, PYTHONPATH=f"{tmp_path}{os.pathsep}{user.environ['PYTHONPATH']}")
    user.key = Destination("own", "shop", receiver.url).key
    return user


def reason_of(user):
    program = "import shop; h = shop.setup(); d = h.decision(); print(d.mode, d.reason)"
    done = user.run("python", "-c", program)
    assert done.code == 0, done.err
    mode, _, reason = done.out.strip().partition(" ")
    return mode, reason


def say_yes(user, *arguments):
    terminal = pexpect.spawn("python", ["-m", "otel_smart_agents", *arguments], env=user.environ, encoding="utf-8", timeout=20)
    terminal.expect("Share usage data")
    terminal.sendline("y")
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus, terminal.before


def test_an_own_back_end_that_asks_is_switched_on_by_enable_and_off_by_disable(asking):
    mode, reason = reason_of(asking)
    assert (mode, f"`otel-smart-agents enable --destination {asking.key}` shows the notice and asks" in reason) == ("off", True)
    code, said = say_yes(asking, "--app", "shop:setup", "enable")
    assert (code, f"disable --destination {asking.key}` takes it back" in said) == (0, True)
    assert reason_of(asking)[0] == "on"
    done = asking.cli("disable")
    assert done.code == 0
    assert f"{asking.key} is off" in done.err
    assert reason_of(asking)[0] == "off"


def test_the_command_that_a_reason_names_leads_to_the_notice(asking):
    say_yes(asking, "--app", "shop:setup", "enable")
    asking.cli("disable")
    named = reason_of(asking)[1].partition("`otel-smart-agents ")[2].partition("`")[0].split()
    assert named == ["enable", "--destination", asking.key]
    terminal = asking.terminal(*named, app=False)  # it has no notice to show: nobody agrees to what they have not read
    terminal.expect("shop brought no notice, .* name its module with --app")
    terminal.expect(pexpect.EOF)
    assert say_yes(asking, "--app", "shop:setup", *named)[0] == 0
    assert reason_of(asking)[0] == "on"


def test_disable_alone_leaves_an_own_back_end_that_asks_nobody(user, receiver):
    run(user, receiver, "shop")
    done = user.cli("disable")
    assert done.code == 0
    assert "Your own back ends are left as they are" in done.err
    assert Destination("own", "shop", receiver.url).key in done.err
    assert run(user, receiver, "shop") == "on"


def test_no_at_enable_says_how_to_stop_what_is_on_anyway(user, receiver):
    run(user, receiver, "shop")
    terminal = user.terminal("enable", "-d", "own", app=False)
    terminal.expect("Share usage data")
    terminal.sendline("")
    terminal.expect(pexpect.EOF)
    key = Destination("own", "shop", receiver.url).key
    assert f"{key} is on as before. `otel-smart-agents disable --destination {key}` stops it." in terminal.before


def test_following_the_doctor_s_advice_keeps_a_no(user, receiver):
    run(user, receiver, "shop")
    user.cli("disable", "-d", "own")
    (user.data / "consent.json").write_text("{broken")
    assert run(user, receiver, "shop") == "off"
    assert "`otel-smart-agents disable`" in user.cli("doctor").out
    assert user.cli("disable", "-d", "own").code == 0
    assert user.cli("doctor").code == 0
    assert (user.data / "consent.damaged-1.json").read_text() == "{broken"
    assert run(user, receiver, "shop") == "off"


def test_a_no_reaches_data_in_a_folder_that_this_shell_does_not_name(user, receiver, tmp_path):
    moved = {"SMART_AGENTS_TELEMETRY_DIR": str(tmp_path / "moved"), "OWN_URL": receiver.url}
    assert user.run("python", "-c", PROGRAM, "shop", **moved).out.strip() == "on"
    assert user.cli("status", "--json").json["destinations"][0]["product"] == "shop"
    assert user.cli("disable", "-d", "own").code == 0
    before = len(receiver.requests)
    assert user.run("python", "-c", PROGRAM, "shop", **moved).out.strip() == "off"
    assert [request.path for request in receiver.requests[before:] if request.path == "/v1/traces"] == []


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("variable", "path", "keywords"),
    [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/custom", ""), ("OTEL_EXPORTER_OTLP_ENDPOINT", "", ", protocol='http/json'")],
)
def test_preview_shows_where_and_as_which_bytes_the_program_sends(user, variable, path, keywords, named):
    with HttpReceiver(default=Reply(status=503)) as receiver:  # however often the program tries again before it ends
        environ = {variable: receiver.url + path}
        program = PROGRAM.replace('endpoint=os.environ["OWN_URL"], audience="own"', f"audience='own'{keywords}").replace(
            'h.flush(5, to="backend")', "h.shutdown(2)"
        )
        assert user.run("python", "-c", program, "shop", **environ).code == 0
        (request,) = user.cli("preview", "--json", **(environ if named else {})).json["requests"]
        arrived = receiver.requests[0]
    assert request["address"] == receiver.url + arrived.path == receiver.url + (path or "/v1/traces")
    assert request["sha256"] == hashlib.sha256(arrived.body).hexdigest()
