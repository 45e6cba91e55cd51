"""A gateway that requires consent, in front of real senders: fail-closed, by person, by category, by epoch, and after an erasure."""

from __future__ import annotations

import time

import pytest
from collector.harness import Collector, Ports, eventually
from collector.telemetry import agent, post, traces
from promises.program import NOTICE
from support.receiver import HttpReceiver

from e2e.pipelines import GATED

USED = (
    NOTICE
    + """
from otel_smart_agents import agent, configure, skill

@skill("look")
def look(): pass

@agent("planner")
def planner(): look()

handle = configure(service_name="acme", endpoint={url!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
planner()
assert handle.flush(20)
"""
)


@pytest.fixture
def back_end():
    with HttpReceiver() as receiver:
        yield receiver


@pytest.fixture
def gateway(program, back_end, tmp_path):
    collector = Collector(program, GATED, ports=Ports(tmp_path / "collector"), environ={"BACK_END": back_end.url})
    with collector:
        yield collector


def names(back_end):
    return [span["name"] for request in back_end.requests if request.signal == "traces" for span in request.records()]


def test_consented_spans_of_the_package_pass_and_raw_ones_do_not(user, gateway, back_end):
    assert post(gateway.ports.url, traces(agent("nobody-asked"), consent=False)) == 200
    assert post(gateway.ports.url, traces(agent("no-category"), resource={"smart_agents.consent.categories": ["skill"]})) == 200
    user.grant(gateway.ports.url)
    user.run(USED.format(url=gateway.ports.url))
    assert eventually(lambda: len(names(back_end)) >= 2)
    time.sleep(1)
    assert sorted(names(back_end)) == ["execute_tool look", "invoke_agent planner"]
    assert gateway.counted("otelcol_processor_agentprivacy_dropped_total", reason="consent") >= 1


def test_an_erased_installation_is_silent_within_a_second_and_after_a_restart(user, gateway, back_end):
    user.grant(gateway.ports.url)
    user.run(USED.format(url=gateway.ports.url))
    assert eventually(lambda: len(names(back_end)) >= 2)
    installation = next(span["resource"]["app.installation.id"] for span in back_end.spans())
    again = {"app.installation.id": installation, "smart_agents.consent.categories": ["agent", "skill"]}
    assert post(gateway.ports.url, traces(agent("before"), resource=again)) == 200
    assert eventually(lambda: "invoke_agent before" in names(back_end))
    user.cli("disable")  # asks the same gateway for erasure
    assert eventually(lambda: gateway.counted("otelcol_extension_agentrights_erased_total") >= 1), gateway.tail()
    time.sleep(1)
    for attempt in ("at once", "after a restart"):
        seen = len(names(back_end))
        assert post(gateway.ports.url, traces(agent("erased"), resource=again)) == 200
        assert (
            post(gateway.ports.url, traces(agent("somebody else"), resource={**again, "app.installation.id": _other(installation)})) == 200
        )
        assert eventually(lambda seen=seen: len(names(back_end)) > seen), attempt
        time.sleep(0.5)
        assert "invoke_agent erased" not in names(back_end), attempt
        gateway.stop()
        gateway.start()


def _other(installation: str) -> str:
    return installation[:-4] + ("0000" if installation[-4:] != "0000" else "1111")
