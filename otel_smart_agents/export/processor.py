"""Span processors: stamp what a span inherits when it starts, queue it when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from opentelemetry.context import get_current
from opentelemetry.sdk.trace import Span, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor

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
    from opentelemetry.sdk.trace.export import SpanExporter

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
            if _marked(span):
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


class AheadSpanProcessor(SpanProcessor):
    """``SpoolSpanProcessor`` for a provider that configuration wired to an exporter of ours: what has ended goes to the pipeline at once.

    The SDK's batch processor holds spans for seconds, and a kill takes them along. Ended spans are taken only where the provider hands the
    very same ones to that exporter through the SDK's own batch processor; the exporter then leaves out what was taken. Everywhere else
    (wrapped, filtered, written at once) this notes what is known when spans start, and the exporter takes them all.

    Args:
        source: where the pipeline is found.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._notes = Notes()
        self._taken = f"_smart_agents_taken_{id(self):x}"
        self._provider: Any = None
        self.takes = False
        watch_forks()

    def attach(self, provider: Any, exporter: SpanExporter, *, fed: bool = True) -> None:
        """Join a provider of the SDK; with ``fed`` only one that feeds the exporter. Calling it again does nothing."""
        if self._provider is not None:
            return
        feeds = _feeds(provider, exporter)
        if hasattr(provider, "add_span_processor") and (feeds or not fed):
            self._provider = provider
            self.takes = feeds
            provider.add_span_processor(self)

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

    def on_end(self, span: ReadableSpan) -> None:
        """Queue the span if it is sampled, and mark it as taken for the exporter."""
        context = span.context
        if not self.takes or context is None or not context.trace_flags & 1:
            return
        try:
            pipeline = self._source.pipeline(span.resource)
            if pipeline is not None:
                setattr(span, self._taken, True)  # all processors and the exporter are given this one object
                for item in self._with_notes([span], pipeline):
                    pipeline.submit(item)
        except Exception as error:  # noqa: BLE001 - the program must not feel it
            failed("on_end", error)

    def joined(self, spans: Sequence[ReadableSpan], pipeline: Pipeline) -> list[Any]:
        """Return the exported spans that were not taken yet, together with what was noted at their start."""
        return self._with_notes([span for span in spans if not hasattr(span, self._taken)], pipeline)

    def _with_notes(self, spans: Sequence[ReadableSpan], pipeline: Pipeline) -> list[Any]:
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
        """Put what was taken on the disk: the batch processor's own flush brings only what is left of it to the exporter."""
        pipeline = self._source.pipeline(None)
        return pipeline is None or pipeline.flush((timeout_millis or _FLUSH_MS) / 1e3, to="disk")


def _feeds(provider: Any, exporter: SpanExporter) -> bool:
    """Tell whether a provider hands every sampled span to the exporter, unchanged and later.

    The SDK has no public way to ask; where its private one is gone, the exporter takes all spans as before. A processor of another class,
    derived ones included, may leave spans out.
    """
    active = getattr(provider, "_active_span_processor", None)
    found = getattr(active, "_span_processors", ())
    return any(type(processor) is BatchSpanProcessor and processor.span_exporter is exporter for processor in found)


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
    if _marked(span):
        pipeline.mark(span if note is None else Marker(span, note))


def _marked(span: Span) -> bool:
    """Tell whether a kill should leave a trace of the run: of a root that would be kept, by its name."""
    parent = span.parent
    if (parent is not None and not parent.is_remote) or not span.name.startswith(MARKED):
        return False
    return bool(span.get_span_context().trace_flags & 1)


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
