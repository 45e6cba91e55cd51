"""Whether a person is there to decide, and what to tell whoever is there instead."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from otel_smart_agents.consent.detect import agent_detected, ci_detected
from otel_smart_agents.consent.prompt import cannot_ask

if TYPE_CHECKING:
    from otel_smart_agents.cli.group import Session


def relay(session: Session, *, product: str, verb: str = "review") -> str | None:
    """Return the text for an AI agent or a CI system that wants older data to leave, ``None`` if neither runs this."""
    command = f"{session.command} {verb}"
    agent = agent_detected(session.store.environ)
    if agent is not None:
        return (
            f"An AI agent cannot decide for its human what leaves this machine; this runs under {agent}. "
            f'Please relay: "{product} has recorded usage data on your machine. To look at it and pick what is sent, '
            f'run `{command}` in a terminal."'
        )
    ci = ci_detected(session.store.environ)
    return f"Nobody can decide in CI what leaves; this runs under {ci}. Run `{command}` in a terminal of your own." if ci else None


def nobody_reviews(session: Session, *, product: str) -> str | None:
    """Return why no review can be held here, fit to be relayed; ``None`` if a person can be asked."""
    refusal = relay(session, product=product)
    if refusal is not None:
        return refusal
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return f"a review is a conversation: run `{session.command} review` in a terminal"
    return cannot_ask(session.store, product=product)


def line_of(question: str) -> str | None:
    """Ask on stderr and return the line that was typed, lower case and without blanks; ``None`` for the end of input."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        sys.stderr.write("\n")
        return None
    return line.strip().lower()
