"""What every command prints with: data on stdout, talk on stderr, colour only on terminals."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION: Final = 1
"""Version of every ``--json`` document; rises when a field changes its meaning or goes away."""
_NO_WIDTH: Final = 10_000
_PAGE_WIDTH: Final = 110


def console(*, stderr: bool = False) -> Console:
    """Return a console for the stream as it is now; rich honours NO_COLOR and drops colour when the stream is not a terminal.

    Lines are broken only for a terminal: a pipe has no width, and whoever reads it wants whole lines.
    """
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, soft_wrap=not terminal, width=None if terminal else _NO_WIDTH)


def page() -> Console:
    """Return a console for what is laid out in columns: as wide as the terminal, or as a page where there is none."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PAGE_WIDTH)


def say(message: str, *, style: str | None = None) -> None:
    """Talk to the person: one line on stderr, never part of the data."""
    console(stderr=True).print(message, style=style, markup=False, soft_wrap=True)


def emit(document: Mapping[str, Any]) -> None:
    """Print one JSON document on stdout, with the schema version first."""
    json.dump({"schema_version": SCHEMA_VERSION, **document}, sys.stdout, indent=2, ensure_ascii=False, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def reason(error: BaseException) -> str:
    """Return what an error says, without the number that the system gives it."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def when(time_ns: int | None) -> str | None:
    """Return a time in UTC as ISO 8601 to the second, ``None`` for none and for one that no calendar has."""
    try:
        return datetime.fromtimestamp(time_ns / 1e9, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time_ns else None
    except (ValueError, OverflowError, OSError):
        return None


def size(count: int) -> str:
    """Return a number of bytes for a person, in units of 1 000."""
    number = float(count)
    for unit in ("B", "kB", "MB"):
        if number < 1_000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1_000
    return f"{number:.1f} GB"
