"""Real collectors for tests: started on free ports, waited for, stopped by their process id; and what they logged.

``Collector`` (or ``running``) starts one. Ports and folders of every shipped configuration are environment
variables with defaults, so a test moves them with ``Ports``.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from otel_smart_agents._version import __version__
from otel_smart_agents.cli.collector_build import FLAGS
from otel_smart_agents.cli.collector_go import find_toolchain
from otel_smart_agents.cli.collector_sources import cache_folder, find_sources, fingerprint, program_in
from otel_smart_agents.errors import SmartAgentsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "collector-config"
READY_S = 30.0
STOP_S = 20.0


@cache
def built_program() -> tuple[Path | None, str]:
    """Return the collector built from the sources as they are now, or why there is none."""
    if named := os.environ.get("SMART_AGENTS_COLLECTOR"):
        return Path(named), ""
    try:
        sources, toolchain = find_sources(), find_toolchain(os.environ)
    except SmartAgentsError as error:
        return None, str(error)
    program = program_in(cache_folder(os.environ) / fingerprint(sources, __version__, toolchain.version, *FLAGS))
    if program.is_file():
        return program, ""
    return None, "the collector is not built from the sources as they are now: run `make collector` (5 to 10 minutes the first time)"


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Ports:
    """Free ports and a folder for one collector, and the environment variables that tell the shipped configurations about them."""

    folder: Path
    otlp_grpc: int = field(default_factory=free_port)
    otlp_http: int = field(default_factory=free_port)
    health: int = field(default_factory=free_port)
    telemetry: int = field(default_factory=free_port)
    prometheus: int = field(default_factory=free_port)
    rights: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.otlp_http}"

    @property
    def metrics_url(self) -> str:
        """The collector's own metrics."""
        return f"http://127.0.0.1:{self.telemetry}/metrics"

    def environ(self) -> dict[str, str]:
        return {
            "SMART_AGENTS_OTLP_GRPC": f"127.0.0.1:{self.otlp_grpc}",
            "SMART_AGENTS_OTLP_HTTP": f"127.0.0.1:{self.otlp_http}",
            "SMART_AGENTS_HEALTH": f"127.0.0.1:{self.health}",
            "SMART_AGENTS_METRICS_PORT": str(self.telemetry),
            "SMART_AGENTS_PROMETHEUS": f"127.0.0.1:{self.prometheus}",
            "SMART_AGENTS_RIGHTS": f"127.0.0.1:{self.rights}",
            "SMART_AGENTS_STATE": str(self.folder),
        }


class Collector:
    """One running collector.

    Args:
        program: the binary.
        configs: configuration files, merged in this order; a text with a newline is a configuration itself.
        ports: where it listens and keeps its files.
        environ: further variables of the configuration.
    """

    def __init__(self, program: Path, *configs: Path | str, ports: Ports, environ: Mapping[str, str] | None = None) -> None:
        self.ports = ports
        ports.folder.mkdir(parents=True, exist_ok=True)
        self.log = ports.folder / "collector.log"
        self._argv = [str(program), *(f"--config={_uri(config)}" for config in configs)]
        self._environ = {"PATH": os.environ["PATH"], "HOME": str(ports.folder), **ports.environ(), **(environ or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *, ready_s: float = READY_S) -> Self:
        """Start it and wait until its health check says that its pipelines run."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._argv, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + ready_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"the collector ended with {self._process.returncode}:\n{self.tail()}")
            if _healthy(self.ports.health):
                return self
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the collector was not healthy within {ready_s:g} s:\n{self.tail()}")

    def stop(self, *, timeout_s: float = STOP_S) -> int:
        """Ask it to end, as an init system would, and return its exit code; killed if it does not."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout_s)
        if process.poll() is None:
            self.kill()
            raise AssertionError(f"the collector did not end within {timeout_s:g} s:\n{self.tail()}")
        self._process = None
        return process.returncode

    def kill(self) -> None:
        """End it without a chance to write anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def logs(self) -> str:
        return self.log.read_text(errors="replace")

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.logs().splitlines()[-lines:])

    def metrics(self) -> dict[str, float]:
        """Its own metrics: name with labels, as Prometheus writes them, and value."""
        return scrape(self.ports.metrics_url)

    def counted(self, name: str, **labels: str) -> float:
        """The sum of its own counter over all series that have these labels."""
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        series = (item for item in self.metrics().items() if item[0].partition("{")[0] == name)
        return sum(value for key, value in series if all(label in key for label in wanted))

    def rss_bytes(self) -> int:
        """Its resident memory (Linux)."""
        assert sys.platform == "linux"
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@contextmanager
def running(program: Path, *configs: Path | str, folder: Path, **environ: str) -> Iterator[Collector]:
    """Run one collector on free ports for the block; ``folder`` is its own."""
    with Collector(program, *configs, ports=Ports(folder), environ=environ) as collector:
        yield collector


def validate(program: Path, *configs: Path | str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Let the collector check a configuration."""
    argv = [str(program), "validate", *(f"--config={_uri(config)}" for config in configs)]
    settings = {"PATH": os.environ["PATH"], **(environ or {})}
    return subprocess.run(argv, env=settings, capture_output=True, text=True, timeout=60, check=False)


def scrape(url: str) -> dict[str, float]:
    """Return what a Prometheus endpoint says."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    rows = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def eventually(condition, *, timeout_s: float = 20.0, every_s: float = 0.1):
    """Return what the condition gives as soon as it is true; what it gave last otherwise."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = condition()
        if found or time.monotonic() >= deadline:
            return found
        time.sleep(every_s)


def _uri(config: Path | str) -> str:
    return f"file:{config}" if isinstance(config, Path) else f"yaml:{config}"


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.HTTPError):
        return False
