"""Context managers, handles, the run's methods, sessions; contract 5, 6, 7, 8 and 11."""

from __future__ import annotations

import asyncio
import gc
import threading
from enum import StrEnum

import pytest
from opentelemetry import trace

from otel_smart_agents import agent, current, session, skill, step, tool, workflow
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.context import inherited, percall_consent
from otel_smart_agents.instrument.run import NO_RUN


def test_off_gives_the_shared_run_and_calls_nothing():
    with agent("planner") as run:
        assert run is NO_RUN
        assert current() is NO_RUN
        run.set("a", 1)
        run.set_many({"a": 1})
        run.usage(input=1, output=2, cache_read=3, cost=0.1, currency="USD")
        run.outcome("denied")
        run.input("x")
        run.output("x")
        run.event("x", a=1)
        run.rate(4)
        run.end()
        with run.activate():
            assert run.carrier().traceparent == ""
        assert run.ref == ""
    assert agent("planner").start() is NO_RUN
    assert not run.recording


async def test_every_form_gives_a_span(own, no_failures):
    with agent("with") as run:
        assert run is current()
        assert run.recording
    async with agent("async-with"):
        await asyncio.sleep(0)
    handle = agent(name="handle").start()
    assert current() is NO_RUN
    handle.end()
    assert own.names == ["invoke_agent async-with", "invoke_agent handle", "invoke_agent with"]


def test_one_object_may_be_entered_inside_itself_and_by_threads(own, no_failures):
    planner = agent("planner")
    with planner as outer, planner as inner:
        assert outer is not inner

    def work():
        for _ in range(50):
            with agent("thread"):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own.spans) == 202


def test_with_blocks_that_end_out_of_order_leave_nothing_behind(own, no_failures):
    one, two = agent("one"), agent("two")
    one.__enter__()
    two.__enter__()
    one.__exit__(None, None, None)
    two.__exit__(None, None, None)
    assert current() is NO_RUN
    assert not trace.get_current_span().get_span_context().is_valid


def test_a_with_statement_never_fails_for_telemetrys_sake(own):
    with agent(version=object()) as run:
        assert run is NO_RUN
    with agent() as run:
        assert run is NO_RUN
    with agent("free text:\n any", source="nowhere"):
        pass
    assert runtime.FAILURES == {"with": 3}


def test_a_name_of_run_time_is_taken_as_it_is_for_the_filter_to_judge(own, no_failures):
    with tool("no name (really)"):
        pass
    with tool("x" * 500):
        pass
    assert "execute_tool no name (really)" in own.names
    assert "execute_tool " + "x" * 128 in own.names


def test_a_handle_ends_once_from_any_thread(own, no_failures):
    handle = agent("handle").start()
    with handle.activate(), tool("inside"):
        pass
    assert current() is NO_RUN
    threads = [threading.Thread(target=handle.end) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handle.end()
    handle.set("late", 1)
    assert own.parent_of("execute_tool inside") == "invoke_agent handle"


def test_a_handle_may_end_with_an_error_and_a_lost_one_is_abandoned(own, no_failures):
    agent("failed").start().end(ConnectionError())
    assert own.outcome("invoke_agent failed") == "failure"
    agent("lost").start()
    gc.collect()
    assert own.outcome("invoke_agent lost") == "abandoned"


async def test_a_handle_ends_in_another_task(own, no_failures, caplog):
    handle = workflow("handle").start()

    async def end():
        handle.end()

    await asyncio.create_task(end())
    assert own.outcome("invoke_workflow handle") == "success"
    assert not caplog.records


class Colour(StrEnum):
    RED = "red"


def test_what_a_run_records(own, no_failures):
    with agent("rich", version="2.0.0", source="builtin", attributes={"team": "blue", "smart_agents.task.type": "review"}) as run:
        run.set("gen_ai.request.model", "gpt-4")
        run.set_many({"tenant": Colour.RED, "flags": [True, False], "ratio": 0.5})
        run.usage(input=10, output=5, cache_read=2, cost=1, currency="EUR")
        run.event("retry", attempt=2)
    span = own.one("invoke_agent rich")
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "rich",
        "gen_ai.agent.version": "2.0.0",
        "smart_agents.kind": "agent",
        "smart_agents.source": "builtin",
        "smart_agents.task.type": "review",
        "smart_agents.label.team": "blue",
        "gen_ai.request.model": "gpt-4",
        "smart_agents.label.tenant": "red",
        "smart_agents.label.flags": (True, False),
        "smart_agents.label.ratio": 0.5,
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 2,
        "smart_agents.cost.amount": 1.0,
        "smart_agents.cost.currency": "EUR",
        "smart_agents.cost.source": "local",
        "smart_agents.outcome": "success",
    }
    assert type(span.attributes["smart_agents.label.tenant"]) is str
    assert [(event.name, dict(event.attributes)) for event in span.events] == [("retry", {"smart_agents.label.attempt": 2})]


def test_what_is_no_attribute_is_counted_and_raises_nothing(own):
    class Hostile:
        def __repr__(self):
            raise AssertionError

        __str__ = __getattr__ = __repr__

    with agent("x") as run:
        run.set("object", Hostile())
        run.set_many({"fine": 1, "object": {"a": 1}})
    assert own.one("invoke_agent x").attributes["smart_agents.label.fine"] == 1
    assert runtime.FAILURES == {"set": 2}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            lambda: skill("s", version="1", phase="load"),
            {
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": "s",
                "gen_ai.skill.name": "s",
                "gen_ai.tool.type": "skill",
                "smart_agents.skill.version": "1",
                "smart_agents.skill.phase": "load",
            },
        ),
        (lambda: tool("s"), {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "s"}),
        (lambda: workflow("s"), {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "s"}),
        (lambda: step("s"), {"smart_agents.step.name": "s"}),
    ],
    ids=["skill", "tool", "workflow", "step"],
)
def test_each_kind_has_its_own_names(own, no_failures, make, expected):
    with make():
        pass
    attributes = own.spans[0].attributes
    assert {key: attributes[key] for key in expected} == expected
    assert "gen_ai.operation.name" in expected or "gen_ai.operation.name" not in attributes


def test_only_a_remote_agent_is_a_client(own, no_failures):
    with agent("far", kind="remote"), agent("near"):
        pass
    assert own.one("invoke_agent far").kind is trace.SpanKind.CLIENT
    assert own.one("invoke_agent near").kind is trace.SpanKind.INTERNAL


def test_a_root_starts_a_trace_of_its_own_with_a_link(own, no_failures):
    with session(conversation_id="c1"), agent("outer"), agent("fresh", root=True), tool("inside"):
        pass
    fresh, outer = own.one("invoke_agent fresh"), own.one("invoke_agent outer")
    assert fresh.parent is None
    assert fresh.context.trace_id != outer.context.trace_id
    assert [link.context.span_id for link in fresh.links] == [outer.context.span_id]
    assert fresh.attributes["gen_ai.conversation.id"] == "c1"
    assert own.parent_of("execute_tool inside") == "invoke_agent fresh"


def test_names_around_stand_on_the_spans_inside(own, no_failures):
    with session(conversation_id="c1", session_id=7, tenant="blue"), workflow("nightly"), agent("reviewer"), skill("read"):
        assert inherited() == {
            "gen_ai.conversation.id": "c1",
            "session.id": "7",
            "smart_agents.label.tenant": "blue",
            "gen_ai.workflow.name": "nightly",
            "gen_ai.agent.name": "reviewer",
        }
    attributes = own.one("execute_tool read").attributes
    assert attributes["gen_ai.agent.name"] == "reviewer"
    assert attributes["gen_ai.workflow.name"] == "nightly"
    assert attributes["gen_ai.conversation.id"] == "c1"
    assert inherited() == {}


def test_an_inner_agent_keeps_its_own_name(own, no_failures):
    with agent("outer"), agent("inner"):
        pass
    assert own.one("invoke_agent inner").attributes["gen_ai.agent.name"] == "inner"


async def test_session_decorates_every_type_of_function(own, no_failures):
    about = session(conversation_id="c9")

    @about
    def plain():
        with tool("a"):
            return 1

    @about
    async def coroutine():
        with tool("b"):
            return 2

    @about
    def stream():
        with tool("c"):
            yield 3

    @about
    async def astream():
        with tool("d"):
            yield 4

    assert (plain(), await coroutine(), list(stream()), [item async for item in astream()]) == (1, 2, [3], [4])
    assert {span.attributes["gen_ai.conversation.id"] for span in own.spans} == {"c9"}
    assert len(own.spans) == 4
    assert inherited() == {}


def test_an_end_users_consent_narrows_and_never_widens(own, no_failures):
    with session(consent={"agent", "skill"}, policy_version="3", subject="jane"):
        assert percall_consent().categories == {"agent", "skill"}
        with session(consent={"agent", "error"}):
            assert percall_consent().categories == {"agent"}
            assert percall_consent().subject == "jane"
        with session(consent=None):
            assert percall_consent().categories == frozenset()
    assert percall_consent() is None


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: session(conversation_id=1.5), TypeError),
        (lambda: session(tenant=object()), TypeError),
        (lambda: session(subject="x"), ConfigError),
        (lambda: session(consent={"agents"}), ConfigError),
        (lambda: session()(42), TypeError),
    ],
)
def test_a_wrong_session_says_so(make, error):
    with pytest.raises(error):
        make()


def test_a_call_in_flight_at_a_switch_finishes_cleanly(make, no_failures):
    destination = make("d").on()
    with agent("on-off"):
        destination.off()
        with tool("unseen"):
            pass
    with agent("off-on"):
        destination.on()
        with tool("seen"):
            pass
    assert destination.names == ["execute_tool seen", "invoke_agent on-off"]
    assert current() is NO_RUN


def test_a_span_of_another_instrumentation_is_enriched_instead_of_nested(own, no_failures):
    foreign = own.provider.get_tracer("some.framework")
    with foreign.start_as_current_span("invoke_agent planner", attributes={"gen_ai.agent.name": "planner"}):
        with agent("planner", version="2") as run, skill("read"):
            pass
        assert run.ref
    with (
        foreign.start_as_current_span("chat", attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "other"}),
        agent("other"),
    ):
        pass
    assert own.names == ["chat", "execute_tool read", "invoke_agent planner"]
    span = own.one("invoke_agent planner")
    assert span.instrumentation_scope.name == "some.framework"
    assert span.attributes["gen_ai.agent.version"] == "2"
    assert span.attributes["smart_agents.kind"] == "agent"
    assert span.attributes["smart_agents.outcome"] == "success"
    assert own.one("execute_tool read").attributes["gen_ai.agent.name"] == "planner"


def test_an_enriched_span_keeps_its_owners_status(own, no_failures):
    foreign = own.provider.get_tracer("some.framework")
    options = {"record_exception": False, "set_status_on_exception": False}
    with pytest.raises(ValueError, match="x"), foreign.start_as_current_span("invoke_agent planner", **options), agent("planner"):
        raise ValueError("x")
    span = own.one("invoke_agent planner")
    assert span.status.is_unset
    assert span.attributes["error.type"] == "ValueError"


def test_recursion_nests_and_other_spans_are_not_taken_for_ours(own, no_failures):
    @agent("again")
    def again(depth):
        if depth:
            again(depth - 1)

    again(3)
    with own.provider.get_tracer("some.framework").start_as_current_span("invoke_agent else"), agent("planner"):
        pass
    assert len(own.spans) == 6


def test_own_spans_are_opentelemetrys_current_span(own, no_failures):
    other = own.provider.get_tracer("http.client")
    with agent("planner"):
        with other.start_as_current_span("GET"):
            pass
        assert trace.get_current_span().name == "invoke_agent planner"
    assert own.parent_of("GET") == "invoke_agent planner"


def test_ten_thousand_children_under_one_workflow(own, no_failures):
    with workflow("wide"):
        for _ in range(10_000):
            with step("again"):
                pass
    attributes = own.one("invoke_workflow wide").attributes
    assert attributes["smart_agents.workflow.step.count"] == 10_000
    assert len(attributes["smart_agents.workflow.steps"]) == 32


def test_the_workflows_root_lists_its_steps_in_order(own, no_failures):
    @workflow("review")
    def review(rounds):
        with agent("reader"):
            for _ in range(rounds):
                with skill("read"):
                    pass
        with workflow("inner"), step("merge"):
            pass

    review(2)
    review(3)
    roots = [span.attributes for span in own.spans if span.name == "invoke_workflow review"]
    assert roots[0]["smart_agents.workflow.steps"] == ("agent:reader", "skill:read", "skill:read", "workflow:inner", "step:merge")
    assert [root["smart_agents.workflow.step.count"] for root in roots] == [5, 6]
    assert roots[0]["smart_agents.workflow.pattern_hash"] == roots[1]["smart_agents.workflow.pattern_hash"]
    assert "smart_agents.workflow.steps" not in own.spans[-3].attributes
