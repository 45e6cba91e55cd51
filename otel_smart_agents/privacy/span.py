"""The filter for spans: one pure function over all their surfaces, and the only type that the spool accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import Status, StatusCode

from otel_smart_agents import semconv
from otel_smart_agents.privacy import counters as reasons
from otel_smart_agents.privacy.failures import failure_of
from otel_smart_agents.privacy.gate import Gate, gate_of
from otel_smart_agents.privacy.kinds import category_of, kind_of
from otel_smart_agents.privacy.names import error_name
from otel_smart_agents.privacy.parts import last_failure, redact_events, redact_links
from otel_smart_agents.privacy.rules import RuleTable, keep_attributes
from otel_smart_agents.privacy.sealed import Sealed
from otel_smart_agents.privacy.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.privacy.counters import Counters
    from otel_smart_agents.privacy.policy import Policy

_HAS_IS_REMOTE: Final = 0x100  # opentelemetry.proto.trace.v1 SpanFlags: it is known whether the parent is remote
_IS_REMOTE: Final = 0x200


class _Facts(NamedTuple):
    """What a redacted span knows about itself besides its surfaces."""

    gate: Gate
    kind: str | None
    redactions: int
    offset_ns: int
    dropped_attributes: int
    dropped_events: int
    dropped_links: int


class RedactedSpan(Sealed, ReadableSpan):
    """A span that went through :func:`redact`, which alone can make one. Read-only; it carries the dropped counts of its source."""

    _facts: _Facts

    @property
    def kind_name(self) -> str | None:
        """What the span is about: see :func:`otel_smart_agents.privacy.kind_of`."""
        return self._facts.kind

    @property
    def category(self) -> str | None:
        """The consent category that the span needs; ``None`` for other instrumentations' spans that need none."""
        return category_of(self._facts.kind)

    @property
    def audience(self) -> str:
        """The audience it was redacted for: a span made for ``own`` is not fit for ``upstream``."""
        return self._facts.gate.policy.audience

    @property
    def redactions(self) -> int:
        """How many values, or parts of values, were replaced."""
        return self._facts.redactions

    @property
    def flags(self) -> int:
        """The span's flags of OTLP: whether its parent is known to be remote."""
        parent = self.parent
        return _HAS_IS_REMOTE | (_IS_REMOTE if parent is not None and parent.is_remote else 0)

    @property
    def dropped_attributes(self) -> int:
        """Attributes dropped by the SDK's limits and by redaction."""
        return self._facts.dropped_attributes

    @property
    def dropped_events(self) -> int:
        """Events dropped by the SDK's limits and by the policy's."""
        return self._facts.dropped_events

    @property
    def dropped_links(self) -> int:
        """Links dropped by the SDK's limits and by the policy's."""
        return self._facts.dropped_links


def redact(span: ReadableSpan, policy: Policy, *, counters: Counters | None = None) -> RedactedSpan | None:
    """Return what may leave of a span, ``None`` if nothing may. Pure, never raises, idempotent.

    All surfaces are covered: name, attributes, names and attributes of events, attributes of links, trace state, status description,
    resource, name, version and attributes of the instrumentation scope.

    Args:
        span: an ended span of any instrumentation.
        policy: what its destination lets through.
        counters: where drops and redactions are counted, by the reasons of :mod:`otel_smart_agents.privacy.counters`.
    """
    try:
        gate = gate_of(policy)
        if type(span) is RedactedSpan and span._facts.gate is gate:  # noqa: SLF001 - its own type: the same filter has been here before
            return span
        return _redact(span, gate, counters)
    except Exception:  # noqa: BLE001 - fail closed: what cannot be filtered does not leave
        if counters is not None:
            counters.add(reasons.REDACTION_ERROR)
        return None


def _redact(span: ReadableSpan, gate: Gate, counters: Counters | None) -> RedactedSpan | None:
    attributes, scope = _copy(span.attributes), span.instrumentation_scope
    scope_name = None if scope is None else scope.name
    earlier = span._facts if type(span) is RedactedSpan else None  # noqa: SLF001 - its own type
    kind = kind_of(span.name, attributes, scope_name) if earlier is None else earlier.kind
    if not gate.grants(kind) or (gate.upstream and (kind is None or scope_name != semconv.SCOPE_NAME)):
        if counters is not None:
            counters.add(reasons.CONSENT)
        return None
    tally = Tally()
    redacted = _rebuild(span, _keep(attributes, gate.rules(kind), gate, tally), gate, tally=tally, kind=kind, earlier=earlier)
    if counters is not None:
        tally.add_to(counters)
    return redacted


def _rebuild(
    span: ReadableSpan, kept: dict[str, Any], gate: Gate, *, tally: Tally, kind: str | None, earlier: _Facts | None
) -> RedactedSpan:
    context, parent, events, links = span.get_span_context(), span.parent, span.events, span.links
    dropped = span.dropped_attributes + tally.dropped
    offset = 0 if earlier is None else earlier.offset_ns
    shift = 0 if offset or context is None else gate.offset_ns(context.trace_id)
    kept_events = redact_events(events, gate, tally, offset_ns=shift) if events else ()
    kept_links = redact_links(links, gate, tally) if links else ()
    status = _status(span.status, kept, last_failure(kept_events), gate=gate, tally=tally)
    name = gate.span_name(span.name, kind, tally)
    if tally.redactions:
        kept[semconv.SMART_AGENTS_REDACTION_COUNT] = kept.get(semconv.SMART_AGENTS_REDACTION_COUNT, 0) + tally.redactions
    start, end = span.start_time, span.end_time
    redacted = object.__new__(RedactedSpan)
    ReadableSpan.__init__(
        redacted,
        name,
        None if context is None else gate.context(context),
        None if parent is None else gate.context(parent),
        gate.resource(span.resource, tally),
        kept,
        kept_events,
        kept_links,
        span.kind,
        None,
        status,
        start if start is None else start + shift,
        end if end is None else end + shift,
        gate.scope(span.instrumentation_scope, tally),
    )
    redacted._facts = _Facts(
        gate,
        kind,
        kept.get(semconv.SMART_AGENTS_REDACTION_COUNT, 0),
        offset or shift,
        dropped,
        span.dropped_events + len(events) - len(kept_events),
        span.dropped_links + len(links) - len(kept_links),
    )
    return redacted


def _copy(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a plain dict: the SDK's attributes copy themselves three times faster than they are walked through."""
    copy = getattr(attributes, "copy", None)
    plain = None if copy is None else copy()
    return plain if type(plain) is dict else dict(attributes or {})


def _keep(attributes: dict[str, Any], rules: RuleTable, gate: Gate, tally: Tally) -> dict[str, Any]:
    kept = keep_attributes(attributes, rules, tally)
    if semconv.EXCEPTION_STACKTRACE in attributes:
        kept |= failure_of(attributes, gate)
    steps = kept.get(semconv.SMART_AGENTS_WORKFLOW_STEPS)
    if steps is not None and list(steps) != list(attributes[semconv.SMART_AGENTS_WORKFLOW_STEPS]):
        # A fingerprint over names that may not leave could be tried out.
        tally.dropped += kept.pop(semconv.SMART_AGENTS_WORKFLOW_PATTERN_HASH, None) is not None
    return kept


def _status(status: Status, kept: dict[str, Any], failure: Mapping[str, Any], *, gate: Gate, tally: Tally) -> Status:
    """Return the status with no more than a class name as its description, and see that an error has its ``error.type``."""
    if status.status_code is not StatusCode.ERROR:
        return status if status.description is None else Status(status.status_code)
    known = kept.get(semconv.ERROR_TYPE) or failure.get(semconv.EXCEPTION_TYPE)
    name = error_name(status.description, known) if gate.tells_errors else None
    if gate.upstream and name != known:
        name = None  # a class that is not declared may tell somebody's name
    if semconv.ERROR_TYPE not in kept:
        kept[semconv.ERROR_TYPE] = known or name or semconv.ERROR_TYPE_OTHER
    stack_hash = failure.get(semconv.SMART_AGENTS_ERROR_STACK_HASH)
    if stack_hash is not None:
        kept.setdefault(semconv.SMART_AGENTS_ERROR_STACK_HASH, stack_hash)
    if name == status.description:
        return status
    tally.redactions += 1
    return Status(StatusCode.ERROR, name)
