"""Trace back ends as processes of these tests: started on free ports, waited for, stopped by their process id."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from collector.harness import eventually, free_port

if TYPE_CHECKING:
    from collections.abc import Callable

BACKENDS = Path(__file__).resolve().parent / "backends"
READY_S = 60.0


class Server:
    """One process with its log; a context manager."""

    def __init__(self, folder: Path, *argv: str | Path, environ: dict[str, str], ready: Callable[[], bool]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "server.log"
        self._argv = [str(part) for part in argv]
        self._environ = {"PATH": os.environ["PATH"], "HOME": str(folder), **environ}
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._argv, env=self._environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if not eventually(lambda: self._process.poll() is not None or self._ready(), timeout_s=READY_S) or self._process.poll() is not None:
            self.stop()
            raise AssertionError(f"{self._argv[0]} did not come up:\n{self.log.read_text(errors='replace')[-3000:]}")

    def stop(self) -> None:
        """Ask it to end; killed if it does not within ten seconds."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def get(url: str) -> Any:
    """Return the JSON at an address; ``None`` while there is none."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.loads(answer.read() or "null")
    except (OSError, urllib.error.HTTPError, json.JSONDecodeError):
        return None


def answers(url: str) -> bool:
    """Tell whether a GET of the address succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.HTTPError):
        return False


class Jaeger(Server):
    """Jaeger all-in-one with its storage in memory.

    Attributes:
        url: OTLP/HTTP.
        grpc: OTLP/gRPC.
        ui: query API and web pages.
    """

    def __init__(self, program: Path, folder: Path) -> None:
        names = ("QUERY", "QUERY_GRPC", "HEALTH", "OTLP_GRPC", "OTLP_HTTP")
        ports = {f"JAEGER_{name}_PORT": str(free_port()) for name in names}
        self.ui = f"http://127.0.0.1:{ports['JAEGER_QUERY_PORT']}"
        self.url = f"http://127.0.0.1:{ports['JAEGER_OTLP_HTTP_PORT']}"
        self.grpc = f"http://127.0.0.1:{ports['JAEGER_OTLP_GRPC_PORT']}"
        health = f"http://127.0.0.1:{ports['JAEGER_HEALTH_PORT']}/status"
        super().__init__(folder, program, f"--config={BACKENDS / 'jaeger.yaml'}", environ=ports, ready=lambda: answers(health))

    def document(self, service: str) -> dict[str, Any]:
        """Everything that the query API says about the traces of a service."""
        query = urllib.parse.urlencode({"service": service, "limit": 1500, "lookback": "1h"})
        return get(f"{self.ui}/api/traces?{query}") or {"data": []}

    def spans(self, service: str) -> list[dict[str, Any]]:
        """The spans of a service as the query API shows them, in the form of ``support.receiver``."""
        return [_span(span, trace["processes"]) for trace in self.document(service)["data"] or () for span in trace["spans"]]

    def wait_for(self, service: str, count: int, *, timeout_s: float = 30.0) -> list[dict[str, Any]]:
        """The spans of a service as soon as there are ``count`` of them; fails if they do not come."""
        found: list[dict[str, Any]] = eventually(
            lambda: spans if len(spans := self.spans(service)) >= count else [], timeout_s=timeout_s, every_s=0.3
        )
        assert found, f"{len(self.spans(service))} of {count} spans of {service} are in Jaeger"
        return found


def _span(span: dict[str, Any], processes: dict[str, Any]) -> dict[str, Any]:
    # A span that also links to its parent has one reference there, FOLLOWS_FROM.
    here = sorted((item for item in span["references"] if item["traceID"] == span["traceID"]), key=lambda item: item["refType"])
    parent = here[0]["spanID"] if here else ""
    return {
        "name": span["operationName"],
        "trace_id": span["traceID"],
        "span_id": span["spanID"],
        "parent_span_id": parent,
        "start": span["startTime"],
        "duration_us": span["duration"],
        "attributes": {tag["key"]: tag["value"] for tag in span["tags"]},
        "resource": {tag["key"]: tag["value"] for tag in processes[span["processID"]].get("tags", ())},
    }


class Tempo(Server):
    """Grafana Tempo as one process with its storage in a folder."""

    def __init__(self, program: Path, folder: Path) -> None:
        ports = {f"TEMPO_{name}_PORT": str(free_port()) for name in ("HTTP", "GRPC", "OTLP")}
        self.api = f"http://127.0.0.1:{ports['TEMPO_HTTP_PORT']}"
        self.grpc = f"http://127.0.0.1:{ports['TEMPO_OTLP_PORT']}"
        arguments = (f"-config.file={BACKENDS / 'tempo.yaml'}", "-config.expand-env=true")
        environ = {**ports, "TEMPO_FOLDER": str(folder)}
        super().__init__(folder, program, *arguments, environ=environ, ready=lambda: answers(f"{self.api}/ready"))

    def search(self, query: str) -> list[dict[str, Any]]:
        """The traces that a TraceQL query finds."""
        return (get(f"{self.api}/api/search?{urllib.parse.urlencode({'q': query, 'limit': 20})}") or {}).get("traces") or []

    def trace(self, trace_id: str) -> dict[str, Any] | None:
        """One trace as OTLP JSON."""
        return get(f"{self.api}/api/traces/{trace_id}")
