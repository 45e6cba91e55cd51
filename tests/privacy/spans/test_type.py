"""A RedactedSpan is a proof: only the filter makes one, nobody changes one."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.privacy import Counters, Policy, RedactedSpan, redact
from otel_smart_agents.privacy.counters import REDACTION_ERROR
from spans.build import OWN, UPSTREAM, agent_span, everything, span_of


def test_nobody_else_can_make_one():
    with pytest.raises(TypeError, match="redact functions"):
        RedactedSpan("name", attributes={})
    with pytest.raises(TypeError, match="subclassed"):
        type("Mine", (RedactedSpan,), {})
    span = redact(agent_span(), OWN)
    for duplicate in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="pickled or copied"):
            duplicate(span)


def test_it_is_a_readable_span_that_cannot_be_written():
    span = redact(agent_span(), OWN)
    assert isinstance(span, ReadableSpan)
    for name in ("name", "attributes", "status", "kind_name", "category", "redactions", "dropped_attributes", "audience"):
        with pytest.raises(AttributeError):
            setattr(span, name, "x")
    with pytest.raises(TypeError):
        span.attributes["x"] = 1


def test_it_knows_what_it_is_about():
    span = redact(agent_span(), OWN)
    assert (span.kind_name, span.category, span.audience, span.redactions) == ("agent", "agent", "own", 0)
    assert span.flags == 0x100
    assert redact(agent_span(), UPSTREAM).audience == "upstream"
    assert redact(span_of(), OWN).category is None


def test_dropped_counts_of_the_source_are_carried_on():
    class Source(ReadableSpan):
        dropped_attributes, dropped_events, dropped_links = 3, 4, 5

    source = agent_span()
    span = Source("invoke_agent planner", source.context, attributes={"prompt": "x"}, resource=source.resource)
    redacted = redact(span, OWN)
    assert (redacted.dropped_attributes, redacted.dropped_events, redacted.dropped_links) == (4, 4, 5)


def test_redacting_again_with_the_same_policy_is_free_and_with_an_equal_one_changes_nothing():
    once = redact(agent_span("writes to jane.roe@mail.example.com"), OWN)
    assert redact(once, OWN) is once
    assert redact(once, replace(OWN)) is once
    again = redact(once, replace(OWN, max_depth=5))
    assert again is not once
    assert everything(again) == everything(once)


def test_a_filter_that_fails_drops_the_span_and_counts_it():
    class Broken(ReadableSpan):
        @property
        def attributes(self):
            raise RuntimeError("boom")

    counters = Counters()
    assert redact(Broken("x", resource=agent_span().resource), OWN, counters=counters) is None
    assert redact(Broken("x", resource=agent_span().resource), OWN) is None
    assert redact(object(), OWN, counters=counters) is None
    assert counters[REDACTION_ERROR] == 2


def test_a_span_without_context_resource_scope_or_times_is_no_trouble():
    span = ReadableSpan("bare", attributes=None)
    span._resource = None
    redacted = redact(span, OWN)
    assert everything(redacted)["resource"] == [{}, ""]
    assert redacted.context is None
    assert redacted.start_time is None


def test_attributes_that_cannot_copy_themselves_are_walked_through():
    class Odd(dict):
        def copy(self):
            return self

    class Source(ReadableSpan):
        @property
        def attributes(self):
            return Odd({"gen_ai.agent.name": "planner"})

    assert dict(redact(Source("x", resource=agent_span().resource), OWN).attributes) == {"gen_ai.agent.name": "planner"}


def test_an_exporter_takes_it():
    assert issubclass(SpanExporter, object)
    assert '"name": "invoke_agent planner"' in redact(agent_span(), OWN).to_json()


def test_a_policy_takes_any_collection_and_says_what_is_wrong():
    policy = Policy(categories={"agent"}, content=["log.body"], packages=["acme"], resource=[("service.name", "shop")])
    assert redact(agent_span(), policy).name == "invoke_agent planner"
    for wrong in ({"audience": "both"}, {"unknown": "keep"}, {"categories": "agent"}, {"packages": "acme"}, {"pseudonym_key": b"x"}):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            Policy(**wrong)
