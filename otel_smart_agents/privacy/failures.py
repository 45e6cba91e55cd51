"""What an exception may leave behind: its class name and the hash of its stack, never its message or its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.privacy.gate import Gate

_MAX_STACK: Final = 262_144  # characters: a longer text is a loop's output, not a stack


def failure_of(attributes: Mapping[str, Any] | None, gate: Gate) -> dict[str, str]:
    """Return what to add to the attributes of an event, span or record that describes an exception by its text.

    The hash is computed from the whole text, before anything is cut. Nothing without consent to the category ``error``.
    """
    stack = attributes.get(semconv.EXCEPTION_STACKTRACE) if attributes else None
    if not isinstance(stack, str) or not 0 < len(stack) <= _MAX_STACK or gate.rules(None)[semconv.SMART_AGENTS_ERROR_STACK_HASH].drops:
        return {}
    from otel_smart_agents.privacy.fingerprint import stack_hash_of_text  # here: most spans describe no exception by its text

    return {semconv.SMART_AGENTS_ERROR_STACK_HASH: stack_hash_of_text(stack, packages=gate.policy.packages)}
