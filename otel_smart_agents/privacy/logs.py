"""The filter for log records and events."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from opentelemetry._logs import LogRecord
from opentelemetry.context import Context
from opentelemetry.sdk._logs import ReadableLogRecord

from otel_smart_agents import semconv
from otel_smart_agents.privacy import counters as reasons
from otel_smart_agents.privacy.decisions import LOG_BODY
from otel_smart_agents.privacy.failures import failure_of
from otel_smart_agents.privacy.gate import Gate, gate_of
from otel_smart_agents.privacy.kinds import category_of, kind_of
from otel_smart_agents.privacy.scanner import Scanner
from otel_smart_agents.privacy.sealed import Sealed
from otel_smart_agents.privacy.tally import Tally

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadWriteLogRecord

    from otel_smart_agents.privacy.counters import Counters
    from otel_smart_agents.privacy.policy import Policy

_SEVERITY: Final = re.compile(r"[A-Za-z]{1,16}[0-9]{0,2}").fullmatch
_EVENT_KINDS: Final = {semconv.EVENT_RATING: "rating", semconv.EVENT_FEATURE: "feature"}


class _Facts(NamedTuple):
    gate: Gate
    kind: str | None
    redactions: int
    offset_ns: int
    dropped_attributes: int


class RedactedLog(Sealed, ReadableLogRecord):
    """A log record that went through :func:`redact_log`, which alone can make one."""

    @property
    def facts(self) -> _Facts:
        """What the record knows about itself besides its surfaces."""
        facts: _Facts = self.__dict__["_facts"]
        return facts

    @property
    def kind_name(self) -> str | None:
        """What the record is about: ``feature``, ``rating``, the kind of span that it belongs to, or ``None``."""
        return self.facts.kind

    @property
    def category(self) -> str | None:
        """The consent category that the record needs; ``None`` if it needs none."""
        return category_of(self.facts.kind)

    @property
    def audience(self) -> str:
        """The audience that the record was redacted for."""
        return self.facts.gate.policy.audience

    @property
    def redactions(self) -> int:
        """How many values, or parts of values, were replaced."""
        return self.facts.redactions

    @property
    def dropped_attributes(self) -> int:
        """Attributes dropped by the SDK's limits and by redaction."""
        return self.facts.dropped_attributes


def redact_log(record: ReadableLogRecord | ReadWriteLogRecord, policy: Policy, *, counters: Counters | None = None) -> RedactedLog | None:
    """Return what may leave of a log record or event, ``None`` if nothing may. Pure, never raises, idempotent.

    The body of a log record is free text, and no detector finds a name in free text: it is dropped unless ``policy.content`` names
    ``log.body`` or ``policy.unknown`` is ``scan``, to an own destination only.
    """
    try:
        gate = gate_of(policy)
        if type(record) is RedactedLog and record.facts.gate is gate:
            return record
        return _redact(record, gate, counters)
    except Exception:  # noqa: BLE001 - fail closed: what cannot be filtered does not leave
        if counters is not None:
            counters.add(reasons.REDACTION_ERROR)
        return None


def _redact(record: ReadableLogRecord | ReadWriteLogRecord, gate: Gate, counters: Counters | None) -> RedactedLog | None:
    kind = record.kind_name if isinstance(record, RedactedLog) else _kind(record)
    if not _granted(record, kind, gate):
        if counters is not None:
            counters.add(reasons.CONSENT)
        return None
    tally = Tally()
    redacted = _rebuild(record, kind, gate, tally)
    if counters is not None:
        tally.add_to(counters)
    return redacted


def _kind(record: ReadableLogRecord | ReadWriteLogRecord) -> str | None:
    source, scope = record.log_record, record.instrumentation_scope
    name = source.event_name or ""
    if name in semconv.EVENTS:
        return _EVENT_KINDS.get(name)
    return kind_of(name, source.attributes or {}, None if scope is None else scope.name) or (
        "inference" if name.startswith("gen_ai.") else None
    )


def _granted(record: ReadableLogRecord | ReadWriteLogRecord, kind: str | None, gate: Gate) -> bool:
    if not gate.grants(kind):
        return False
    scope = record.instrumentation_scope
    ours = scope is not None and scope.name == semconv.SCOPE_NAME and record.log_record.event_name in semconv.EVENTS
    return ours or not gate.upstream


def _rebuild(record: ReadableLogRecord | ReadWriteLogRecord, kind: str | None, gate: Gate, tally: Tally) -> RedactedLog:
    source = record.log_record
    earlier = record.facts.offset_ns if isinstance(record, RedactedLog) else 0
    offset = earlier or gate.offset_ns(source.trace_id)
    kept = gate.attributes(source.attributes, tally)
    dropped = record.dropped_attributes + tally.dropped if isinstance(record, ReadableLogRecord) else tally.dropped
    kept |= failure_of(source.attributes, gate)
    # Set one by one: the constructor takes ids that are zero from whatever span is current in this thread.
    clean = LogRecord(observed_timestamp=_shifted(source.observed_timestamp, offset - earlier))
    clean.timestamp = _shifted(source.timestamp, offset - earlier)
    clean.trace_id, clean.span_id, clean.trace_flags = source.trace_id, source.span_id, source.trace_flags
    clean.context = Context()
    clean.exception = None
    clean.severity_number = source.severity_number
    clean.severity_text = _severity(source.severity_text)
    clean.body = _body(source.body, gate, tally)
    clean.event_name = gate.names.event(source.event_name, tally) if source.event_name else None
    if tally.redactions:
        kept[semconv.SMART_AGENTS_REDACTION_COUNT] = kept.get(semconv.SMART_AGENTS_REDACTION_COUNT, 0) + tally.redactions
    clean.attributes = MappingProxyType(kept)
    facts = _Facts(gate, kind, kept.get(semconv.SMART_AGENTS_REDACTION_COUNT, 0), offset, dropped)
    redacted = object.__new__(RedactedLog)
    scope = gate.scope(record.instrumentation_scope, tally)
    ReadableLogRecord.__init__(redacted, clean, gate.resource(record.resource, tally), scope)
    object.__setattr__(redacted, "_facts", facts)  # the base is a frozen dataclass
    return redacted


def _shifted(time_ns: int | None, offset_ns: int) -> int | None:
    return time_ns if time_ns is None or not offset_ns else time_ns + offset_ns


def _severity(text: str | None) -> str | None:
    return text if text and _SEVERITY(text) else None


def _body(body: Any, gate: Gate, tally: Tally) -> Any:
    policy = gate.policy
    if body is None or gate.upstream:
        return None
    return Scanner(policy)(body, tally) if LOG_BODY in policy.content or policy.unknown == "scan" else None
