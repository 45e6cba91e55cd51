"""The pipelines that ``benchmarks.collector`` compares: OTLP/HTTP in, one processor or none, OTLP/HTTP out, nothing in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from otel_smart_agents.privacy.detectors.engine import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent

_FRAME = """
extensions:
  health_check:
    endpoint: ${env:SMART_AGENTS_HEALTH}
%(extensions)s
receivers:
  otlp:
    protocols:
      http:
        endpoint: ${env:SMART_AGENTS_OTLP_HTTP}
processors:
%(processors)s
exporters:
  otlp_http:
    endpoint: http://${env:BENCHMARK_SINK}
    compression: none
%(queue)s
service:
  extensions: [health_check%(more)s]
  telemetry:
    metrics:
      level: none
    logs:
      level: warn
  pipelines:
    traces:
      receivers: [otlp]
      processors: [%(names)s]
      exporters: [otlp_http]
"""
_NO_QUEUE = """
    sending_queue:
      enabled: false
    retry_on_failure:
      enabled: false
"""
_QUEUE = """
    sending_queue:
      storage: file_storage
      queue_size: 2000
      block_on_overflow: false
    retry_on_failure:
      max_elapsed_time: 0
"""
_RIGHTS = """
  file_storage:
    directory: ${env:SMART_AGENTS_STATE}
  agentrights:
    storage: file_storage
    list:
      path: ${env:SMART_AGENTS_STATE}/erasures.jsonl
    grpc:
      endpoint: ${env:SMART_AGENTS_RIGHTS}
"""
_OURS = """
  agentprivacy:
    consent: required
    erasure: agentrights
"""


def _pipeline(*, processors: str = "", names: str = "", extensions: str = "", more: str = "", queue: str = _NO_QUEUE) -> str:
    parts = {"processors": processors, "names": names, "extensions": extensions, "more": more, "queue": queue}
    return _FRAME % parts


def _redaction(patterns: Iterable[str]) -> str:
    """The stock processor, which looks at each value with each pattern."""
    lines = "".join(f"      - {json.dumps(pattern)}\n" for pattern in patterns).replace("$", "$$")
    return f"  redaction:\n    allow_all_keys: true\n    blocked_values:\n{lines}"


def _shipped() -> list[str]:
    """The few patterns of the configuration for stock collectors."""
    stock = yaml.safe_load((ROOT / "collector-config" / "existing-collector.yaml").read_text(encoding="utf-8"))
    return list(stock["processors"]["redaction/values"]["blocked_values"])


PIPELINES = {
    "empty": _pipeline(),
    "agentprivacy": _pipeline(processors=_OURS, names="agentprivacy", extensions=_RIGHTS, more=", file_storage, agentrights"),
    "redaction": _pipeline(processors=_redaction(trigger.pattern for trigger in TRIGGERS), names="redaction"),
    "redaction, few": _pipeline(processors=_redaction(_shipped()), names="redaction"),
}
SOAK = _pipeline(processors=_OURS, names="agentprivacy", extensions=_RIGHTS, more=", file_storage, agentrights", queue=_QUEUE)
