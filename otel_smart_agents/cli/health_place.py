"""The check of ``doctor`` whether what is not there yet could be made: in a container the home is often missing or read-only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from otel_smart_agents import env
from otel_smart_agents.cli.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from otel_smart_agents.cli.group import Session

_MOVE = f"set {env.SMART_AGENTS_TELEMETRY_DIR} to a folder that this user may write to (a volume, a tmpfs)"


def check_place(session: Session) -> Iterator[Finding]:
    """Whether a program could record and an answer be kept. Makes nothing; folders that exist are looked at by ``check_permissions``."""
    paths = session.store.paths
    if (why := _obstacle(paths.data)) is not None:
        fix = f"{_MOVE}, or use configure(spool='memory') for a back end of your own"
        yield Finding(
            "folder", ok=False, says=f"nothing can be recorded: {why}", fix=fix if _has_home(paths.consent) else f"set HOME, or {fix}"
        )
    elif (why := _obstacle(paths.consent)) is not None:
        # Right for a server that sends to its operator's own back end: nobody answers there, and an id that lasts as long as a run will do.
        yield Finding("folder", ok=True, says=f"{paths.data} can be written; no answer and no id can be kept: {why}")


def _has_home(consent: Path) -> bool:
    return consent.parents[1] != type(consent)(os.devnull)


def _obstacle(folder: Path) -> str | None:
    """Return why a missing folder cannot be made, ``None`` if it can or is there."""
    if not _has_home(folder):
        return "this user has no home folder, neither by HOME nor in /etc/passwd"
    if os.path.lexists(folder):
        return None
    above = next(path for path in folder.parents if os.path.lexists(path))
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return None
    return f"{folder} is not there, and {above} cannot be written" if above.is_dir() else f"{folder} is not there, and {above} is no folder"
