"""A product whose users decide: ``acme telemetry …`` in the product's own command line, and one question at the first start.

    python 06_host_cli.py review README.md           asks once if this is a terminal; a bare Enter is "no"
    python 06_host_cli.py telemetry status           what is on, who decided, what waits
    python 06_host_cli.py telemetry enable | preview | disable

Until somebody says yes there is no file, no thread, no id and no connection. No AI agent, CI job or variable can say yes for them.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from otel_smart_agents import Notice, agent, ask, configure, skill
from otel_smart_agents.cli import telemetry

NOTICE = Notice(
    version="2026-11",
    controller="Acme Ltd",
    contact="privacy@acme.example",
    purposes=("Find out which skills fail, and repair them first.",),
    recipients=("Acme Ltd",),
    country="Ireland",
    retention="90 days",
    policy_url="https://acme.example/privacy",
    rights=("Erasure: acme telemetry disable", "Access: acme telemetry preview --sent"),
)
ENDPOINT = os.environ.get("ACME_TELEMETRY", "https://telemetry.acme.example")


@click.group()
@click.pass_context
def acme(ctx: click.Context) -> None:
    """Review files."""
    handle = configure(
        service_name="acme", service_version="4.2.0", endpoint=ENDPOINT, audience="upstream", notice=NOTICE, command="acme telemetry"
    )
    if ctx.invoked_subcommand != "telemetry":
        ask(NOTICE, handle=handle)


acme.add_command(telemetry)


@acme.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@agent("reviewer", version="4.2.0")
def review(path: Path) -> None:
    """Review one file."""
    with skill("count-lines"):
        click.echo(f"{path.name}: {len(path.read_text().splitlines())} lines, looks fine")


if __name__ == "__main__":
    acme(prog_name="acme")
