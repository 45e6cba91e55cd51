"""Upstream spans: traces of their own, seen by nobody else, of the product's own calls alone."""

from __future__ import annotations

import sys
import types

import pytest
from opentelemetry import trace
from opentelemetry.propagate import inject

from otel_smart_agents import Capture, agent, current, session, tool
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.runtime import STATE

pytestmark = pytest.mark.usefixtures("no_failures")

PRODUCT = """
from otel_smart_agents import agent, current, session, skill, workflow

@agent("acme.planner", attributes={"team": "blue"}, capture="full")
def plan(inner=lambda: None):
    return inner()

@skill("acme.read")
def read(inner=lambda: None):
    return inner()

@workflow("acme.flow")
def flow(inner=lambda: None):
    return inner()

def block(inner=lambda: None):
    with agent("acme.block") as run:
        run.set("label", "secret")
        run.input("prompt")
        return inner()

def talk(inner):
    with session(conversation_id="c1", tenant="jane"):
        return inner()
"""


@pytest.fixture
def acme():
    """A product's package, beside the user's own code in this file."""
    module = types.ModuleType("acme.core")
    module.__dict__["__name__"] = "acme.core"
    exec(compile(PRODUCT, "acme/core.py", "exec"), module.__dict__)
    sys.modules["acme.core"] = module
    yield module
    del sys.modules["acme.core"]


@pytest.fixture
def upstream(make):
    return make("acme.upstream.00000000", key="smart-agents-acme", packages=("acme",)).on()


def test_only_the_products_calls_are_seen(upstream, acme):
    @agent("users-own")
    def users(inner):
        return inner()

    assert users(lambda: acme.plan(lambda: users(lambda: acme.read(lambda: 5)))) == 5
    acme.block()
    with tool("users-block"):
        pass
    assert upstream.names == ["execute_tool acme.read", "invoke_agent acme.block", "invoke_agent acme.planner"]
    assert upstream.parent_of("execute_tool acme.read") == "invoke_agent acme.planner"


def test_a_package_is_not_the_beginning_of_another_ones_name(make):
    route = make("d", key="k", packages=("acme",)).route
    assert [route.sees(name) for name in ("acme", "acme.core", "acmeology", "other.acme", "")] == [True, True, False, False, False]


def test_nothing_of_it_is_opentelemetrys_current_span(upstream, acme):
    def look():
        carrier = {}
        inject(carrier)
        return trace.get_current_span().get_span_context().is_valid, carrier, current().carrier().traceparent

    assert acme.plan(look) == (False, {}, "")
    assert acme.block(look) == (False, {}, "")


def test_it_never_joins_the_users_trace(upstream, acme, make):
    users = make("users")
    with users.tracer.start_as_current_span("user-span") as span:
        acme.plan(acme.read)
        assert trace.get_current_span() is span
    root = upstream.one("invoke_agent acme.planner")
    assert root.parent is None
    assert root.context.trace_id != span.get_span_context().trace_id
    assert {s.context.trace_id for s in upstream.spans} == {root.context.trace_id}


def test_own_and_upstream_get_a_span_each_and_share_no_id(own, upstream, acme):
    with agent("users-own"):
        acme.flow(lambda: acme.plan(acme.read))
    assert own.names == ["execute_tool acme.read", "invoke_agent acme.planner", "invoke_agent users-own", "invoke_workflow acme.flow"]
    assert upstream.names == ["execute_tool acme.read", "invoke_agent acme.planner", "invoke_workflow acme.flow"]
    ids = [{number for s in side.spans for number in (s.context.trace_id, s.context.span_id)} for side in (own, upstream)]
    assert not ids[0] & ids[1]
    assert own.parent_of("invoke_workflow acme.flow") == "invoke_agent users-own"
    assert upstream.parent_of("invoke_workflow acme.flow") is None
    assert own.parent_of("execute_tool acme.read") == upstream.parent_of("execute_tool acme.read") == "invoke_agent acme.planner"


def test_names_of_the_user_never_stand_on_it(own, upstream, acme):
    with session(conversation_id="users", tenant="jane"), agent("users-own"):
        acme.read()
        acme.plan(acme.read)
    assert "users" not in str([dict(span.attributes) for span in upstream.spans])
    assert "jane" not in str([dict(span.attributes) for span in upstream.spans])
    agents = [span.attributes.get("gen_ai.agent.name") for span in upstream.spans if span.name == "execute_tool acme.read"]
    assert agents == [None, "acme.planner"]


def test_a_session_of_the_product_reaches_it_without_labels(own, upstream, acme):
    acme.talk(lambda: acme.plan(acme.read))
    acme.plan(lambda: acme.talk(acme.read))
    for span in upstream.spans:
        assert "jane" not in str(dict(span.attributes))
    reads = [span for span in upstream.spans if span.name == "execute_tool acme.read"]
    assert [span.attributes.get("gen_ai.conversation.id") for span in reads] == ["c1", "c1"]
    assert all(span.parent is not None for span in reads)
    assert {span.attributes["smart_agents.label.tenant"] for span in own.spans if span.name == "execute_tool acme.read"} == {"jane"}


def test_labels_and_content_never_go_there(own, upstream, acme):
    own.replace(capture=Capture.FULL)
    acme.plan(lambda: "the answer")
    acme.block()
    for span in upstream.spans:
        keys = set(span.attributes)
        assert not {
            key for key in keys if key.startswith(("smart_agents.label.", "smart_agents.capture.", "gen_ai.output", "gen_ai.input"))
        }
    assert "smart_agents.label.team" in own.one("invoke_agent acme.planner").attributes
    assert "smart_agents.label.label" in own.one("invoke_agent acme.block").attributes


def test_steps_are_the_products_alone(own, upstream, acme):
    def users():
        with tool("users-own"):
            acme.read()

    acme.flow(users)
    assert own.one("invoke_workflow acme.flow").attributes["smart_agents.workflow.steps"] == ("tool:users-own", "skill:acme.read")
    assert upstream.one("invoke_workflow acme.flow").attributes["smart_agents.workflow.steps"] == ("skill:acme.read",)


def test_failures_stand_on_both(own, upstream, acme):
    def fails():
        raise ConnectionError("secret")

    with pytest.raises(ConnectionError):
        acme.plan(fails)
    for side in (own, upstream):
        assert side.outcome("invoke_agent acme.planner") == "failure"
        assert "secret" not in side.one("invoke_agent acme.planner").to_json()


def test_turning_it_off_leaves_the_users_tracing_alone(own, upstream, acme):
    before = STATE.get()

    def switch():
        upstream.off()
        acme.read()

    acme.plan(switch)
    assert own.names == ["execute_tool acme.read", "invoke_agent acme.planner"]
    assert upstream.names == ["invoke_agent acme.planner"]
    assert STATE.get() is before


def test_one_failing_destination_does_not_stop_another(own, acme, make):
    class Bad:
        def set_attribute(self, *args):
            raise RuntimeError

        set_attributes = set_status = end = set_attribute

        def is_recording(self):
            return True

    class Tracer:
        def start_span(self, *args, **kwargs):
            return Bad()

    runtime.install(runtime.Route("bad", Tracer(), key="bad-key"))
    acme.plan()
    assert own.outcome("invoke_agent acme.planner") == "success"
    assert runtime.FAILURES == {"finish": 1}
    runtime.FAILURES.clear()


def test_a_destination_that_cannot_start_a_span_does_not_stop_another(own, acme):
    class Tracer:
        def start_span(self, *args, **kwargs):
            raise RuntimeError

    runtime.install(runtime.Route("bad", Tracer(), key="bad-key"))
    assert acme.plan(lambda: 5) == 5
    assert own.outcome("invoke_agent acme.planner") == "success"
    assert runtime.FAILURES == {"start": 1}
    runtime.FAILURES.clear()
