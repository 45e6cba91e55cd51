"""Log records and events: the same promises, and a body that stays at home."""

from __future__ import annotations

import logging
import pickle
from dataclasses import replace

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NonRecordingSpan, set_span_in_context, use_span

from otel_smart_agents.privacy import Counters, RedactedLog, redact_log
from otel_smart_agents.privacy.counters import CONSENT, REDACTION_ERROR
from spans.build import OWN, SCAN, SECRET_PARTS, SECRETS, UPSTREAM, plain, remote_context

RATING = {"gen_ai.evaluation.name": "user_satisfaction", "gen_ai.evaluation.score.value": 4.0, "gen_ai.skill.name": "debugging"}
FEATURE = {"smart_agents.feature.name": "search", "smart_agents.feature.action": "used"}


def record_of(*, scope="acme", resource=None, context=None, **fields):
    """Return one record as the SDK hands it to exporters."""
    memory = InMemoryLogRecordExporter()
    provider = LoggerProvider(resource=resource or Resource({"service.name": "acme"}), shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(memory))
    provider.get_logger(scope).emit(context=context or Context(), **fields)
    return memory.get_finished_logs()[-1]


def everything(record):
    log, scope = record.log_record, record.instrumentation_scope
    return [
        plain(dict(log.attributes or {})),
        [log.body, log.severity_text, log.severity_number, log.event_name, log.timestamp, log.observed_timestamp],
        [log.trace_id, log.span_id, int(log.trace_flags), repr(log.exception), dict(log.context or {})],
        [plain(dict(record.resource.attributes)), record.resource.schema_url],
        scope and [scope.name, scope.version, scope.schema_url, plain(dict(scope.attributes or {}))],
        record.dropped_attributes,
    ]


SURFACES = {
    "body": lambda secret: record_of(body=f"see {secret}"),
    "structured body": lambda secret: record_of(body={"a": [f"see {secret}"], f"k {secret}": 1}),
    "attribute": lambda secret: record_of(attributes={"url.full": f"see {secret}", "note": secret, "session.id": secret}),
    "event name": lambda secret: record_of(event_name=f"saw {secret}"),
    "severity": lambda secret: record_of(severity_text=f"bad {secret}"),
    "scope": lambda secret: record_of(scope=f"acme {secret}"),
    "resource": lambda secret: record_of(resource=Resource({"service.name": f"svc {secret}", "owner": secret})),
    "exception": lambda secret: record_of(body="x", exception=ValueError(f"bad {secret}")),
}


@pytest.mark.parametrize("policy", [OWN, SCAN, UPSTREAM], ids=["own", "scan", "upstream"])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_leaks(surface, secret, policy):
    redacted = redact_log(SURFACES[surface](SECRETS[secret]), policy)
    assert redacted is None or SECRET_PARTS[secret] not in str(everything(redacted))


def test_a_plain_record_keeps_what_says_nothing_about_anybody():
    parent = remote_context()
    record = record_of(
        context=set_span_in_context(NonRecordingSpan(parent)),
        body="Jane logged in",
        severity_text="WARN",
        severity_number=SeverityNumber.WARN,
        timestamp=5,
        observed_timestamp=6,
        attributes={"http.response.status_code": 500, "who": "jane"},
    )
    redacted = redact_log(record, OWN)
    log = redacted.log_record
    assert isinstance(redacted, ReadableLogRecord)
    assert (log.body, log.severity_text, log.severity_number, log.timestamp, log.observed_timestamp) == (
        None,
        "WARN",
        SeverityNumber.WARN,
        5,
        6,
    )
    assert (log.trace_id, log.span_id) == (parent.trace_id, parent.span_id)
    assert dict(log.attributes) == {"http.response.status_code": 500}
    assert (redacted.dropped_attributes, redacted.kind_name, redacted.category, redacted.audience) == (1, None, None, "own")
    assert log.exception is None
    assert not log.context


def test_a_body_leaves_only_where_the_operator_says_so():
    record = record_of(body="mail jane.roe@mail.example.com about tea")
    for policy in (replace(OWN, content=frozenset({"log.body"})), replace(OWN, unknown="scan")):
        assert "about tea" in redact_log(record, policy).log_record.body
        assert redact_log(record, policy).redactions == 1
    assert redact_log(record_of(body=b"\x00"), SCAN).log_record.body == "[bytes]"


def test_an_error_that_is_logged_leaves_class_and_hash():
    try:
        raise ValueError("no user jane")
    except ValueError as error:
        record = record_of(body="no user jane", exception=error)
    attributes = dict(redact_log(record, OWN).log_record.attributes)
    assert attributes["exception.type"] == "ValueError"
    assert set(attributes) == {"exception.type", "smart_agents.error.stack_hash"}


def test_events_need_the_category_of_their_kind():
    cases = [("gen_ai.evaluation.result", RATING, "skill", "rating"), ("smart_agents.feature.usage", FEATURE, "feature", "feature")]
    for name, attributes, category, kind in cases:
        record = record_of(event_name=name, attributes=attributes, scope="otel_smart_agents")
        counters = Counters()
        assert redact_log(record, replace(OWN, categories=OWN.categories - {category}), counters=counters) is None
        assert redact_log(record, replace(OWN, categories=OWN.categories - {category})) is None
        assert counters[CONSENT] == 1
        for policy in (OWN, UPSTREAM):
            redacted = redact_log(record, policy)
            assert (redacted.kind_name, redacted.category) == (kind, category)
            assert dict(redacted.log_record.attributes) == attributes


def test_events_of_model_calls_belong_to_agents():
    record = record_of(event_name="gen_ai.client.inference.operation.details", attributes={"gen_ai.input.messages": "x"})
    assert redact_log(record, OWN).category == "agent"
    assert redact_log(record, replace(OWN, categories=frozenset({"skill"}))) is None


def test_upstream_gets_registered_events_of_this_package_only():
    assert redact_log(record_of(body="x"), UPSTREAM) is None
    assert redact_log(record_of(event_name="smart_agents.feature.usage", attributes=FEATURE), UPSTREAM) is None
    assert redact_log(record_of(event_name="letter", scope="otel_smart_agents"), UPSTREAM) is None
    free = record_of(
        event_name="smart_agents.feature.usage", attributes=FEATURE | {"smart_agents.feature.name": "janes own"}, scope="otel_smart_agents"
    )
    assert redact_log(free, UPSTREAM).log_record.attributes["smart_agents.feature.name"].startswith("other-k1-")


def test_a_request_for_deletion_needs_no_category():
    proof = {"smart_agents.deletion.installation_id": "7f0e8d0a-1111-4222-8333-94444555566f", "smart_agents.deletion.proof": "ab" * 32}
    record = record_of(event_name="smart_agents.deletion.request", attributes=proof, scope="otel_smart_agents")
    redacted = redact_log(record, replace(UPSTREAM, categories=frozenset()))
    assert dict(redacted.log_record.attributes) == proof


def test_a_record_of_no_span_takes_no_ids_from_the_thread_that_filters():
    record = record_of(event_name="retry")
    with use_span(NonRecordingSpan(remote_context())):
        redacted = redact_log(record, OWN)
    assert (redacted.log_record.trace_id, redacted.log_record.span_id) == (0, 0)


def test_a_records_times_move_with_its_trace_once():
    policy = replace(UPSTREAM, time_offset_of=lambda _trace: 7)
    record = record_of(
        event_name="smart_agents.feature.usage", attributes=FEATURE, scope="otel_smart_agents", timestamp=100, observed_timestamp=101
    )
    once = redact_log(record, policy)
    assert (once.log_record.timestamp, once.log_record.observed_timestamp) == (107, 108)
    assert redact_log(once, policy) is once
    assert everything(redact_log(once, replace(policy, max_depth=5))) == everything(once)


def test_filtering_twice_changes_nothing():
    once = redact_log(
        record_of(body={"a": [SECRETS["mail"]]}, event_name="saw Jane, today!", attributes={"url.full": SECRETS["mail"]}), SCAN
    )
    assert once.redactions == 3
    assert everything(redact_log(once, replace(SCAN, max_depth=5))) == everything(once)


def test_a_filter_that_fails_drops_the_record_and_counts_it():
    counters = Counters()
    assert redact_log(object(), OWN, counters=counters) is None
    assert redact_log(object(), OWN) is None
    assert counters[REDACTION_ERROR] == 1


def test_counts_of_a_record_are_shared():
    counters = Counters()
    redact_log(record_of(body="x", attributes={"who": "jane"}), OWN, counters=counters)
    assert counters.snapshot() == {"attributes": 1}


def test_a_record_without_scope_or_attributes():
    record = ReadableLogRecord(LogRecord(timestamp=1, context=Context()), Resource.get_empty())
    redacted = redact_log(record, OWN)
    assert redacted.instrumentation_scope is None
    assert dict(redacted.log_record.attributes) == {}
    assert redact_log(record, UPSTREAM) is None


def test_what_a_processor_gets_can_be_filtered_too():
    seen = []

    class Processor(SimpleLogRecordProcessor):
        def on_emit(self, log_record):
            seen.append(redact_log(log_record, OWN))

    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(Processor(InMemoryLogRecordExporter()))
    provider.get_logger("x").emit(body="jane", attributes={"who": "jane"})
    assert isinstance(seen[0], RedactedLog)
    assert seen[0].dropped_attributes == 1


def test_nobody_else_can_make_one():
    with pytest.raises(TypeError, match="redact functions"):
        RedactedLog("record")
    with pytest.raises(TypeError, match="subclassed"):
        type("Mine", (RedactedLog,), {})
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(redact_log(record_of(body="x"), OWN))


def test_the_standard_librarys_logging_is_covered():
    from opentelemetry.sdk._logs import LoggingHandler

    memory = InMemoryLogRecordExporter()
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(memory))
    log = logging.Logger("acme.shop")  # noqa: LOG001 - a logger of its own, so that no other test sees its handler
    log.addHandler(LoggingHandler(logger_provider=provider))
    log.warning("user %s has %s", "jane.roe@mail.example.com", "a cold", extra={"customer": "jane"})
    redacted = redact_log(memory.get_finished_logs()[-1], OWN)
    assert "jane" not in str(everything(redacted))
    assert redacted.instrumentation_scope == InstrumentationScope("acme.shop")
