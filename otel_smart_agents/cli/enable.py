"""``enable`` and ``disable``: yes and no, each as easy as the other."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

from otel_smart_agents.cli.group import FAILED, NO_CONSENT, Failure, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import emit, reason, say
from otel_smart_agents.consent import CATEGORIES
from otel_smart_agents.consent.detect import no_person
from otel_smart_agents.consent.model import way_to
from otel_smart_agents.consent.prompt import cannot_ask
from otel_smart_agents.errors import ConfigError, SmartAgentsError
from otel_smart_agents.setup import Withdrawn, withdraw
from otel_smart_agents.setup.owed import send_now

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known

_ERASE_S: Final = 5.0
_BUSY_PAUSE_S: Final = 0.1
_CATEGORY = click.Choice(sorted(CATEGORIES))


@telemetry.command()
@click.option("--local", is_flag=True, help="Record on this machine for your own eyes; nothing is ever sent.")
@click.option("--category", "-c", "categories", type=_CATEGORY, multiple=True, help="Agree to this category only; may be repeated.")
@destination_option
@json_option
@click.pass_obj
def enable(session: Session, local: bool, categories: tuple[str, ...], destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Read the notice and say yes. Only a person at a terminal can.

    \b
    Examples:
      enable
      enable --category agent --category skill
      enable --local
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    known = _meant(session, destination)
    chosen = frozenset(categories) or CATEGORIES
    notice = known.handle.notice if known.handle else None
    refusal = no_person(session.store.environ, product=known.destination.product, command=session.command)
    refusal = refusal or cannot_ask(session.store, product=known.destination.product)
    if refusal:
        raise Failure(refusal, code=NO_CONSENT)
    if notice is None and (known.destination.audience == "upstream" or (known.handle is None and known.asks)):
        raise Failure(
            f"{known.destination.product} brought no notice, so there is nothing to agree to: use the product's own telemetry command, "
            "or name its module with --app",
            code=NO_CONSENT,
        )
    session.store.check_allowed(known.destination)
    shown = notice.text(known.destination, categories=chosen) if notice else _without_notice(known, chosen)
    say(shown)
    if not click.confirm("Share usage data?" if not local else "Record on this machine?", default=False, err=True):
        raise Failure(_unchanged(session, known), code=NO_CONSENT)
    receipt = session.store.grant(
        known.destination,
        notice,
        categories=chosen,
        mode="local" if local else "on",
        method="cli",
        application_version=known.handle.settings.service_version if known.handle else "",
        shown=shown,
    )
    if known.handle and session.hosted:
        known.handle.refresh()
    decision = known.decision(session.store)
    if as_json:
        emit({"key": known.key, "mode": decision.mode, "categories": decision.categories, "receipt": receipt.id, "reason": decision.reason})
    way = way_to("disable", known.destination, command=session.command)
    say(f"{known.key} is {decision.mode}. Running programs take it over at their next start. {way} takes it back.")
    if decision.mode == "off":
        say(f"It stays off all the same: {decision.reason}")


@telemetry.command()
@destination_option
@click.option("--no-notify", is_flag=True, help="Do not ask for erasure of what was sent.")
@json_option
@click.pass_context
def disable(ctx: click.Context, destination: str | None, no_notify: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Stop, delete what waits, and ask for erasure of what was sent. Without --destination: upstream, and own back ends that need your yes.

    Works for everyone and everywhere, in CI and for AI agents too.

    \b
    Examples:
      disable
      disable --destination own
      disable --no-notify
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    session: Session = ctx.obj
    found = [known for known in session.destinations.many(destination) if destination or known.asks]
    results = [_disable(session, known, notify=not no_notify) for known in found]
    if as_json:
        emit({"destinations": results})
    for result in results:
        say(_sentence(result), style="red" if result["problem"] else None)
    unknown = not results and session.destinations.problem()
    if not results:
        say(_nothing(session, unknown or None), style="red" if unknown else None)
    ctx.exit(FAILED if unknown or any(result["problem"] for result in results) else 0)


def _disable(session: Session, known: Known, *, notify: bool) -> dict[str, Any]:
    try:
        done = withdraw(known.destination, store=session.store, notify=notify, method="cli")
        problem = None
    except OSError as error:  # the answer is stored all the same: everything is off
        done, problem = (
            Withdrawn(known.destination, known.decision(session.store).state, changed=True, deleted=0, requests=0),
            reason(error),
        )
    waiting = _erase(session, known, done.requests)
    if known.handle and session.hosted:
        known.handle.refresh()
    return {
        "key": known.key,
        "state": done.state,
        "changed": done.changed,
        "deleted_spans": done.deleted,
        "erasure_requests": done.requests,
        "erasure_requests_waiting": waiting,
        "problem": problem,
    }


def _erase(session: Session, known: Known, waiting: int) -> int:
    """Send requests for erasure now, if this command can, and return how many still wait."""
    until = time.monotonic() + _ERASE_S
    try:
        while known.request is not None and waiting and known.folder.state().attempts == 0 and time.monotonic() < until:
            waiting = send_now(known.request, session.store, budget_s=until - time.monotonic())
            time.sleep(_BUSY_PAUSE_S if waiting else 0)  # this process's own sender may be at it just now
    except SmartAgentsError as error:
        say(f"The request for erasure waits for the next run of {known.destination.product}: {error}")
    return waiting


def _sentence(result: dict[str, Any]) -> str:
    if result["problem"]:
        return f"{result['key']} is off, but what waits could not be deleted: {result['problem']}. Mend that and say no again."
    parts = [f"{result['key']} is off", f"{result['deleted_spans']} unsent spans deleted"]
    if result["erasure_requests"]:
        waiting = result["erasure_requests_waiting"]
        parts.append("erasure of what was sent " + ("is asked for at the program's next run" if waiting else "was asked for"))
    return "; ".join(parts) + "."


def _without_notice(known: Known, categories: frozenset[str]) -> str:
    """Return what a person is told about an own back end whose operator wrote no notice."""
    at = known.destination
    return f"{at.product} records {', '.join(sorted(categories))} and sends it to its operator's own back end at {at.host or 'no host'}."


def _unchanged(session: Session, known: Known) -> str:
    """Return what a person is told who did not say yes: whoever does not want what is on anyway must hear how to stop it."""
    mode = known.decision(session.store).mode
    way = way_to("disable", known.destination, command=session.command)
    return "Nothing was changed." if mode == "off" else f"Nothing was changed: {known.key} is {mode} as before. {way} stops it."


def _nothing(session: Session, problem: str | None) -> str:
    if problem:
        return (
            f"{problem}. Everything that needs a yes is off, and nothing tells any more what was on: to delete what is left of a product, "
            "use its own telemetry command, or name its module with --app."
        )
    on = [known.key for known in session.destinations.all() if known.decision(session.store).records]
    own = f"Your own back ends are left as they are: to stop one, add --destination and its key ({', '.join(on)})." if on else ""
    return f"Nothing that asks for a yes is known here: nothing was on, and nothing was changed. {own}".rstrip()


def _meant(session: Session, destination: str | None) -> Known:
    """Return what is to be agreed to: what was named, else what this very program asks for, else what is known on this machine."""
    if destination is not None:
        return session.destinations.pick(destination)
    asking = [known for known in session.destinations.all() if known.asks]
    here = [known for known in asking if known.handle is not None] or asking
    found = [known for known in here if known.destination.audience == "upstream"] or here
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(
            f"several destinations ask for a yes: name one with --destination; known: {', '.join(known.key for known in found)}"
        )
    refusal = None if sys.stdin.isatty() else no_person(session.store.environ, product="this product", command=session.command)
    if refusal:
        raise Failure(refusal, code=NO_CONSENT)
    raise Failure(
        "nothing that asks for a yes is known here: use the product's own telemetry command, or name its module with --app",
    )
