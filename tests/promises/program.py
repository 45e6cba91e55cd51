"""How the promises are tried: small programs in processes of their own, in a home of their own, against a real receiver."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = """
from otel_smart_agents import Notice
NOTICE = Notice(
    version="2026-11", controller="Acme GmbH", contact="privacy@acme.example", purposes=("find what fails",),
    recipients=("Acme GmbH",), country="Germany", retention="90 days", policy_url="https://acme.example/privacy",
    rights=("erasure: acme telemetry disable",),
)
"""


@dataclass(frozen=True)
class Home:
    """A user: a home folder and an environment with nothing of the machine's in it."""

    folder: Path

    def environ(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "COVERAGE_PROCESS_START") if name in os.environ}
        return {**kept, "HOME": str(self.folder), "PYTHONWARNINGS": "ignore", **more}

    def run(self, code: str, *, timeout: float = 30, check: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run Python code as this user and return what it printed. From a file: the names that a program declares are read from there."""
        script = self.folder.parent / f"program_{len(list(self.folder.parent.glob('program_*')))}.py"
        script.write_text(textwrap.dedent(code), encoding="utf-8")
        return self.command(sys.executable, str(script), timeout=timeout, check=check, **environ)

    def cli(self, *arguments: str, check: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as this user."""
        return self.command(sys.executable, "-m", "otel_smart_agents", *arguments, check=check, **environ)

    def command(self, *command: str, timeout: float = 30, check: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, env=self.environ(**environ), cwd=self.folder, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert not check or done.returncode == 0, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def files(self) -> list[str]:
        """Every file and folder of this user, byte-code caches aside."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if "__pycache__" not in path.parts)

    def grant(self, endpoint: str, *, product: str = "acme", audience: str = "upstream", categories: str = "CATEGORIES") -> None:
        """Let the person say yes, the way the prompt stores it."""
        self.run(
            NOTICE
            + f"""
from otel_smart_agents.consent import CATEGORIES, ConsentStore, Destination
ConsentStore().grant(Destination({audience!r}, {product!r}, {endpoint!r}), NOTICE, categories={categories}, method="prompt")
"""
        )
