"""Names that are no attributes: useful ones stay, free text goes."""

from __future__ import annotations

import pytest

from otel_smart_agents.privacy import Policy, redact
from otel_smart_agents.privacy.gate import gate_of
from otel_smart_agents.privacy.names import error_name, schema_url, unit, version
from otel_smart_agents.privacy.rules import REMEMBERED_TEXTS
from otel_smart_agents.privacy.tally import Tally
from spans.build import OWN, span_of

OTHER = "other-k1-"


def name_of(name, **attributes):
    return redact(span_of(name, attributes=attributes), OWN).name


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("GET /users/{id}", "GET /users/{id}"),
        ("GET /users/<int:id>/", "GET /users/<int:id>/"),
        ("GET", "GET"),
        ("HTTP POST", "HTTP POST"),
        ("GET /users/jane@x.com", "GET"),
        ("GET /users/4711", "GET /users/{id}"),
        ("GET /users/7f0e8d0a-1111-4222-8333-94444555566f/mail", "GET /users/{id}/mail"),
        ("GET /list?user=jane", "GET /list"),
        ("GET ?user=jane", "GET"),
        ("POST https://jane:pw@host/x", "POST"),
        ("GET //host/x", "GET"),
        ("GET /a b", "GET"),
        ("GET /items/{id} http send", "GET /items/{id} http send"),
        ("GET /a b@c.example http send", "GET http send"),
        ("SELECT shop.orders", "SELECT shop.orders"),
        ("shop.Orders/Create", "shop.Orders/Create"),
        ("/shop.Orders/Create", "/shop.Orders/Create"),
        ("orders publish", "orders publish"),
        ("work", "work"),
        ("[redaction_error]", "[redaction_error]"),
        ("", OTHER),
        ("please write to my doctor about the blood test", OTHER),
        ("Was it Jane?", OTHER),
        ("order of Jane, again", OTHER),
        ("mail jane.roe@mail.example.com", OTHER),
        ("x" * 129, OTHER),
        ("jané", OTHER),
        ("invoke_agent", "invoke_agent"),
        ("invoke_agent planner", "invoke_agent planner"),
        ("chat gpt-4", "chat gpt-4"),
        ("chat janes-own-tune", "chat other"),
        ("retrieval of janes letters", "retrieval"),
    ],
)
def test_span_names(name, want):
    kept = name_of(name)
    assert kept.startswith(want) if want == OTHER else kept == want


def test_a_vendors_agent_span_keeps_a_name_that_looks_like_one():
    assert name_of("MyAgent.run", **{"gen_ai.operation.name": "invoke_agent"}) == "MyAgent.run"
    assert name_of("run it for Jane, please!", **{"gen_ai.operation.name": "invoke_agent"}).startswith(OTHER)


def test_without_a_key_a_name_is_just_other():
    assert redact(span_of("Was it Jane?"), Policy()).name == "other"


def test_names_that_were_replaced_are_counted():
    assert redact(span_of("Was it Jane?"), OWN).redactions == 1
    assert redact(span_of("GET /users/4711"), OWN).redactions == 1
    assert redact(span_of("chat janes-own-tune"), OWN).redactions == 1


def test_names_remembered_are_bounded():
    gate = gate_of(Policy(max_depth=9))
    for number in range(REMEMBERED_TEXTS + 10):
        gate.span_name(f"step{number}", None, Tally())
    assert len(gate._span_names[None]) <= REMEMBERED_TEXTS


def test_event_names():
    def fill(span):
        for name in ("retry", "exception", "gen_ai.evaluation.result", "letter to Jane, sent!"):
            span.add_event(name)

    names = [event.name for event in redact(span_of(fill=fill), OWN).events]
    assert names[:3] == ["retry", "exception", "gen_ai.evaluation.result"]
    assert names[3].startswith(OTHER)


@pytest.mark.parametrize(
    ("scope", "want"),
    [
        ("opentelemetry.instrumentation.requests", None),
        ("@acme/tracing", None),
        ("__main__", None),
        ("github.com/acme/x", None),
        ("[redaction_error]", None),
        ("Jane's", OTHER),
        ("", ""),
    ],
)
def test_scope_names(scope, want):
    kept = gate_of(OWN).names.scope(scope, Tally())
    assert kept == (scope if want is None else want) or (want == OTHER and kept.startswith(OTHER))


def test_metric_names():
    names = gate_of(OWN).names
    for name in ("http.server.request.duration", "gen_ai.invoke_agent.duration", "[redaction_error]"):
        assert names.metric(name, Tally()) == name
    assert names.metric("visits of jane", Tally()).startswith(OTHER)


def test_versions_units_and_schemas_have_a_form_or_go():
    assert (version("1.2.3+x~y"), version("v1 of jane"), version(None), version("")) == ("1.2.3+x~y", None, None, None)
    assert (unit("{item}"), unit("s"), unit("jane's"), unit(None)) == ("{item}", "s", "", "")
    assert schema_url("https://opentelemetry.io/schemas/1.44.0") == "https://opentelemetry.io/schemas/1.44.0"
    assert [schema_url(odd) for odd in ("https://a:b@c.example/1", "https://c.example/?u=jane", "file:///home/jane", None)] == [
        "",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("description", "known", "want"),
    [
        ("ValueError: no user jane", None, "ValueError"),
        ("requests.exceptions.ConnectionError: x", None, "ConnectionError"),
        ("ValueError", None, "ValueError"),
        ("Oops: no user jane", "Oops", "Oops"),
        ("Oops: no user jane", None, None),
        ("jane: no user", None, None),
        ("jane", None, None),
        ("no user jane", None, None),
        ("errorError", None, None),
        ("", None, None),
        (None, None, None),
        ("x" * 500, None, None),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4aError", None, None),
    ],
)
def test_a_status_says_the_class_of_an_error_and_nothing_else(description, known, want):
    assert error_name(description, known) == want
