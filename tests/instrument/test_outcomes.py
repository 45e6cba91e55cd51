"""Contract 3 and 4: what a span says of how a call ended, and that the program's exception passes untouched."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import gc
import traceback
import weakref

import pytest
from opentelemetry.trace import StatusCode

from otel_smart_agents import agent, current, skill, tool
from otel_smart_agents.instrument import runtime
from otel_smart_agents.privacy import fingerprint, set_category_hook

SECRET = "sk-live-0123456789 of jane@example.com"


class Broken(Exception):
    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__


def failing(error):
    @agent("failing")
    def call():
        raise error

    return call


def test_success_leaves_the_status_unset(own, no_failures):
    agent("fine")(lambda: 1)()
    span = own.one("invoke_agent fine")
    assert span.status.status_code is StatusCode.UNSET
    assert span.attributes["smart_agents.outcome"] == "success"
    assert span.events == ()


def test_an_exception_leaves_its_type_category_and_hash_and_no_text(own, no_failures):
    error = ConnectionError(SECRET)
    with pytest.raises(ConnectionError) as caught:
        failing(error)()
    assert caught.value is error
    assert error.__context__ is None
    assert not hasattr(error, "__notes__")
    span = own.one("invoke_agent failing")
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ConnectionError")
    assert span.attributes["error.type"] == "ConnectionError"
    assert span.attributes["smart_agents.error.category"] == "network"
    assert span.attributes["smart_agents.error.stack_hash"].startswith("v1:")
    assert span.attributes["smart_agents.error.component"]
    assert span.attributes["smart_agents.outcome"] == "failure"
    assert span.events == ()
    assert "sk-live" not in span.to_json()
    assert "jane" not in span.to_json()


def test_only_one_frame_stands_between_caller_and_function(own):
    with pytest.raises(ValueError, match="x") as caught:
        failing(ValueError("x"))()
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-2:] == ["wrapper", "call"]
    assert len(frames) == 3


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (asyncio.CancelledError(), "cancelled"),
        (concurrent.futures.CancelledError(), "cancelled"),
        (KeyboardInterrupt(), "interrupted"),
        (SystemExit(3), "interrupted"),
        (GeneratorExit(), "abandoned"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value,
)
def test_ends_that_are_no_errors_leave_the_status_unset(own, no_failures, error, outcome):
    with pytest.raises(type(error)):
        failing(error)()
    span = own.one("invoke_agent failing")
    assert span.status.status_code is StatusCode.UNSET
    assert span.attributes["smart_agents.outcome"] == outcome
    assert "error.type" not in span.attributes


def test_a_timeout_is_an_error_with_its_own_outcome(own, no_failures):
    with pytest.raises(TimeoutError):
        failing(TimeoutError())()
    span = own.one("invoke_agent failing")
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["smart_agents.outcome"] == "timeout"


async def test_a_cancelled_task_is_cancelled(own, no_failures):
    started = asyncio.Event()

    @agent
    async def slow():
        started.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [own.outcome(name) for name in own.names] == ["cancelled"]


def test_an_exception_without_text_passes(own, no_failures):
    with pytest.raises(Broken):
        failing(Broken())()
    assert own.one("invoke_agent failing").attributes["error.type"] == "Broken"


def test_an_exception_that_crosses_spans_is_fingerprinted_once(own, no_failures, monkeypatch):
    counted = []
    real = fingerprint.stack_hash
    monkeypatch.setattr(fingerprint, "stack_hash", lambda error, **words: counted.append(1) or real(error, **words))

    @tool
    def innermost():
        raise LookupError(SECRET)

    @skill
    def middle():
        innermost()

    @agent
    def outermost():
        with tool("block"):
            middle()

    with pytest.raises(LookupError):
        outermost()
    hashes = {span.attributes["smart_agents.error.stack_hash"] for span in own.spans}
    assert len(own.spans) == 4
    assert len(hashes) == 1
    assert len(counted) == 1


def test_another_exception_gets_another_hash(own, no_failures):
    @tool
    def first():
        raise KeyError

    @agent
    def second():
        with contextlib.suppress(KeyError):
            first()
        raise IndexError

    with pytest.raises(IndexError):
        second()
    hashes = {span.attributes["error.type"]: span.attributes["smart_agents.error.stack_hash"] for span in own.spans}
    assert len(set(hashes.values())) == 2


def test_our_own_frames_do_not_enter_the_hash(own, no_failures):
    def fails():
        raise LookupError

    wrapped = tool("wrapped")(fails)

    def caller(function):
        function()

    hashes = []
    for function in (fails, wrapped):
        with pytest.raises(LookupError) as caught:
            caller(function)
        hashes.append(fingerprint.stack_hash(caught.value))
    assert hashes[0] == hashes[1]
    assert own.one("execute_tool wrapped").attributes["smart_agents.error.stack_hash"].startswith("v1:")


def test_an_exception_is_not_kept_alive(own, no_failures):
    class Local:
        pass

    @tool
    def inner():
        held = Local()
        seen.append(weakref.ref(held))
        raise ValueError

    seen = []

    @agent
    def outer():
        with contextlib.suppress(ValueError):
            inner()
        gc.collect()
        return seen[0]()

    assert outer() is None


def test_the_program_may_say_how_it_ended(own, no_failures):
    @agent
    def asks():
        current().outcome("denied")

    @agent
    def gives_up():
        current().outcome("timeout")

    @agent
    def refused():
        current().outcome("denied")
        raise PermissionError

    asks()
    gives_up()
    with pytest.raises(PermissionError):
        refused()
    assert {span.attributes["smart_agents.outcome"] for span in own.spans if "gives_up" not in span.name} == {"denied"}
    assert own.one(next(n for n in own.names if "asks" in n)).status.status_code is StatusCode.UNSET
    late = own.one(next(n for n in own.names if "gives_up" in n))
    assert (late.status.status_code, late.attributes["error.type"]) == (StatusCode.ERROR, "_OTHER")


def test_an_unknown_outcome_is_counted_and_told_once_and_raises_nothing(own, capsys):
    @agent
    def wrong():
        current().outcome("splendid")
        current().outcome("splendid")

    wrong()
    assert runtime.FAILURES == {"outcome": 2}
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("otel-smart-agents") == 1


def test_without_consent_to_errors_only_the_fact_stays(make, no_failures):
    quiet = make("quiet", categories=frozenset({"agent"})).on()
    with pytest.raises(ConnectionError):
        failing(ConnectionError(SECRET))()
    span = quiet.one("invoke_agent failing")
    assert span.status.description == "_OTHER"
    assert span.attributes["error.type"] == "_OTHER"
    assert span.attributes["smart_agents.outcome"] == "failure"
    assert not {"smart_agents.error.stack_hash", "smart_agents.error.category"} & set(span.attributes)


def test_a_provider_that_raises_changes_nothing(own, capsys):
    class Bad:
        def start_span(self, *args, **kwargs):
            raise RuntimeError(SECRET)

    runtime.install(runtime.Route("bad", Bad()))
    for _ in range(3):
        assert agent("fine")(lambda: 5)() == 5
    with pytest.raises(ValueError, match="mine") as caught:
        failing(ValueError("mine"))()
    assert caught.value.__context__ is None
    assert runtime.FAILURES == {"start": 4}
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "sk-live" not in err


def test_a_span_that_raises_changes_nothing(own):
    class Bad:
        def __init__(self, span):
            self.span = span

        def __getattr__(self, name):
            if name in ("end", "set_attribute", "set_attributes", "set_status"):
                raise RuntimeError(SECRET)
            return getattr(self.span, name)

    class Tracer:
        def start_span(self, *args, **kwargs):
            return Bad(own.tracer.start_span(*args, **kwargs))

    runtime.install(runtime.Route(own.route.name, Tracer()))
    assert agent("fine")(lambda: 5)() == 5
    with pytest.raises(ValueError, match="mine"):
        failing(ValueError("mine"))()
    assert sum(runtime.FAILURES.values()) >= 2


def test_a_broken_fingerprint_still_ends_the_span(own, monkeypatch):
    def broken(error, **words):
        raise RuntimeError

    monkeypatch.setattr("otel_smart_agents.privacy.categories.error_category", broken)
    with pytest.raises(ValueError, match="x"):
        failing(ValueError("x"))()
    span = own.one("invoke_agent failing")
    assert (span.status.status_code, span.attributes["error.type"]) == (StatusCode.ERROR, "_OTHER")


def test_stderr_may_be_closed(own, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    current_route = runtime.Route("bad", None)
    runtime.install(current_route)
    assert agent("fine")(lambda: 5)() == 5


class Refused(Exception):
    def __init__(self, code):
        super().__init__()
        self.code = code


def refuse(code):
    raise Refused(code)


@pytest.mark.parametrize("handled", [1, 2, 5])
@pytest.mark.parametrize("inside", ["tool", "helper"])
def test_a_handled_exception_says_nothing_of_the_next_one(own, no_failures, handled, inside):
    """The id of an exception that is gone is given again, often at once."""
    publish = tool("publish")(lambda: refuse(401)) if inside == "tool" else lambda: refuse(401)

    def search():
        refuse(429)

    searching = tool("search")(search)

    @agent("writer")
    def write(times):
        for _ in range(times):
            with contextlib.suppress(Refused):
                searching()
        publish()

    set_category_hook(lambda error: {429: "rate_limit", 401: "auth"}.get(error.code) if isinstance(error, Refused) else None)
    try:
        for times in (0, handled):
            with pytest.raises(Refused):
                write(times)
    finally:
        set_category_hook(None)
    first, last = (span.attributes for span in own.spans if span.name == "invoke_agent writer")
    assert last["smart_agents.error.category"] == "auth"
    assert last == first


def test_a_group_of_cancellations_is_a_cancellation(own, no_failures):
    @agent("group")
    def group():
        raise BaseExceptionGroup("x", [asyncio.CancelledError(), BaseExceptionGroup("y", [asyncio.CancelledError()])])

    with pytest.raises(BaseExceptionGroup):
        group()
    assert own.outcome("invoke_agent group") == "cancelled"
