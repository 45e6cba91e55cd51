"""Exceptions leave their class and the hash of their stack, never their words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opentelemetry.trace import Status, StatusCode

from otel_smart_agents.privacy import redact, stack_hash, stack_hash_of_text
from spans.build import OWN, Recorder, everything, span_of, text_of

SECRET = "no account for jane.roe@mail.example.com"


class AccountError(ValueError):
    """An error of the application."""


def fail():
    raise AccountError(SECRET)


def raised():
    recorder = Recorder()
    error = None
    try:
        with recorder.tracer.start_as_current_span("work"):
            fail()
    except AccountError as caught:
        error = caught
    return recorder.last(), error


def test_an_exception_that_leaves_a_raw_span():
    span, error = raised()
    assert SECRET in text_of(span)
    redacted = redact(span, OWN)
    assert "jane" not in text_of(redacted)
    assert "/" not in text_of(redacted).replace("https://", "")
    assert (redacted.status.status_code, redacted.status.description) == (StatusCode.ERROR, "AccountError")
    text = span.events[0].attributes["exception.stacktrace"]
    facts = {"error.type": "AccountError", "smart_agents.error.stack_hash": stack_hash_of_text(text)}
    assert dict(redacted.attributes) == facts | {"smart_agents.redaction.count": 1}
    assert facts["smart_agents.error.stack_hash"] == stack_hash(error)
    event = redacted.events[0]
    assert (event.name, dict(event.attributes)) == (
        "exception",
        {"exception.type": "AccountError", "smart_agents.error.stack_hash": facts["smart_agents.error.stack_hash"]},
    )
    assert event.dropped_attributes == 3


def test_filtering_an_error_twice_changes_nothing():
    once = redact(raised()[0], OWN)
    assert everything(redact(once, replace(OWN, max_depth=5))) == everything(once)


def test_without_consent_to_errors_nothing_of_them_leaves():
    redacted = redact(raised()[0], replace(OWN, categories=OWN.categories - {"error"}))
    assert (redacted.status.status_code, redacted.status.description) == (StatusCode.ERROR, None)
    assert dict(redacted.attributes)["error.type"] == "_OTHER"
    assert dict(redacted.events[0].attributes) == {}
    assert "Account" not in text_of(redacted)


def test_an_exception_that_was_handled_does_not_make_the_span_an_error():
    redacted = redact(span_of(fill=lambda span: span.record_exception(AccountError(SECRET))), OWN)
    assert redacted.status.status_code is StatusCode.UNSET
    assert "error.type" not in redacted.attributes
    assert redacted.events[0].attributes["exception.type"] == "AccountError"


def test_a_span_that_knows_its_error_keeps_it():
    def fill(span):
        span.record_exception(AccountError(SECRET))
        span.set_attributes({"error.type": "shop.Closed", "smart_agents.error.stack_hash": "v1:a3f5e2c19b04d7e8"})
        span.set_status(Status(StatusCode.ERROR, "shop.Closed"))

    redacted = redact(span_of(fill=fill), OWN)
    assert redacted.status.description == "Closed"
    assert redacted.attributes["error.type"] == "Closed"
    assert redacted.attributes["smart_agents.error.stack_hash"] == "v1:a3f5e2c19b04d7e8"


@pytest.mark.parametrize(
    ("status", "description", "error_type"),
    [
        (Status(StatusCode.ERROR), None, "_OTHER"),
        (Status(StatusCode.ERROR, SECRET), None, "_OTHER"),
        (Status(StatusCode.ERROR, f"ValueError: {SECRET}"), "ValueError", "ValueError"),
        (Status(StatusCode.OK), None, None),
    ],
)
def test_a_status_without_an_exception(status, description, error_type):
    redacted = redact(span_of(fill=lambda span: span.set_status(status)), OWN)
    assert (redacted.status.status_code, redacted.status.description) == (status.status_code, description)
    assert redacted.attributes.get("error.type") == error_type


def test_a_description_that_stands_where_none_belongs_goes():
    class Odd(Status):
        @property
        def description(self):
            return SECRET

    source = span_of()
    source._status = Odd(StatusCode.OK)
    redacted = redact(source, OWN)
    assert (redacted.status.status_code, redacted.status.description) == (StatusCode.OK, None)


def test_a_stack_among_the_spans_own_attributes_is_hashed_too():
    text = raised()[0].events[0].attributes["exception.stacktrace"]
    attributes = {"exception.stacktrace": text, "exception.type": "shop.AccountError", "exception.message": SECRET}
    assert dict(redact(span_of(attributes=attributes), OWN).attributes) == {
        "exception.type": "AccountError",
        "smart_agents.error.stack_hash": stack_hash_of_text(text),
    }


@pytest.mark.parametrize("stack", ["", 7, ("x",), "x" * 300_000])
def test_a_stack_that_is_none_leaves_nothing(stack):
    assert dict(redact(span_of(attributes={"exception.stacktrace": stack}), OWN).attributes) == {}


def test_packages_of_the_policy_count_as_application():
    text = 'Traceback (most recent call last):\n  File "/x/site-packages/acme/run.py", line 1, in run\n    go()\nValueError: no\n'
    span = span_of(attributes={"exception.stacktrace": text})
    hashes = {redact(span, policy).attributes["smart_agents.error.stack_hash"] for policy in (OWN, replace(OWN, packages=("acme",)))}
    assert hashes == {stack_hash_of_text(text), stack_hash_of_text(text, packages=("acme",))}
    assert len(hashes) == 2
