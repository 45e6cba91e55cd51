"""``prometheus.yaml``: what Prometheus scrapes is what was run, and the dashboards ask for what is there."""

from __future__ import annotations

import json
import re

import pytest

from .harness import CONFIG, eventually, running, scrape
from .telemetry import INSTALLATION, agent, post, span, traces


@pytest.fixture(scope="module")
def scraped(program, tmp_path_factory):
    """What is scraped after two good and one failed agent run, a skill and a tool."""
    skill = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "debugging", "gen_ai.skill.name": "debugging"}
    skill |= {"smart_agents.kind": "skill", "smart_agents.outcome": "success"}
    tool = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "search",
        "smart_agents.kind": "tool",
        "smart_agents.outcome": "success",
    }
    spans = [
        agent("reviewer"),
        agent("reviewer"),
        agent("reviewer", failed=True),
        span("execute_tool debugging", skill),
        span("execute_tool search", tool),
    ]
    folder = tmp_path_factory.mktemp("prometheus")
    with running(program, CONFIG / "prometheus.yaml", folder=folder, SMART_AGENTS_METRICS_EVERY="200ms") as collector:
        for number, one in enumerate(spans):
            body = traces(one, consent=False, resource={"app.installation.id": f"{number}{INSTALLATION[1:]}"})
            assert post(collector.ports.url, body) == 200
        url = f"http://127.0.0.1:{collector.ports.prometheus}/metrics"
        calls = lambda: sum(value for name, value in scrape(url).items() if name.startswith("smart_agents_calls_total"))
        assert eventually(lambda: calls() == len(spans)), collector.tail()
        yield scrape(url)


def series(scraped, name):
    found = {}
    for key, value in scraped.items():
        base, _, labels = key.partition("{")
        if base == name:
            found[tuple(sorted(re.findall(r'(\w+)="([^"]*)"', labels)))] = value
    return found


def test_runs_are_counted_by_agent_and_outcome(scraped):
    counted = {}
    for labels, value in series(scraped, "smart_agents_calls_total").items():
        known = dict(labels)
        counted[known.get("gen_ai_agent_name"), known["smart_agents_kind"], known["smart_agents_outcome"]] = value
    assert counted["reviewer", "agent", "success"] == 2, "two installations, one series"
    assert counted["reviewer", "agent", "failure"] == 1
    assert len(counted) == 4


def test_durations_are_in_seconds(scraped):
    total = sum(series(scraped, "smart_agents_duration_seconds_sum").values())
    assert total == pytest.approx(5.0, rel=0.01)


def test_no_series_leads_to_an_installation(scraped):
    assert not [name for name in scraped if INSTALLATION[1:] in name or "installation" in name]


def panels():
    board = json.loads((CONFIG / "grafana" / "dashboards" / "agents-and-skills.json").read_text())
    return [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel["targets"]]


@pytest.mark.parametrize(("title", "expr"), panels())
def test_a_panel_asks_for_series_and_labels_that_exist(scraped, title, expr):
    metrics = set(re.findall(r"\b(smart_agents_[a-z_]+_(?:total|bucket))\b", expr))
    assert metrics
    known = {name for metric in metrics for labels in series(scraped, metric) for name, _ in labels}
    assert metrics <= {key.partition("{")[0] for key in scraped}, title
    assert known, title
    asked = {name for group in re.findall(r"by \(([^)]*)\)", expr) for name in re.split(r",\s*", group)}
    asked |= set(re.findall(r"[{,]\s*(\w+)\s*=~?", expr))
    assert asked - {"le"} <= known, title
