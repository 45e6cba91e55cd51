"""Texts that look like names or classes and are not the product's: none goes to its makers, and no sentence goes anywhere as a name."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Status, StatusCode

from otel_smart_agents import semconv
from otel_smart_agents.privacy import Policy, redact
from otel_smart_agents.privacy.decisions import RESOURCE_KEYS

UPSTREAM = Policy(audience="upstream", catalogue={"planner", "AcmeError"}.__contains__, pseudonym_key=b"k" * 32, pseudonym_key_id="k1")
OWN = Policy(pseudonym_key=b"k" * 32, pseudonym_key_id="k1")
SENTENCE = "Please divorce Dana now and hide it from everybody"


def span(attributes, *, name="invoke_agent planner", error=None):
    provider = TracerProvider(resource=Resource({"service.name": "acme", "service.version": "1.2"}), shutdown_on_exit=False)
    made = provider.get_tracer(semconv.SCOPE_NAME).start_span(
        name, attributes={"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "agent", **attributes}
    )
    if error:
        made.set_status(Status(StatusCode.ERROR, error))
    made.end()
    return made


@pytest.mark.parametrize("key", sorted(RESOURCE_KEYS))
def test_what_describes_the_product_counts_on_the_resource_only(key):
    redacted = redact(span({key: "Dana"}), UPSTREAM)
    assert key not in redacted.attributes
    assert redacted.resource.attributes["service.name"] == "acme"


@pytest.mark.parametrize(("given", "kept"), [("DanaMiller", "_OTHER"), ("AcmeError", "AcmeError"), ("ValueError", "ValueError")])
def test_only_declared_and_known_classes_go_upstream(given, kept):
    redacted = redact(span({"error.type": given}, error=given), UPSTREAM)
    assert redacted.attributes["error.type"] == kept
    assert redacted.status.description in (None, kept)
    assert "DanaMiller" not in str(redacted.status.description)


def test_a_class_that_only_the_status_tells_is_not_told_upstream():
    redacted = redact(span({}, error="DanaMillerError: no"), UPSTREAM)
    assert redacted.attributes["error.type"] == "_OTHER"
    assert redacted.status.description is None


@pytest.mark.parametrize("key", ["gen_ai.agent.name", "gen_ai.agent.version", "service.version"])
def test_a_sentence_is_no_name(key):
    assert SENTENCE not in redact(span({key: SENTENCE}), OWN).attributes[key]


def test_a_few_words_are_a_name_for_an_operator():
    assert redact(span({"gen_ai.agent.name": "Weekly report of sales"}), OWN).attributes["gen_ai.agent.name"] == "Weekly report of sales"
