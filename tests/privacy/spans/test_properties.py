"""Whatever a span holds: no planted secret survives, filtering twice is filtering once, and nothing raises."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import Link, Status, StatusCode

from otel_smart_agents import semconv
from otel_smart_agents.privacy import redact, redact_text
from otel_smart_agents.privacy.bounds import bounded
from spans.build import OWN, SCAN, SECRET_PARTS, SECRETS, UPSTREAM, everything, remote_context, span_of, text_of

POLICIES = (
    OWN,
    SCAN,
    UPSTREAM,
    replace(SCAN, max_value_length=60, max_attributes=6, max_events=2, max_depth=2),
    replace(OWN, categories=frozenset({"workflow", "skill"})),
    replace(SCAN, pseudonym_key=b"", pseudonym_key_id=""),
)
words = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "invoke_agent planner",
        "GET /a/{id}",
        "work",
        "chat gpt-4",
        "planner",
        "v1:a3f5e2c19b04d7e8",
        "other-k1-0123456789abcdef",
        "agent:x",
        "…",
    ]
)
planted = st.builds(lambda before, name, after: f"{before} {SECRETS[name]} {after}", words, st.sampled_from(sorted(SECRETS)), words)
texts = words | planted
scalars = texts | st.integers() | st.floats() | st.booleans() | st.binary(max_size=9)
values = scalars | st.lists(scalars, max_size=4) | st.dictionaries(texts.filter(bool), st.lists(scalars, max_size=2), max_size=3)
keys = st.sampled_from([*semconv.ATTRIBUTES, "smart_agents.label.x", "smart_agents.capture.y", "acme.note", "prompt"]) | texts
attributes = st.dictionaries(keys, values, max_size=6)
scopes = st.sampled_from(["otel_smart_agents", "acme"]) | texts


plans = st.fixed_dictionaries(
    {
        "name": texts,
        "scope": scopes,
        "version": st.none() | texts,
        "schema_url": st.none() | texts,
        "scope_attributes": attributes,
        "attributes": attributes,
    }
)
insides = st.fixed_dictionaries(
    {
        "events": st.lists(st.tuples(texts, attributes), max_size=3),
        "error": st.none() | texts,
        "status": st.sampled_from(list(StatusCode)),
        "description": st.none() | texts,
        "links": st.lists(attributes, max_size=2),
        "resource": st.tuples(attributes, texts),
    }
)


def only_whole_secrets(source):
    """Tell whether secrets stand whole and free, apart from digits: hypothesis cuts and glues texts, and half a card is just a number."""
    free = r"(?<!\S)(?<!\d\s){}(?!\S)(?!\s\d)"
    return not any(part in re.sub(free.format(re.escape(SECRETS[name])), "", source) for name, part in SECRET_PARTS.items())


def strings_in(value):
    """Return every text of a nested value."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    return [text for item in value for text in strings_in(item)] if isinstance(value, list | tuple) else [value] * isinstance(value, str)


def made_of(plan, inside):
    """Return the span that the SDK makes of a plan. (Not a strategy: the SDK draws random ids.)"""

    def fill(span):
        for name, item in inside["events"]:
            span.add_event(name, item)
        if inside["error"] is not None:
            span.record_exception(ValueError(inside["error"]))
        span.set_status(Status(inside["status"]))
        if inside["description"] is not None:
            span.set_status(Status(StatusCode.ERROR, inside["description"]))

    links = [Link(remote_context([("vendor", "x")]), item) for item in inside["links"]]
    return span_of(**plan, resource=Resource(*inside["resource"]), links=links, fill=fill)


@settings(max_examples=150, deadline=None)
@given(plans, insides, st.sampled_from(POLICIES))
def test_any_span(plan, inside, policy):
    assume(only_whole_secrets("\n".join(strings_in([plan, inside]))))
    span = made_of(plan, inside)
    once = redact(span, policy)
    if once is None:
        return
    shown = text_of(once)
    for part in SECRET_PARTS.values():
        assert part not in shown
    assert everything(redact(once, replace(policy, packages=("x",)))) == everything(once)
    if policy.audience == "upstream":
        assert span.instrumentation_scope.name == semconv.SCOPE_NAME
    for key in once.attributes:
        assert policy.unknown == "scan" or key in semconv.ATTRIBUTES or key.startswith(tuple(semconv.KEY_PREFIXES))


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=40).map(" ".join), st.integers(10, 400))
def test_any_text_within_any_limit(text, limit):
    assume(only_whole_secrets(text))
    kept, count = bounded(text, limit, redact_text)
    assert len(kept) <= limit
    assert count >= 0
    kept.encode()
    assert bounded(kept, limit, redact_text)[0] == kept
    for name, part in SECRET_PARTS.items():
        assert part not in kept, name


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=5) | st.integers() | st.none(), st.none() | st.integers() | st.builds(object) | values, max_size=5))
def test_a_span_that_no_sdk_made(odd):
    from opentelemetry.sdk.trace import ReadableSpan

    span = ReadableSpan("work", attributes=odd, resource=Resource.get_empty())
    for policy in POLICIES:
        redacted = redact(span, policy)
        assert redacted is None or all(isinstance(key, str) for key in redacted.attributes)
