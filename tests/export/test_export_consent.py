"""Consent at the receiver: nothing without it, nothing from before it, nothing after it, nothing beyond it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from support.pipelines import ScriptedGate, emit, make_pipeline, provider_of, tracer_of, wait_until
from support.receiver import HttpReceiver

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.consent.percall import PerCallConsent
from otel_smart_agents.export.deletion import queue_deletions
from otel_smart_agents.instrument.context import CONSENT_KEY, INHERITED_KEY
from otel_smart_agents.spool.folder import SpoolFolder

AGENT = {"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "agent"}


@pytest.fixture
def receiver():
    with HttpReceiver() as found:
        yield found


def skill(tracer, name="search", **attributes):
    values = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "gen_ai.skill.name": name, "smart_agents.kind": "skill"}
    with tracer.start_as_current_span(f"execute_tool {name}", attributes={**values, **attributes}) as span:
        return f"{span.get_span_context().span_id:016x}"


def test_off_touches_nothing(tmp_path, receiver):
    told = []
    pipeline = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("off"), on_off=told.append)
    emit(tracer_of(pipeline), 3)
    pipeline.flush(5)
    pipeline.resume()
    pipeline.shutdown()
    assert not (tmp_path / "spool").exists()
    assert receiver.requests == []
    assert pipeline.counters["consent"] == 3
    assert len(told) == 1


def test_local_is_recorded_and_never_sent(tmp_path, receiver):
    pipeline = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("local"), seal_age_s=0.05)
    emit(tracer_of(pipeline), 3)
    assert pipeline.flush(5)
    assert not pipeline.flush(0.5, to="backend")
    pipeline.resume()
    time.sleep(0.3)
    pipeline.shutdown(1)
    assert receiver.requests == []
    assert list(pipeline.folder.rglob("*.jsonl"))


def test_never_retroactive(tmp_path, receiver):
    gate = ScriptedGate("off")
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    tracer = tracer_of(pipeline)
    emit(tracer, 2)
    with tracer.start_as_current_span("invoke_agent early", attributes={"smart_agents.kind": "agent"}):
        time.sleep(0.01)
        gate.set("on", epoch=1, granted_at_ns=time.time_ns())
        time.sleep(0.01)
        late = emit(tracer, 2)
    assert pipeline.flush(5, to="backend")
    assert [span["span_id"] for span in receiver.spans()] == late
    pipeline.shutdown()


def test_data_of_another_epoch_is_never_sent_and_not_taken_from_the_user(tmp_path, receiver):
    gate = ScriptedGate("local", epoch=1)
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    tracer = tracer_of(pipeline)
    emit(tracer, 2)
    assert pipeline.seal()
    gate.set("on", epoch=2, granted_at_ns=time.time_ns())
    late = emit(tracer, 1)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    assert [span["span_id"] for span in receiver.spans()] == late
    (kept,) = (pipeline.folder / "traces" / "ready").iterdir()
    assert kept.name.endswith("-1-local.jsonl")


@pytest.mark.parametrize("spool", ["disk", "memory"])
def test_what_was_recorded_as_local_stays_when_the_same_answer_sends_again(tmp_path, receiver, spool):
    gate = ScriptedGate("local", epoch=1)
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate, spool=spool)
    tracer = tracer_of(pipeline)
    emit(tracer, 2)
    assert pipeline.flush(5)
    gate.set("on", epoch=1)
    late = emit(tracer, 1)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown(5)
    assert [span["span_id"] for span in receiver.spans()] == late


def test_what_waits_with_more_categories_than_now_stays(tmp_path, receiver):
    gate = ScriptedGate("on")
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    tracer = tracer_of(pipeline)
    skill(tracer)
    assert pipeline.seal()
    gate.set("on", categories=frozenset({"agent", "error"}))
    emit(tracer, 1)
    assert pipeline.seal()
    gate.set("on", categories=frozenset({"agent"}))
    allowed = emit(tracer, 1)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown(5)
    assert [span["span_id"] for span in receiver.spans()] == allowed
    assert sorted(file.name.rpartition("-")[2] for file in (pipeline.folder / "traces" / "ready").iterdir()) == ["0.jsonl", "ae.jsonl"]
    gate.set("on")  # wide again, and all of it was recorded to be sent
    again = make_pipeline(tmp_path, receiver.url, gate=gate)
    again.resume()
    assert wait_until(lambda: len(receiver.spans()) == 3)
    again.shutdown(5)


def test_a_decision_that_narrows_during_a_drain_holds_for_its_next_request(tmp_path, receiver):
    class Narrowing(ScriptedGate):
        def decision(self):
            if receiver.requests:
                self.set("on", categories=frozenset({"agent"}))
            return super().decision()

    pipeline = make_pipeline(tmp_path, receiver.url, gate=Narrowing("on"), seal_age_s=3600.0)
    tracer = tracer_of(pipeline)
    for _ in range(2):
        skill(tracer)
        assert pipeline.seal()
    pipeline.flush(2, to="backend")
    pipeline.shutdown(1)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("change", [{"categories": frozenset({"agent"})}, {"mode": "local"}, {"epoch": 1}])
def test_a_run_that_goes_on_over_a_change_is_not_reported_as_interrupted(tmp_path, receiver, change):
    gate = ScriptedGate("on")
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    tracer = tracer_of(pipeline)
    with tracer.start_as_current_span("invoke_agent long", attributes=AGENT):
        assert pipeline.flush(5, to="disk")
        gate.set(**{"mode": "on", **change})
        with tracer.start_as_current_span("invoke_agent short", attributes=AGENT):
            pass
        assert pipeline.flush(5, to="disk")
        SpoolFolder(pipeline.folder).recover_all()
    assert pipeline.seal()
    pipeline.shutdown(5)
    SpoolFolder(pipeline.folder).recover_all()
    kept = "".join(file.read_text() for file in pipeline.folder.rglob("*.jsonl") if file.parent.name == "ready")
    assert "interrupted" not in kept
    assert "interrupted" not in str(receiver.spans())
    names = kept or [span["name"] for span in receiver.spans()]
    assert "invoke_agent long" in names


def test_only_granted_categories_arrive(tmp_path, receiver):
    gate = ScriptedGate(categories=frozenset({"skill"}))
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    pipeline.decision()
    tracer = tracer_of(pipeline)
    with tracer.start_as_current_span(
        "invoke_agent reviewer", attributes={"gen_ai.operation.name": "invoke_agent", "smart_agents.kind": "agent"}
    ):
        skill(tracer)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    (span,) = receiver.spans()
    assert span["name"] == "execute_tool search"
    assert span["parent_span_id"] == ""  # its parent is withheld and has no sent ancestor


def test_a_withheld_parent_is_replaced_by_the_nearest_sent_ancestor(tmp_path, receiver):
    gate = ScriptedGate(categories=frozenset({"workflow", "skill"}))
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    pipeline.decision()
    tracer = tracer_of(pipeline)
    workflow = {"gen_ai.operation.name": "invoke_workflow", "smart_agents.kind": "workflow", "gen_ai.workflow.name": "w"}
    with (
        tracer.start_as_current_span("invoke_workflow w", attributes=workflow),
        tracer.start_as_current_span("invoke_agent a", attributes=AGENT),
        tracer.start_as_current_span("invoke_agent b", attributes=AGENT),
    ):
        skill(tracer)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    spans = {span["name"]: span for span in receiver.spans()}
    assert set(spans) == {"invoke_workflow w", "execute_tool search"}
    assert spans["execute_tool search"]["parent_span_id"] == spans["invoke_workflow w"]["span_id"]


def test_disable_between_two_flushes(tmp_path, receiver):
    """Zero requests afterwards, and one deletion request because something had been sent."""

    @dataclass
    class Proof:
        id: str = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
        secret_hex: str = "ab" * 32

    gate = ScriptedGate()
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
    tracer = tracer_of(pipeline)
    emit(tracer, 2)
    assert pipeline.flush(5, to="backend")
    emit(tracer, 2)
    assert pipeline.flush(5)
    queue_deletions(pipeline.folder, [Proof()])
    gate.set("off", epoch=1)
    emit(tracer, 2)
    assert not pipeline.flush(1, to="backend")
    assert receiver.wait(2)
    time.sleep(0.3)
    pipeline.shutdown(1)
    traces = [request for request in receiver.requests if request.signal == "traces"]
    assert len(traces) == 1
    (deletion,) = [request for request in receiver.requests if request.signal == "logs"]
    (record,) = deletion.records()
    assert record["name"] == semconv.EVENT_DELETION
    assert record["attributes"] == {
        semconv.SMART_AGENTS_DELETION_INSTALLATION_ID: Proof.id,
        semconv.SMART_AGENTS_DELETION_PROOF: Proof.secret_hex,
    }
    assert record["resource"] == {"service.name": "shop"}
    assert not list((pipeline.folder / "deletion").iterdir())


def test_a_deletion_request_waits_for_a_back_end_that_cannot_take_it(tmp_path):
    from support.receiver import Reply

    with HttpReceiver(default=Reply(status=404)) as receiver:
        pipeline = make_pipeline(tmp_path, receiver.url, gate=ScriptedGate("off"))
        queue_deletions(pipeline.folder, [type("Proof", (), {"id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "secret_hex": "ab" * 32})])
        pipeline.resume()
        assert receiver.wait(1)
        time.sleep(0.1)
        pipeline.shutdown(0)
        assert len(list((pipeline.folder / "deletion").iterdir())) == 1
        assert len(receiver.requests) <= 2


def test_off_is_seen_by_the_writer_and_the_route_is_switched_off_once(tmp_path, receiver):
    told = []
    gate = ScriptedGate()
    pipeline = make_pipeline(tmp_path, receiver.url, gate=gate, on_off=told.append)
    tracer = tracer_of(pipeline)
    emit(tracer)
    pipeline.flush(5)
    gate.set("off")
    for _ in range(3):
        emit(tracer)
        pipeline.flush(5)
    assert [decision.mode for decision in told] == ["off"]
    assert pipeline.counters["consent"] == 3
    import threading

    assert wait_until(lambda: not [t for t in threading.enumerate() if t.name == "smart-agents-writer"], 3)
    pipeline.shutdown()


def test_off_is_seen_before_each_request(tmp_path):
    with HttpReceiver() as receiver:
        gate = ScriptedGate()
        pipeline = make_pipeline(tmp_path, receiver.url, gate=gate)
        tracer = tracer_of(pipeline)
        for _ in range(3):
            emit(tracer)
            pipeline.writer.seal() if pipeline.flush(5) else None

        class OffAfterOne:
            def __init__(self, inner):
                self.inner = inner

            def decision(self):
                if receiver.requests:
                    gate.set("off")
                return self.inner.decision()

        pipeline._gate = OffAfterOne(gate)
        pipeline._courier._sender._decide = pipeline._gate.decision
        pipeline.flush(3, to="backend")
        pipeline.shutdown(0)
        assert len(receiver.requests) == 1


def in_context(key, value):
    return otel_context.attach(otel_context.set_value(key, value))


def test_per_call_consent(tmp_path, receiver):
    pipeline = make_pipeline(tmp_path, receiver.url, per_call=True)
    tracer = tracer_of(pipeline)
    emit(tracer, 2, name="nobody")
    token = in_context(CONSENT_KEY, PerCallConsent(frozenset({"agent"}), "2026-11", "user-4711"))
    emit(tracer, 1, name="somebody")
    skill(tracer)
    otel_context.detach(token)
    token = in_context(CONSENT_KEY, PerCallConsent(frozenset()))
    emit(tracer, 1, name="refuser")
    otel_context.detach(token)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    (span,) = receiver.spans()
    assert span["name"] == "invoke_agent somebody"
    assert span["attributes"]["smart_agents.consent.categories"] == ["agent"]
    assert span["attributes"]["smart_agents.consent.policy_version"] == "2026-11"
    assert span["attributes"]["smart_agents.consent.subject"].startswith("k1-")
    everything = b"".join(request.body for request in receiver.requests)
    assert b"user-4711" not in everything
    assert pipeline.counters["consent"] == 4


def test_nothing_of_a_user_who_agreed_to_nothing_is_kept_whoever_made_the_span(tmp_path, receiver):
    pipeline = make_pipeline(tmp_path, receiver.url)
    foreign = provider_of(pipeline).get_tracer("fastapi")
    for consent in (PerCallConsent(frozenset(), subject="ben"), PerCallConsent(frozenset({"agent"}), subject="ana")):
        token = in_context(CONSENT_KEY, consent)
        with foreign.start_as_current_span(f"endpoint {len(consent.categories)}"):
            pass
        otel_context.detach(token)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    assert [span["name"] for span in receiver.spans()] == ["endpoint 1"]
    assert pipeline.counters["consent"] == 1


def test_a_session_narrows_under_every_gate(tmp_path, receiver):
    pipeline = make_pipeline(tmp_path, receiver.url)
    tracer = tracer_of(pipeline)
    token = in_context(CONSENT_KEY, PerCallConsent(frozenset({"agent"})))
    emit(tracer, 1)
    skill(tracer)
    otel_context.detach(token)
    skill(tracer, "unbound")
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    assert [span["name"] for span in receiver.spans()] == ["invoke_agent reviewer", "execute_tool unbound"]


def test_what_a_context_carries_is_stamped_on_foreign_spans_too(tmp_path, receiver):
    pipeline = make_pipeline(tmp_path, receiver.url)
    provider = provider_of(pipeline)
    token = in_context(INHERITED_KEY, {"gen_ai.agent.name": "outer", "gen_ai.workflow.name": "w"})
    with provider.get_tracer("vendor.llm").start_as_current_span(
        "chat", attributes={"gen_ai.operation.name": "chat", "gen_ai.agent.name": "inner"}
    ):
        pass
    otel_context.detach(token)
    assert pipeline.flush(5, to="backend")
    pipeline.shutdown()
    (span,) = receiver.spans()
    assert span["attributes"]["gen_ai.agent.name"] == "inner"
    assert span["attributes"]["gen_ai.workflow.name"] == "w"


def test_unsampled_spans_are_not_recorded(tmp_path, receiver):
    from opentelemetry.sdk.trace.sampling import Decision as Sampled
    from opentelemetry.sdk.trace.sampling import Sampler, SamplingResult

    class RecordOnly(Sampler):
        def should_sample(self, *args, **kwargs):
            return SamplingResult(Sampled.RECORD_ONLY)

        def get_description(self):
            return "record only"

    pipeline = make_pipeline(tmp_path, receiver.url)
    provider = provider_of(pipeline)
    provider.sampler = RecordOnly()
    tracer = provider.get_tracer(semconv.SCOPE_NAME)
    emit(tracer)
    with tracer.start_as_current_span("invoke_agent long", attributes=AGENT):
        pipeline.flush(2)
        assert not pipeline.folder.exists(), "nor marked as begun"
    pipeline.shutdown()
    assert not pipeline.folder.exists()


def test_notes_of_lost_spans_fail_closed():
    from opentelemetry.sdk.trace import TracerProvider

    from otel_smart_agents.export import notes as module

    notes = module.Notes()
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    first = tracer.start_span("invoke_agent a")
    notes.begin(first, PerCallConsent(frozenset()), CATEGORIES)
    kept, module._KEPT = module._KEPT, 1
    try:
        notes.begin(tracer.start_span("invoke_agent b"), PerCallConsent(frozenset()), CATEGORIES)
    finally:
        module._KEPT = kept
    assert notes.joined(first) is None
    later = tracer.start_span("invoke_agent c")
    time.sleep(0.001)
    assert notes.joined(later) is later
    assert trace.INVALID_SPAN is not None
