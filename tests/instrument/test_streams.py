"""Contract 2: generators, async generators, and results that are consumed after the call returned."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import tracemalloc

import pytest
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from otel_smart_agents import agent, current, skill, tool

pytestmark = pytest.mark.usefixtures("no_failures")


@pytest.fixture(autouse=True)
def nothing_logged(caplog):
    """Above all no "Failed to detach context"."""
    caplog.set_level(logging.DEBUG)
    yield
    assert [record.getMessage() for record in caplog.records if record.name.startswith("opentelemetry")] == []


def here():
    return trace.get_current_span().get_span_context().span_id


@tool
def numbers(n):
    """Yields numbers, and what was sent."""
    for number in range(n):
        got = yield number
        if got is not None:
            yield ("got", got)
    return "done"


def test_the_span_starts_at_the_first_step_and_ends_with_the_last(own):
    stream = numbers(2)
    assert own.spans == []
    assert next(stream) == 0
    assert own.spans == []
    assert list(stream) == [1]
    assert own.outcome("execute_tool numbers") == "success"


def test_send_throw_and_the_return_value_are_forwarded(own):
    stream = numbers(1)
    assert next(stream) == 0
    assert stream.send("x") == ("got", "x")
    with pytest.raises(StopIteration) as stop:
        next(stream)
    assert stop.value.value == "done"

    @tool
    def forgiving():
        try:
            yield 1
        except LookupError:
            yield "caught"

    stream = forgiving()
    next(stream)
    assert stream.throw(LookupError()) == "caught"
    assert list(stream) == []
    assert (
        own.outcome(
            "execute_tool test_send_throw_and_the_return_value_are_forwarded.forgiving".replace(
                "test_send_throw_and_the_return_value_are_forwarded.", ""
            )
        )
        == "success"
    )


def test_an_exception_of_the_body_is_a_failure(own):
    @tool("bad")
    def bad():
        yield 1
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        list(bad())
    assert own.one("execute_tool bad").status.status_code is StatusCode.ERROR


def test_children_of_the_body_are_parented_and_nothing_leaks_to_the_consumer(own):
    @agent("body")
    def body():
        for _ in range(3):
            with tool("child"):
                pass
            yield here()

    inside = set()
    for item in body():
        assert here() == 0
        inside.add(item)
    assert len(inside) == 1
    parent = own.one("invoke_agent body").context.span_id
    assert inside == {parent}
    assert {span.parent.span_id for span in own.spans if span.name == "execute_tool child"} == {parent}


def test_a_with_block_of_the_body_spans_steps(own):
    @agent("body")
    def body():
        with skill("block"):
            yield 1
            with tool("inner"):
                yield 2
        yield 3

    assert list(body()) == [1, 2, 3]
    assert own.parent_of("execute_tool inner") == "execute_tool block"
    assert own.parent_of("execute_tool block") == "invoke_agent body"


def test_interleaved_streams_keep_their_own_children(own):
    @agent
    def one(name):
        with tool(name):
            yield here()
            yield here()

    for a, b in zip(one("a"), one("b"), strict=True):
        assert a != b
    assert len({span.parent.span_id for span in own.spans if span.name.startswith("execute_tool")}) == 2


@pytest.mark.parametrize("leave", ["break", "close", "collect"])
def test_a_stream_that_is_left_is_abandoned(own, leave):
    @tool("left")
    def left():
        try:
            yield 1
            yield 2
        finally:
            cleaned.append(here())

    cleaned = []
    stream = left()
    for _ in stream:
        break
    if leave == "close":
        stream.close()
    elif leave == "collect":
        del stream
        gc.collect()
    else:
        stream = None
    span = own.one("execute_tool left")
    assert span.attributes["smart_agents.outcome"] == "abandoned"
    assert span.status.status_code is StatusCode.UNSET
    assert cleaned == [span.context.span_id]


def test_close_returns_and_raises_what_the_body_does(own):
    def body():
        try:
            yield 1
        except GeneratorExit:
            yield "ignores it"

    def closed(function):
        stream = function()
        next(stream)
        with pytest.raises(RuntimeError, match="ignored GeneratorExit"):
            stream.close()

    closed(body)
    closed(tool("ignores")(body))

    def fails():
        try:
            yield 1
        finally:
            raise LookupError

    stream = tool("fails")(fails)()
    next(stream)
    with pytest.raises(LookupError):
        stream.close()


def test_a_stream_that_never_starts_leaves_no_span(own):
    numbers(3).close()
    numbers(3)
    gc.collect()
    assert own.spans == []


def test_streaming_keeps_no_items(own):
    @tool("megabytes")
    def megabytes():
        for _ in range(40):
            yield bytearray(1_000_000)

    def consume(stream):
        total = 0
        for item in stream:
            total += len(item)
            del item
        return total

    tracemalloc.start()
    try:
        assert consume(megabytes()) == 40_000_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 3_000_000, peak


@tool
async def anumbers(n):
    """Yields numbers, and what was sent."""
    for number in range(n):
        await asyncio.sleep(0)
        got = yield number
        if got is not None:
            yield ("got", got)


async def test_async_items_pass_and_children_are_parented(own):
    @agent("abody")
    async def body():
        async for number in anumbers(3):
            with tool("child"):
                await asyncio.sleep(0)
            yield number

    assert [item async for item in body()] == [0, 1, 2]
    assert here() == 0
    assert own.parent_of("execute_tool anumbers") == "invoke_agent abody"
    assert own.outcome("invoke_agent abody") == "success"


async def test_async_send_and_throw_are_forwarded(own):
    stream = anumbers(2)
    assert await stream.__anext__() == 0
    assert await stream.asend("x") == ("got", "x")
    with pytest.raises(LookupError):
        await stream.athrow(LookupError())
    assert own.one("execute_tool anumbers").attributes["error.type"] == "LookupError"


async def test_concurrent_async_streams_do_not_mix(own):
    @agent
    async def one(name):
        with tool(name):
            for _ in range(5):
                await asyncio.sleep(0)
                yield here()

    async def consume(name):
        seen = set()
        async for item in one(name):
            seen.add(item)
            assert here() == 0
        return seen

    results = await asyncio.gather(*(consume(f"t{i}") for i in range(5)))
    assert all(len(seen) == 1 for seen in results)
    assert len(set.union(*results)) == 5


async def test_an_async_stream_closed_by_another_task_is_abandoned(own):
    @agent("aleft")
    async def left():
        with skill("inside"):
            try:
                yield 1
                yield 2
            finally:
                await asyncio.sleep(0)

    stream = left()
    assert await stream.__anext__() == 1
    with tool("other"):
        await asyncio.create_task(stream.aclose())
        assert trace.get_current_span().name == "execute_tool other"
    assert own.outcome("invoke_agent aleft") == "abandoned"
    assert own.outcome("execute_tool inside") == "abandoned"
    assert own.parent_of("execute_tool inside") == "invoke_agent aleft"


async def test_steps_may_come_from_different_tasks(own):
    stream = anumbers(3)
    items = [await asyncio.create_task(stream.__anext__()) for _ in range(3)]
    assert items == [0, 1, 2]
    with pytest.raises(StopAsyncIteration):
        await asyncio.create_task(stream.__anext__())
    assert own.outcome("execute_tool anumbers") == "success"


async def test_an_async_stream_that_is_collected_is_abandoned(own):
    stream = anumbers(3)
    await stream.__anext__()
    del stream
    gc.collect()
    for _ in range(5):
        await asyncio.sleep(0)
    assert own.outcome("execute_tool anumbers") == "abandoned"


async def test_a_cancelled_consumer_cancels_the_stream(own):
    @tool("endless")
    async def endless():
        while True:
            await asyncio.sleep(3600)
            yield 1

    async def consume():
        async for _ in endless():
            pass

    task = asyncio.create_task(consume())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert own.outcome("execute_tool endless") == "cancelled"


async def test_async_streaming_keeps_no_items(own):
    @tool("megabytes")
    async def megabytes():
        for _ in range(40):
            yield bytearray(1_000_000)

    async def consume(stream):
        total = 0
        async for item in stream:
            total += len(item)
            del item
        return total

    tracemalloc.start()
    try:
        assert await consume(megabytes()) == 40_000_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 3_000_000, peak


def test_a_returned_generator_is_followed_to_its_end(own):
    @agent("returns")
    def returns():
        def stream():
            with tool("late"):
                yield 1

        return stream()

    stream = returns()
    assert inspect.isgenerator(stream)
    assert own.spans == []
    assert list(stream) == [1]
    assert own.parent_of("execute_tool late") == "invoke_agent returns"
    assert own.outcome("invoke_agent returns") == "success"


def test_a_returned_generator_that_nobody_takes_is_abandoned(own):
    @agent("returns")
    def returns():
        return (number for number in range(3))

    returns()
    gc.collect()
    assert own.outcome("invoke_agent returns") == "abandoned"


async def test_a_returned_async_generator_and_coroutine_are_followed(own):
    async def stream():
        yield 1

    def wrapping(function):
        def wrapper():
            return function()

        return wrapper

    async def answer():
        with tool("inside"):
            return 42

    astream = agent("returns-async-generator")(wrapping(stream))()
    assert inspect.isasyncgen(astream)
    assert [item async for item in astream] == [1]
    coroutine = agent("returns-coroutine")(wrapping(answer))()
    assert inspect.iscoroutine(coroutine)
    assert own.names == ["invoke_agent returns-async-generator"]
    assert await coroutine == 42
    assert own.parent_of("execute_tool inside") == "invoke_agent returns-coroutine"


class Response:
    def __init__(self, body):
        self.body_iterator = body

    def __getattr__(self, name):
        raise AssertionError(f"the program's own __getattr__ ran for {name}")


async def test_an_object_with_a_body_iterator_is_followed(own):
    async def body():
        with tool("chunk"):
            yield b"a"

    class Iterator:
        def __init__(self):
            self.left = 2

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return b"b"

    @agent("streams")
    async def endpoint(iterator):
        return Response(iterator)

    response = await endpoint(body())
    assert type(response) is Response
    assert own.spans == []
    assert [chunk async for chunk in response.body_iterator] == [b"a"]
    assert own.parent_of("execute_tool chunk") == "invoke_agent streams"
    response = await endpoint(Iterator())
    assert [chunk async for chunk in response.body_iterator] == [b"b", b"b"]
    response = await endpoint(iter([b"c"]))
    assert list(response.body_iterator) == [b"c"]
    assert [span.attributes["smart_agents.outcome"] for span in own.spans if span.name == "invoke_agent streams"] == ["success"] * 3


def test_results_of_any_other_type_pass_untouched(own):
    class Hostile:
        __slots__ = ()

        def __getattribute__(self, name):
            raise AssertionError(name)

    hostile = Hostile()
    assert agent("any")(lambda: hostile)() is hostile
    assert own.outcome("invoke_agent any") == "success"


def test_streams_work_while_off():
    assert list(numbers(2)) == [0, 1]
    stream = numbers(1)
    next(stream)
    assert stream.send("x") == ("got", "x")


async def test_async_streams_work_while_off():
    stream = anumbers(2)
    assert await stream.__anext__() == 0
    assert await stream.asend("x") == ("got", "x")
    await stream.aclose()
    assert [item async for item in anumbers(2)] == [0, 1]


def test_the_run_is_there_in_every_step(own):
    @agent("steps")
    def steps():
        current().set("first", 1)
        yield
        current().set("second", 2)
        yield

    list(steps())
    attributes = own.one("invoke_agent steps").attributes
    assert attributes["smart_agents.label.first"] == 1
    assert attributes["smart_agents.label.second"] == 2
