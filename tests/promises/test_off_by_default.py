"""Off by default: without a yes nothing exists, and asking what is on creates nothing either."""

from __future__ import annotations

import json

from support.receiver import HttpReceiver

PROGRAM = """
import os, threading, socket, sys
from otel_smart_agents import agent, skill, configure, workflow
connections = []
original = socket.socket.connect
def connect(self, address):
    connections.append(address)
    return original(self, address)
socket.socket.connect = connect
handle = configure(service_name="acme", endpoint="{endpoint}", audience="upstream")
@agent
def plan(x):
    return look(x) + 1
@skill("look")
def look(x):
    return x
with workflow("w"):
    assert [plan(i) for i in range(50)] == [i + 1 for i in range(50)]
assert not handle.active
assert handle.flush(1)
assert threading.active_count() == 1, threading.enumerate()
assert "opentelemetry.sdk.trace" not in sys.modules
handle.shutdown()
print(len(connections))
"""


def test_a_program_without_consent_leaves_nothing_at_all(user):
    with HttpReceiver() as receiver:
        done = user.run(PROGRAM.replace("{endpoint}", receiver.url))
        assert done.stdout.strip() == "0"
        assert done.stderr == ""
        assert user.files() == []
        assert receiver.requests == []


def test_status_says_off_and_which_layer_decided_and_creates_nothing(user):
    document = json.loads(user.cli("status", "--json").stdout)
    assert document["mode"] == "off"
    assert document["layer"] == "default"
    document = json.loads(user.cli("status", "--json", DO_NOT_TRACK="1").stdout)
    assert (document["mode"], document["layer"]) == ("off", "environment")
    assert user.files() == []
