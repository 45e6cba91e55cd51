"""Span processors: stamp what a span inherits when it starts, queue it when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from opentelemetry.context import get_current
from opentelemetry.sdk.trace import Span, SpanProcessor

from otel_smart_agents import semconv
from otel_smart_agents.export.births import BIRTHS, watch_forks
from otel_smart_agents.export.lifecycle import finish
from otel_smart_agents.export.notes import Marker, Notes
from otel_smart_agents.instrument.context import CONSENT_KEY, INHERITED_KEY, inherited, percall_consent
from otel_smart_agents.instrument.runtime import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan

    from otel_smart_agents.consent.percall import PerCallConsent
    from otel_smart_agents.export.exporters import Source
    from otel_smart_agents.export.pipeline import Pipeline

MARKED: Final = ("invoke_agent", "invoke_workflow")
_FLUSH_MS: Final = 30_000


class SpoolSpanProcessor(SpanProcessor):
    """Brings every sampled span of a provider to a pipeline. Costs the caller no more than the SDK's batch processor.

    Args:
        pipeline: where ended spans go; it decides about consent.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._writer = pipeline.writer
        self._submit = pipeline.submit
        self._mark = pipeline.mark
        self._notes = Notes()
        self._attached = True
        watch_forks()

    def detach(self) -> None:
        """Take no more spans. The SDK has no public way to remove a processor, and a provider may outlive the destination."""
        self._attached = False

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Stamp inherited names, note whose consent covers the span, mark the run of a root agent or workflow as begun."""
        if not self._attached:
            return
        try:
            if BIRTHS.forked_ns:
                BIRTHS.begin(span)
            context = get_current() if parent_context is None else parent_context
            if INHERITED_KEY in context or CONSENT_KEY in context or self._writer.narrowed:
                begin(span, context, pipeline=self._pipeline, notes=self._notes)
                return
            # The name tells enough here: whoever reads the marker applies the rule that decides the kind of every span.
            parent = span.parent
            if (parent is None or parent.is_remote) and span.name.startswith(MARKED):
                self._mark(span)
        except Exception as error:  # noqa: BLE001 - the program must not feel it
            failed("on_start", error)

    def on_end(self, span: ReadableSpan) -> None:
        """Queue the span if it is sampled."""
        context = span.context
        if context is None or not context.trace_flags & 1 or not self._attached:
            return
        if BIRTHS.forked_ns and BIRTHS.inherited(span):
            return
        if not self._notes.active:
            self._submit(span)
            return
        item = self._notes.joined(span)
        if item is None:
            self._pipeline.dropped("consent", 1)
        else:
            self._submit(item)

    def shutdown(self) -> None:
        """Write what is queued and send what may be sent, within the pipeline's time for exits."""
        finish([self._pipeline])

    def force_flush(self, timeout_millis: int = _FLUSH_MS) -> bool:
        """Write what is queued to the disk; sending is not part of it. True if that was reached within the time."""
        return self._pipeline.flush((timeout_millis or _FLUSH_MS) / 1e3, to="disk")


class StartSpanProcessor(SpanProcessor):
    """The first half of ``SpoolSpanProcessor`` for a provider whose spans come through an exporter: what is known at a span's start.

    Args:
        source: where the pipeline is found.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._notes = Notes()
        watch_forks()

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """See ``SpoolSpanProcessor.on_start``."""
        try:
            if BIRTHS.forked_ns:
                BIRTHS.begin(span)
            pipeline = self._source.pipeline(span.resource)
            if pipeline is not None:
                context = get_current() if parent_context is None else parent_context
                begin(span, context, pipeline=pipeline, notes=self._notes)
        except Exception as error:  # noqa: BLE001 - the program must not feel it
            failed("on_start", error)

    def joined(self, spans: Sequence[ReadableSpan], pipeline: Pipeline) -> list[Any]:
        """Return exported spans together with what was noted at their start."""
        if BIRTHS.forked_ns:
            spans = [span for span in spans if not BIRTHS.inherited(span)]
        if not self._notes.active:
            return list(spans)
        found = [self._notes.joined(span) for span in spans]
        kept = [item for item in found if item is not None]
        if len(kept) < len(found):
            pipeline.dropped("consent", len(found) - len(kept))
        return kept

    def force_flush(self, timeout_millis: int = _FLUSH_MS) -> bool:
        """Nothing waits here."""
        del timeout_millis
        return True


def begin(span: Span, context: Context, *, pipeline: Pipeline, notes: Notes) -> None:
    """Do what must be done when a span starts."""
    found = inherited(context)
    if found:
        _stamp(span, found)
    consent = percall_consent(context)
    note = None
    if consent is not None or pipeline.writer.narrowed:
        note = notes.begin(span, consent, pipeline.writer.granted)
        if consent is not None:
            _stamp_consent(span, consent, pipeline)
    parent = span.parent
    if (parent is None or parent.is_remote) and span.name.startswith(MARKED):
        pipeline.mark(span if note is None else Marker(span, note))


def _stamp(span: Span, found: Any) -> None:
    have = span.attributes or {}
    missing = {key: value for key, value in found.items() if key not in have}
    if missing:
        span.set_attributes(missing)


def _stamp_consent(span: Span, consent: PerCallConsent, pipeline: Pipeline) -> None:
    facts: dict[str, Any] = {semconv.SMART_AGENTS_CONSENT_CATEGORIES: sorted(consent.categories)}
    if consent.policy_version:
        facts[semconv.SMART_AGENTS_CONSENT_POLICY_VERSION] = consent.policy_version
    subject = pipeline.pseudonym(consent.subject) if consent.subject else ""
    if subject:
        facts[semconv.SMART_AGENTS_CONSENT_SUBJECT] = subject
    span.set_attributes(facts)
