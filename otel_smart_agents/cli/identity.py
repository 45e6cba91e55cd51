"""``id`` and ``receipt``: who one is to a back end, and what one agreed to."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from otel_smart_agents.cli.group import FAILED, Failure, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import console, emit, say, when
from otel_smart_agents.consent.identity import key_id_of
from otel_smart_agents.privacy.pseudonyms import other_name, pseudonym

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.consent import Identities, Receipt
    from otel_smart_agents.consent.evidence import Checked


@telemetry.group(name="id")
def identity() -> None:
    """The anonymous id: random, replaced every 30 days, never made from your machine or your name.

    \b
    Examples:
      id show
      id rotate
      id hash conversation-4711
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines


@identity.command()
@destination_option
@json_option
@click.pass_obj
def show(session: Session, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show the current id of every destination. Makes none.

    \b
    Examples:
      id show
      id show --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    found = [(known, session.store.identities.peek(known.destination)) for known in session.destinations.many(destination)]
    ids = [{"key": known.key, "id": item.id, "created": when(item.created_ns)} for known, item in found if item]
    if as_json:
        emit({"ids": ids})
        return
    for item in ids:
        click.echo(f"{item['id']}  {item['key']}  since {item['created']}")
    if not ids:
        say("There is no id: nothing has been agreed to or recorded.")


@identity.command()
@destination_option
@json_option
@click.pass_obj
def rotate(session: Session, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Replace the id now. The old one is kept only to ask for erasure, for at most 90 days.

    \b
    Examples:
      id rotate
      id rotate --destination acme
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    identities: Identities = session.store.identities
    found = [known for known in session.destinations.many(destination) if identities.peek(known.destination)]
    ids = [{"key": known.key, "id": identities.rotate(known.destination).id} for known in found]
    if as_json:
        emit({"ids": ids})
    for item in ids:
        say(f"{item['key']} now has the id {item['id']}.")
    if not ids:
        say("There is no id to replace.")


@identity.command(name="hash")
@click.argument("value")
@destination_option
@json_option
@click.pass_obj
def hash_value(session: Session, value: str, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Print the keyed hashes that stand for VALUE, to look it up at the back end. Newest key first.

    The key is the organisation's if the program has one (--app tells), else this installation's: that one changes every 30 days and is
    kept for 90 more.

    \b
    Examples:
      id hash conversation-4711
      id hash my-agent --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    known = session.destinations.pick(destination)
    hashes = [
        {
            "key_id": key_id,
            "key_of": whose,
            "pseudonym": pseudonym(value, key=key, key_id=key_id),
            "name": other_name(value, key=key, key_id=key_id),
        }
        for key, key_id, whose in _keys(session, known)
    ]
    if as_json:
        emit({"key": known.key, "hashes": hashes})
        return
    for item in hashes:
        click.echo(f"{item['pseudonym']}  a subject, a conversation or a session\n{item['name']}  a name")
    if known.handle is None:
        say(f"Spans of a program with an organisation_key have other values: name the program, `{session.command} --app …`.")


def _keys(session: Session, known: Known) -> list[tuple[bytes, str, str]]:
    """Return key, key id and owner of every key that values may have been hashed with, the one that counts now first."""
    found = [(*kept, "installation") for kept in session.store.identities.pseudonym_keys(known.destination)]
    if known.request is not None and known.request.organisation_key:
        key = known.request.organisation_key
        return [(key, key_id_of(key), "organisation"), *found]
    if not found:
        raise Failure(f"{known.key} has no key yet: nothing has been recorded, so nothing can be looked up")
    return found


@telemetry.command()
@click.option("--kantara", is_flag=True, help="In the field names of Kantara Consent Receipt 1.1 instead of ISO/IEC TS 27560.")
@destination_option
@json_option
@click.pass_context
def receipt(ctx: click.Context, kantara: bool, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show what was agreed to, and whether the record of it is intact; exit code 1 if it is not.

    \b
    Examples:
      receipt
      receipt --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    session: Session = ctx.obj
    keys = {known.key for known in session.destinations.many(destination)} if destination else None
    checked = [item for item in session.store.check_receipts() if keys is None or item.destination in keys]
    kept = [item.receipt for item in checked if item.receipt]
    log = session.store.verify_log()
    if as_json:
        emit(
            {
                "log": {"ok": log.ok, "entries": log.entries, "reason": log.reason},
                "receipts": [_fields(item, kantara=kantara) for item in kept],
                "hashes": [item.hash for item in kept],
                "checks": [{"id": item.id, "key": item.destination, "state": item.state, "sha256": item.expected} for item in checked],
            }
        )
    for item in kept if not as_json else ():
        console().print_json(json.dumps(_fields(item, kantara=kantara), default=str))
        say(f"SHA-256 {item.hash}")
    for text, style in _told(session, checked, destination, as_json=as_json):
        say(text, style=style)
    say(f"Consent log: {log.entries} entries, {'intact' if log.ok else 'NOT intact'} ({log.reason}).", style=None if log.ok else "red")
    ctx.exit(0 if log.ok and not any(item.wrong for item in checked) else FAILED)


def _told(session: Session, checked: list[Checked], destination: str | None, *, as_json: bool) -> Iterator[tuple[str, str | None]]:
    """Yield what has to be said about the receipts, with its colour."""
    problem = session.destinations.problem()
    if problem:
        yield f"What is in force cannot be told: {problem}.", "red"
    if not checked and not problem and not as_json:
        yield f"There is no receipt{' for it' if destination else ''}: nothing has been agreed to.", None
    for item in checked:
        about = f"Receipt {item.id}" + (f" for {item.destination}" if item.destination else "")
        if item.state == "altered":
            yield f"{about} was ALTERED: it is not what was agreed to{_whose(item)}.", "red"
        elif item.state == "missing":
            yield f"{about} is MISSING{_whose(item)}.", "red"
        elif item.state == "unvouched":
            yield f"{about} is named neither by consent.json nor by the log: nothing vouches for it.", None


def _whose(item: Checked) -> str:
    return f"; the SHA-256 on record is {item.expected}" if item.expected else ""


def _fields(item: Receipt, *, kantara: bool) -> dict[str, Any]:
    if kantara:
        with suppress(KeyError, TypeError, IndexError):  # one that nothing vouches for may lack anything
            return item.kantara()
    return dict(item.record)
