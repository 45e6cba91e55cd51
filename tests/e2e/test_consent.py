"""The shipped gateway in front of real senders: fail-closed, by person, by category, by epoch, and after an erasure."""

from __future__ import annotations

import time

import pytest
from collector.harness import CONFIG, Collector, Ports, eventually
from collector.telemetry import agent, post, traces
from promises.program import NOTICE
from support.receiver import GrpcReceiver

TOKEN = "gateway-of-the-tests"
BEARER = {"authorization": f"Bearer {TOKEN}"}
USED = (
    NOTICE
    + """
from otel_smart_agents import agent, configure, skill

@skill("look")
def look(): pass

@agent("planner")
def planner(): look()

handle = configure(service_name="acme", endpoint={url!r}, audience="upstream", notice=NOTICE, packages=["__main__"],
                   headers={headers!r})
planner()
assert handle.flush(20)
"""
)


@pytest.fixture
def back_end():
    with GrpcReceiver() as receiver:
        yield receiver


@pytest.fixture
def gateway(program, back_end, tmp_path):
    """Jaeger's and Tempo's places are taken by one receiver each, ClickHouse is down: its queue waits on the disk."""
    with GrpcReceiver() as second:
        environ = {"SMART_AGENTS_JAEGER": back_end.url, "SMART_AGENTS_TEMPO": second.url, "SMART_AGENTS_TOKEN": TOKEN}
        with Collector(program, CONFIG / "gateway.yaml", ports=Ports(tmp_path / "collector"), environ=environ) as collector:
            yield collector
        assert names(second) == names(back_end)


def names(back_end):
    return sorted(span["name"] for request in list(back_end.requests) if request.signal == "traces" for span in request.records())


def raw(gateway, name, **options):
    """Send one span by hand, as a sender in any language could."""
    return post(gateway.ports.url, traces(agent(name), **options), headers=BEARER)


def test_consented_spans_pass_and_others_do_not(user, gateway, back_end):
    assert post(gateway.ports.url, traces(agent("no-token"))) == 401
    assert raw(gateway, "nobody-asked", consent=False) == 200
    assert raw(gateway, "another-category", resource={"smart_agents.consent.categories": ["skill"]}) == 200
    user.grant(gateway.ports.url)
    user.run(USED.format(url=gateway.ports.url, headers=BEARER))
    assert eventually(lambda: len(names(back_end)) >= 2)
    time.sleep(1)
    assert names(back_end) == ["execute_tool look", "invoke_agent planner"]


def test_an_erased_installation_is_silent_within_a_second_and_after_a_restart(user, gateway, back_end):
    user.grant(gateway.ports.url)
    user.run(USED.format(url=gateway.ports.url, headers=BEARER))
    assert eventually(lambda: len(names(back_end)) >= 2)
    installation = next(span["resource"]["app.installation.id"] for span in back_end.spans())
    again = {"app.installation.id": installation, "smart_agents.consent.categories": ["agent", "skill"]}
    assert raw(gateway, "before", resource=again) == 200
    assert eventually(lambda: "invoke_agent before" in names(back_end))
    user.cli("disable")
    # The token is not on the disk: the product's next process hands in the request, or the one after it on a busy machine.
    again_run = USED.format(url=gateway.ports.url, headers=BEARER).replace("assert handle.flush(20)", "handle.flush(20)")
    assert any(user.run(again_run) and eventually(lambda: erased(gateway) == 1, timeout_s=2) for _ in range(3))
    time.sleep(1)
    for attempt in ("at once", "after a restart"):
        seen = len(names(back_end))
        assert raw(gateway, f"erased {attempt}", resource=again) == 200
        assert raw(gateway, f"neighbour {attempt}", resource={**again, "app.installation.id": neighbour(installation)}) == 200
        assert eventually(lambda seen=seen: len(names(back_end)) > seen), attempt
        time.sleep(0.5)
        assert f"invoke_agent neighbour {attempt}" in names(back_end)
        assert f"invoke_agent erased {attempt}" not in names(back_end)
        gateway.stop()
        gateway.start()


def erased(gateway) -> float:
    return gateway.counted("otelcol_agentrights_erased_installations")


def neighbour(installation: str) -> str:
    return installation[:-4] + ("0000" if installation[-4:] != "0000" else "1111")
