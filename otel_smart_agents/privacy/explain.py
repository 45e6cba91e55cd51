"""Why a key is kept or dropped, in words: what ``otel-smart-agents why KEY`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from otel_smart_agents.privacy.decisions import Verdict, decide

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy


@dataclass(frozen=True, slots=True)
class KeyExplanation:
    """What happens to an attribute because of its key.

    Attributes:
        key: the key asked for.
        decision: ``drop``, ``keep``, ``hash``, ``scan``, ``content`` or ``fallback``.
        reason: one sentence.
        privacy_class: ``S``, ``P``, ``C``, ``N`` or ``scan``; ``None`` for a key that the registry does not know.
        category: the consent category that it needs.
        type: the type that its value must have.
        form: what a text value must look like: its pattern, or its words.
        max_length: characters kept of a text value.
    """

    key: str
    decision: Verdict
    reason: str
    privacy_class: str | None = None
    category: str | None = None
    type: str | None = None
    form: str | None = None
    max_length: int | None = None


def explain_key(key: str, policy: Policy, *, kind: str | None = None) -> KeyExplanation:
    """Return why this key is kept or dropped under a policy, in a span of the kind if one is given."""
    decision = decide(key, policy, kind=kind)
    attribute = decision.attribute
    privacy = decision.privacy
    if attribute is None:
        return KeyExplanation(key, decision.verdict, decision.reason, None if privacy is None else str(privacy))
    words = ", ".join(sorted(attribute.catalogue)) if attribute.catalogue else attribute.pattern
    return KeyExplanation(
        key,
        decision.verdict,
        decision.reason,
        str(privacy),
        decision.category or attribute.category,
        attribute.type,
        words,
        attribute.max_length or policy.max_value_length,
    )
