"""The pytest plugin: what it does in the test runs of its users, and what it does not do in those of others."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

HEAD = """
import os, sys, threading
import pytest
from otel_smart_agents import agent, feature, feedback, session, skill, step, tool, workflow
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs a user's tests in a process of its own, with this plugin and pytest's own ones only."""
    for name in list(os.environ):
        if name.startswith(("OTEL_", "SMART_AGENTS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text, *arguments, head=HEAD):
        pytester.makepyfile(head + text)
        return pytester.runpytest_subprocess("-p", "otel_smart_agents.testing.plugin", "-W", "error", "-p", "no:cacheprovider", *arguments)

    return run


def test_pytest_finds_the_plugin_by_itself():
    found = [point.value for point in entry_points(group="pytest11") if point.name == "otel_smart_agents"]
    assert found == ["otel_smart_agents.testing.plugin"]


class TestForeignRuns:
    """A run that does not use the fixture: nothing is imported, printed, started or left."""

    def test_nothing_is_imported_but_the_plugin(self, suite):
        result = suite(
            """
import sys, threading
def test_quiet():
    ours = {name for name in sys.modules if name.startswith("otel_smart_agents")}
    package = {"otel_smart_agents", "otel_smart_agents._version", "otel_smart_agents.env"}
    assert ours == package | {"otel_smart_agents.testing", "otel_smart_agents.testing.plugin"}
    assert not [name for name in sys.modules if name.split(".")[0] in ("opentelemetry", "re2", "google", "grpc", "rich", "click")]
    assert threading.active_count() == 1
""",
            head="",
        )
        result.assert_outcomes(passed=1)
        assert result.stderr.str() == ""

    def test_no_warning_where_the_package_is_imported_before_pytest(self, pytester, monkeypatch):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "0")
        pytester.makepyfile("def test_nothing(): pass")
        code = (
            "import sys, otel_smart_agents.env, pytest\n"
            "sys.exit(pytest.main(['-p', 'no:cacheprovider', '-p', 'no:logfire', '-W', 'error::pytest.PytestAssertRewriteWarning']))"
        )
        monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
        assert pytester.run(sys.executable, "-c", code).ret == 0

    def test_export_is_off_for_the_run_and_for_programs_it_starts(self, suite):
        result = suite(
            """
import subprocess, sys
def test_off():
    code = "import os; print(os.environ['SMART_AGENTS_TELEMETRY'], os.environ['OTEL_PYTHON_SMART_AGENTS_MODE'])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["off", "off"]
""",
            head="",
        )
        result.assert_outcomes(passed=1)

    def test_a_project_can_test_its_own_export(self, suite):
        result = suite(
            """
import os
def test_on():
    assert "SMART_AGENTS_TELEMETRY" not in os.environ and "OTEL_PYTHON_SMART_AGENTS_MODE" not in os.environ
""",
            "-o",
            "smart_agents_export=true",
            head="",
        )
        result.assert_outcomes(passed=1)

    def test_the_fixture_keeps_its_place_when_the_code_under_test_configures(self, suite, monkeypatch, tmp_path):
        monkeypatch.setenv("HOME", str(tmp_path))
        result = suite(
            """
from otel_smart_agents import configure
def test_configures(traces):
    with configure(service_name="acme", audience="own", provider="isolated"), agent("planner"):
        pass
    assert traces.tree() == "invoke_agent planner [success]"
""",
            "-o",
            "smart_agents_export=true",
        )
        result.assert_outcomes(passed=1)

    def test_the_environment_is_as_before_after_the_run(self, pytester, monkeypatch):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("SMART_AGENTS_TELEMETRY", "local")
        monkeypatch.delenv("OTEL_PYTHON_SMART_AGENTS_MODE", raising=False)
        pytester.makepyfile("def test_nothing(): pass")
        code = (
            "import os, pytest\n"
            "before = {name: value for name, value in os.environ.items() if 'SMART' in name}\n"
            "assert pytest.main(['-p', 'otel_smart_agents.testing.plugin', '-p', 'no:cacheprovider']) == 0\n"
            "assert before == {name: value for name, value in os.environ.items() if 'SMART' in name} == {'SMART_AGENTS_TELEMETRY': 'local'}"
        )
        assert pytester.run(sys.executable, "-c", code).ret == 0


class TestFixture:
    """A user's test that takes ``traces`` and nothing else."""

    def test_the_tree_of_a_run(self, suite):
        result = suite('''
@workflow("nightly")
def nightly():
    with step("collect"):
        plan()

@agent("planner", version="1.2")
def plan():
    with skill("systematic-debugging"):
        pass
    with pytest.raises(TimeoutError), tool("search"):
        raise TimeoutError("no answer for jane@example.com")

def test_tree(traces):
    nightly()
    assert traces.tree() == """\\
invoke_workflow nightly [success]
└─ step collect [success]
   └─ invoke_agent planner [success]
      ├─ execute_tool systematic-debugging [success]
      └─ execute_tool search [timeout, TimeoutError]"""
    assert "gen_ai.agent.version='1.2'" in traces.tree("gen_ai.agent.version")
    assert traces.conformance() == []
    assert traces.failures == {} and traces.open_spans == 0
''')
        result.assert_outcomes(passed=1)

    def test_one_all_children_and_parent(self, suite):
        result = suite("""
def test_find(traces):
    with agent("planner"):
        for name in ("read", "write"):
            with tool(name):
                pass
    planner = traces.one("invoke_agent planner")
    assert traces.one("invoke_*") is not None and traces.one(kind="agent").name == planner.name
    assert [span.name for span in traces.all("execute_tool *")] == ["execute_tool read", "execute_tool write"]
    assert [span.name for span in traces.children(planner)] == ["execute_tool read", "execute_tool write"]
    assert traces.parent(traces.one("execute_tool read")).name == planner.name and traces.parent(planner) is None
    assert planner.attributes["gen_ai.agent.name"] == "planner"
    with pytest.raises(AssertionError, match=r"expected one span 'invoke_agent writer', found 0; all spans:\\ninvoke_agent planner"):
        traces.one("invoke_agent writer")
    with pytest.raises(AssertionError, match="found 2"):
        traces.one(kind="tool")
    traces.clear()
    assert traces.spans == [] and traces.tree() == ""
""")
        result.assert_outcomes(passed=1)

    def test_two_runs_give_the_same_ids_and_times(self, suite):
        result = suite("""
seen = []
@pytest.mark.parametrize("turn", [1, 2])
def test_same(traces, turn):
    with agent("planner") as run:
        run.event("looked")
        traces.clock.advance(2.5)
        with tool("search"):
            pass
    seen.append([(s.name, s.get_span_context().trace_id, s.get_span_context().span_id, s.start_time, s.end_time) for s in traces.spans])
    planner, search = traces.spans
    assert planner.get_span_context().span_id == 1 and search.parent.span_id == 1
    assert planner.end_time - planner.start_time == 2_503_000_000, "two and a half seconds, and a millisecond per start and end"
    assert planner.start_time < planner.events[0].timestamp < planner.end_time
    assert seen[0] == seen[-1]
""")
        result.assert_outcomes(passed=2)

    def test_assert_absent_looks_at_every_surface(self, suite):
        result = suite("""
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState
from otel_smart_agents.privacy import Policy

PLACES = {
    "name": lambda span: span.update_name("GET /zebra"),
    "value": lambda span: span.set_attribute("http.route", "/zebra"),
    "nested value": lambda span: span.set_attribute("smart_agents.label.note", ["a", "the-Zebra-ran"]),
    "key": lambda span: span.set_attribute("smart_agents.label.zebra", 1),
    "event's name": lambda span: span.add_event("zebra"),
    "event's value": lambda span: span.add_event("seen", {"http.route": "/zebra"}),
    "link": lambda span: span.add_link(SpanContext(1, 2, False), {"http.route": "/zebra"}),
}

@pytest.mark.parametrize("place", PLACES)
def test_found(traces, place):
    span = traces.tracer_provider.get_tracer("opentelemetry.instrumentation.requests").start_span("GET")
    PLACES[place](span)
    span.end()
    with pytest.raises(AssertionError, match="(?i)zebra"):
        traces.assert_absent("zebra")
    traces.assert_absent("giraffe")

def test_events_are_searched_too(traces):
    feature("zebra", "used")
    with pytest.raises(AssertionError, match="'zebra' stands in event 'smart_agents.feature.usage': attribute smart_agents.feature.name"):
        traces.assert_absent("zebra")

def test_what_is_redacted_is_absent(traces):
    with pytest.raises(ValueError), agent("planner", attributes={"note": "ask jane.doe@example.com"}) as run:
        run.set("api_key", "sk-ant-api03-" + "abcdefghij" * 9)
        run.set("unknown.key", "giraffe")
        raise ValueError("zebra")
    traces.assert_absent("jane.doe", "sk-ant", "giraffe", "zebra", "api_key")

@pytest.mark.parametrize("wrong", [(), ("",), ("zebra", "")])
def test_nothing_to_look_for_is_an_error(traces, wrong):
    with pytest.raises(ValueError, match="at least one"):
        traces.assert_absent(*wrong)
""")
        result.assert_outcomes(passed=12)

    def test_features_and_ratings_are_events(self, suite):
        result = suite("""
def test_events(traces):
    with skill("debugging") as run:
        feature("evolution", "enabled")
        run.rate(4)
    usage, = traces.events("smart_agents.feature.usage")
    assert usage.log_record.attributes["smart_agents.feature.name"] == "evolution"
    rating, = traces.events("gen_ai.evaluation.result")
    assert rating.log_record.attributes["gen_ai.evaluation.score.value"] == 4.0
    assert rating.log_record.span_id == traces.one().get_span_context().span_id
    assert len(traces.events()) == 2
""")
        result.assert_outcomes(passed=1)

    def test_other_instrumentations_get_what_the_context_hands_down(self, suite):
        result = suite("""
def test_model_call(traces):
    tracer = traces.tracer_provider.get_tracer("opentelemetry.instrumentation.openai_v2")
    with session(conversation_id="chat-7"), agent("planner"):
        with tracer.start_as_current_span("chat gpt-4", attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4"}):
            pass
    call = traces.one("chat gpt-4")
    assert call.attributes["gen_ai.agent.name"] == "planner"
    assert call.attributes["gen_ai.conversation.id"] == traces.one("invoke_agent planner").attributes["gen_ai.conversation.id"]
    assert "chat-7" not in call.attributes["gen_ai.conversation.id"]
    assert traces.parent(call).name == "invoke_agent planner"
    assert traces.conformance() == []
""")
        result.assert_outcomes(passed=1)

    def test_spans_are_seen_as_another_destination_would_get_them(self, suite):
        result = suite("""
from otel_smart_agents.privacy import Policy
def test_policy(traces):
    with workflow("nightly"), agent("planner"):
        pass
    traces.policy = Policy(categories=frozenset({"agent"}))
    assert [span.name for span in traces.spans] == ["invoke_agent planner"]
""")
        result.assert_outcomes(passed=1)

    def test_nothing_leaks_from_test_to_test_or_stays_behind(self, suite, pytester):
        result = suite("""
from otel_smart_agents.instrument.runtime import STATE, Route, install, remove
from opentelemetry import trace

def test_first(traces):
    with agent("planner"):
        pass
    assert len(traces.spans) == 1

def test_second(traces):
    assert traces.spans == [] and threading.active_count() == 1

def test_without():
    assert STATE.routes == ()
    with agent("planner") as run:
        assert not run.recording

def test_a_configured_destination_is_back_afterwards(request):
    class Refuses:
        def start_span(self, *args, **kwargs):
            raise AssertionError("a span went to the configured destination")
    install(Route("configured", Refuses()))
    try:
        traces = request.getfixturevalue("traces")
        with agent("planner"):
            pass
        assert len(traces.spans) == 1
        traces.stop()
        assert [route.name for route in STATE.routes] == ["configured"]
    finally:
        remove("configured")

def test_the_global_provider_is_left_alone(traces):
    assert type(trace.get_tracer_provider()).__name__ == "ProxyTracerProvider"
    assert [name for name in os.listdir(os.environ["HOME"]) if "smart" in name] == []
""")
        result.assert_outcomes(passed=5)

    def test_async_and_threads(self, suite):
        result = suite("""
import asyncio
from concurrent.futures import ThreadPoolExecutor
from otel_smart_agents import bind

@agent("planner")
async def plan():
    await asyncio.gather(*(look(n) for n in range(3)))
    with ThreadPoolExecutor() as pool:
        pool.submit(bind(write)).result()

@tool("look")
async def look(n):
    await asyncio.sleep(0)

@tool("write")
def write():
    pass

def test_async(traces):
    asyncio.run(plan())
    planner = traces.one(kind="agent")
    assert sorted(span.name for span in traces.children(planner)) == ["execute_tool look"] * 3 + ["execute_tool write"]
""")
        result.assert_outcomes(passed=1)

    def test_a_disabled_sdk_does_not_disable_the_fixture(self, suite, monkeypatch):
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        result = suite("""
def test_still(traces):
    with agent("planner"):
        pass
    assert traces.one().name == "invoke_agent planner"
    assert os.environ["OTEL_SDK_DISABLED"] == "true"
""")
        result.assert_outcomes(passed=1)

    def test_a_failing_test_shows_the_tree(self, suite):
        result = suite("""
def test_fails(traces):
    with agent("planner"):
        pass
    assert traces.all("invoke_agent writer"), traces
""")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*<Traces*", "*invoke_agent planner [[]success]*"])

    def test_deep_and_wide_traces(self, suite):
        result = suite("""
def test_many(traces):
    def down(levels):
        with agent("planner"):
            if levels:
                down(levels - 1)
    down(200)
    with workflow("wide"):
        for number in range(1000):
            with tool("t"):
                pass
    assert len(traces.tree().splitlines()) == 201 + 1001
""")
        result.assert_outcomes(passed=1)
