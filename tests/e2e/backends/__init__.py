"""Builds Jaeger from its Go module, once: ``python -m e2e.backends`` (with ``tests`` on the path); ``make e2e`` calls it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from otel_smart_agents.cli.collector_go import find_toolchain
from otel_smart_agents.cli.collector_sources import cache_folder

HERE = Path(__file__).resolve().parent
JAEGER = "github.com/jaegertracing/jaeger/cmd/jaeger"


def jaeger() -> Path:
    """Where Jaeger of the version in ``go.mod`` is kept once it is built."""
    pins = hashlib.sha256((HERE / "go.mod").read_bytes() + (HERE / "go.sum").read_bytes()).hexdigest()[:16]
    return cache_folder(os.environ).parent / "e2e" / f"jaeger-{pins}"


def build() -> Path:
    """Build Jaeger unless that was done before (5 to 10 minutes on two cores, 3 GB in Go's caches).

    Raises:
        SmartAgentsError: there is no Go that is new enough.
        subprocess.CalledProcessError: it could not be built; Go has said why.
    """
    program = jaeger()
    if not program.is_file():
        program.parent.mkdir(parents=True, exist_ok=True)
        go = find_toolchain(os.environ)
        print(f"Building {JAEGER} with {go.version} (5 to 10 minutes, once) ...", flush=True)
        made = program.with_suffix(".new")
        subprocess.run([go.go, "build", "-trimpath", "-ldflags=-s -w", "-o", made, JAEGER], cwd=HERE, env=go.environ, check=True)
        made.replace(program)
    return program
