# ruff: noqa: B904, PLC3002, PLW0108, PYI024 - the frames of such code are the subject
"""One function for each shape of traceback."""

import asyncio
import collections
import concurrent.futures
import contextlib
import dataclasses
import functools
import runpy
import threading

import thirdparty

from acme import errors
from acme.tools import parse as tool


def check(item, value):
    if item > 1:
        raise ValueError(f"item {item} of {value}")
    return item


def plain(value):
    raise ValueError(f"cannot parse {value!r}")


def other_type(value):
    raise TypeError(f"cannot parse {value!r}")


def no_message(value):
    raise ValueError


def same_names(value):
    return tool.parse(value)


def list_comprehension(value):
    return [check(item, value) for item in range(3)]


def nested_comprehension(value):
    return {item: [check(other, value) for other in range(3)] for item in {check(item, value) for item in range(2)}}


def generator_expression(value):
    return sum(check(item, value) for item in range(3))


def lambda_inside(value):
    return (lambda item: tool.parse(item))(value)


def recursive(value, depth=0):
    return recursive(value, depth + 1)


def mutual_one(value):
    return mutual_two(value)


def mutual_two(value):
    return mutual_three(value)


def mutual_three(value):
    return mutual_one(value)


def bounded_recursion(value, depth=12):
    return bounded_recursion(value, depth - 1) if depth else tool.parse(value)


def recursion_through_library(value):
    return thirdparty.call_back(recursion_through_library, value)


def chained_from(value):
    try:
        plain(value)
    except ValueError as error:
        raise errors.AgentError(f"failed for {value}") from error


def chained_context(value):
    try:
        plain(value)
    except ValueError:
        raise RuntimeError(f"failed for {value}")


def suppressed(value):
    try:
        plain(value)
    except ValueError:
        raise errors.AgentError(f"failed for {value}") from None


def cause_and_context(value):
    try:
        plain(value)
    except ValueError:
        try:
            other_type(value)
        except TypeError as cause:
            error = KeyError(value)
            raise error from cause


def cause_never_raised(value):
    raise errors.AgentError(value) from ValueError("planted never raised")


def retried(value):
    last = None
    for _ in range(20):
        try:
            try:
                plain(value)
            except ValueError as error:
                raise errors.AgentError(value) from (last or error)
        except errors.AgentError as error:
            last = error
    raise last


def cycle(value):
    first, second = ValueError(value), KeyError(value)
    first.__cause__, second.__cause__ = second, first
    try:
        raise second
    except KeyError:
        raise first


def in_finally(value):
    try:
        plain(value)
    finally:
        tool.parse(value)


def raised_again(value):
    try:
        plain(value)
    except ValueError as error:
        raise error


def raised_elsewhere(value):
    try:
        plain(value)
    except ValueError as error:
        raise error.with_traceback(None)


def fake_frames(value):
    raise ValueError(errors.FAKE_FRAMES)


def fake_header(value):
    raise ValueError(errors.FAKE_HEADER)


def fake_link(value):
    raise ValueError(errors.FAKE_LINK)


def fake_group(value):
    raise ValueError(errors.FAKE_GROUP)


def odd_text(value):
    raise ValueError(errors.ODD_TEXT)


def long_text(value):
    raise ValueError("planted line\n" * 20_000)


def broken_text(value):
    raise errors.BrokenText


def odd_type(value):
    raise errors.Odd(value)


def generic_type(value):
    raise errors.Generic(value)


def dotted_type(value):
    raise errors.Dotted(value)


def inner_type(value):
    raise errors.AgentError.Inner(value)


def local_type(value):
    class LocalError(Exception):
        pass

    raise LocalError(value)


def noted(value):
    error = ValueError(value)
    if hasattr(error, "add_note"):
        error.add_note('planted note\n  File "/home/planted_user/x.py", line 3, in planted_function')
        error.add_note(errors.FAKE_LINK)
    raise error


def syntax_error(value):
    compile("def planted(:\n  pass", "/home/planted_user/planted.py", "exec")


def indentation_error(value):
    exec("if 1:\nplanted = 1")


def executed(value):
    exec("def made(value):\n    raise ValueError(value)\nmade('planted')")


def executed_file(value):
    exec(compile("def made(value):\n    raise ValueError(value)\nmade('planted')", "<generated planted 0x7f>", "exec"), {})


def cell(value):
    exec(compile("def made(value):\n    raise ValueError(value)\nmade('planted')", "/tmp/ipykernel_4711/1234.py", "exec"), {})


@dataclasses.dataclass
class Point:
    x: int

    def __post_init__(self):
        check(self.x, "planted")


def generated_init(value):
    return Point(5)


def too_few_arguments(value):
    return collections.namedtuple("Pair", "one two")(1)


class Agent:
    def __init__(self, value):
        self.value = value

    def run(self):
        return self.parse(self.value)

    @staticmethod
    def parse(value):
        return tool.parse(value)

    @classmethod
    def build(cls, value):
        return cls(value).run()

    @property
    def broken(self):
        return self.parse(self.value)

    def __add__(self, other):
        return self.parse(other)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.parse(self.value)


def method(value):
    return Agent.build(value)


def property_read(value):
    return Agent(value).broken


def operator(value):
    return Agent(value) + value


def with_statement(value):
    with Agent(value):
        pass


def class_body(value):
    class Broken:
        made = tool.parse(value)

    return Broken


def decorator(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


@decorator
@decorator
def decorated(value):
    return tool.parse(value)


@contextlib.contextmanager
def manager(value):
    yield value
    tool.parse(value)


def context_manager(value):
    with manager(value):
        pass


def exit_stack(value):
    with contextlib.ExitStack() as stack:
        stack.callback(tool.parse, value)


def steps(value):
    yield 1
    tool.parse(value)


def generator(value):
    return list(steps(value))


def delegated(value):
    def outer():
        yield from steps(value)

    return list(outer())


def partial(value):
    return functools.partial(tool.parse)(value)


def library(value):
    return thirdparty.call(value)


def library_calls_back(value):
    return thirdparty.call_back(tool.parse, value)


def library_import(value):
    import broken_on_import

    return broken_on_import


def decode(value):
    return tool.decode(value)


def encode(value):
    return tool.encode(object())


def replace(value):
    return tool.replace(value)


def order(value):
    return tool.order(value)


def missing_module(value):
    import acme.planted_missing

    return acme


def missing_file(value):
    with open("/planted_missing/" + value) as file:
        return file.read()


def missing_name(value):
    return planted_missing  # noqa: F821


def division(value):
    return 1 / 0


def thread(value):
    found = []

    def target():
        try:
            tool.parse(value)
        except ValueError as error:
            found.append(error)

    worker = threading.Thread(target=target)
    worker.start()
    worker.join()
    raise found[0]


def thread_pool(value):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(tool.parse, value).result()


def process_pool(value):
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        return pool.submit(chained_context, value).result()


async def acall(value):
    await asyncio.sleep(0)
    return tool.parse(value)


async def agather(value):
    await asyncio.gather(acall(value), asyncio.sleep(0))


async def atask(value):
    await asyncio.create_task(acall(value))


async def awaited(value):
    async with asyncio_timeout(5):
        await acall(value)


@contextlib.asynccontextmanager
async def asyncio_timeout(delay):
    yield delay


async def agen(value):
    yield 1
    await acall(value)


async def aconsume(value):
    return [item async for item in agen(value)]


def coroutine(value):
    asyncio.run(acall(value))


def gathered(value):
    asyncio.run(agather(value))


def task(value):
    asyncio.run(atask(value))


def async_context(value):
    asyncio.run(awaited(value))


def async_generator(value):
    asyncio.run(aconsume(value))


def timed_out(value):
    async def wait():
        await asyncio.wait_for(asyncio.sleep(5), 0.001)

    asyncio.run(wait())


def run_path(value):
    runpy.run_module("acme.module_level")


def interrupted(value):
    raise KeyboardInterrupt


def exited(value):
    raise SystemExit(3)


def stopped(value):
    return next(iter([]))
