"""The one question: asked of a person at a terminal, once per version of the notice, with "no" as the answer of a bare Enter."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TextIO

from otel_smart_agents.consent.detect import no_person
from otel_smart_agents.consent.model import CATEGORIES, Decision, Destination, Gate, Mode, check_categories, way_to
from otel_smart_agents.consent.policyfile import load_policy
from otel_smart_agents.consent.store import ConsentStore
from otel_smart_agents.errors import ConfigError, PolicyError, SmartAgentsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from otel_smart_agents.consent.notice import Notice

ATTEMPTS: Final = 3
"""Answers that are neither yes, no nor details before the question is given up, unanswered."""

QUESTION: Final = "  [y] yes, share   [n] no, do not share   [d] details\nShare usage data? y / n / d (Enter = n): "

_YES = frozenset({"y", "yes"})
_NO = frozenset({"", "n", "no"})
_DETAILS = frozenset({"d", "details"})

_given_up: set[tuple[str, str]] = set()
"""Questions of this process that got no answer (Ctrl-C, end of input): not repeated before the next start."""


def ask(  # noqa: PLR0913 - what a question is about, who is asked, and how far the asking program goes
    notice: Notice,
    destination: Destination,
    *,
    store: ConsentStore | None = None,
    gate: Gate = "user",
    categories: Iterable[str] = CATEGORIES,
    run_mode: Mode | None = None,
    allowed: Iterable[str] | None = None,
    application_version: str = "",
    stdin: TextIO | None = None,
    stderr: TextIO | None = None,
) -> Decision:
    """Ask the person at the terminal if that is possible and still due, and return the decision either way.

    It is due while the state is ``unknown`` or ``stale``. It is possible if standard input and standard error are terminals of the
    foreground job, on the main thread, outside CI, not under an AI agent, and neither environment nor administrator has switched telemetry
    off, nor has the asking program for this run. Only what all of them leave is asked about and agreed to. Else the decision is returned as
    it is, and its reason says why nobody was asked. A yes or no is stored. Ctrl-C, the end of input
    or three unclear answers are no answer: nothing is stored, telemetry stays off, and the question may come again at the next start.

    Args:
        notice: what to ask about.
        destination: where data would go.
        store: where consent is kept, the user's own by default.
        gate: who decides about an ``own`` destination.
        categories: the most that a yes covers.
        run_mode: the most that this run allows.
        allowed: the categories that this run allows, all by default.
        application_version: version of the product that asks.
        stdin: where the answer is read.
        stderr: where the text is written; nothing is ever written to standard output.

    Raises:
        ConfigError: ``categories`` names none, or one that is none.
    """
    wanted = _wanted(categories)
    store = ConsentStore() if store is None else store
    stdin, stderr = stdin or sys.stdin, stderr or sys.stderr
    decide = partial(store.decide, destination, gate=gate, notice=notice, run_mode=run_mode, categories=allowed)
    decision = decide()
    if decision.state not in ("unknown", "stale") or decision.layer not in ("user", "default"):
        return decision
    question = (destination.key, notice.version)
    hindrance = cannot_ask(store, product=destination.product, stdin=stdin, stderr=stderr)
    offered, forbidden = _offered(store, destination, wanted if allowed is None else wanted & frozenset(allowed))
    hindrance = hindrance or forbidden
    if hindrance is None and question in _given_up:
        hindrance = "the question was left unanswered in this run"
    if hindrance is not None:
        return replace(decision, reason=f"{decision.reason} (not asked: {hindrance})")
    answer, shown = _converse(notice, destination, categories=offered, stdin=stdin, stderr=stderr)
    if answer is None:
        _given_up.add(question)
        _say(stderr, f"No answer: nothing is recorded or sent. {way_to('enable', destination, command=store.command)} asks again.")
        return replace(decision, reason=f"{decision.reason} (asked, no answer)")
    try:
        if answer:
            store.grant(destination, notice, categories=offered, method="prompt", application_version=application_version, shown=shown)
        else:
            store.deny(destination, notice, method="prompt")
    except SmartAgentsError as error:
        _say(stderr, f"The answer could not be stored, so telemetry stays off: {error}")
    else:
        way = way_to("disable" if answer else "enable", destination, command=store.command)
        _say(stderr, f"{'Yes' if answer else 'No'} it is. {way} changes it at any time.")
    return decide()


def cannot_ask(store: ConsentStore, *, product: str, stdin: TextIO | None = None, stderr: TextIO | None = None) -> str | None:
    """Return why no question may be put here, fit to be shown and relayed, or ``None`` if a person can be asked.

    ``enable``, ``review`` and ``send`` of older data are refused for the same reasons.
    """
    stdin, stderr = stdin or sys.stdin, stderr or sys.stderr
    refusal = no_person(store.environ, product=product, command=store.command)
    if refusal is not None:
        return refusal
    if not (_is_terminal(stdin) and _is_terminal(stderr)):
        return f"standard input and standard error are not both a terminal. Run `{store.command} enable` in a terminal"
    if threading.current_thread() is not threading.main_thread() or not _in_foreground(stdin):
        return "this is not the program in the foreground of the terminal"
    return None


def _wanted(categories: Iterable[str]) -> frozenset[str]:
    """Check what is asked about before anybody is asked: an answer to a question that cannot be stored would be thrown away."""
    wanted = check_categories(categories, where="ask(categories=…)")
    if not wanted:
        raise ConfigError("ask(categories=…) needs at least one category: leave it out to ask about all")
    return wanted


def _offered(store: ConsentStore, destination: Destination, wanted: frozenset[str]) -> tuple[frozenset[str], str | None]:
    """Return the categories that can be asked about, and why nobody is asked, ``None`` for no reason."""
    try:
        policy = load_policy(store.paths.policy)
    except PolicyError as error:
        return wanted, str(error)
    if not wanted:
        return wanted, "this program allows none of the categories that it asks about"
    if policy is None:
        return wanted, None
    if not policy.prompt:
        return wanted, policy.says("forbids it")
    ceiling = policy.ceiling(destination)
    offered = wanted & ceiling.categories
    return offered, None if offered else policy.says(ceiling.fewer)


def _converse(
    notice: Notice, destination: Destination, *, categories: frozenset[str], stdin: TextIO, stderr: TextIO
) -> tuple[bool | None, str]:
    """Return the answer (``None`` = none) and every text that was shown before it."""
    shown = notice.summary(destination, categories=categories)
    stderr.write(f"\n{shown}\n\n")
    for _ in range(ATTEMPTS):
        stderr.write(QUESTION)
        stderr.flush()
        line = _read_line(stdin, stderr)
        word = line.strip().lower()
        if not line or word in _YES | _NO:
            return (word in _YES if line else None), shown
        if word in _DETAILS:
            details = notice.text(destination, categories=categories)
            shown = f"{shown}\n\n{details}"
            stderr.write(f"\n{details}\n\n")
        else:
            stderr.write(f"{line.strip()!r} is not an answer.\n")
    return None, shown


def _read_line(stdin: TextIO, stderr: TextIO) -> str:
    """Return the line that was typed; empty for the end of input and for Ctrl-C, which is aimed at the question and not at the program."""
    try:
        return stdin.readline()
    except KeyboardInterrupt:
        stderr.write("\n")
        return ""


def _say(stderr: TextIO, text: str) -> None:
    stderr.write(f"{text}\n")
    stderr.flush()


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # None under pythonw, or closed
        return False


def _in_foreground(stdin: TextIO) -> bool:
    """A job in the background that reads its terminal is stopped by the system: such a program must not ask."""
    if not hasattr(os, "tcgetpgrp"):  # pragma: no cover - Windows has no jobs
        return True
    try:
        return os.tcgetpgrp(stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
