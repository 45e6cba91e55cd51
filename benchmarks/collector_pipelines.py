"""The pipelines that ``benchmarks.collector`` compares: OTLP/HTTP in, one processor or none, OTLP/HTTP out, nothing in between."""

from __future__ import annotations

import json

from otel_smart_agents.privacy.detectors.engine import TRIGGERS

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


def _redaction() -> str:
    """The stock processor with the patterns by which our detectors begin, each value looked at by each of them."""
    patterns = "".join(f"      - {json.dumps(trigger.pattern)}\n" for trigger in TRIGGERS).replace("$", "$$")
    return f"  redaction:\n    allow_all_keys: true\n    blocked_values:\n{patterns}"


PIPELINES = {
    "empty": _pipeline(),
    "agentprivacy": _pipeline(processors=_OURS, names="agentprivacy", extensions=_RIGHTS, more=", file_storage, agentrights"),
    "redaction": _pipeline(processors=_redaction(), names="redaction"),
}
SOAK = _pipeline(processors=_OURS, names="agentprivacy", extensions=_RIGHTS, more=", file_storage, agentrights", queue=_QUEUE)
