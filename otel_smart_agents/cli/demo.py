"""``demo``: the main job from a decorated call to bytes at a receiver, in a temporary home, without asking and without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from otel_smart_agents.cli.group import FAILED, telemetry
from otel_smart_agents.cli.output import page, size

if TYPE_CHECKING:
    from otel_smart_agents.cli.trace_tree import SpanView
    from otel_smart_agents.setup import Handle

_INSIDE = "SMART_AGENTS_DEMO_HOME"
_KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "COLUMNS", "NO_COLOR", "COLORTERM", "SYSTEMROOT", "VIRTUAL_ENV", "FORCE_COLOR")


@telemetry.command()
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Watch the whole way once: a workflow, its trace, what was kept, what would leave, and what arrived. Leaves nothing behind.

    \b
    Examples:
      demo
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    if os.environ.get(_INSIDE):
        ctx.exit(_show())
    home = tempfile.mkdtemp(prefix="smart-agents-demo-")
    try:
        # A process of its own: the demonstration must not touch what the host program has configured.
        environ = {name: value for name, value in os.environ.items() if name in _KEPT} | {"HOME": home, _INSIDE: home}
        code = subprocess.run([sys.executable, "-m", "otel_smart_agents", "demo"], env=environ, check=False).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)
    ctx.exit(code)


def _show() -> int:
    from otel_smart_agents import configure
    from otel_smart_agents.cli.demo_program import run
    from otel_smart_agents.cli.demo_receiver import LoopbackReceiver

    out = page()
    with LoopbackReceiver() as receiver:
        handle = configure(
            service_name="acme-review",
            service_version="2.0.0",
            endpoint=receiver.url,
            audience="own",
            protocol="http/json",
            packages=["otel_smart_agents.cli.demo_program"],
        )
        with handle:
            message = run()
            handle.flush(to="disk")
            handle.seal()
            requests = _waiting(handle)
            spans = [span for request in requests for span in _spans(request)]
            _show_trace(spans)
            _show_both_sides(spans, message)
            _show_status(handle)
            _show_preview(requests)
            delivered = handle.flush(10)
        arrived = list(receiver.requests)
    return _verdict(out, requests, arrived, delivered=delivered)


def _waiting(handle: Handle) -> list[dict[str, Any]]:
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.cli.preview import requests_of
    from otel_smart_agents.spool.folder import SpoolFolder

    folder = SpoolFolder(handle.store.paths.spool / handle.destination.key)
    return list(requests_of(Known(handle.destination, folder, handle.request, handle)))


def _spans(request: dict[str, Any]) -> list[SpanView]:
    from otel_smart_agents.cli.trace_tree import spans_of

    return list(spans_of(json.loads(request["json"])))


def _title(number: int, text: str) -> None:
    page().print()
    page().print(Rule(f"[bold]{number}. {text}[/]", align="left", style="dim"))


def _show_trace(spans: list[SpanView]) -> None:
    from otel_smart_agents.cli.trace_tree import trees

    _title(1, "The trace: a workflow of decorated agents and skills")
    for tree in trees(spans):
        page().print(tree, soft_wrap=True)


def _show_both_sides(spans: list[SpanView], message: str) -> None:
    from otel_smart_agents.cli.demo_program import PROMPT

    failed = next(span for span in spans if span.name == "execute_tool open-ticket")
    reviewed = next(span for span in spans if span.name == "invoke_agent code-reviewer")
    _title(2, "What the code had, and what the span kept")
    table = Table(show_lines=True, expand=True)
    table.add_column("the program had", style="red", ratio=1, overflow="fold")
    table.add_column("the span kept", style="green", ratio=1, overflow="fold")
    table.add_row(f"review(prompt={escape(PROMPT)!r})", escape(_facts(reviewed, "gen_ai.", "smart_agents.outcome")))
    table.add_row(f"PermissionError: {escape(message)}", escape(_facts(failed, "error.", "smart_agents.error.", "smart_agents.outcome")))
    page().print(table)


def _facts(span: SpanView, *prefixes: str) -> str:
    return "\n".join(f"{key} = {value}" for key, value in sorted(span.attributes.items()) if key.startswith(prefixes))


def _show_status(handle: Handle) -> None:
    decision = handle.decision()
    folder = handle.store.paths.spool / handle.destination.key
    files = [path for path in folder.rglob("*.jsonl") if path.is_file()]
    _title(3, "Status: where it is, and who decides")
    page().print(f"destination  {handle.destination.key}  (audience: own back end, mode: [green]{decision.mode}[/])")
    page().print(f"decided by   {decision.layer}: {escape(decision.reason)}")
    total = sum(path.stat().st_size for path in files)
    page().print(f"on the disk  {len(files)} file, {size(total)}, readable with cat: ~/{folder.relative_to(Path.home())}")


def _show_preview(requests: list[dict[str, Any]]) -> None:
    _title(4, "Preview: the exact bytes of the next request")
    for request in requests:
        body = request["bytes"].decode()
        page().print(
            Panel(Text(f"{body[:900]} …", overflow="fold"), title=f"POST {request['address']}", subtitle=f"{len(request['bytes'])} bytes")
        )
        page().print(f"SHA-256 of what would be sent  [bold]{request['sha256']}[/]", soft_wrap=True)


def _verdict(out: Any, requests: list[dict[str, Any]], arrived: list[Any], *, delivered: bool) -> int:
    from otel_smart_agents.cli.demo_program import SECRETS
    from otel_smart_agents.export.transport import digest

    _title(5, "Sent to a receiver on this machine")
    hashes = [digest(item.body) for item in arrived]
    for value in hashes:
        out.print(f"SHA-256 of what arrived        [bold]{value}[/]", soft_wrap=True)
    same = bool(requests) and delivered and hashes == [request["sha256"] for request in requests]
    leaked = [secret for secret in SECRETS for item in arrived if secret.encode() in item.body]
    out.print(_line(same, "what arrived is, byte for byte, what was previewed"))
    out.print(_line(not leaked, "no prompt, path, mail address or token is in it"))
    out.print()
    out.print("Next: decorate an agent of your own (README.md), then `otel-smart-agents status`.", style="dim", soft_wrap=True)
    return 0 if same and not leaked else FAILED


def _line(good: bool, text: str) -> str:  # noqa: FBT001 - a private two-argument helper
    return f"[green]✓[/] {text}" if good else f"[red]✗ not true: {text}[/]"
