"""Attributes for tools that know another vocabulary; off unless asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.trace import Span, SpanProcessor

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from opentelemetry.context import Context

_KIND: Final = {"agent": "AGENT", "skill": "TOOL", "tool": "TOOL", "workflow": "CHAIN", "step": "CHAIN"}


class OpenInferenceKind(SpanProcessor):
    """Adds ``openinference.span.kind`` to our spans, so that OpenInference viewers draw them as agents, tools and chains."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - the SDK's signature
        """Set the attribute from our own kind; other spans stay as they are."""
        kind = _KIND.get(str((span.attributes or {}).get(semconv.SMART_AGENTS_KIND)))
        if kind is not None:
            span.set_attribute(semconv.OPENINFERENCE_SPAN_KIND, kind)
