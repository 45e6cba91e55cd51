"""Which variable stops what; and that no variable, project file or moved folder can widen anything."""

from __future__ import annotations

import json
import shutil

import pytest
from support.receiver import HttpReceiver

from promises.program import NOTICE

PROGRAM = (
    NOTICE
    + """
import json, os
from otel_smart_agents import agent, configure
upstream = configure(service_name="acme", endpoint={upstream!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
own = configure(service_name="acme", endpoint={own!r}, audience="own", protocol="http/json")
gated = configure(service_name="gated", endpoint={own!r}, audience="own", gate="user", protocol="http/json")
@agent("planner")
def planner(): pass
planner()
for handle in (upstream, own, gated):
    handle.flush(10)
print(json.dumps([handle.active for handle in (upstream, own, gated)]))
"""
)


@pytest.fixture
def back_ends():
    with HttpReceiver() as upstream, HttpReceiver() as own:
        yield upstream, own


def program(back_ends) -> str:
    upstream, own = back_ends
    return PROGRAM.replace("{upstream!r}", repr(upstream.url)).replace("{own!r}", repr(own.url))


@pytest.mark.parametrize(
    ("environ", "active"),
    [
        ({}, [True, True, True]),
        ({"DO_NOT_TRACK": "1"}, [False, True, False]),
        ({"DO_NOT_TRACK": "0"}, [True, True, True]),
        ({"SMART_AGENTS_TELEMETRY": "off"}, [False, True, False]),
        ({"OTEL_SDK_DISABLED": "true"}, [False, False, False]),
    ],
)
def test_what_a_variable_stops(user, back_ends, environ, active):
    upstream, own = back_ends
    user.grant(upstream.url)
    user.grant(own.url, product="gated", audience="own")
    assert json.loads(user.run(program(back_ends), **environ).stdout) == active
    assert bool(upstream.requests) is active[0]
    assert bool(own.requests) is active[1]


def test_a_variable_leaves_the_stored_choice_alone(user, back_ends):
    user.grant(back_ends[0].url)
    before = (user.folder / ".smart-agents/telemetry/consent.json").read_bytes()
    user.run(program(back_ends), DO_NOT_TRACK="1")
    assert (user.folder / ".smart-agents/telemetry/consent.json").read_bytes() == before
    assert json.loads(user.run(program(back_ends)).stdout)[0] is True


@pytest.mark.parametrize("value", ["on", "1", "true", "yes", "all"])
def test_no_variable_switches_anything_on(user, back_ends, value):
    environ = dict.fromkeys(("SMART_AGENTS_TELEMETRY", "OTEL_PYTHON_SMART_AGENTS_MODE", "OTEL_PYTHON_SMART_AGENTS_GATE"), value)
    assert json.loads(user.run(program(back_ends), **environ).stdout) == [False, True, False]
    assert back_ends[0].requests == []


def test_a_planted_consent_file_elsewhere_grants_nothing(user, back_ends, tmp_path):
    user.grant(back_ends[0].url)
    planted = tmp_path / "planted"
    shutil.move(user.folder / ".smart-agents" / "telemetry", planted)
    shutil.copytree(planted, user.folder / "telemetry")
    shutil.copytree(planted, user.folder / "project" / ".smart-agents" / "telemetry")
    for moved in (planted, user.folder / "project"):
        assert json.loads(user.run(program(back_ends), SMART_AGENTS_TELEMETRY_DIR=str(moved)).stdout)[0] is False
    assert back_ends[0].requests == []


def test_a_settings_file_cannot_grant(user, back_ends):
    folder = user.folder / ".smart-agents" / "telemetry"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "config.toml").write_text('mode = "on"\nconsent = true\n')
    assert json.loads(user.run(program(back_ends)).stdout) == [False, True, False]
