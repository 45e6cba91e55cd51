"""Threads, process pools, child processes, MCP messages."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from opentelemetry.context import attach, detach, set_value

from otel_smart_agents import Carrier, agent, bind, pool, session, step, tool, workflow
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.context import inherited
from otel_smart_agents.instrument.mcp import carrier_of_meta, continued, inject_meta
from otel_smart_agents.instrument.propagate import adopt_environ, inject_environ

pytestmark = pytest.mark.usefixtures("no_failures")


def work():
    with step("work"):
        pass
    return threading.get_ident()


def test_bind_carries_the_call_into_a_thread(own):
    with workflow("flow"):
        thread = threading.Thread(target=bind(work))
        thread.start()
        thread.join()
        loose = threading.Thread(target=work)
        loose.start()
        loose.join()
    parents = [span.parent for span in own.spans if span.name == "step work"]
    assert [parent is None for parent in parents] == [False, True]
    assert own.one("invoke_workflow flow").attributes["smart_agents.workflow.steps"] == ("step:work",)


async def test_bind_carries_the_call_into_a_task_made_elsewhere(own):
    @bind
    async def unbound():
        return None

    with agent("outer"):

        @bind
        async def later():
            with tool("late"):
                await asyncio.sleep(0)

    await unbound()
    await asyncio.create_task(later())
    assert own.parent_of("execute_tool late") == "invoke_agent outer"


def test_bind_is_the_function_itself_while_off():
    assert bind(work) is work
    with pytest.raises(TypeError, match="function"):
        bind(42)


def test_a_thread_pool_runs_tasks_under_the_submitting_call(own):
    with ThreadPoolExecutor(2) as threads, pool(threads) as executor:
        with agent("a"):
            futures = [executor.submit(work) for _ in range(3)]
            list(executor.map(lambda _: work(), range(2)))
        assert all(future.result() for future in futures)
    parent = own.one("invoke_agent a").context.span_id
    assert {span.parent.span_id for span in own.spans if span.name == "step work"} == {parent}
    assert len(own.spans) == 6


def child_ids(_=None):
    """What a call in another process would be the child of."""
    with tool("child"):
        carrier = Carrier.of()
        return carrier.traceparent.split("-")[1], dict(inherited()), os.getpid()


def test_a_process_pool_carries_ids_and_names(own):
    around = session(conversation_id="c1")
    with pool(ProcessPoolExecutor(1, mp_context=get_context("fork"))) as executor, around, workflow("flow"), agent("a"):
        trace_id, names, pid = executor.submit(child_ids).result(timeout=60)
        assert [ids[0] for ids in executor.map(child_ids, range(2), chunksize=1)] == [trace_id] * 2
    assert pid != os.getpid()
    assert int(trace_id, 16) == own.one("invoke_agent a").context.trace_id
    assert names == {"gen_ai.agent.name": "a", "gen_ai.workflow.name": "flow", "gen_ai.conversation.id": "c1"}


def test_a_process_pool_works_while_off():
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as processes, pool(processes) as executor:
        assert executor.submit(pow, 2, 3).result(timeout=60) == 8


def test_pool_takes_executors_alone():
    with pytest.raises(TypeError, match="executor"):
        pool([])

    class Now(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.set_result(fn(*args, **kwargs))
            return future

    assert pool(Now()).submit(pow, 2, 3).result() == 8


def test_a_carrier_is_picklable_and_brings_upstream_ids_to_processes_of_the_same_program(own, make):
    upstream = make("up", key="up-key").on()
    with agent("a"):
        carrier = pickle.loads(pickle.dumps(Carrier.of()))
        text = carrier.environ()
    with carrier.activate(), tool("later"):
        pass
    for side in (own, upstream):
        assert side.parent_of("execute_tool later") == "invoke_agent a"
    upstream_trace = f"{upstream.spans[0].context.trace_id:032x}"
    assert upstream_trace not in str(text)
    assert text["SMART_AGENTS_CONTEXT"] == "agent=a"


def test_an_empty_or_spoilt_carrier_changes_nothing(own):
    for carrier in (Carrier(), Carrier("rubbish", "x" * 3), Carrier("00-" + "0" * 32 + "-" + "0" * 16 + "-01")):
        with carrier.activate(), tool("t"):
            pass
    assert all(span.parent is None for span in own.spans)


CHILD = """
import sys
from opentelemetry.sdk.trace import TracerProvider
from otel_smart_agents import agent, skill
from otel_smart_agents.instrument.propagate import adopt_environ
from otel_smart_agents.instrument.runtime import Route, install
import os, threading
install(Route("own", TracerProvider().get_tracer("otel_smart_agents")))
adopt_environ(os.environ)
def run():
    with skill("in-child") as run:
        print(run.ref, run.span.attributes.get("gen_ai.agent.name"), run.span.parent.span_id)
run()
thread = threading.Thread(target=run); thread.start(); thread.join()
"""


def test_a_child_process_goes_on_under_its_parent(own):
    with agent("parent & sons"):
        environ = inject_environ(os.environ)
        done = subprocess.run([sys.executable, "-c", CHILD], env=environ, capture_output=True, text=True, timeout=60, check=True)
    parent = own.spans[0]
    for line in done.stdout.splitlines():
        ref, *name, span_id = line.split()
        assert int(ref.split("-")[0], 16) == parent.context.trace_id
        assert " ".join(name) == "parent & sons"
        assert int(span_id) == parent.context.span_id
    assert len(done.stdout.splitlines()) == 2


def test_the_environment_is_not_touched_while_off_and_stale_values_do_not_pass_on(own):
    stale = {"TRACEPARENT": "old", "PATH": "/bin"}
    assert inject_environ(stale) == {"PATH": "/bin"}
    own.off()
    assert inject_environ(stale) == stale
    assert inject_environ() == {}


def test_a_spoilt_environment_is_no_parent(own):
    adopt_environ({"TRACEPARENT": "nonsense", "SMART_AGENTS_CONTEXT": ";;=;agent"})
    assert runtime.STATE.root is None
    with tool("t"):
        pass
    assert own.spans[0].parent is None


def test_mcp_messages_carry_the_trace(own):
    assert inject_meta({"progressToken": 1}) == {"progressToken": 1}
    with agent("client"):
        meta = inject_meta({"progressToken": 1})
    assert set(meta) == {"progressToken", "traceparent"}
    with continued(meta), tool("server"):
        pass
    assert own.parent_of("execute_tool server") == "invoke_agent client"
    for bad in (None, {}, {"traceparent": 5}, {"traceparent": "x" * 9999}, {"tracestate": "a=b"}):
        assert carrier_of_meta(bad) == Carrier()
    own.off()
    assert inject_meta(None) == {}


def test_a_span_that_the_sdk_made_for_the_message_stays_the_parent(own):
    with tool("review"):
        meta = inject_meta()
    with own.tracer.start_as_current_span("tools/call review", context=carrier_of_meta(meta).context()), continued(meta), agent("reviewer"):
        pass
    with own.tracer.start_as_current_span("another message"), continued(meta), agent("continued"):
        pass
    assert own.parent_of("invoke_agent reviewer") == "tools/call review"
    assert own.parent_of("invoke_agent continued") == "execute_tool review"


def test_meta_may_be_an_object_with_attributes(own):
    with tool("review"):
        carrier = Carrier.of()
    meta = type("Meta", (), {"traceparent": carrier.traceparent})()
    with continued(meta), agent("reviewer"):
        pass
    assert own.parent_of("invoke_agent reviewer") == "execute_tool review"
    assert carrier_of_meta(object()) == Carrier()


def test_the_process_that_started_this_one_is_the_parent_whatever_else_is_around(own):
    adopt_environ({"TRACEPARENT": f"00-{'1' * 32}-{'2' * 16}-01", "SMART_AGENTS_CONTEXT": "agent=parent"})
    with session(conversation_id="c"), tool("inside"):
        pass
    token = attach(set_value("application", "value"))
    try:
        with agent("beside"):
            pass
    finally:
        detach(token)
    inside, beside = own.one("execute_tool inside"), own.one("invoke_agent beside")
    assert inside.parent.span_id == beside.parent.span_id == int("2" * 16, 16)
    assert inside.attributes["gen_ai.conversation.id"] == "c"
    assert inside.attributes["gen_ai.agent.name"] == "parent"


def test_outside_of_a_call_a_child_process_inherits_the_parent_of_this_one(own):
    environ = {"TRACEPARENT": f"00-{'1' * 32}-{'2' * 16}-01", "PATH": "x"}
    adopt_environ(environ)
    assert inject_environ(environ) == environ
    with session(conversation_id="c"):
        assert inject_environ(environ)["TRACEPARENT"] == environ["TRACEPARENT"]


async def test_bind_carries_the_call_into_generators(own):
    def items():
        with tool("sync"):
            yield 1

    async def aitems():
        with tool("async"):
            yield 1

    with agent("outer"):
        bound, abound = bind(items), bind(aitems)
    assert list(bound()) == [1]
    assert [item async for item in abound()] == [1]
    assert (own.parent_of("execute_tool sync"), own.parent_of("execute_tool async")) == ("invoke_agent outer", "invoke_agent outer")
