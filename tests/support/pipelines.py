"""Pipelines for tests: a real spool in a temporary folder, a scripted consent, a real receiver."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES, Decision, Destination
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.pipeline import Pipeline, PipelineOptions
from otel_smart_agents.export.processor import SpoolSpanProcessor
from otel_smart_agents.privacy.policy import Policy


class ScriptedGate:
    """Consent that a test sets; counts how often it was asked."""

    def __init__(self, mode: str = "on", *, categories: frozenset[str] = CATEGORIES, epoch: int = 0, granted_at_ns: int = 0) -> None:
        self.asked = 0
        self.set(mode, categories=categories, epoch=epoch, granted_at_ns=granted_at_ns)

    def set(self, mode: str, *, categories: frozenset[str] = CATEGORIES, epoch: int = 0, granted_at_ns: int = 0) -> None:
        state = "not_required" if mode != "off" else "revoked"
        self.now = Decision(mode, state, categories, "run", "a test says so", epoch=epoch, granted_at_ns=granted_at_ns)

    def decision(self) -> Decision:
        self.asked += 1
        return self.now


def own_policy(decision: Decision, **more: Any) -> Policy:
    return Policy(categories=decision.categories, pseudonym_key=b"k" * 32, pseudonym_key_id="k1", **more)


def upstream_policy(decision: Decision) -> Policy:
    return Policy(audience="upstream", categories=decision.categories, pseudonym_key=b"k" * 32, pseudonym_key_id="k1", catalogue=bool)


def make_pipeline(
    folder: Path,
    url: str | None,
    *,
    protocol: str = "http/protobuf",
    audience: str = "own",
    product: str = "shop",
    gate: Any = None,
    headers: dict[str, str] | None = None,
    timeout_s: float = 5.0,
    on_off: Any = None,
    policy: Any = None,
    rights_url: str = "",
    tls: dict[str, str] | None = None,
    **options: Any,
) -> Pipeline:
    """Return a pipeline whose spool is below ``folder``."""
    upstream = audience == "upstream"
    destination = Destination(audience, product, url or "", "Acme" if upstream else "")
    about = {"headers": headers or {}, "timeout_s": timeout_s, "upstream": upstream, "rights_url": rights_url, **(tls or {})}
    endpoint = None if url is None else Endpoint(url, protocol, **about)
    return Pipeline(
        destination,
        gate=gate or ScriptedGate(),
        folder=folder / "spool" / destination.key,
        policy=policy or (upstream_policy if upstream else own_policy),
        endpoint=endpoint,
        options=PipelineOptions(**options),
        on_off=on_off,
    )


def provider_of(*pipelines: Pipeline) -> TracerProvider:
    provider = TracerProvider(sampler=ALWAYS_ON, resource=Resource({"service.name": "shop"}), shutdown_on_exit=False)
    for pipeline in pipelines:
        provider.add_span_processor(SpoolSpanProcessor(pipeline))
    return provider


def tracer_of(*pipelines: Pipeline) -> Any:
    return provider_of(*pipelines).get_tracer(semconv.SCOPE_NAME)


def emit(tracer: Any, count: int = 1, *, name: str = "reviewer", **attributes: Any) -> list[str]:
    """End ``count`` agent spans and return their span ids in hex."""
    ids = []
    for _ in range(count):
        values = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name, "smart_agents.kind": "agent", **attributes}
        with tracer.start_as_current_span(f"invoke_agent {name}", attributes=values, record_exception=False) as span:
            ids.append(f"{span.get_span_context().span_id:016x}")
    return ids


def voluntary_switches(pid: int | None = None) -> int:
    """Sum of voluntary context switches of every thread of a process (Linux)."""
    total = 0
    for status in Path(f"/proc/{pid or os.getpid()}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def wait_until(condition: Any, timeout_s: float = 10.0, *, pause_s: float = 0.01) -> bool:
    until = time.monotonic() + timeout_s
    while not (found := condition()):
        if time.monotonic() > until:
            return False
        time.sleep(pause_s)
    return bool(found)
