"""``send``, ``export`` and ``clear``: what to do with the data that waits."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from otel_smart_agents.cli.group import NO_CONSENT, PARTLY_SENT, Failure, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import emit, say
from otel_smart_agents.cli.preview import requests_of
from otel_smart_agents.cli.status import why_not_sent
from otel_smart_agents.setup.drain import drain

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known

_AGE = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@telemetry.command()
@click.option("--dry-run", is_flag=True, help="Say what would be sent and send nothing.")
@click.option("--timeout", "timeout_s", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds to spend at most.")
@destination_option
@json_option
@click.pass_context
def send(ctx: click.Context, dry_run: bool, timeout_s: float, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Send now what waits, where consent allows it and this command is configured for it.

    \b
    Examples:
      send
      send --dry-run --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    session: Session = ctx.obj
    results = [_send(session, known, dry_run=dry_run, timeout_s=timeout_s) for known in session.destinations.many(destination)]
    if as_json:
        emit({"dry_run": dry_run, "destinations": results})
    for result in results:
        say(f"{result['key']}: {result['said']}")
    if not results:
        say("No destination is known here.")
    ctx.exit(_code(results))


def _send(session: Session, known: Known, *, dry_run: bool, timeout_s: float) -> dict[str, Any]:
    decision = known.decision(session.store)
    waiting = [request for request in requests_of(known) if request["epoch"] == decision.epoch]
    items = sum(request["items"] for request in waiting)
    result = {"key": known.key, "requests": len(waiting), "items": items, "sent": 0, "consent": decision.sends}
    hindrance = None if decision.sends and known.request is not None and known.endpoint() else why_not_sent(known, decision)
    if hindrance:
        return {**result, "said": f"nothing is sent: {hindrance}"}
    if dry_run:
        return {**result, "said": f"would send {items} items in {len(waiting)} requests"}
    assert known.request is not None
    report = drain(known.request, session.store, budget_s=timeout_s)
    left = known.folder.stats().spans
    said = f"sent {report.accepted} of {items} items in {report.requests} requests"
    if report.rejected:
        said += f"; the back end refused {report.rejected}"
    if report.retry_in_s is not None:
        said += f"; the back end did not take the rest, next attempt in {report.retry_in_s:.0f} s"
    return {**result, "sent": report.accepted, "left": left, "retry_in_s": report.retry_in_s, "said": said}


def _code(results: list[dict[str, Any]]) -> int:
    tried = [result for result in results if result["consent"]]
    if results and not tried and any(result["items"] for result in results):
        return NO_CONSENT
    short = [result for result in tried if "left" in result and result["sent"] < result["items"]]
    return PARTLY_SENT if short else 0


@telemetry.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sent", is_flag=True, help="What was sent in the last days instead of what waits.")
@destination_option
@click.pass_obj
def export(session: Session, file: Path, sent: bool, destination: str | None) -> None:  # noqa: FBT001 - click passes options by name
    """Write what waits to FILE as OTLP JSON lines, one request a line. Use - for stdout.

    \b
    Examples:
      export usage.jsonl
      export - | jq .
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    requests = [request for known in session.destinations.many(destination) for request in requests_of(known, sent=sent)]
    lines = [json.dumps(json.loads(request["json"]), separators=(",", ":"), ensure_ascii=False) + "\n" for request in requests]
    if str(file) == "-":
        click.echo("".join(lines), nl=False)
    else:
        try:
            file.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise Failure(f"cannot write {file}: {error.strerror or error}") from error
    say(f"{len(lines)} requests written{'' if str(file) == '-' else f' to {file}'}.")


@telemetry.command()
@click.option("--older-than", "age", metavar="AGE", help="Only what was recorded longer ago than this: 90d, 12h, 30m.")
@click.option("--all", "everything", is_flag=True, help="Everything that waits, and kept copies of what was sent or refused.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@destination_option
@json_option
@click.pass_obj
def clear(session: Session, age: str | None, everything: bool, yes: bool, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Delete what waits on this machine. What was sent stays where it is: disable asks for its erasure.

    \b
    Examples:
      clear --older-than 90d
      clear --all --yes
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    if everything == (age is not None):
        raise click.UsageError("say what to delete: --all, or --older-than AGE")
    older = time.time_ns() - int(_seconds(age) * 1e9) if age is not None else None
    found = [known for known in session.destinations.many(destination) if known.folder.folder.is_dir()]
    if not yes:
        _confirm(f"Delete {'everything' if everything else f'what is older than {age}'} in {len(found)} destinations?")
    results = []
    for known in found:
        report = known.folder.clear(older_than_ns=older)
        results.append({"key": known.key, "files": report.files, "spans": report.items})
        say(f"{known.key}: {report.items} spans in {report.files} files deleted.")
    if as_json:
        emit({"destinations": results})
    if not found:
        say("Nothing is on the disk.")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise Failure("this deletes data and nobody is there to be asked: add --yes")
    if not click.confirm(question, default=False, err=True):
        raise Failure("Nothing was deleted.")


def _seconds(text: str) -> float:
    match = _AGE.fullmatch(text.strip().lower())
    if not match:
        raise click.UsageError(f"an age is a number and a unit such as 90d, 12h, 30m or 45s, not {text!r}")
    return int(match[1]) * _SECONDS[match[2]]
