"""``preview``: exactly what would be sent, or was: the same bytes, their hash, and the spans in them."""

from __future__ import annotations

import base64
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from otel_smart_agents.cli.group import Failure, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import console, emit, reason, say, size
from otel_smart_agents.cli.trace_tree import spans_of, trees
from otel_smart_agents.cli.waiting import held, settle
from otel_smart_agents.errors import SpoolError
from otel_smart_agents.export.sender import request_bytes
from otel_smart_agents.export.transport import digest
from otel_smart_agents.spool.limits import SIGNALS
from otel_smart_agents.spool.names import parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.spool.body import Body
    from otel_smart_agents.spool.ready import ReadyFile


@telemetry.command()
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the newest N requests.")
@click.option("--sent", is_flag=True, help="What was sent in the last days instead of what waits.")
@click.option("--raw", is_flag=True, help="Write the exact body of one request to stdout (the newest, or the only one).")
@destination_option
@json_option
@click.pass_obj
def preview(session: Session, last: int | None, sent: bool, raw: bool, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show exactly what would be sent: each request with the SHA-256 of its uncompressed body.

    \b
    Examples:
      preview
      preview --last 1 --json
      preview --raw | sha256sum
      preview --sent
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    found = session.destinations.many(destination)
    if raw:
        known = session.destinations.pick(destination)
        request = next(requests_of(known, sent=sent, last=1), None)
        if request is None:
            raise Failure("nothing waits to be sent" if not sent else "nothing that was sent is kept")
        sys.stdout.buffer.write(request["bytes"])
        return
    requests = [
        {**request, "stays": None if sent else _stays(session, known, request)}
        for known in found
        for request in requests_of(known, sent=sent, last=last)
    ]
    if as_json:
        emit({"requests": [_plain(request) for request in requests]})
        return
    for request in requests:
        _show(request)
    if not requests:
        say("Nothing is kept of what was sent." if sent else "Nothing waits to be sent.")
    if not sent and last is None and (open_spans := _spans(found) - sum(request["items"] for request in requests)) > 0:
        say(f"{open_spans} more spans are in files that running programs are still writing; they become requests when those are closed.")


def _spans(found: list[Known]) -> int:
    total = 0
    for known in found:
        with suppress(OSError):  # told already
            total += known.folder.stats().spans
    return total


def _stays(session: Session, known: Known, request: dict[str, Any]) -> str | None:
    """Return why a request would not be sent as it is, ``None`` if it would."""
    decision = known.decision(session.store)
    if not decision.sends:
        return decision.reason
    name = parse_name(request["file"])
    why = held(name.terms, decision) if name is not None else None
    return f"{why}: it stays unless you pick it in `{session.command} review`" if why else None


def requests_of(known: Known, *, sent: bool = False, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield one mapping per request, oldest first: the exact bytes, their hash, and the JSON they say.

    Waiting spans of this process are sealed first and files of dead processes adopted, as a sender would.

    Args:
        known: the destination.
        sent: what was sent and kept instead of what waits.
        last: only the newest so many.
    """
    if not sent and settle(known):
        return
    endpoint = known.endpoint()
    files: list[ReadyFile] = []
    for signal in SIGNALS:
        try:
            files += known.folder.sent_files(signal) if sent else known.folder.ready_files(signal)
        except OSError as error:
            say(f"{known.key}: {reason(error)}", style="red")
    files.sort(key=lambda file: file.name)
    found = (request for file in (files[-last:] if last else files) for request in _requests(known, file, endpoint))
    yield from list(found)[-last:] if last else found


def _requests(known: Known, file: ReadyFile, endpoint: Any) -> Iterator[dict[str, Any]]:
    try:
        for body in file.parts():
            yield _request(known, file, endpoint, body=body)
    except FileNotFoundError:  # sent or cleared meanwhile
        return
    except (SpoolError, ValueError) as error:  # ValueError: whole by its checksum and yet not OTLP
        say(f"{file.path.name} cannot be read: {reason(error)}", style="red")


def _request(known: Known, file: ReadyFile, endpoint: Any, *, body: Body) -> dict[str, Any]:
    data = request_bytes(body, endpoint) if endpoint is not None else body.json()
    protocol = endpoint.protocol if endpoint is not None else "http/json"
    return {
        "key": known.key,
        "file": file.path.name,
        "signal": file.signal,
        "items": body.items,
        "epoch": file.epoch,
        "protocol": protocol,
        "address": endpoint.shown(file.signal) if endpoint is not None else None,
        "sha256": digest(data),
        "bytes": data,
        "json": body.json(),
    }


def _plain(request: dict[str, Any]) -> dict[str, Any]:
    data: bytes = request.pop("bytes")
    says: bytes = request.pop("json")
    exact = {"body": says.decode()} if data == says else {"body_base64": base64.b64encode(data).decode()}
    return {**request, "size": len(data), **exact, "decoded": json.loads(says)}


def _show(request: dict[str, Any]) -> None:
    out = console()
    where = request["address"] or "nowhere (no endpoint)"
    out.print(f"[bold]{escape(request['key'])}[/]  {request['signal']} → {escape(where)}  [dim]{request['protocol']}[/]")
    if request["stays"] and request["address"]:
        out.print(f"  [yellow]not sent: {escape(request['stays'])}[/]", soft_wrap=True)
    out.print(f"  {request['items']} items, {size(len(request['bytes']))}, SHA-256 {request['sha256']}")
    if request["signal"] == "traces":
        for tree in trees(spans_of(json.loads(request["json"]))):
            out.print(tree, soft_wrap=True)
    else:
        out.print_json(request["json"].decode())
    out.print()
