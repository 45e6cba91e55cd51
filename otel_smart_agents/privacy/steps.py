"""Steps of a workflow, written as kind and name: each name needs the consent of its own kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents import semconv
from otel_smart_agents.privacy.decisions import STEP_KINDS
from otel_smart_agents.privacy.pseudonyms import OTHER
from otel_smart_agents.privacy.texts import ERROR_VALUE, Check, check_of

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.privacy.tally import Tally


def step_check(policy: Policy) -> Check:
    """Return the check of one element such as ``agent:code-reviewer``; without the consent of its kind the bare kind stays."""
    kinds = {kind: semconv.KINDS[kind] for kind in STEP_KINDS}
    names = {
        kind: check_of(semconv.ATTRIBUTES[declared.name_key], policy)
        for kind, declared in kinds.items()
        if declared.category in policy.categories
    }

    def check(value: str, tally: Tally) -> str | None:
        kind, colon, name = value.partition(":")
        if kind not in kinds:
            tally.redactions += value not in (OTHER, ERROR_VALUE)
            return value if value == ERROR_VALUE else OTHER
        if not colon or kind not in names:
            return kind
        kept = names[kind](name, tally)
        return value if kept == name else f"{kind}:{kept}"

    return check
