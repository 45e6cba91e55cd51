"""The layers of a decision: the strictest one wins, and the first of the strictest is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from otel_smart_agents import env
from otel_smart_agents.consent.model import CATEGORIES, Decision, Gate, Mode, check_categories, stricter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LAYERS: Final = ("environment", "policy", "run", "user", "project", "default")
"""Every layer, in the order in which a tie is named."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one layer leaves: it can only take away from the answer of the user (or, where none is needed, from the operator's choice)."""

    layer: str
    mode: Mode
    reason: str
    categories: frozenset[str] = CATEGORIES


def environment(environ: env.Environ, *, gated: bool) -> Iterator[Verdict]:
    """Yield what the environment takes away.

    Args:
        environ: the variables.
        gated: whether a person's agreement is part of this destination (``upstream``, or ``own`` behind a gate).
    """
    if env.sdk_disabled(environ):
        yield Verdict("environment", "off", f"{env.OTEL_SDK_DISABLED}=true stops all telemetry of this process")
    if not gated:
        return
    if env.do_not_track(environ):
        yield Verdict("environment", "off", f"{env.DO_NOT_TRACK} is set; your stored choice is kept. Unset it to use that choice")
    switch = env.telemetry_switch(environ)
    if switch == "off":
        yield Verdict("environment", "off", f"{env.SMART_AGENTS_TELEMETRY}=off; your stored choice is kept. Unset it to use that choice")
    elif switch == "local":
        yield Verdict("environment", "local", f"{env.SMART_AGENTS_TELEMETRY}=local: recorded on this machine, sent to nobody")


def narrowing(layer: str, mode: Mode | None, categories: Iterable[str] | None, *, what: str) -> Iterator[Verdict]:
    """Yield what a run's arguments or a project's settings take away; ``None`` takes nothing."""
    granted = CATEGORIES if categories is None else check_categories(categories, where=what)
    if mode not in (None, "on") or granted != CATEGORIES:
        says = {"off": "is switched off", "local": "keeps what it records on this machine"}.get(mode or "on", "allows fewer categories")
        yield Verdict(layer, mode or "on", f"{what} {says}", granted)


def is_gated(audience: str, gate: Gate) -> bool:
    """Tell whether a person's agreement is part of the destination."""
    return audience == "upstream" or gate != "operator"


def strictest(base: Decision, verdicts: Sequence[Verdict]) -> Decision:
    """Return the base decision narrowed by every verdict: the lowest mode, the common categories, and who is to name for it."""
    mode, categories = base.mode, base.categories
    for verdict in verdicts:
        mode, categories = stricter(mode, verdict.mode), categories & verdict.categories
    answer = Verdict(base.layer, base.mode, base.reason)
    ranked = sorted([answer, *verdicts], key=lambda verdict: LAYERS.index(verdict.layer))
    named = answer if mode == base.mode != "off" else next(verdict for verdict in ranked if verdict.mode == mode)
    if not categories and mode != "off":
        last = next((verdict for verdict in ranked if verdict.categories != CATEGORIES), named)
        return replace(base, mode="off", categories=categories, layer=last.layer, reason=f"no category is left: {last.reason}")
    takers = [] if mode == "off" else [verdict for verdict in ranked if verdict is not named and not base.categories <= verdict.categories]
    fewer = f"; some categories are taken away: {'; '.join(verdict.reason for verdict in takers)}" if takers else ""
    return replace(base, mode=mode, categories=categories, layer=named.layer, reason=named.reason + fewer)
