"""One stored ``agent(…)`` or ``session(…)`` that stands in many ``with`` statements at once, is copied, or is entered by an ExitStack."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from contextlib import AsyncExitStack, ExitStack

import pytest
from opentelemetry.context import attach, set_value

from otel_smart_agents import agent, current, session, skill, tool
from otel_smart_agents.instrument.context import inherited, percall_consent
from otel_smart_agents.instrument.run import NO_RUN


async def test_every_task_leaves_its_own_run(own, no_failures):
    planner = agent("planner")

    async def one(number):
        try:
            async with planner as run:
                run.set("odd", number % 2 == 1)
                await asyncio.sleep(0.001 * (number * 7 % 5))
                if number % 2:
                    raise LookupError
        except LookupError:
            pass
        with tool("after"):
            pass

    await asyncio.gather(*(one(number) for number in range(40)))
    planned = [span for span in own.spans if span.name == "invoke_agent planner"]
    assert len(planned) == 40
    assert all((span.attributes["smart_agents.outcome"] == "failure") == span.attributes["smart_agents.label.odd"] for span in planned)
    assert all(span.parent is None for span in own.spans)


def test_every_thread_leaves_its_own_run_and_session(own, no_failures):
    planner, here = agent("planner"), session(conversation_id="c", team="blue")
    entered, go = threading.Barrier(2), threading.Event()

    def first():
        with here, planner as run:
            run.set("number", 1)
            entered.wait(5)
            go.wait(5)
        with tool("after-first"):
            pass

    def second():
        entered.wait(5)
        with here, planner as run:
            run.set("number", 2)
            go.set()
            thread.join(5)
            with pytest.raises(LookupError), planner:
                raise LookupError
        with tool("after-second"):
            pass

    thread = threading.Thread(target=first)
    thread.start()
    second()
    for name in ("after-first", "after-second"):
        after = own.one(f"execute_tool {name}")
        assert after.parent is None
        assert "smart_agents.label.team" not in after.attributes
    numbered = {span.attributes["smart_agents.label.number"]: span for span in own.spans if "smart_agents.label.number" in span.attributes}
    assert {number: span.attributes["smart_agents.outcome"] for number, span in numbered.items()} == {1: "success", 2: "success"}


def test_generators_that_are_closed_first_in_first_out(own, no_failures):
    planner = agent("planner")

    def body(number):
        with planner as run:
            run.set("number", number)
            yield
            if number == 0:
                raise LookupError

    one, two = body(0), body(1)
    next(one)
    next(two)
    with pytest.raises(LookupError):
        next(one)
    assert next(two, "end") == "end"
    assert {span.attributes["smart_agents.label.number"]: span.attributes["smart_agents.outcome"] for span in own.spans} == {
        0: "failure",
        1: "success",
    }


def test_an_exit_stack_enters_and_leaves(own, no_failures):
    planner = agent("planner")
    with ExitStack() as stack:
        outer = stack.enter_context(planner)
        inner = stack.enter_context(planner)
        assert current() is inner is not outer
    assert current() is NO_RUN
    assert len(own.spans) == 2


async def test_a_generator_that_another_task_closes_leaves_its_own_run(own, no_failures):
    chat = agent("chat")

    async def stream():
        with chat as run:
            run.set("client", 1)
            while True:
                yield
                await asyncio.sleep(0)

    left = stream()
    await asyncio.create_task(anext(left))

    async def second():
        with chat as run:
            run.set("client", 2)
            await left.aclose()
            assert run.recording
            assert current() is run

    await asyncio.create_task(second())
    assert {span.attributes["smart_agents.label.client"]: span.attributes["smart_agents.outcome"] for span in own.spans} == {
        1: "abandoned",
        2: "success",
    }


async def test_a_session_is_left_whatever_was_attached_inside(own, no_failures):
    here = session(consent=["agent"], conversation_id="room")
    entered = asyncio.Event()
    after = []

    async def request(number):
        if number:
            await entered.wait()
        with here:
            entered.set()
            await asyncio.sleep(0.01 * (1 + 2 * number))
            attach(set_value("library", "never detached"))
        after.append((percall_consent(), dict(inherited())))

    await asyncio.gather(request(0), request(1))
    assert after == [(None, {}), (None, {})]


async def test_a_stack_that_another_task_closes_leaves_its_own_run(own, no_failures):
    planner, stack = agent("planner"), AsyncExitStack()

    async def enter():
        stack.enter_context(planner)

    with planner as outer:
        await asyncio.create_task(enter())
        await asyncio.create_task(stack.aclose())
        assert outer.recording
        assert current() is outer
    assert current() is NO_RUN
    assert len(own.spans) == 2


class Holder:
    def __init__(self):
        self.block, self.around = agent("planner", version="1"), session(team="blue")


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda held: pickle.loads(pickle.dumps(held))])
def test_objects_that_hold_blocks_are_copied(own, copied, on):
    if not on:
        own.off()
    held = Holder()
    with held.block, held.around:
        other = copied(held)
    own.on()
    with other.around, other.block, skill("inside"):
        pass
    assert own.one("execute_tool inside").attributes["smart_agents.label.team"] == "blue"


@pytest.mark.parametrize("on", [True, False])
def test_a_handle_is_copied_as_itself_and_moves_nowhere(own, on):
    if not on:
        own.off()
    state = {"handle": agent("planner").start()}
    assert copy.deepcopy(state)["handle"] is state["handle"]
    assert copy.copy(state["handle"]) is state["handle"]
    assert pickle.loads(pickle.dumps(state))["handle"] is NO_RUN
    state["handle"].end()
