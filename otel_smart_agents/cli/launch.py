"""``run`` and ``completion``: start a program with instrumentation and without touching its code; complete commands in a shell."""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from otel_smart_agents.cli.group import Failure, telemetry
from otel_smart_agents.errors import MissingDependencyError
from otel_smart_agents.instrument.propagate import inject_environ

_PYTHON: Final = re.compile(r"py(?:thon)?[0-9.w]*(?:\.exe)?", re.IGNORECASE)
_WITH_VALUE: Final = frozenset({"-W", "-X"})


@telemetry.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--service-name", help="Name of the program in traces; by default OTEL_SERVICE_NAME or the command's own.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True)
def run(service_name: str | None, command: tuple[str, ...]) -> None:
    """Start COMMAND with auto-instrumentation, this package's exporter and the current trace as its parent.

    \b
    Examples:
      run -- python my_agent.py
      run --service-name reviewer -- python -m acme.agents
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    if find_spec("opentelemetry.distro") is None or find_spec("opentelemetry.instrumentation") is None:
        raise MissingDependencyError("run needs auto-instrumentation: pip install 'otel-smart-agents[auto]'")
    program = shutil.which(command[0])
    if program is None:
        raise Failure(f"{command[0]!r} is not a program on PATH", code=127)
    launcher = shutil.which(
        "opentelemetry-instrument", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if launcher is None:
        raise MissingDependencyError("opentelemetry-instrument is not on PATH: pip install 'otel-smart-agents[auto]'")
    environ = inject_environ(os.environ)
    environ.setdefault("OTEL_TRACES_EXPORTER", "smart_agents")
    # The distro would set gRPC here, which does not fit the port that most endpoints name.
    environ.setdefault("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    environ.setdefault("OTEL_METRICS_EXPORTER", "none")
    environ.setdefault("OTEL_LOGS_EXPORTER", "none")
    if service_name:
        environ["OTEL_SERVICE_NAME"] = service_name
    environ.setdefault("OTEL_SERVICE_NAME", name_of(command))
    os.execve(launcher, [launcher, program, *command[1:]], environ)  # noqa: S606 - running the given command is the purpose


def name_of(command: tuple[str, ...]) -> str:
    """Return what the program is called: the command's own name, or for Python its script or module. Never another argument.

    Arguments hold prompts, paths and secrets, and this name leaves with every span.
    """
    program = Path(command[0]).name
    if not _PYTHON.fullmatch(program):
        return program
    words = iter(command[1:])
    for word in words:
        if word == "-m":
            return next(words, program)
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return Path(word).name
        elif word == "-c":
            break
    return program


@telemetry.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      completion bash >> ~/.bashrc
      completion fish > ~/.config/fish/completions/otel-smart-agents.fish
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    root = ctx.find_root()
    name = root.info_name or "otel-smart-agents"
    kind = get_completion_class(shell)
    if kind is None:
        raise Failure(f"click knows no completion for {shell}")
    variable = f"_{name.replace('-', '_').replace('.', '_').upper()}_COMPLETE"
    click.echo(kind(root.command, {}, name, variable).source())
