"""``doctor``: what is wrong here, and what to do about it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from otel_smart_agents.cli.group import FAILED, Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.health import check_clock, check_consent, check_disk, check_permissions, check_policy
from otel_smart_agents.cli.health_online import check_online
from otel_smart_agents.cli.health_place import check_place
from otel_smart_agents.cli.health_process import check_auto, check_config_file, check_provider
from otel_smart_agents.cli.health_spool import check_spool
from otel_smart_agents.cli.output import console, emit, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.finding import Finding


@telemetry.command()
@click.option("--online", is_flag=True, help="Ask, and then send one empty request to each back end that consent allows.")
@click.option("--yes", "-y", is_flag=True, help="With --online: do not ask.")
@destination_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, online: bool, yes: bool, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Check consent, files, clock and instrumentation; say for each whether it is well and what to do if not. Repairs nothing.

    Without --online no packet leaves; with it, none to a destination that you have not agreed to.

    \b
    Examples:
      doctor
      doctor --online
      doctor --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    if yes and not online:
        raise click.UsageError("--yes needs --online")
    findings = []
    for finding in examine(ctx.obj, destination, online=online, yes=yes):
        findings.append(finding)
        if not as_json:
            _show(finding)
    wrong = sum(not finding.ok for finding in findings)
    if as_json:
        emit({"ok": not wrong, "findings": [dataclasses.asdict(finding) for finding in findings]})
    say(f"{len(findings)} checks, {wrong or 'nothing'} wrong.")
    ctx.exit(FAILED if wrong else 0)


def examine(session: Session, destination: str | None, *, online: bool = False, yes: bool = False) -> Iterator[Finding]:
    """Yield every finding. Nothing is written."""
    yield from check_permissions(session)  # first: whatever opens the spool tightens it
    yield from check_place(session)
    yield from check_policy(session)
    found = session.destinations.many(destination)
    yield from check_consent(session, found)
    yield from check_disk(session)
    yield from check_clock(session, found)
    for known in found:
        yield from check_spool(session, known)
    yield from check_auto(session)
    yield from check_config_file(session)
    yield from check_provider()
    if online:
        for known in found:
            yield from check_online(session, known, yes=yes)


def _show(finding: Finding) -> None:
    mark = "[green]✓[/]" if finding.ok else "[red]✗[/]"
    console().print(f"{mark} [bold]{finding.check}[/]  {escape(finding.says)}", soft_wrap=True)
    if finding.fix:
        console().print(f"    → {escape(finding.fix)}", soft_wrap=True)
