"""Where this package keeps a user's files: one folder that they can read and delete.

``consent`` is always ``$HOME/.smart-agents/telemetry``: only a grant found there counts. ``data`` is the same folder unless
``SMART_AGENTS_TELEMETRY_DIR`` moves it. Nothing here touches the file system.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from otel_smart_agents import env

POLICY_FILE = Path("/etc/otel-smart-agents/policy.toml")
"""The administrator's policy: read only if it is owned by root and writable by nobody else."""


@dataclass(frozen=True, slots=True)
class TelemetryPaths:
    """The folders of one user.

    Attributes:
        consent: where consent, its log, receipts and identities live and where a grant counts.
        data: where spools, the settings file and the record of sent requests live.
        policy: the administrator's policy file.
    """

    consent: Path
    data: Path
    policy: Path = POLICY_FILE

    @property
    def spool(self) -> Path:
        """The folder that holds one folder per destination."""
        return self.data / "spool"

    @property
    def settings(self) -> Path:
        """The optional settings file of the user (TOML)."""
        return self.data / "config.toml"


def telemetry_paths(environ: env.Environ | None = None) -> TelemetryPaths:
    """Return the folders for this environment (the process's own by default); nothing is created."""
    environ = os.environ if environ is None else environ
    home = Path(env.get(environ, "HOME") or os.path.expanduser("~"))  # noqa: PTH111 - works without HOME and on Windows
    if str(home) == "~":  # a container's user without a name and without HOME: no folder called "~" where the program happens to run
        home = Path(os.devnull)
    consent = home / ".smart-agents" / "telemetry"
    moved = env.get(environ, env.SMART_AGENTS_TELEMETRY_DIR)
    return TelemetryPaths(consent=consent, data=Path(moved).expanduser() if moved else consent)
