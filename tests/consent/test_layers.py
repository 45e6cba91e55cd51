"""Layers: the strictest wins, and nothing but the user's own file can give."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from otel_smart_agents.consent.model import CATEGORIES, MODES
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.errors import ConfigError

TRUE_STOPS = {"DO_NOT_TRACK": ["1", "true", "yes", "anything"], "SMART_AGENTS_TELEMETRY": ["off", "0", "false", "no", "OFF"]}


@pytest.fixture
def granted(store, upstream, own, notice):
    store.grant(upstream, notice, method="cli")
    store.grant(own, notice, method="cli")
    return store


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in TRUE_STOPS.items() for value in values])
def test_do_not_track_and_our_switch_stop_upstream_and_gated_own_only(name, value, granted, environ, upstream, own, notice):
    environ[name] = value
    for decision in (granted.decide(upstream, notice=notice), granted.decide(own, gate="user"), granted.decide(own, gate="per_call")):
        assert (decision.mode, decision.layer) == ("off", "environment")
        assert name in decision.reason
    assert granted.decide(own).mode == "on"
    del environ[name]
    assert granted.decide(upstream, notice=notice).mode == "on"  # the stored choice stays


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DO_NOT_TRACK", ""),
        ("DO_NOT_TRACK", "0"),
        ("SMART_AGENTS_TELEMETRY", "on"),
        ("SMART_AGENTS_TELEMETRY", "1"),
        ("SMART_AGENTS_TELEMETRY", "junk"),
        ("OTEL_SDK_DISABLED", "false"),
        ("OTEL_SDK_DISABLED", "1"),
    ],
)
def test_other_values_neither_stop_nor_start_anything(name, value, granted, environ, upstream, own, notice):
    environ[name] = value
    assert granted.decide(upstream, notice=notice).mode == "on"
    assert granted.decide(replace(upstream, product="never-asked"), notice=notice).mode == "off"
    assert granted.decide(own).mode == "on"


def test_a_disabled_sdk_stops_everything(granted, environ, upstream, own, notice):
    environ["OTEL_SDK_DISABLED"] = "TRUE"
    for decision in (granted.decide(upstream, notice=notice), granted.decide(own), granted.decide(own, gate="user")):
        assert (decision.mode, decision.layer) == ("off", "environment")
        assert "OTEL_SDK_DISABLED" in decision.reason


def test_local_by_variable_keeps_data_here(granted, environ, upstream, own, notice):
    environ["SMART_AGENTS_TELEMETRY"] = "local"
    assert granted.decide(upstream, notice=notice).mode == "local"
    assert granted.decide(own).mode == "on"
    assert granted.decide(replace(upstream, product="never-asked")).mode == "off"


def test_a_run_and_a_project_can_narrow(granted, upstream, notice):
    decision = granted.decide(upstream, notice=notice, run_mode="local")
    assert (decision.mode, decision.layer) == ("local", "run")
    decision = granted.decide(upstream, notice=notice, project_mode="off")
    assert (decision.mode, decision.layer) == ("off", "project")
    decision = granted.decide(upstream, notice=notice, run_mode="on", categories={"agent"}, project_mode="on")
    assert (decision.mode, decision.layer, decision.categories) == ("on", "user", {"agent"})
    with pytest.raises(ConfigError, match="did you mean"):
        granted.decide(upstream, notice=notice, categories={"agents"})


def test_the_first_of_the_strictest_is_named(granted, environ, upstream, notice, write_policy):
    write_policy('mode = "off"')
    environ["DO_NOT_TRACK"] = "1"
    assert granted.decide(upstream, notice=notice, run_mode="off").layer == "environment"
    del environ["DO_NOT_TRACK"]
    assert granted.decide(upstream, notice=notice, run_mode="off").layer == "policy"
    write_policy('mode = "local"')
    assert granted.decide(upstream, notice=notice, run_mode="off").layer == "run"
    assert granted.decide(upstream, notice=notice, run_mode="local").layer == "policy"


def test_the_same_mode_from_the_user_is_the_users(store, environ, upstream, notice):
    store.grant(upstream, notice, mode="local", method="cli")
    environ["SMART_AGENTS_TELEMETRY"] = "local"
    assert store.decide(upstream, notice=notice).layer == "user"


def test_no_category_left_is_off_and_says_who_took_the_last(granted, upstream, notice):
    granted.revoke(upstream, method="cli")
    granted.grant(upstream, notice, categories={"agent"}, method="cli")
    decision = granted.decide(upstream, notice=notice, categories={"error"})
    assert (decision.mode, decision.layer) == ("off", "run")
    assert "no category is left" in decision.reason
    decision = granted.decide(upstream, notice=notice, categories=set())
    assert decision.mode == "off"


ENVIRON = st.dictionaries(
    st.sampled_from(
        ["DO_NOT_TRACK", "SMART_AGENTS_TELEMETRY", "OTEL_SDK_DISABLED", "CI", "CLAUDECODE", "SMART_AGENTS_CONSENT", "OTEL_SERVICE_NAME"]
    ),
    st.sampled_from(["", "0", "1", "on", "off", "local", "true", "false", "granted", "all"]),
)
CEILING = st.sampled_from([None, *MODES])
SOME = st.frozensets(st.sampled_from(sorted(CATEGORIES)))
POLICY = st.builds(
    lambda mode, categories, consent: (
        f'mode = "{mode}"\ncategories = {sorted(categories)}\n[upstream]\nmode = "on"\n[own]\nmode = "on"\nconsent = "{consent}"\n'
    ),
    st.sampled_from(MODES),
    SOME,
    st.sampled_from(["user", "operator"]),
)
ANSWER = st.sampled_from(["none", "granted", "local", "denied"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    environ=ENVIRON,
    run=CEILING,
    project=CEILING,
    categories=st.none() | SOME,
    policy=st.none() | POLICY,
    mine=ANSWER,
    granted=SOME.filter(bool),
    planted=ANSWER,
    gate=st.sampled_from(["operator", "user", "per_call"]),
    audience=st.sampled_from(["own", "upstream"]),
)
@example(
    environ={},
    run=None,
    project=None,
    categories=None,
    policy=None,
    mine="none",
    granted=CATEGORIES,
    planted="granted",
    gate="user",
    audience="upstream",
)
def test_nothing_widens_what_the_users_file_grants(
    environ,
    run,
    project,
    categories,
    policy,
    mine,
    granted,
    planted,
    gate,
    audience,
    paths,
    tmp_path_factory,
    upstream,
    own,
    notice,
    write_policy,
):
    """Whatever environment, code, project, administrator (upstream) and planted files say: at most what the user's own file says alone."""
    destination = upstream if audience == "upstream" else own
    root = tmp_path_factory.mktemp("user")
    home = replace(paths, consent=root / "home" / "telemetry", data=root / "home" / "telemetry")
    paths.policy.unlink(missing_ok=True)

    def answer(where, what):
        keeper = ConsentStore(replace(paths, consent=where, data=where), environ={})
        if what == "denied":
            keeper.deny(destination, notice, method="cli")
        elif what != "none":
            keeper.grant(destination, notice, categories=granted, mode="local" if what == "local" else "on", method="cli")

    (root / "home").mkdir()
    answer(home.consent, mine)
    alone = ConsentStore(home, environ={}).decide(destination, gate=gate, notice=notice)
    (root / "elsewhere").mkdir()
    answer(root / "elsewhere" / "data", planted)
    if policy is not None:
        write_policy(policy)
    moved = ConsentStore(replace(home, data=root / "elsewhere" / "data"), environ=environ)
    decision = moved.decide(destination, gate=gate, notice=notice, run_mode=run, categories=categories, project_mode=project)
    if audience == "own" and gate == "user" and policy and 'consent = "operator"' in policy:
        return  # the one thing that may widen, and only own
    assert MODES.index(decision.mode) <= MODES.index(alone.mode)
    assert decision.categories <= alone.categories
    if mine in ("none", "denied") and audience == "upstream":
        assert decision.mode == "off"
