"""``doctor`` names a command that works, also for a program that is configured elsewhere."""

from __future__ import annotations

import json
import re
import shlex

from support.receiver import GrpcReceiver

OWN = """
import os
from otel_smart_agents import agent, configure
configure(service_name="shop", endpoint=os.environ["OWN_URL"], protocol=os.environ["OWN_PROTOCOL"], audience="own", exit_timeout_s=0.5)
@agent("a")
def a(): pass
a()
"""


def found(done, check):
    return {finding["check"]: finding for finding in json.loads(done.out)["findings"]}[check]


def typed(user, fix, *more):
    """Type what a line of doctor says: its first command, with its variables."""
    words = shlex.split(re.search(r"`(.+?)`", fix)[1])
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    assert words[len(variables)] == "otel-smart-agents"
    return user.cli(*words[len(variables) + 1 :], *more, **variables)


def test_from_what_was_not_delivered_one_comes_to_the_back_end_itself(user, receiver):
    receiver.close()
    user.run("python", "-c", OWN, OWN_URL=receiver.url, OWN_PROTOCOL="http/json")
    first = found(user.cli("doctor", "--json"), "delivery")
    assert not first["ok"]
    checked = found(typed(user, first["fix"], "--yes", "--json"), "online")
    assert not checked["ok"]
    assert "did not take an empty request (ConnectionError)" in checked["says"]


def test_online_without_the_program_s_settings_is_no_tick_and_has_a_way_out(user, receiver):
    user.run("python", "-c", OWN, OWN_URL=receiver.url, OWN_PROTOCOL="http/json")
    done = user.cli("doctor", "--online", "--yes", "--json")
    told = found(done, "online")
    assert (done.code, told["ok"]) == (1, False)
    assert "--app" in told["fix"]
    assert found(typed(user, told["fix"], "--yes", "--json"), "online")["ok"]


def test_the_protocol_of_the_program_is_named(user):
    with GrpcReceiver() as receiver:
        user.run("python", "-c", OWN, OWN_URL=receiver.url, OWN_PROTOCOL="grpc")
        told = found(user.cli("doctor", "--online", "--yes", "--json"), "online")
        assert "OTEL_EXPORTER_OTLP_PROTOCOL=grpc" in told["fix"]
        assert found(typed(user, told["fix"], "--yes", "--json"), "online")["ok"]


def test_for_the_makers_of_software_the_product_is_named(connected):
    connected.agree()
    told = found(connected.cli("doctor", "--online", "--yes", "--json"), "online")
    assert not told["ok"]
    assert "--app MODULE:CALLABLE" in told["fix"]


def test_what_has_no_endpoint_needs_no_way_out(user):
    user.run("python", "-c", "from otel_smart_agents import *\nconfigure(service_name='x')\nwith agent('a'): pass")
    told = found(user.cli("doctor", "--online", "--yes", "--json"), "online")
    assert told["ok"]
    assert "on this machine" in told["says"]


def test_preview_says_which_host_gets_a_grpc_request(user):
    user.protocol = user.environ["ACME_PROTOCOL"] = "grpc"
    user.record("planner", epoch=user.agree())
    place = "http://127.0.0.1:9/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    (request,) = user.cli("preview", "--json", app=True).json["requests"]
    assert (request["protocol"], request["address"]) == ("grpc", place)
    assert place in user.cli("preview", app=True).out.replace("\n", "")
