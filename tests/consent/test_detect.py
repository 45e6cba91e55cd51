"""AI agents and CI are recognised by what they set, and the message names it."""

from __future__ import annotations

import pytest

from otel_smart_agents.consent.detect import (
    AGENT_FILES,
    AGENT_VALUES,
    AGENT_VARIABLES,
    CI_VARIABLES,
    agent_detected,
    ci_detected,
    no_person,
)

NOWHERE = {"exists": lambda path: False}


@pytest.mark.parametrize("name", AGENT_VARIABLES)
def test_every_agent_variable_names_its_agent(name):
    found = agent_detected({name: "1"}, **NOWHERE)
    assert found == f"{AGENT_VARIABLES[name]} ({name})"


@pytest.mark.parametrize("name", CI_VARIABLES)
def test_every_ci_variable_names_its_system(name):
    assert ci_detected({name: "true"}) == f"{CI_VARIABLES[name]} ({name})"


@pytest.mark.parametrize("value", ["", " ", "0", "false", "False"])
def test_a_variable_that_is_switched_off_means_nothing(value):
    assert agent_detected(dict.fromkeys(AGENT_VARIABLES, value), **NOWHERE) is None
    assert ci_detected(dict.fromkeys(CI_VARIABLES, value)) is None


def test_some_variables_mean_an_agent_only_at_one_value():
    for name, (value, agent) in AGENT_VALUES.items():
        assert agent_detected({name: value}, **NOWHERE) == f"{agent} ({name}={value})"
        assert agent_detected({name: "user"}, **NOWHERE) is None


def test_a_file_of_an_agents_machine_is_enough():
    for path, agent in AGENT_FILES.items():
        assert agent_detected({}, exists=path.__eq__) == f"{agent} ({path})"


@pytest.mark.parametrize("name", ["CURSOR_TRACE_ID", "TERM_PROGRAM", "CLAUDE_CODE_SSE_PORT", "AIDER_MODEL", "COPILOT_MODEL", "PATH"])
def test_what_a_human_has_in_an_editors_terminal_locks_nobody_out(name):
    assert agent_detected({name: "something"}, **NOWHERE) is None


def test_the_agents_people_use_are_known():
    known = set(AGENT_VARIABLES.values())
    for agent in (
        "Claude Code",
        "Cursor",
        "Gemini CLI",
        "Codex",
        "Aider",
        "GitHub Copilot",
        "Windsurf",
        "Devin",
        "Replit",
        "Goose",
        "opencode",
    ):
        assert agent in known
    assert {"Amp", "Cline", "Roo Code"} <= known


def test_the_text_to_relay_names_agent_product_and_command():
    text = no_person({"CLAUDECODE": "1"}, product="acme", command="acme telemetry")
    assert "Claude Code (CLAUDECODE)" in text
    assert "Please relay" in text
    assert "`acme telemetry enable`" in text
    ci = no_person({"GITLAB_CI": "true"}, product="acme", command="acme telemetry")
    assert "GitLab CI (GITLAB_CI)" in ci
    assert no_person({}, product="acme") is None
