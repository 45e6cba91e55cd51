"""Where the collector's Go sources are, what they hash to, and where what was built from them is kept."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from otel_smart_agents import env
from otel_smart_agents._version import __version__
from otel_smart_agents.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.env import Environ

PROGRAM: Final = "otelcol-smart-agents"
MODULE: Final = "github.com/otel-smart-agents/otel-smart-agents/processors"
COMMAND: Final = Path("cmd") / PROGRAM
KEPT: Final = 3
"""Built programs that stay in the cache; each is about 100 MB."""
_NOT_BUILT: Final = ("_test.go", ".md", ".test", ".yaml")


def find_sources(named: Path | None = None) -> Path:
    """Return the folder of the Go module: the named one, else ``processors/`` of the checkout that this package runs from.

    Raises:
        ConfigError: there is no such module; the message says where to get it.
    """
    if named is not None:
        folder = named if (named / "go.mod").is_file() else named / "processors"
        if _is_module(folder):
            return folder.resolve()
        raise ConfigError(f"--source: {named} has no go.mod of {MODULE}: name the folder processors/ of a checkout or source distribution")
    folder = Path(__file__).resolve().parents[2] / "processors"
    if _is_module(folder):
        return folder
    raise ConfigError(
        "the collector's Go sources are in the repository and in the source distribution, not in the installed package: unpack "
        f"`{sys.executable} -m pip download --no-deps --no-binary :all: otel-smart-agents=={__version__}` "
        "(or clone the repository) and name its folder processors/ with --source"
    )


def default_config(named: Path | None = None) -> Path | None:
    """Return the configuration for one machine that lies beside the sources, if it is there."""
    try:
        found = find_sources(named).parent / "collector-config" / "agent-local.yaml"
    except ConfigError:
        return None
    return found if found.is_file() else None


def fingerprint(sources: Path, *parts: str) -> str:
    """Return 16 hex digits that change with every source file that is built and with ``parts`` (versions, flags, platform)."""
    digest = hashlib.sha256()
    for part in (*parts, sys.platform, platform.machine()):
        digest.update(part.encode() + b"\0")
    for path in _built_from(sources):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(sources).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def cache_folder(environ: Environ) -> Path:
    """Return where built collectors are kept: below XDG_CACHE_HOME or the system's folder for caches. Nothing is created."""
    named = env.get(environ, "XDG_CACHE_HOME") or (env.get(environ, "LOCALAPPDATA") if sys.platform == "win32" else None)
    home = Path(env.get(environ, "HOME") or os.path.expanduser("~"))  # noqa: PTH111 - works without HOME and on Windows
    usual = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return (Path(named) if named else usual) / "otel-smart-agents" / "collector"


def program_in(folder: Path) -> Path:
    """Return the path of the program in a folder."""
    return folder / (f"{PROGRAM}.exe" if sys.platform == "win32" else PROGRAM)


def prune(cache: Path, *, keep: Path) -> None:
    """Remove all but the newest built programs; the one just made stays. A program that runs goes on running."""
    entries = sorted((path for path in cache.iterdir() if path.is_dir() and path != keep), key=lambda path: path.stat().st_mtime)
    for old in entries[: max(0, len(entries) - (KEPT - 1))]:
        shutil.rmtree(old, ignore_errors=True)


def _is_module(folder: Path) -> bool:
    try:
        lines = (folder / "go.mod").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return f"module {MODULE}" in lines and (folder / COMMAND).is_dir()


def _built_from(sources: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(sources):
        if "go.mod" in files and Path(folder) != sources:  # a module of its own: tools, what ocb generates
            names[:] = []
            continue
        names[:] = sorted(name for name in names if name != "testdata" and not name.startswith("."))
        for name in sorted(files):
            if not name.endswith(_NOT_BUILT) and not name.startswith("."):
                yield Path(folder, name)
