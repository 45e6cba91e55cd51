"""A destination that was closed and configured again on the same provider: each span once, and nothing recorded in between."""

from __future__ import annotations

import json

from promises.program import NOTICE
from support.receiver import HttpReceiver

AGAIN = """
from opentelemetry import trace
from otel_smart_agents import configure, step
def once(name):
    with step(name):
        pass
for name in ("one", "two", "three"):
    with configure(service_name="acme", endpoint={endpoint!r}, audience="own", protocol="http/json"):
        once(name)
    once("between")
    with trace.get_tracer("http").start_as_current_span("GET", kind=trace.SpanKind.CLIENT):
        pass
"""


def test_each_span_once_and_nothing_after_the_end(user):
    with HttpReceiver() as receiver:
        user.run(AGAIN.replace("{endpoint!r}", repr(receiver.url)))
        assert [span["name"] for span in receiver.spans()] == ["step one", "step two", "step three"]
    assert [name for name in user.files() if name.endswith(".jsonl") and "/traces/" in name] == []


OFF_AND_ON = """
import json
from otel_smart_agents import agent, configure
from otel_smart_agents.consent import ConsentStore
handle = configure(service_name="acme", endpoint={endpoint!r}, audience="own", gate="user", protocol="http/json", notice=NOTICE)
store = ConsentStore()
found = []
for name in ("one", "two"):
    store.grant(handle.destination, NOTICE, method="prompt")
    handle.refresh()
    with agent(name):
        pass
    found.append(handle.flush(10))
    store.deny(handle.destination, NOTICE, method="cli")
    handle.refresh()
    with agent("off"):
        pass
print(json.dumps(found))
"""


def test_switched_off_and_on_again_doubles_nothing(user):
    with HttpReceiver() as receiver:
        done = user.run(NOTICE + OFF_AND_ON.replace("{endpoint!r}", repr(receiver.url)))
        assert json.loads(done.stdout) == [True, True]
        spans = [record for request in receiver.requests if request.signal == "traces" for record in request.records()]
        assert [span["name"] for span in spans] == ["invoke_agent one", "invoke_agent two"]
