"""A Go module that is built in a second and stands where the collector's sources stand, and people who run the command on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from otel_smart_agents.cli.collector_sources import MODULE

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

var version = "unset"

// Like the collector's own command: `validate` judges, anything else runs until it is told to stop.
func main() {
	if len(os.Args) > 1 && os.Args[1] == "validate" {
		content, err := os.ReadFile(strings.TrimPrefix(os.Args[2], "--config=file:"))
		if err != nil || strings.Contains(string(content), "wrong") {
			fmt.Fprintln(os.Stderr, "Error: 'wrong' is no key")
			os.Exit(1)
		}
		return
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("version", version, "pid", os.Getpid(), strings.Join(os.Args[1:], " "))
	<-stop
	os.Exit(7)
}
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Tiny:
    """The module, a cache of its own, and a person's environment."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "processors"
        self.cache = folder / "cache"
        command = self.sources / "cmd" / "otelcol-smart-agents"
        command.mkdir(parents=True)
        self.main = command / "main.go"
        self.main.write_text(MAIN)
        (self.sources / "go.mod").write_text(f"module {MODULE}\n\ngo 1.26.0\n")
        (self.sources / "go.sum").write_text("")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SMART_AGENTS_")}
        self.environ = {**inherited, "HOME": str(folder), "XDG_CACHE_HOME": str(self.cache), "GOCACHE": go_cache(), "NO_COLOR": "1"}

    @property
    def programs(self) -> list[Path]:
        return sorted(self.cache.rglob("otelcol-smart-agents"))

    def argv(self, *arguments: str) -> list[str]:
        command, *rest = arguments
        return [sys.executable, "-m", "otel_smart_agents", "collector", command, "--source", str(self.sources), *rest]

    def cli(self, *arguments: str, **environ: str) -> Done:
        done = subprocess.run(
            self.argv(*arguments), env={**self.environ, **environ}, capture_output=True, text=True, timeout=100, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)


@cache
def go_cache() -> str:
    """Where this machine's Go keeps what it compiled: the standard library need not be compiled again in every test."""
    return subprocess.run(["go", "env", "GOCACHE"], capture_output=True, text=True, check=True).stdout.strip()
