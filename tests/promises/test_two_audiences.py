"""Two products of one user, and one product with a back end of its own beside its makers': nobody gets what is another's."""

from __future__ import annotations

import pytest
from support.receiver import HttpReceiver

from promises.program import NOTICE

AMBIENT = {
    "OTEL_RESOURCE_ATTRIBUTES": "enduser.id=dana,team=blue,service.namespace=secret-project",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20users-own-key,x-tenant=dana",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "x-more=dana",
    "TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}

BOTH = (
    NOTICE
    + """
import json
import requests
from opentelemetry import trace
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from otel_smart_agents import agent, skill, configure
RequestsInstrumentor().instrument()
upstream = configure(service_name="acme", endpoint={upstream!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
own = configure(service_name="acme", endpoint={own!r}, audience="own", protocol="http/json")
assert upstream.active and own.active
@skill("fetch")
def fetch():
    return requests.get({own!r} + "/anything", timeout=5)
@agent("planner")
def planner():
    fetch()
    return trace.get_current_span().get_span_context()
context = planner()
assert upstream.flush(10) and own.flush(10)
print(f"{context.trace_id:032x}")
"""
)


def traces(receiver):
    return [span for request in receiver.requests if request.signal == "traces" for span in request.records()]


def test_own_and_upstream_share_nothing(user):
    with HttpReceiver() as upstream, HttpReceiver() as own:
        user.grant(upstream.url)
        (user.folder / ".netrc").write_text("machine 127.0.0.1 login dana password hunter2hunter2\n")
        (user.folder / ".netrc").chmod(0o600)
        code = BOTH.replace("{upstream!r}", repr(upstream.url)).replace("{own!r}", repr(own.url))
        current = user.run(code, **AMBIENT).stdout.strip()
        theirs, ours = traces(upstream), traces(own)
        assert sorted(span["name"] for span in theirs) == ["execute_tool fetch", "invoke_agent planner"]
        assert {"execute_tool fetch", "invoke_agent planner", "GET"} <= {span["name"] for span in ours}
        # No trace id, span id or installation id of one is known to the other.
        for field in ("trace_id", "span_id"):
            assert not {span[field] for span in theirs} & {span[field] for span in ours}
        assert current in {span["trace_id"] for span in ours}
        ids = [{span["resource"].get("app.installation.id") for span in spans} for spans in (theirs, ours)]
        assert not ids[0] & ids[1]
        # The user's own tree is whole: the HTTP span hangs under our skill's span and under the trace that came from outside.
        by_name = {span["name"]: span for span in ours}
        assert by_name["GET"]["parent_span_id"] == by_name["execute_tool fetch"]["span_id"]
        assert by_name["invoke_agent planner"]["parent_span_id"] == "b7ad6b7169203331"
        assert all(span["parent_span_id"] != "b7ad6b7169203331" for span in theirs)
        # Nothing ambient goes upstream.
        for request in upstream.requests:
            sent = request.body.decode() + str(request.headers)
            for private in (
                "dana",
                "blue",
                "secret-project",
                "users-own-key",
                "hunter2",
                "0af7651916cd43dd",
                "authorization",
                "traceparent",
            ):
                assert private not in sent.lower()


def test_two_products_of_one_user_share_nothing(user):
    with HttpReceiver() as first, HttpReceiver() as second:
        user.grant(first.url, product="first")
        user.grant(second.url, product="second")
        user.run(
            NOTICE
            + f"""
import sys, types
from otel_smart_agents import agent, configure
first = configure(service_name="first", endpoint={first.url!r}, audience="upstream", notice=NOTICE, packages=["first_product"])
second = configure(service_name="second", endpoint={second.url!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
@agent("planner")
def planner(): pass
planner()
assert first.flush(10) and second.flush(10)
"""
        )
        assert traces(first) == []
        assert [span["name"] for span in traces(second)] == ["invoke_agent planner"]
        assert first.requests == []


@pytest.mark.parametrize("endpoint", ["http://makers.example", "http://10.0.0.1:4318", "http://localhost.makers.example"])
def test_plain_http_is_refused_for_upstream(user, endpoint):
    done = user.run(
        f"""
from otel_smart_agents import configure
from otel_smart_agents.errors import ConfigError
try:
    configure(service_name="acme", endpoint={endpoint!r}, audience="upstream")
except ConfigError as error:
    print(error)
"""
    )
    assert "https" in done.stdout


def test_a_redirect_is_not_followed(user):
    from support.receiver import Reply

    with HttpReceiver() as elsewhere, HttpReceiver(default=Reply(status=307, headers={"Location": "http://127.0.0.1:1/"})) as upstream:
        upstream.default = Reply(status=307, headers={"Location": elsewhere.url + "/v1/traces"})
        user.grant(upstream.url)
        user.run(
            NOTICE
            + f"""
from otel_smart_agents import agent, configure
handle = configure(service_name="acme", endpoint={upstream.url!r}, audience="upstream", notice=NOTICE, packages=["__main__"])
@agent("planner")
def planner(): pass
planner()
handle.flush(3)
"""
        )
        assert elsewhere.requests == []
        assert len(upstream.requests) == 1
