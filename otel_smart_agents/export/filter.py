"""From what the SDK hands over to what may be kept: consent first, then redaction. Every doubt drops the item and counts it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from opentelemetry.sdk.trace import ReadableSpan

from otel_smart_agents.export.notes import Marker, Note, Noted, Reparented
from otel_smart_agents.instrument.context import percall_consent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from otel_smart_agents.consent.model import Decision
    from otel_smart_agents.consent.percall import PerCallConsent
    from otel_smart_agents.privacy.counters import Counters
    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.privacy.span import RedactedSpan

CONSENT: Final = "consent"
REDACTION_ERROR: Final = "redaction_error"
_POLICIES_KEPT: Final = 64
_MARKED: Final = frozenset({"agent", "workflow"})


class Gate(Protocol):
    """Where a pipeline asks for consent; cheap enough to be asked once per batch."""

    def decision(self) -> Decision:
        """Return what may happen now."""


class Filter:
    """Redacts for one destination. Used under the pipeline's lock.

    Args:
        policy: makes the policy that belongs to a decision; called once per decision.
        counters: counts what is dropped.
        per_call: spans without an end user's consent are dropped.
    """

    def __init__(self, policy: Callable[[Decision], Policy], counters: Counters, *, per_call: bool = False) -> None:
        self._policy = policy
        self._counters = counters
        self._per_call = per_call
        self._decision: Decision | None = None
        self._policies: dict[frozenset[str], Policy] = {}
        self._redact: Callable[..., RedactedSpan | None] | None = None

    def policy(self, decision: Decision, consent: PerCallConsent | None = None) -> Policy:
        """Return the policy of a decision, narrowed by an end user's consent."""
        if decision is not self._decision:
            self._policies = {decision.categories: self._policy(decision)}
            self._decision = decision
        categories = decision.categories if consent is None else consent.narrow(decision.categories)
        policy = self._policies.get(categories)
        if policy is None:
            if len(self._policies) >= _POLICIES_KEPT:
                self._policies = {decision.categories: self._policy(decision)}
            whole = self._policies[decision.categories]
            policy = self._policies[categories] = replace(whole, categories=whole.categories & categories)
        return policy

    def spans(self, items: Iterable[Any], decision: Decision) -> list[RedactedSpan]:
        """Return what may be kept of ended spans (``ReadableSpan`` or ``Noted``)."""
        kept = []
        for item in items:
            span, note = (item.span, item.note) if type(item) is Noted else (item, None)
            redacted = self._span(span, note, decision)
            if redacted is not None:
                kept.append(redacted)
        return kept

    def _load(self) -> Callable[..., RedactedSpan | None]:
        from otel_smart_agents.privacy import redact  # here, because it loads the detectors; once, because looking it up costs as well

        self._redact = redact
        return redact

    def marker(self, marker: Marker, decision: Decision) -> RedactedSpan | None:
        """Return the name-only beginning of a root agent or workflow run; ``None`` if it has ended already or may not be kept."""
        span = marker.span
        if span.end_time is not None:
            return None
        begun = ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=dict(span.attributes or {}),
            kind=span.kind,
            start_time=span.start_time,
            end_time=span.start_time,
            instrumentation_scope=span.instrumentation_scope,
        )
        redacted = self._span(begun, marker.note, decision, counted=False)
        return redacted if redacted is not None and redacted.kind_name in _MARKED else None

    def _span(self, span: ReadableSpan, note: Note | None, decision: Decision, *, counted: bool = True) -> RedactedSpan | None:
        redact = self._redact or self._load()
        consent = note.consent if note is not None else None
        # A user who agreed to nothing: spans of other instrumentations, which belong to no category, stay away too.
        refused = self._per_call if consent is None else not consent.categories
        if refused or (span.start_time or 0) < decision.granted_at_ns:
            if counted:
                self._counters.add(CONSENT)
            return None
        if note is not None and note.moved:
            span = Reparented(span, note.parent)
        try:
            return redact(span, self.policy(decision, consent), counters=self._counters if counted else None)
        except Exception:  # noqa: BLE001 - privacy fails closed: what cannot be redacted is dropped and counted
            if counted:
                self._counters.add(REDACTION_ERROR)
            return None

    def logs(self, records: Iterable[Any], decision: Decision) -> list[Any]:
        """Return what may be kept of log records (``ReadableLogRecord``)."""
        from otel_smart_agents.privacy import redact_log

        kept = []
        for record in records:
            consent = percall_consent(record.log_record.context)
            if (self._per_call and consent is None) or _time_ns(record) < decision.granted_at_ns:
                self._counters.add(CONSENT)
                continue
            try:
                redacted = redact_log(record, self.policy(decision, consent), counters=self._counters)
            except Exception:  # noqa: BLE001 - privacy fails closed
                self._counters.add(REDACTION_ERROR)
                continue
            if redacted is not None:
                kept.append(redacted)
        return kept

    def metrics(self, data: Any, decision: Decision) -> list[Any]:
        """Return what may be kept of one reading of metrics (``MetricsData``)."""
        from otel_smart_agents.privacy import redact_metrics

        if self._per_call:
            self._counters.add(CONSENT)
            return []
        try:
            redacted = redact_metrics(data, self.policy(decision), counters=self._counters)
        except Exception:  # noqa: BLE001 - privacy fails closed
            self._counters.add(REDACTION_ERROR)
            return []
        return [] if redacted is None else [redacted]


def _time_ns(record: Any) -> int:
    log = record.log_record
    return log.timestamp or log.observed_timestamp or 0
