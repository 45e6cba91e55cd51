"""What a context carries for the calls inside it, and the variable that holds OpenTelemetry's context.

Everything a kind or a session sets lives in one OpenTelemetry context, beside the span, so that one detach restores all of it.
"""

from __future__ import annotations

from contextvars import Token
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from opentelemetry.context import Context, attach, create_key, detach, get_current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.consent.percall import PerCallConsent

RUN_KEY: Final = create_key("smart-agents-run")
"""The innermost run: what ``current()`` returns."""

INHERITED_KEY: Final = create_key("smart-agents-inherited")
"""Attributes of every span inside, see ``inherited``."""

CONSENT_KEY: Final = create_key("smart-agents-consent")
"""Consent of the end user that the calls inside are made for, see ``percall_consent``."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def inherited(context: Context | None = None) -> Mapping[str, Any]:
    """Return the attributes that every span inside the context gets: conversation, session, workflow and agent name, labels.

    For ``SpanProcessor.on_start(span, parent_context)`` of spans made by other instrumentations. Spans of this package have theirs already:
    stamp only keys that are absent, else a nested agent would take the name of the agent around it.
    """
    if context is None:
        context = CURRENT.get()
    found: Any = context.get(INHERITED_KEY, _NOTHING)
    return found  # type: ignore[no-any-return] # only this package writes the key, always a mapping


def percall_consent(context: Context | None = None) -> PerCallConsent | None:
    """Return the end user's consent that ``session(consent=…)`` put around the calls, ``None`` where no session did."""
    if context is None:
        context = CURRENT.get()
    found: Any = context.get(CONSENT_KEY)
    return found  # type: ignore[no-any-return] # only session() writes the key


class ContextVariable(Protocol):
    """The part of ``contextvars.ContextVar`` that is used here."""

    def get(self) -> Context: ...

    def set(self, value: Context, /) -> Any: ...

    def reset(self, token: Any, /) -> None: ...


class _ApiVariable:
    """OpenTelemetry's context functions in the form of a variable, for a runtime context that is not built on contextvars."""

    def get(self) -> Context:
        return get_current()

    def set(self, value: Context, /) -> Any:
        return attach(value)

    def reset(self, token: Any, /) -> None:
        detach(token)


def _variable() -> ContextVariable:
    """Return the context variable behind OpenTelemetry's context.

    ``attach`` documents that it returns a ``contextvars.Token``, whose ``var`` is that variable. Using it directly costs a third of the
    functions' time, and a reset in another task raises ``ValueError`` here instead of being logged as "Failed to detach context".
    """
    token = attach(get_current())
    variable: ContextVariable = token.var if isinstance(token, Token) else _ApiVariable()
    detach(token)
    return variable


CURRENT: Final = _variable()


def leave(token: Any) -> None:
    """Undo one ``CURRENT.set``; nothing happens when another task or thread does it than the one that entered."""
    try:
        CURRENT.reset(token)
    except ValueError:
        return


__all__ = ["CONSENT_KEY", "CURRENT", "INHERITED_KEY", "RUN_KEY", "Context", "inherited", "leave", "percall_consent"]
