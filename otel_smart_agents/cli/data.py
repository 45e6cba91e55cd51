"""``send``, ``export`` and ``clear``: what to do with the data that waits."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from otel_smart_agents.cli.group import FAILED, NO_CONSENT, OK, PARTLY_SENT, Failure, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import emit, say
from otel_smart_agents.cli.person import relay
from otel_smart_agents.cli.preview import requests_of
from otel_smart_agents.cli.progress import progress
from otel_smart_agents.cli.status import why_not_sent
from otel_smart_agents.cli.usage import usage_objects
from otel_smart_agents.cli.waiting import settle, waiting
from otel_smart_agents.setup.drain import drain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.consent import Decision

_BUSY_PAUSE_S: Final = 0.1
_AGE = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@telemetry.command()
@click.option("--dry-run", is_flag=True, help="Say what would be sent and send nothing.")
@click.option(
    "--timeout", "timeout_s", metavar="SECONDS", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="The most to spend."
)
@destination_option
@json_option
@click.pass_context
def send(ctx: click.Context, dry_run: bool, timeout_s: float, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Send now what waits, where consent allows it and this command is configured for it.

    After failures it does not wait for the sender's next attempt, unless the back end itself asked for a pause.

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
        say(f"{result['key']}: {result['said']}.")
    if not results:
        say("No destination is known here.")
    ctx.exit(_code([result["result"] for result in results]))


def _send(session: Session, known: Known, *, dry_run: bool, timeout_s: float) -> dict[str, Any]:
    problem = settle(known)
    decision = known.decision(session.store)
    there = waiting(known, decision)
    facts = {"key": known.key, "requests": there.requests, "items": there.items, "older": there.older, "sent": 0}
    if problem:
        return {**facts, "result": "failed", "said": "nothing is sent: the spool cannot be used"}
    hint = _older_hint(session, known, there.older) if there.older else ""
    if not decision.sends:
        return {**facts, "result": "consent" if there.items or there.older else "idle", "said": f"nothing is sent: {decision.reason}{hint}"}
    if not there.items:
        return {**facts, "result": "consent" if there.older else "idle", "said": f"nothing waits to be sent{hint}"}
    if known.request is None or known.endpoint() is None:
        return {**facts, "result": "failed", "said": f"nothing is sent: {why_not_sent(known, decision)}{hint}"}
    if dry_run:
        return {**facts, "result": "ok", "said": f"would send {there.items} items in {there.requests} requests{hint}"}
    return {**facts, **_drained(session, known, there.items, decision, timeout_s=timeout_s, hint=hint)}


def _older_hint(session: Session, known: Known, older: int) -> str:
    """Older data never leaves by ``send``: who may decide about it is told, or whom to tell."""
    text = relay(session, product=known.destination.product)
    return f"; {older} items are not covered by the current answer and stay. " + (
        text.rstrip(".") if text else f"`{session.command} review` lets you pick what of them is sent"
    )


def _drained(session: Session, known: Known, items: int, decision: Decision, *, timeout_s: float, hint: str) -> dict[str, Any]:
    assert known.request is not None
    before, until = known.folder.state(), time.monotonic() + timeout_s
    with progress("sending", total=items, done=lambda: known.folder.state().sent - before.sent):
        report = drain(known.request, session.store, budget_s=timeout_s, asked=True)
        # This process's own sender, or another program's, may be at it just now: it sends the same.
        while report.busy and time.monotonic() < until:
            time.sleep(_BUSY_PAUSE_S)
            report = drain(known.request, session.store, budget_s=until - time.monotonic(), asked=True)
    after = known.folder.state()
    sent, left = min(after.sent - before.sent, items), waiting(known, decision).items
    refused = max(0, after.dropped.get("rejected", 0) - before.dropped.get("rejected", 0))
    said = f"sent {sent} of {items} items"
    if refused:
        said += f"; the back end refused {refused} for good"
    if report.retry_in_s is not None:
        said += f"; the back end did not take {'the rest' if sent else 'them'}, next attempt in {report.retry_in_s:.0f} s"
    result = "ok" if sent >= items else "partly" if sent else "failed"
    return {"result": result, "sent": sent, "refused": refused, "left": left, "retry_in_s": report.retry_in_s, "said": said + hint}


def _code(results: list[str]) -> int:
    told = {result for result in results if result != "idle"}
    if "partly" in told or {"ok", "failed"} <= told:
        return PARTLY_SENT
    if "failed" in told:
        return FAILED
    return NO_CONSENT if told == {"consent"} else OK


@telemetry.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sent", is_flag=True, help="What was sent in the last days instead of what waits.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["otlp", "usage"]),
    default="otlp",
    show_default=True,
    help="otlp: one OTLP request a line. usage: one typed usage event a line.",
)
@destination_option
@click.pass_obj
def export(session: Session, file: Path, sent: bool, form: str, destination: str | None) -> None:  # noqa: FBT001 - click passes options by name
    """Write what waits to FILE as JSON lines. Use - for stdout.

    \b
    Examples:
      export requests.jsonl
      export --format usage usage.jsonl
      export - | jq .
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    found = session.destinations.many(destination)
    total = 0 if sent else sum(known.folder.waiting_files() for known in found)
    read = written = 0

    def requests() -> Iterator[Any]:
        nonlocal read
        for known in found:
            for request in requests_of(known, sent=sent):
                read += 1
                yield json.loads(request["json"])

    with _opened(file) as stream, progress("writing", total=total, done=lambda: read):
        for item in requests() if form == "otlp" else usage_objects(requests()):
            stream.write(json.dumps(item, separators=(",", ":"), ensure_ascii=False) + "\n")
            written += 1
    say(f"{written} {'requests' if form == 'otlp' else 'events'} written{'' if str(file) == '-' else f' to {file}'}.")


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        # For the user's eyes alone, like the spool that it comes from; a file that was there may have been open to others.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as stream:
            _begin_private(stream.fileno())
            yield stream
    except OSError as error:
        raise Failure(f"cannot write {file}: {error.strerror or error}") from error


def _begin_private(fd: int) -> None:
    """Empty a file that others cannot read any more; a pipe or a terminal is not ours to change."""
    if stat.S_ISREG(os.fstat(fd).st_mode):
        if hasattr(os, "fchmod"):
            os.fchmod(fd, 0o600)
        os.ftruncate(fd, 0)


@telemetry.command()
@click.option("--older-than", "age", metavar="AGE", help="Only what was recorded longer ago than this: 90d, 12h, 30m.")
@click.option("--all", "everything", is_flag=True, help="Everything that waits, and kept copies of what was sent or refused.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@destination_option
@json_option
@click.pass_obj
def clear(session: Session, age: str | None, everything: bool, yes: bool, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Delete what waits on this machine. What was sent stays where it is: disable asks for its erasure.

    With --all the next data is sent at once, even if the back end had asked for a pause.

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
        files = known.folder.waiting_files()
        with progress("deleting", total=files, done=lambda: files - known.folder.waiting_files()):  # noqa: B023 - ends with the loop's turn
            report = known.folder.clear(older_than_ns=older)
        if everything:
            known.folder.forget_wait()
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
