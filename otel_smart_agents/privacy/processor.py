"""The filter in front of any span processor of any provider."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.privacy import counters as reasons
from otel_smart_agents.privacy.counters import Counters
from otel_smart_agents.privacy.policy import Policy
from otel_smart_agents.privacy.span import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context

_logger = logging.getLogger(__name__)


class PrivacySpanProcessor(SpanProcessor):
    """Hands ended spans to another processor only after redaction, so that any exporter behind it gets clean spans.

    ``provider.add_span_processor(PrivacySpanProcessor(BatchSpanProcessor(exporter), Policy()))``. The SDK has no public way to reach or to
    replace processors that a provider already has: wrap them where they are added. A processor added beside this one still sees raw spans.

    The redaction runs on the thread that ends the span. A failure of the next processor is counted, told once by the log, and never reaches
    the program.

    Args:
        next_processor: gets a :class:`RedactedSpan` for every span that may leave.
        policy: what may leave, or a function that returns it for every span (``None`` drops the span: consent can change while running).
        counters: where drops, redactions and failures are counted.

    Raises:
        ConfigError: the policy is neither a :class:`Policy` nor a function.
    """

    def __init__(
        self, next_processor: SpanProcessor, policy: Policy | Callable[[], Policy | None], *, counters: Counters | None = None
    ) -> None:
        if not isinstance(policy, Policy) and not callable(policy):
            raise ConfigError(f"policy must be a Policy or a function that returns one, not {type(policy).__name__}")
        self._next = next_processor
        self._policy = policy
        self.counters = Counters() if counters is None else counters
        self._told = False

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Hand the span on as it is: processors set attributes on it, and nothing is exported from here."""
        self._guarded(self._next.on_start, span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        """Hand the redacted span on, or nothing."""
        try:
            policy = self._policy if isinstance(self._policy, Policy) else self._policy()
        except Exception as error:  # noqa: BLE001 - fail closed: without a policy nothing leaves
            self._failed(error)
            policy = None
        if policy is None:
            self.counters.add(reasons.CONSENT)
            return
        redacted = redact(span, policy, counters=self.counters)
        if redacted is not None:
            self._guarded(self._next.on_end, redacted)

    def shutdown(self) -> None:
        """Shut the next processor down."""
        self._guarded(self._next.shutdown)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the next processor; ``False`` if it failed or took longer than ``timeout_millis`` (milliseconds)."""
        return bool(self._guarded(self._next.force_flush, timeout_millis))

    def _guarded(self, call: Callable[..., Any], *arguments: object) -> Any:
        try:
            return call(*arguments)
        except Exception as error:  # noqa: BLE001 - another library's processor must not hurt the program through us
            self._failed(error)
            return None

    def _failed(self, error: Exception) -> None:
        self.counters.add(reasons.PROCESSOR_ERROR)
        if not self._told:
            self._told = True
            # The type only: the message of an exception can hold what this class is there to keep back.
            _logger.warning("%s behind PrivacySpanProcessor failed with %s; told once", type(self._next).__name__, type(error).__name__)
