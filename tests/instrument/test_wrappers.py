"""Contract 1 and 10: real wrappers per type of function, default names, classes."""

from __future__ import annotations

import asyncio
import functools
import inspect
import pickle
import types
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from otel_smart_agents import agent, session, skill, step, tool, workflow
from otel_smart_agents.errors import ConfigError

pytestmark = pytest.mark.usefixtures("no_failures")


def plain(a: int, b: str = "x", *rest: int, key: bool = False, **more: str) -> tuple:
    """Documented."""
    return a, b, rest, key, more


async def coroutine(a: int) -> int:
    return a


def generator(a: int):
    yield a


async def async_generator(a: int):
    yield a


FUNCTIONS = [plain, coroutine, generator, async_generator]
TESTS = [inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction, inspect.isfunction]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", [agent, skill, tool, workflow, step], ids=lambda k: k.__name__)
def test_a_wrapper_is_of_its_functions_own_type(kind, function):
    wrapped = kind(function)
    assert [check(wrapped) for check in TESTS] == [check(function) for check in TESTS]
    assert inspect.signature(wrapped) == inspect.signature(function)
    assert (wrapped.__name__, wrapped.__qualname__, wrapped.__module__, wrapped.__doc__) == (
        function.__name__,
        function.__qualname__,
        function.__module__,
        function.__doc__,
    )
    assert wrapped.__wrapped__ is function


@agent("pickled")
def squared(number: int) -> int:
    return number * number


def test_a_decorated_function_is_pickled_by_name(own):
    assert pickle.loads(pickle.dumps(squared)) is squared
    assert squared(3) == 9


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_decorated_function_runs_in_a_process_pool(method, own):
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as executor:
        assert executor.submit(squared, 4).result(timeout=60) == 16


def test_arguments_and_results_pass_untouched(own):
    wrapped = tool(plain)
    assert wrapped(1, "y", 2, 3, key=True, z="w") == plain(1, "y", 2, 3, key=True, z="w")
    with pytest.raises(TypeError):
        wrapped()


class Crew:
    @agent("crew-method")
    def method(self):
        return self

    @agent("crew-class-above")
    @classmethod
    def above(cls):
        return cls

    @classmethod
    @agent("crew-class-below")
    def below(cls):
        return cls

    @agent("crew-static")
    @staticmethod
    def static():
        return "static"


class Derived(Crew):
    pass


def test_methods_bind_as_before(own):
    crew = Derived()
    assert crew.method() is crew
    assert Derived.above() is Derived
    assert crew.below() is Derived
    assert Derived.static() == "static"
    assert own.names == [f"invoke_agent crew-{name}" for name in ("class-above", "class-below", "method", "static")]


def test_a_class_gets_spans_around_the_methods_that_are_named(own):
    @agent(methods=("run", "arun", "make"))
    class Planner:
        def run(self):
            return self.helper()

        async def arun(self):
            return 1

        @classmethod
        def make(cls):
            return cls()

        def helper(self):
            return 2

    assert isinstance(Planner, type)
    planner = Planner.make()
    assert isinstance(planner, Planner)
    assert planner.run() == 2
    assert inspect.iscoroutinefunction(planner.arun)
    assert own.names == ["invoke_agent Planner", "invoke_agent Planner"]


def test_inherited_methods_are_wrapped_on_the_class_alone(own):
    class Base:
        def run(self):
            return "base"

    @agent(methods=["run"])
    class Child(Base):
        pass

    Base().run()
    assert own.names == []
    assert Child().run() == "base"
    assert len(own.spans) == 1


def test_default_names_are_the_qualified_name_without_locals(own):
    @agent
    def planner():
        pass

    class Outer:
        class Inner:
            @tool
            def _hidden(self):
                pass

    planner()
    Outer.Inner()._hidden()
    assert own.names == ["execute_tool Outer.Inner._hidden", "invoke_agent planner"]


def test_a_partial_takes_the_name_of_its_function(own):
    agent(functools.partial(plain, 1))()
    assert own.names == ["invoke_agent plain"]


def test_an_object_that_can_be_called_is_wrapped(own):
    class Search:
        def __call__(self, query):
            return query

    class Later:
        async def __call__(self, query):
            return query

    assert tool("search")(Search())("q") == "q"
    assert inspect.iscoroutinefunction(tool("later")(Later()))
    assert own.names == ["execute_tool search"]


BAD = [
    (lambda: agent(version=3)(plain), TypeError, "version"),
    (lambda: agent(name=b"x")(plain), TypeError, "name"),
    (lambda: agent("two\nlines")(plain), ConfigError, "name"),
    (lambda: agent("x" * 129)(plain), ConfigError, "name"),
    (lambda: agent("_private")(plain), ConfigError, "name"),
    (lambda: agent(source="nowhere")(plain), ConfigError, "curated"),
    (lambda: agent(kind="far")(plain), ConfigError, "remote"),
    (lambda: skill(phase="begin")(plain), ConfigError, "load"),
    (lambda: agent(root="yes")(plain), TypeError, "root"),
    (lambda: agent(attributes=["a"])(plain), TypeError, "mapping"),
    (lambda: agent(attributes={1: "a"})(plain), TypeError, "strings"),
    (lambda: agent(attributes={"a": object()})(plain), TypeError, "'a'"),
    (lambda: agent(attributes={"gen_ai.input.messages": "a"})(plain), ConfigError, "never"),
    (lambda: agent(capture="all")(plain), ConfigError, "masked"),
    (lambda: agent(capture=7)(plain), TypeError, "Capture"),
    (lambda: agent(capture={"nope": "shape"})(plain), ConfigError, "nope"),
    (lambda: agent(capture={"self": "shape"})(plain), ConfigError, "never captured"),
    (lambda: agent(methods=("run",))(plain), ConfigError, "class"),
    (lambda: agent(methods="run")(Crew), TypeError, "tuple"),
    (lambda: agent(methods=("walk",))(Crew), ConfigError, "walk"),
    (lambda: agent()(Crew), ConfigError, "methods"),
    (lambda: agent("x")(42), TypeError, "decorates"),
    (lambda: agent(42), TypeError, "decorates"),
    (lambda: agent(lambda: None), ConfigError, "no name"),
    (lambda: agent(property(plain)), TypeError, "property"),
    (lambda: agent("x", vresion="1"), TypeError, "did you mean 'version'"),
    (lambda: tool("x", kind="remote"), TypeError, "kind"),
    (lambda: agent("x", name="y"), TypeError, "twice"),
]


@pytest.mark.parametrize(("decorate", "error", "word"), BAD, ids=range(len(BAD)))
def test_a_wrong_decorator_says_so_when_it_decorates(decorate, error, word):
    with pytest.raises(error, match=word):
        decorate()


def test_a_session_binds_methods_as_before(own):
    class Plain:
        @session(team="blue")
        @staticmethod
        def fixed(value):
            return value

        @session(team="blue")
        @classmethod
        def made(cls, value):
            return cls, value

    assert (Plain.fixed(1), Plain().fixed(1), Plain.made(2), Plain().made(2)) == (1, 1, (Plain, 2), (Plain, 2))


def test_the_object_of_a_method_is_not_captured_whatever_it_is_called(own):
    @agent(methods=("run", "make", "plain"), capture="masked")
    class Planner:
        def __repr__(self):
            raise AssertionError

        def run(this, text):
            return text

        @classmethod
        def make(klass, text):
            return text

        @staticmethod
        def plain(text):
            return text

    Planner().run("one")
    Planner.make("two")
    Planner.plain("three")
    captured = [{key: value for key, value in span.attributes.items() if "capture" in key} for span in own.spans]
    assert captured == [{"smart_agents.capture.text": text} for text in ("one", "two", "three")]


def test_a_decorated_subclass_has_one_run_per_call_under_its_own_name(own):
    @agent(methods=("run",))
    class Base:
        def run(self):
            return "run"

    @agent(methods=("run",))
    class Special(Base):
        pass

    assert (Special().run(), Base().run()) == ("run", "run")
    assert own.names == ["invoke_agent Base", "invoke_agent Special"]


def test_a_cache_below_keeps_its_methods(own):
    @tool
    @functools.lru_cache
    def double(number):
        return 2 * number

    assert [double(1), double(1)] == [2, 2]
    assert double.cache_info().hits == 1
    double.cache_clear()
    assert double.cache_info().currsize == 0


async def test_a_marked_generator_is_awaited_as_before(own):
    @tool("marked")
    @types.coroutine
    def marked():
        yield from asyncio.sleep(0).__await__()
        return "done"

    assert await marked() == "done"
    assert own.outcome("execute_tool marked") == "success"


def test_arguments_that_nobody_can_name_are_said_when_it_decorates():
    with pytest.raises(ConfigError, match="leave capture= out"):
        agent("x", capture="masked")(dict.update)
