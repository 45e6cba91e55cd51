"""Promises of ``enable`` and ``disable``: only a person can say yes, everybody can say no."""

from __future__ import annotations

import sys
import time

import pexpect
import pytest
from support.receiver import dead_port
from support.rights import RightsService

NOBODY = [
    ({}, "not both a terminal"),
    ({"CI": "true"}, "Nobody can agree to telemetry in CI; this runs under CI (CI)"),
    ({"CLAUDECODE": "1"}, "Claude Code (CLAUDECODE). Please relay:"),
    ({"GEMINI_CLI": "1"}, "Gemini CLI (GEMINI_CLI). Please relay:"),
]


@pytest.mark.parametrize(("environ", "told"), NOBODY)
def test_enable_is_refused_without_a_person(user, environ, told):
    done = user.cli("enable", app=True, **environ)
    assert done.code == 3
    assert told in done.err
    assert "otel-smart-agents --app acme_product:setup enable" in done.err
    assert done.out == ""
    assert user.files() == set()


def test_enable_is_refused_to_an_agent_that_has_a_terminal(user):
    terminal = user.terminal("enable", CLAUDECODE="1")
    text = terminal.read()
    terminal.close()
    assert terminal.exitstatus == 3
    assert "relay" in text
    assert user.files() == set()


def test_enable_shows_the_notice_and_takes_yes(user):
    terminal = user.terminal("enable", "--category", "agent", "--category", "error")
    terminal.expect("Responsible: Acme Ltd")
    terminal.expect("Share usage data")
    terminal.sendline("y")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    decision = user.store.decide(user.at)
    assert (decision.mode, decision.categories) == ("on", {"agent", "error"})
    (receipt,) = user.store.receipts()
    assert receipt.record["pii_processing"][0]["collection_method"] == "cli"


def test_enter_means_no(user):
    terminal = user.terminal("enable")
    terminal.expect("Share usage data")
    terminal.sendline("")
    terminal.expect("Nothing was changed")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 3
    assert user.files() == set()


def test_ctrl_c_changes_nothing(user):
    terminal = user.terminal("enable")
    terminal.expect("Share usage data")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130
    assert user.files() == set()


def test_enable_without_a_product_says_where_to_go(user):
    terminal = user.terminal("enable", app=False)
    terminal.expect("use the product's own telemetry command")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1


def test_a_yes_that_the_environment_overrules_is_told_so(user):
    terminal = user.terminal("enable", DO_NOT_TRACK="1")
    terminal.expect("Share usage data")
    terminal.sendline("y")
    terminal.expect("It stays off all the same: DO_NOT_TRACK is set")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert user.store.decide(user.at).mode == "on"


@pytest.mark.parametrize("environ", [{}, {"CLAUDECODE": "1"}, {"CI": "1"}])
def test_disable_works_for_everybody(user, environ):
    epoch = user.agree()
    user.record("planner", "writer", epoch=epoch)
    done = user.cli("disable", "--json", app=True, **environ)
    assert done.code == 0
    (result,) = done.json["destinations"]
    assert (result["state"], result["deleted_spans"], result["erasure_requests"]) == ("revoked", 2, 0)
    assert user.folder.stats().spans == 0
    assert user.store.decide(user.at).mode == "off"
    assert not list((user.data / "ids").glob("*.json"))
    again = user.cli("disable", app=True)
    assert again.code == 0
    assert "is off" in again.err


def test_disable_means_upstream(user):
    user.agree()
    own = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SERVICE_NAME": "shop"}
    user.cli("disable", app=True, **own)
    modes = {at["audience"]: at["mode"] for at in user.cli("status", "--json", app=True, **own).json["destinations"]}
    assert modes == {"upstream": "off", "own": "on"}
    assert user.cli("disable", "--destination", "own", app=True, **own).code == 0
    modes = {at["audience"]: at["mode"] for at in user.cli("status", "--json", app=True, **own).json["destinations"]}
    assert modes == {"upstream": "off", "own": "off"}


def test_disable_asks_for_erasure_of_what_was_sent(connected, receiver):
    epoch = connected.agree()
    connected.record("planner", epoch=epoch)
    assert connected.cli("send", app=True).code == 0
    done = connected.cli("disable", app=True)
    assert "erasure of what was sent was asked for" in done.err
    (request,) = [request for request in receiver.requests if request.signal == "logs"]
    (event,) = request.records()
    assert event["name"] == "smart_agents.deletion.request"


def test_disable_can_do_without_asking(connected, receiver):
    epoch = connected.agree()
    connected.record("planner", epoch=epoch)
    connected.cli("send", app=True)
    before = len(receiver.requests)
    done = connected.cli("disable", "--no-notify", "--json", app=True).json
    assert done["destinations"][0]["erasure_requests"] == 0
    assert len(receiver.requests) == before


def test_disable_asks_the_rights_service_and_status_has_the_receipt(connected, receiver):
    with RightsService() as rights:
        epoch = connected.agree()
        connected.record("planner", epoch=epoch)
        assert connected.cli("send", app=True, ACME_RIGHTS=rights.url).code == 0
        done = connected.cli("disable", app=True, ACME_RIGHTS=rights.url)
        assert "erasure of what was sent was asked for" in done.err
        assert len(rights.erased) == 1
    assert {request.signal for request in receiver.requests} == {"traces"}
    (at,) = connected.cli("status", "--json", app=True).json["destinations"]
    assert at["erasure"]["pending"] == 0
    (acknowledged,) = at["erasure"]["acknowledged"]
    assert (acknowledged["by"], acknowledged["request_id"]) == ("rights_service", f"{1:048x}")
    assert f"acknowledged: 1 requests, last at {acknowledged['time']}, receipt {1:048x}" in connected.cli("status", app=True).out


def test_status_shows_requests_that_wait_for_the_rights_service(connected, receiver):
    epoch = connected.agree()
    connected.record("planner", epoch=epoch)
    connected.cli("send", app=True)
    with dead_port() as port:
        done = connected.cli("disable", "--json", app=True, ACME_RIGHTS=f"http://127.0.0.1:{port}").json
    assert done["destinations"][0]["erasure_requests_waiting"] == 1
    (at,) = connected.cli("status", "--json", app=True).json["destinations"]
    assert at["erasure"] == {"pending": 1, "acknowledged": []}
    assert "pending: 1 requests wait to be sent" in connected.cli("status", app=True).out
    with RightsService() as rights:  # the program's next run sends it
        time.sleep(1.1)
        connected.run(sys.executable, "-c", "import time, acme_product; acme_product.work(); time.sleep(3)", ACME_RIGHTS=rights.url)
        assert len(rights.erased) == 1
    (at,) = connected.cli("status", "--json", app=True).json["destinations"]
    assert (at["erasure"]["pending"], len(at["erasure"]["acknowledged"])) == (0, 1)
