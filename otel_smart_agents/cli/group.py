"""The click group that a host product mounts as its own ``telemetry`` command, and what all commands share."""

from __future__ import annotations

import importlib
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from otel_smart_agents.cli.known import Destinations
from otel_smart_agents.cli.output import reason, say
from otel_smart_agents.consent import ConsentStore
from otel_smart_agents.errors import ConfigError, ConsentError, SmartAgentsError
from otel_smart_agents.setup.api import handles, looking

if TYPE_CHECKING:
    from collections.abc import Callable

OK: Final = 0
FAILED: Final = 1
NO_CONSENT: Final = 3
PARTLY_SENT: Final = 4
INTERRUPTED: Final = 130
_SENTENCE: Final = 1_000
_NO_COMMAND_OF_ITS_OWN: Final = "otel-smart-agents"


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with.

    Attributes:
        store: where consent is kept.
        destinations: what is known here.
        command: what a person types to come here, for messages.
        hosted: the handles of this process are a running program's, not made by ``--app`` to look at its data.
    """

    store: ConsentStore
    destinations: Destinations
    command: str
    hosted: bool = True


class Failure(click.ClickException):
    """An expected failure: one message on stderr, one exit code."""

    def __init__(self, message: str, *, code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc] # click reads it from the instance and declares it on the class

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature; talk always goes to stderr
        """Print the message."""
        say(f"Error: {self.message}", style="red")


class TelemetryGroup(click.Group):
    """A group whose commands fail with one line and a documented exit code, wherever it is mounted."""

    group_class = type  # groups inside it are of this class too

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with its whole first sentence; click cuts what is longer than a line."""
        found = [(name, command) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name)) and not command.hidden]
        if found:
            with formatter.section("Commands"):
                formatter.write_dl([(name, command.get_short_help_str(limit=_SENTENCE)) for name, command in found])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and translate what it raises."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            say("Interrupted.")
            ctx.exit(INTERRUPTED)
        except ConsentError as error:
            raise Failure(reason(error), code=NO_CONSENT) from error
        except SmartAgentsError as error:
            raise Failure(reason(error)) from error
        except OSError as error:
            if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
                raise
            raise Failure(f"{error.filename or 'a file'}: {reason(error)}; `{ctx.command_path} doctor` looks closer") from error


@click.group(cls=TelemetryGroup, name="telemetry", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--app",
    metavar="MODULE[:CALLABLE]",
    envvar="SMART_AGENTS_APP",
    help="Import the product's module (and call CALLABLE), so that its own configure() names destination, notice and credentials.",
)
@click.pass_context
def telemetry(ctx: click.Context, app: str | None) -> None:
    """See and decide what is recorded about your use of agents and skills, and what leaves this machine.

    \b
    Examples:
      status                 what is on, who decided, what waits
      enable                 read the notice and say yes
      preview                exactly what would be sent, byte for byte
      disable                stop, delete what waits, ask for erasure of what was sent
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    command = ctx.command_path
    if app:
        with looking():
            _load(app)
        command = _command(app, command)
    store = ConsentStore(command=command)
    ctx.obj = Session(store, Destinations(store), command, hosted=not app)


def _load(app: str) -> None:
    module_name, _, attribute = app.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # as `python -m` does, but last: nothing that lies here takes the place of what is installed
    try:
        target: Any = importlib.import_module(module_name)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}.")
        hint = f"; it is neither installed nor in {here}: go to the folder that has it" if missing else ""
        raise ConfigError(f"--app: cannot import {module_name!r}: {error}{hint}") from error
    if attribute:
        function: Callable[[], Any] | None = getattr(target, attribute, None)
        if not callable(function):
            raise ConfigError(f"--app: {module_name!r} has no function {attribute!r}")
        function()


def _command(app: str, typed: str) -> str:
    """Return what a person types to come back here with the product's own settings: its command if it has one."""
    own = {handle.store.command for handle in handles()} - {_NO_COMMAND_OF_ITS_OWN}
    return own.pop() if len(own) == 1 else f"{typed} --app {shlex.quote(app)}"


def destination_option(function: Any) -> Any:
    """Add ``--destination``."""
    text = "The destination: its key (see status), the beginning of it, a product or an endpoint."
    return click.option("--destination", "-d", metavar="D", help=text)(function)


def json_option(function: Any) -> Any:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")(function)
