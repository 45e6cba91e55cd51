"""What a test sees of its traces: spans and events as a back end would get them, after redaction."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.privacy.policy import Policy
from otel_smart_agents.testing.clock import Clock
from otel_smart_agents.testing.conformance import Finding, check_conformance
from otel_smart_agents.testing.memory import Records, Spans, logger_provider, tracer_provider
from otel_smart_agents.testing.surfaces import record_texts, span_texts
from otel_smart_agents.testing.tree import tree_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

    from otel_smart_agents.privacy.logs import RedactedLog
    from otel_smart_agents.privacy.span import RedactedSpan

POLICY = Policy(audience="own", pseudonym_key=b"a key that only tests use", pseudonym_key_id="tests")
"""What the traces of a test go through: an own destination with every category."""


class Traces:
    """Records what instrumented code does while it is started, in memory; nothing else of this package records meanwhile.

    Attributes:
        clock: the time of spans and events; ``clock.advance(2.5)`` lets a run take two and a half seconds.
        policy: what the spans go through before they are shown; replace it to see them as another destination would.
        tracer_provider: for other instrumentations under test that take a provider. The global one is left alone.
        logger_provider: the same for log records.
    """

    def __init__(self, policy: Policy = POLICY) -> None:
        self.clock = Clock()
        self.policy = policy
        self._spans = Spans(self.clock)
        self._records = Records(self.clock)
        self.tracer_provider = tracer_provider(self._spans)
        self.logger_provider = logger_provider(self._records)
        self._before: tuple[runtime.Route, ...] = ()
        self._failures: Mapping[str, int] = {}
        self._redacted: dict[int, RedactedSpan | None] = {}
        self._redacted_with = policy

    def start(self) -> Traces:
        """Take the place of every configured destination."""
        self._before = runtime.STATE.installed
        self._failures = dict(runtime.FAILURES)
        for route in self._before:
            runtime.remove(route)
        scope = (semconv.SCOPE_NAME, None, semconv.SCHEMA_URL)
        tracer = self.tracer_provider.get_tracer(semconv.SCOPE_NAME, schema_url=semconv.SCHEMA_URL)
        logger = self.logger_provider.get_logger(*scope)
        # Alone, so that a configure() of the code under test does not take its place.
        runtime.install(runtime.Route("tests", tracer, capture=Capture.FULL, logger=logger, alone=True))
        return self

    def stop(self) -> None:
        """Give the place back."""
        runtime.remove("tests")
        for route in self._before:
            runtime.install(route)
        self._before = ()

    @property
    def spans(self) -> list[RedactedSpan]:
        """Every finished span that its destination would get, in the order they started."""
        from otel_smart_agents.privacy.span import redact

        if self._redacted_with is not self.policy:
            self._redacted, self._redacted_with = {}, self.policy
        finished = list(self._spans.finished)
        for number in range(len(self._redacted), len(finished)):
            self._redacted[number] = redact(finished[number], self.policy)
        found = [span for number in range(len(finished)) if (span := self._redacted[number]) is not None]
        return sorted(found, key=lambda span: span.start_time or 0)

    def events(self, name: str | None = None) -> list[RedactedLog]:
        """Return every log-based event (feature use, ratings), or those with this event name, in the order they happened."""
        from otel_smart_agents.privacy.logs import redact_log

        found = [redact_log(record, self.policy) for record in list(self._records.emitted)]
        return [record for record in found if record is not None and name in (None, record.log_record.event_name)]

    @property
    def open_spans(self) -> int:
        """How many spans have started and not ended."""
        return self._spans.open

    @property
    def failures(self) -> dict[str, int]:
        """How often a hook of the instrumentation itself failed since the start, by hook; empty in a healthy program."""
        now = runtime.FAILURES
        return {hook: count - self._failures.get(hook, 0) for hook, count in now.items() if count > self._failures.get(hook, 0)}

    def clear(self) -> None:
        """Forget what was recorded so far."""
        self._spans.finished.clear()
        self._redacted.clear()
        self._records.emitted.clear()

    def tree(self, *keys: str) -> str:
        """Return the spans as a tree of text with outcome, error type and the values of the attributes asked for."""
        return tree_text(self.spans, keys)

    def all(self, name: str = "*", *, kind: str | None = None) -> list[RedactedSpan]:
        """Return the spans with this name (``*`` stands for anything) and of this kind, in the order they started."""
        return [span for span in self.spans if fnmatchcase(span.name, _literal(name)) and kind in (None, _kind(span))]

    def one(self, name: str = "*", *, kind: str | None = None) -> RedactedSpan:
        """Return the only span with this name (``*`` stands for anything) and of this kind.

        Raises:
            AssertionError: there is none, or more than one; the message shows all spans.
        """
        found = self.all(name, kind=kind)
        if len(found) != 1:
            wanted = f"a span {name!r}" + (f" of kind {kind}" if kind else "")
            raise AssertionError(f"expected one {wanted[2:]}, found {len(found)}; all spans:\n{self._shown()}")
        return found[0]

    def children(self, span: ReadableSpan) -> list[RedactedSpan]:
        """Return the spans directly below a span, in the order they started."""
        above = span.get_span_context()
        return [child for child in self.spans if above is not None and child.parent is not None and child.parent.span_id == above.span_id]

    def parent(self, span: ReadableSpan) -> RedactedSpan | None:
        """Return the span directly above a span; ``None`` for a root."""
        wanted = span.parent.span_id if span.parent is not None else None
        return next((other for other in self.spans if (context := other.get_span_context()) and context.span_id == wanted), None)

    def conformance(self) -> list[Finding]:
        """Return every deviation of the spans from the registry; an empty list means that they keep to it."""
        return check_conformance(self.spans, content=self.policy.content)

    def assert_absent(self, *secrets: str) -> None:
        """Check that none of the texts stands anywhere in a span or event, in any case of letters.

        Looks at names, keys and values of attributes (nested ones too), events, links, status, trace state, resource, scope, log bodies.

        Raises:
            AssertionError: one does; the message says where.
            ValueError: no text was given, or an empty one.
        """
        if not secrets or not all(secrets):
            raise ValueError("name at least one text that must be absent, and no empty one")
        places = [
            f"{text!r} stands in {owner}: {place}"
            for owner, place, surface in self._texts()
            for text in secrets
            if text.casefold() in surface.casefold()
        ]
        if places:
            raise AssertionError("not absent:\n" + "\n".join(dict.fromkeys(places)))

    def _texts(self) -> Sequence[tuple[str, str, str]]:
        spans = [(f"span {span.name!r}", place, text) for span in self.spans for place, text in span_texts(span)]
        events = [(f"event {e.log_record.event_name!r}", place, text) for e in self.events() for place, text in record_texts(e)]
        return spans + events

    def _shown(self) -> str:
        return self.tree() or "(none" + (f"; {self.open_spans} not ended)" if self.open_spans else ")")

    def __repr__(self) -> str:
        return f"<Traces\n{self._shown()}\n>"


def _literal(name: str) -> str:
    """Return the pattern with only ``*`` special: ``[`` and ``?`` stand in no name, but may in a test's typing error."""
    return name.replace("[", "[[]").replace("?", "[?]")


def _kind(span: Any) -> Any:
    return (span.attributes or {}).get(semconv.SMART_AGENTS_KIND) or span.kind_name
