"""``review``: look at what was recorded, trace by trace, drop what should not leave, and send the rest."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from otel_smart_agents.cli.group import NO_CONSENT, PARTLY_SENT, Failure, Session, destination_option, telemetry
from otel_smart_agents.cli.output import console, say
from otel_smart_agents.cli.person import line_of, nobody_reviews
from otel_smart_agents.cli.progress import progress
from otel_smart_agents.cli.review_units import Reviewed, Unit, facts, numbers
from otel_smart_agents.cli.status import why_not_sent
from otel_smart_agents.cli.trace_tree import label, trees
from otel_smart_agents.cli.waiting import settle, waiting
from otel_smart_agents.setup.drain import drain
from otel_smart_agents.spool.limits import SIGNALS
from otel_smart_agents.spool.names import Terms

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.consent import Decision
    from otel_smart_agents.spool.ready import ClaimedFile

FILES_AT_ONCE: Final = 200
"""Files that one sitting holds: what is looked at must not be sent or dropped meanwhile, and a process may hold only so many open files."""
_SEND_S: Final = 30.0

_CHOICES: Final = "[k] keep and send  [d] drop  [s] skip  [p] drop single spans  [v] view everything in it  [q] stop here"
_LOOK_ONLY: Final = "[d] drop  [s] skip  [v] view everything in it  [q] stop here"


@telemetry.command()
@destination_option
@click.pass_context
def review(ctx: click.Context, destination: str | None) -> None:
    """Walk through what waits, trace by trace: keep, drop or skip each; then send what is kept. Only a person at a terminal can.

    Data that was recorded before your current answer, only for your own eyes (mode local, whoever set it), or with categories that may not
    be sent any more leaves this machine in no other way.
    Nothing is changed before you confirm at the end.

    \b
    Examples:
      review
      review --destination acme
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    session: Session = ctx.obj
    found = session.destinations.many(destination)
    refusal = nobody_reviews(session, product=found[0].destination.product if found else "a product")
    if refusal:
        raise Failure(refusal, code=NO_CONSENT)
    codes = [_review(session, known) for known in found if _anything(known)]
    if not codes:
        say("Nothing waits to be reviewed.")
    ctx.exit(max(codes, default=0))


def _anything(known: Known) -> bool:
    settle(known)
    return any(known.folder.ready_files(signal) for signal in SIGNALS)


def _review(session: Session, known: Known) -> int:
    decision = known.decision(session.store)
    say(f"\n{known.key}", style="bold")
    if not decision.sends:
        say(f"Nothing can be sent: {decision.reason}\nYou can look at what was recorded and drop it.")
    with ExitStack() as claims:
        files = _claim(known, claims)
        reviewed = Reviewed(files, decision)
        if not files:
            say("All of it is being sent just now.")
            return 0
        if not _walk(reviewed.units, sends=decision.sends) or not _confirmed(reviewed, decision):
            say("Nothing was changed.")
            return 0
        if Terms.of(known.decision(session.store)) != Terms.of(decision):
            raise Failure("your answer changed while you looked: nothing was done, start again", code=NO_CONSENT)
        done = reviewed.apply(decision, audience=known.destination.audience)
    known.folder.count("cleared", done.drop)
    known.folder.count("consent", done.withheld)
    parts = [f"{done.keep} kept", f"{done.drop} dropped", f"{done.skip} left as they are"]
    if done.withheld:
        parts.append(f"{done.withheld} dropped because they are of a category that is not agreed to")
    say(f"{', '.join(parts)}.")
    return _send(session, known) if done.keep else 0


def _claim(known: Known, claims: ExitStack) -> list[ClaimedFile]:
    waiting_files = sorted((file for signal in SIGNALS for file in known.folder.ready_files(signal)), key=lambda file: file.name)
    if len(waiting_files) > FILES_AT_ONCE:
        say(f"{len(waiting_files)} files wait; this sitting has the oldest {FILES_AT_ONCE}.")
    held = [claims.enter_context(file.claim()) for file in waiting_files[:FILES_AT_ONCE]]
    return [file for file in held if file is not None and file.payloads]


def _walk(units: list[Unit], *, sends: bool) -> bool:
    """Ask about each unit; False if the conversation broke off."""
    for number, unit in enumerate(units, 1):
        unit.choice = "skip" if unit.held or not sends else "keep"
        say(f"\n{number} of {len(units)}: {unit.title()}")
        _show(unit)
        answer = _ask(unit, sends=sends)
        if answer is None:
            return False
        if answer == "q":
            break
    return True


def _show(unit: Unit) -> None:
    out = console(stderr=True)
    for tree in trees(unit.spans):
        out.print(tree, soft_wrap=True)
    for item in unit.items:
        out.print(f"· {item.get('eventName') or item.get('name', '')}", markup=False)


def _ask(unit: Unit, *, sends: bool) -> str | None:
    """Ask until the answer is one; return it, ``None`` for the end of input."""
    usual = "k" if unit.choice == "keep" else "s"
    while True:
        answer = line_of(f"{_CHOICES if sends else _LOOK_ONLY} (Enter = {usual}): ")
        if answer is None or answer == "q":
            return answer
        answer = answer or usual
        if answer == "v":
            sys.stderr.write("\n".join(facts(unit)) + "\n")
        elif answer == "p" and sends and unit.spans:
            if _pick(unit):
                return answer
        elif answer in ("k", "d", "s") and (sends or answer != "k"):
            unit.choice = "keep" if answer == "k" else "drop" if answer == "d" else "skip"
            return answer
        else:
            say(f"{answer!r} is not an answer here.")


def _pick(unit: Unit) -> bool:
    for number, span in enumerate(unit.spans, 1):
        line = label(span)
        console(stderr=True).print(f"[{number}] ", line, markup=False, sep="", soft_wrap=True)
    text = line_of("Numbers of the spans to drop, such as 2 4-6; the rest is kept: ")
    chosen = numbers(text or "", highest=len(unit.spans))
    if chosen is None:
        say(f"{text!r} is no list of numbers from 1 to {len(unit.spans)}.")
        return False
    unit.choice = "keep"
    unit.dropped = {unit.spans[number - 1].span_id for number in chosen}
    return True


def _confirmed(reviewed: Reviewed, decision: Decision) -> bool:
    count = reviewed.tally()
    if not count.drop and not any(unit.held and unit.choice == "keep" for unit in reviewed.units):
        return not decision.sends or bool(count.keep)
    verb = "send" if decision.sends else "keep"
    question = f"\n{verb.capitalize()} {count.keep}, delete {count.drop}, leave {count.skip} as they are. Do it? y / n (Enter = n): "
    return line_of(question) in ("y", "yes")


def _send(session: Session, known: Known) -> int:
    decision = known.decision(session.store)
    before, sent_before = waiting(known, decision), known.folder.state().sent
    if known.request is None or not decision.sends or known.endpoint() is None:
        say(f"What is kept waits: {why_not_sent(known, decision)}.")
        return 0
    with progress("sending", total=before.items, done=lambda: known.folder.state().sent - sent_before):
        report = drain(known.request, session.store, budget_s=_SEND_S, asked=True)
    say(f"Sent {report.accepted} of {before.items} items.")
    return 0 if report.accepted >= before.items else PARTLY_SENT
