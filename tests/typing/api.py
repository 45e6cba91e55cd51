"""What a type checker sees of the public surface; checked by mypy, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, assert_type

from otel_smart_agents import (
    Capture,
    Carrier,
    Run,
    agent,
    bind,
    current,
    feature,
    feedback,
    pool,
    session,
    skill,
    step,
    tool,
    workflow,
)

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


@agent
def bare(a: int, *, b: str = "") -> float:
    return a + len(b)


assert_type(bare(1, b="x"), float)
bare("1")  # type: ignore[arg-type] # a decorated function keeps its parameters


@agent("planner", version="1", source="builtin", kind="remote", capture={"a": "masked", "return": Capture.SHAPE}, root=True)
def named(a: int) -> list[int]:
    return [a]


assert_type(named(1), list[int])


@skill(name="read", phase="load", attributes={"team": "blue"})
async def coroutine(a: int) -> str:
    return str(a)


reveal: Callable[[int], Coroutine[Any, Any, str]] = coroutine


@tool
def generator() -> Iterator[int]:
    yield 1


assert_type(generator(), Iterator[int])


@step("next")
async def async_generator() -> AsyncIterator[bytes]:
    yield b""


assert_type(async_generator(), AsyncIterator[bytes])


@workflow(methods=("run",))
class Flow:
    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    def run(self) -> int:
        return self.rounds


assert_type(Flow(3).run(), int)

agent("x", vresion="1")  # type: ignore[call-overload] # an unknown keyword
tool("x", kind="remote")  # type: ignore[call-overload] # only an agent is remote
agent("x", source="nowhere")  # type: ignore[call-overload] # not one of the sources


async def blocks() -> None:
    with agent("planner") as run:
        assert_type(run, Run)
        run.set("key", 1)
        run.usage(input=1, cost=0.1, currency="EUR")
        run.usage(input="1")  # type: ignore[arg-type] # figures are numbers
        assert_type(run.ref, str)
        assert_type(run.carrier(), Carrier)
    async with workflow("flow") as flow:
        assert_type(flow, Run)
    handle = agent("handle").start()
    with handle.activate() as active:
        assert_type(active, Run)
    handle.end()
    assert_type(current(), Run)


@session(conversation_id="c", tenant="blue", consent={"agent"})
def in_session(a: int) -> int:
    return a


assert_type(in_session(1), int)


def threads(executor: ThreadPoolExecutor) -> Future[int]:
    bound = bind(in_session)
    assert_type(bound(1), int)
    feature("name", "used")
    feedback("ref", "user_satisfaction", 4)
    return pool(executor).submit(in_session, 1)
