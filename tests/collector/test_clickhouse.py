"""The shipped SQL on a real ClickHouse engine: takes what the exporter writes, answers questions, forgets who asked for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from . import clickhouse as shipped
from .harness import CONFIG, ROOT
from .telemetry import INSTALLATION

pytest.importorskip("chdb", reason="no ClickHouse engine in this Python: pip install 'chdb-core>=26.7'")

NOW = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
OTHER = "22222222-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with shipped.ClickHouse(tmp_path_factory.mktemp("store")) as found:
        yield found


@pytest.fixture
def store(engine):
    """Empty tables."""
    for table in ("otel_traces", "otel_logs", "spans", "events", "daily", "erasures"):
        engine.run(f"TRUNCATE TABLE smart_agents.{table}")
    return engine


def span(kind="agent", name="reviewer", *, installation=INSTALLATION, outcome="success", at=NOW, **attributes):
    keys = {"agent": "gen_ai.agent.name", "skill": "gen_ai.skill.name", "workflow": "gen_ai.workflow.name"}
    return {
        "Timestamp": str(at),
        "TraceId": "0af7651916cd43dd8448eb211c80319c",
        "SpanId": "b7ad6b7169203331",
        "ParentSpanId": "",
        "TraceState": "",
        "SpanName": f"invoke_agent {name}",
        "SpanKind": "Internal",
        "ServiceName": "acme",
        "ResourceAttributes": {"service.name": "acme", "service.version": "2.0.0", "app.installation.id": installation},
        "ScopeName": "otel_smart_agents",
        "ScopeVersion": "0.1.0",
        "SpanAttributes": {"smart_agents.kind": kind, "smart_agents.outcome": outcome, keys[kind]: name, **attributes},
        "Duration": 3_500_000_000,
        "StatusCode": "Unset",
        "StatusMessage": "",
        "Events.Timestamp": [str(at)],
        "Events.Name": ["exception"],
        "Events.Attributes": [{"exception.type": "ValueError"}],
        "Links.TraceId": [],
        "Links.SpanId": [],
        "Links.TraceState": [],
        "Links.Attributes": [],
    }


def event(name, attributes, *, installation=INSTALLATION):
    return {
        "Timestamp": str(NOW),
        "ServiceName": "acme",
        "Body": "",
        "ResourceAttributes": {"app.installation.id": installation},
        "LogAttributes": attributes,
        "EventName": name,
    }


def test_a_span_becomes_a_row_with_a_column_per_fact(store):
    failed = {
        "error.type": "TimeoutError",
        "smart_agents.error.category": "timeout",
        "smart_agents.error.stack_hash": "v1:a3f5e2c19b04d7e8",
    }
    tokens = {"gen_ai.usage.input_tokens": "1200", "smart_agents.cost.amount": "0.002"}
    store.insert("otel_traces", span(outcome="failure", **failed, **tokens))
    (row,) = store.rows("SELECT * FROM smart_agents.spans")
    wanted = {
        "kind": "agent",
        "name": "reviewer",
        "outcome": "failure",
        "error_type": "TimeoutError",
        "duration_ms": 3500,
        "version": "2.0.0",
    }
    assert wanted.items() <= row.items()
    assert (int(row["input_tokens"]), row["cost"], row["installation_id"]) == (1200, 0.002, INSTALLATION)
    assert row["stack_hash"] == "v1:a3f5e2c19b04d7e8"


def test_spans_of_other_senders_get_their_kind_from_the_operation(store):
    bare = span()
    bare["SpanAttributes"] = {"gen_ai.operation.name": "execute_tool", "gen_ai.skill.name": "debugging"}
    plain = span()
    plain["SpanAttributes"] = {"http.request.method": "GET"}
    store.insert("otel_traces", bare | {"StatusCode": "Error"}, plain)
    (row,) = store.rows("SELECT kind, name, outcome FROM smart_agents.spans")
    assert row == {"kind": "skill", "name": "debugging", "outcome": "failure"}


def test_days_count_users_outcomes_and_percentiles(store):
    store.insert("otel_traces", span(), span(outcome="failure"), span(installation=OTHER))
    store.insert("otel_traces", span(installation=OTHER))
    (row,) = store.rows("SELECT * FROM smart_agents.usage_by_day")
    assert [int(row[key]) for key in ("calls", "succeeded", "failed", "installations")] == [4, 3, 1, 2]
    assert row["success_rate"] == 0.75
    assert (row["p50_ms"], row["p99_ms"]) == (3500, 3500)
    assert INSTALLATION not in store.run("SELECT * FROM smart_agents.daily FORMAT JSONEachRow"), "days hold no ids"


def test_workflows_errors_features_and_ratings(store):
    steps = {"smart_agents.workflow.steps": json.dumps(["agent:planner", "skill:review"]), "smart_agents.workflow.pattern_hash": "p1"}
    store.insert(
        "otel_traces", span("workflow", "release", **steps), span("skill", "review", outcome="failure", **{"error.type": "KeyError"})
    )
    store.insert(
        "otel_logs",
        event("smart_agents.feature.usage", {"smart_agents.feature.name": "evolution", "smart_agents.feature.action": "enabled"}),
        event("gen_ai.evaluation.result", {"gen_ai.skill.name": "review", "gen_ai.evaluation.score.value": "4"}),
        event("something.else", {}),
    )
    (pattern,) = store.rows("SELECT workflow, steps, runs FROM smart_agents.workflow_patterns")
    assert (pattern["workflow"], pattern["steps"], int(pattern["runs"])) == ("release", ["agent:planner", "skill:review"], 1)
    (error,) = store.rows("SELECT name, error_type, times FROM smart_agents.errors")
    assert (error["name"], error["error_type"], int(error["times"])) == ("review", "KeyError", 1)
    assert store.rows("SELECT name, action FROM smart_agents.features") == [{"name": "evolution", "action": "enabled"}]
    assert store.rows("SELECT skill, mean FROM smart_agents.ratings") == [{"skill": "review", "mean": 4}]
    assert int(store.one("SELECT count() FROM smart_agents.events")) == 2


CLIENT = """#!{python}
import sys, urllib.parse, urllib.request
arguments, data = sys.argv[1:], sys.stdin.buffer.read() if not sys.stdin.isatty() else b""
query = arguments[arguments.index("--query") + 1] if "--query" in arguments else None
if query and query.startswith("INSERT"):
    parts = [(query, data)]
else:
    text = query or "\\n".join(line for line in data.decode().splitlines() if not line.startswith("--"))
    parts = [(None, one.encode()) for one in text.split(";") if one.strip()]
for query, body in parts:
    target = "{url}/?" + (urllib.parse.urlencode({{"query": query}}) if query else "")
    sys.stdout.write(urllib.request.urlopen(target, body).read().decode())
"""


@pytest.fixture
def job(store, tmp_path):
    """Runs the erase job with a client that hands its statements to the engine."""
    import sys

    client = tmp_path / "bin" / "clickhouse-client"
    client.parent.mkdir()
    client.write_text(CLIENT.format(python=sys.executable, url=store.url))
    client.chmod(0o755)
    path = f"{client.parent}{os.pathsep}{os.environ['PATH']}"

    def run(*lines):
        (tmp_path / "erasures.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        argv = [str(shipped.SQL / "erase.sh"), str(tmp_path / "erasures.jsonl"), str(tmp_path / "erased")]
        return subprocess.run(argv, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=60, check=False)

    run.done = tmp_path / "erased"
    return run


def line(sequence, installation):
    """A line of the list, as the extension writes it."""
    at = NOW.isoformat() + "Z"
    return {"sequence": sequence, "installation_id": installation, "requested": at, "received": at, "source": "grpc"}


def test_the_erase_job_erases_who_asked_and_nobody_else(store, job):
    store.insert("otel_traces", span(), span(installation=OTHER))
    store.insert("otel_logs", event("gen_ai.evaluation.result", {}), event("gen_ai.evaluation.result", {}, installation=OTHER))
    store.insert("otel_metrics_gauge", {"ResourceAttributes": {"app.installation.id": INSTALLATION}, "TimeUnix": str(NOW), "Value": 1})
    done = job(line(7, INSTALLATION))
    assert done.returncode == 0, done.stderr
    assert job.done.read_text() == "7\n"
    for table in ("otel_traces", "otel_logs", "otel_metrics_gauge"):
        found = store.rows(f"SELECT DISTINCT InstallationId FROM smart_agents.{table}")
        assert found == ([] if table == "otel_metrics_gauge" else [{"InstallationId": OTHER}]), table
    for table in ("spans", "events"):
        assert store.rows(f"SELECT installation_id FROM smart_agents.{table}") == [{"installation_id": OTHER}]
    assert job(line(7, INSTALLATION)).returncode == 0, "it can be run again"


def test_what_comes_late_is_not_brought_back(store, job):
    assert job(line(1, INSTALLATION)).returncode == 0
    store.insert("otel_traces", span(), span(installation=OTHER))
    assert store.rows("SELECT installation_id FROM smart_agents.spans") == [{"installation_id": OTHER}]


def test_a_job_that_fails_promises_nothing(store, job):
    store.run("RENAME TABLE smart_agents.events TO smart_agents.events_away")
    try:
        assert job(line(3, INSTALLATION)).returncode != 0
    finally:
        store.run("RENAME TABLE smart_agents.events_away TO smart_agents.events")
    assert not job.done.exists()


def test_raw_rows_go_after_90_days(store):
    old = NOW - timedelta(days=91)
    store.insert("otel_traces", span(at=old), span(at=NOW - timedelta(days=89)))
    store.run("OPTIMIZE TABLE smart_agents.otel_traces FINAL")
    store.run("OPTIMIZE TABLE smart_agents.spans FINAL")
    assert int(store.one("SELECT count() FROM smart_agents.otel_traces")) == 1
    assert int(store.one("SELECT count() FROM smart_agents.spans")) == 1
    assert int(store.one("SELECT sum(calls) FROM smart_agents.daily")) == 2, "days stay"


def panels():
    board = json.loads((CONFIG / "grafana" / "dashboards" / "usage.json").read_text())
    return [(panel["title"], target["rawSql"]) for panel in board["panels"] for target in panel["targets"]]


@pytest.mark.parametrize(("title", "sql"), panels(), ids=[title for title, _ in panels()])
def test_every_panel_s_question_has_an_answer(store, title, sql):
    steps = {"smart_agents.workflow.steps": '["agent:a"]', "smart_agents.workflow.pattern_hash": "p"}
    store.insert("otel_traces", span(), span("skill", "s", outcome="failure"), span("workflow", "w", **steps))
    feature = {"smart_agents.feature.name": "f", "smart_agents.feature.action": "used"}
    rating = {"gen_ai.skill.name": "s", "gen_ai.evaluation.score.value": "5"}
    store.insert("otel_logs", event("smart_agents.feature.usage", feature), event("gen_ai.evaluation.result", rating))
    begin, end = NOW - timedelta(days=7), NOW + timedelta(minutes=1)
    asked = sql.replace("$__fromTime", f"toDateTime('{begin}')").replace("$__toTime", f"toDateTime('{end}')")
    asked = re.sub(r"\$__timeFilter\(([\w.]+)\)", rf"\1 >= '{begin}' AND \1 <= '{end}'", asked)
    assert "$" not in asked
    assert store.rows(asked), title


def test_columns_are_those_of_the_exporter(store):
    """What clickhouseexporter 0.161.0 names in its INSERT statements (Map columns)."""
    named = json.loads((ROOT / "tests" / "collector" / "exporter_columns.json").read_text())
    for table, columns in named.items():
        found = {
            row["name"] for row in store.rows(f"SELECT name FROM system.columns WHERE database = 'smart_agents' AND table = '{table}'")
        }
        assert set(columns) <= found, table
