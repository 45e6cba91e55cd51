"""Builds the collector with ``go build``: once for the same sources, with its progress shown, and with errors that say what to do."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from otel_smart_agents._version import __version__
from otel_smart_agents.cli.collector_progress import progress_of
from otel_smart_agents.cli.collector_sources import COMMAND, cache_folder, fingerprint, program_in, prune
from otel_smart_agents.cli.group import Failure
from otel_smart_agents.cli.output import say
from otel_smart_agents.consent.files import locked
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from otel_smart_agents.cli.collector_go import Toolchain

FLAGS: Final = (
    "-trimpath",
    "-buildvcs=false",
    "-mod=readonly",
    "-tags=grpcnotrace",
    f"-ldflags=-s -w -X main.version={__version__}",
)
LOG: Final = "build.log"
_WAIT_S: Final = 3600.0
_STOP_S: Final = 5.0
_NO_NETWORK: Final = re.compile(
    r"no such host|connection refused|i/o timeout|TLS handshake timeout|network is unreachable|proxyconnect|GOPROXY=off|server misbehaving"
    r"|Could not resolve|temporary failure in name resolution",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Built:
    """A collector that can be started.

    Attributes:
        program: its path.
        cached: it had been built from the same sources before.
        seconds: how long the build took.
    """

    program: Path
    cached: bool
    seconds: float


def build(sources: Path, toolchain: Toolchain) -> Built:
    """Return the collector of these sources, built now or before.

    Raises:
        Failure: Go could not build it.
        OSError: the cache cannot be written.
    """
    cache = cache_folder(toolchain.environ)
    folder = cache / fingerprint(sources, __version__, toolchain.version, *FLAGS)
    program = program_in(folder)
    if program.is_file():
        return Built(program, cached=True, seconds=0.0)
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{folder.name}.lock"):
        if program.is_file():  # whoever held the lock has built it
            return Built(program, cached=True, seconds=0.0)
        folder.mkdir(exist_ok=True)
        began = time.monotonic()
        _compile(sources, toolchain, program, cache / LOG)
    prune(cache, keep=folder)
    return Built(program, cached=False, seconds=time.monotonic() - began)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(locked(lock, timeout_s=0.0))
        except ConsentError:
            say("The same collector is being built by another process; waiting for it.")
            try:
                held.enter_context(locked(lock, timeout_s=_WAIT_S))
            except ConsentError as error:
                raise Failure(f"another process has been building the same collector for more than {_WAIT_S:.0f} s") from error
        yield


def _compile(sources: Path, toolchain: Toolchain, program: Path, log: Path) -> None:
    made = program.with_suffix(".new")
    argv = [str(toolchain.go), "build", "-v", *FLAGS, "-o", str(made), f"./{COMMAND.as_posix()}"]
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 - the Go that was found, with our arguments
        argv, cwd=sources, env=toolchain.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        with _stopped_with_us(process), progress_of(f"Building the collector with {toolchain.version}") as progress:
            for line in process.stdout:
                lines.append(line.rstrip())
                progress.line(lines[-1])
    log.write_text("\n".join([" ".join(argv), *lines, ""]), encoding="utf-8")
    if process.returncode != 0:
        made.unlink(missing_ok=True)
        raise Failure(why(lines, log))
    made.replace(program)


@contextmanager
def _stopped_with_us(process: subprocess.Popen[str]) -> Iterator[None]:
    """End the build when this process is interrupted or asked to end: nothing goes on compiling unseen."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    except BaseException:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def why(lines: list[str], log: Path) -> str:
    """Return what a failed build means and what to do about it."""
    text = "\n".join(lines)
    if offline := next((line for line in lines if _NO_NETWORK.search(line)), None):
        return (
            f"Go modules are missing in the module cache, and the module proxy cannot be reached ({offline.strip()}): connect once, or set "
            "GOPROXY to one that you can reach; what was downloaded once stays"
        )
    if "no space left on device" in text:
        return "the disk is full: the first build needs about 4 GB in Go's caches (`go env GOCACHE GOMODCACHE`), which later builds reuse"
    last = "\n".join(line for line in lines[-15:] if line)
    return f"go build failed; all it said is in {log}\n{last}"
