"""What OpenTelemetry's context carries for the calls inside it.

Everything a kind or a session sets lives in one OpenTelemetry context, beside the span, so that one detach restores all of it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.consent.percall import PerCallConsent

RUN_KEY: Final = "smart-agents-run"
"""The innermost run: what ``current()`` returns."""

INHERITED_KEY: Final = "smart-agents-inherited"
"""Attributes of every span inside, see ``inherited``."""

CONSENT_KEY: Final = "smart-agents-consent"
"""Consent of the end user that the calls inside are made for, see ``percall_consent``."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def inherited(context: Context | None = None) -> Mapping[str, Any]:
    """Return the attributes that every span inside the context gets: conversation, session, workflow and agent name, labels.

    For ``SpanProcessor.on_start(span, parent_context)`` of spans made by other instrumentations. Spans of this package have theirs already:
    stamp only keys that are absent, else a nested agent would take the name of the agent around it.
    """
    if context is None:
        context = STATE.get()
    found: Any = context.get(INHERITED_KEY, _NOTHING)
    return found  # type: ignore[no-any-return] # only this package writes the key, always a mapping


def percall_consent(context: Context | None = None) -> PerCallConsent | None:
    """Return the end user's consent that ``session(consent=…)`` put around the calls, ``None`` where no session did."""
    if context is None:
        context = STATE.get()
    found: Any = context.get(CONSENT_KEY)
    return found  # type: ignore[no-any-return] # only session() writes the key


def rooted(context: Context) -> Context:
    """Return the context with the call that started this process as its parent, where it has none and ``TRACEPARENT`` named one."""
    root = STATE.root
    if root is None or STATE.span_key in context:
        return context
    values: dict[str, Any] = {**root, **context}
    names: Any = root.get(INHERITED_KEY)
    if names:
        found: Any = context.get(INHERITED_KEY, _NOTHING)
        values[INHERITED_KEY] = {**names, **found}
    return STATE.context_type(values)


def leave(token: Any) -> None:
    """Undo one ``CURRENT.set``; nothing happens when another task or thread does it than the one that entered."""
    try:
        STATE.reset(token)
    except ValueError:
        return
