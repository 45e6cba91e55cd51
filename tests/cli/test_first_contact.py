"""After a no, nobody hears from this machine who never got data from it; whoever may have got some is asked to erase it."""

from __future__ import annotations

import pytest
from support.receiver import HttpReceiver, Reply, dead_port

from .user import User


@pytest.fixture
def refused(tmp_path):
    """A person whose product's back end is not there yet, and its port."""
    with dead_port() as port:
        pass
    return User(tmp_path, f"http://127.0.0.1:{port}"), port


def run_product(user):
    done = user.run("python", "-c", "import acme_product; acme_product.work()")
    assert done.code == 0, done.err


def test_a_no_before_anything_left_is_no_first_contact(refused):
    user, port = refused
    user.agree()
    run_product(user)
    user.cli("send", app=True)
    assert user.folder.state().attempts >= 1
    done = user.cli("disable", app=True)
    assert "erasure" not in done.err
    with HttpReceiver(port=port) as receiver:
        run_product(user)
        user.cli("send", app=True)
        assert receiver.requests == []


@pytest.mark.parametrize("reply", [Reply(action="reset"), Reply(action="lose_ack"), Reply(503), Reply(400)], ids=str)
def test_what_may_have_arrived_is_asked_back(tmp_path, reply):
    with HttpReceiver([reply]) as receiver:
        user = User(tmp_path, receiver.url)
        user.record("planner", epoch=user.agree())
        user.cli("send", app=True)
        assert len(receiver.requests) == 1
        done = user.cli("disable", "--json", app=True).json
        assert done["destinations"][0]["erasure_requests"] == 1


def test_a_sender_that_was_killed_meanwhile_may_have_sent(connected, receiver):
    receiver.script(Reply(delay_s=5))
    connected.record("planner", epoch=connected.agree())
    killed = (
        "import os, threading, time, acme_product\nfrom otel_smart_agents.setup.drain import drain\n"
        "from otel_smart_agents.setup.api import looking\n"
        "with looking():\n    handle = acme_product.setup()\n"
        "threading.Timer(1.5, os._exit, (9,)).start()\n"
        "drain(handle.request, handle.store, budget_s=10)\n"
    )
    assert connected.run("python", "-c", killed).code == 9
    assert len(receiver.requests) == 1
    assert connected.cli("disable", "--json", app=True).json["destinations"][0]["erasure_requests"] == 1


def test_a_first_success_after_refusals_counts(refused):
    user, port = refused
    user.record("planner", epoch=user.agree())
    user.cli("send", app=True)
    with HttpReceiver(port=port) as receiver:
        user.cli("send", app=True)
        assert receiver.requests
        user.cli("disable", app=True)
        assert "smart_agents.deletion.request" in [
            r["name"] for found in receiver.requests if found.signal == "logs" for r in found.records()
        ]


def test_with_data_in_two_folders_a_note_stays(refused, tmp_path):
    """Another process may be sending from the other one at this moment."""
    user, _ = refused
    user.record("planner", epoch=user.agree())
    assert (
        user.run("python", "-c", "import acme_product; acme_product.work()", SMART_AGENTS_TELEMETRY_DIR=str(tmp_path / "moved")).code == 0
    )
    user.cli("send", app=True)
    done = user.cli("disable", "--json", app=True).json
    assert done["destinations"][0]["erasure_requests"] == 1
