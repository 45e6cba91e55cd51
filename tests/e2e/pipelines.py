"""Collector configurations for these tests: our components between OTLP and a back end. The shipped ones are tried in tests/collector."""

from __future__ import annotations

_FRAME = """
extensions:
  health_check:
    endpoint: ${env:SMART_AGENTS_HEALTH}
  file_storage:
    directory: ${env:SMART_AGENTS_STATE}
    fsync: true
receivers:
  otlp:
    protocols:
      http:
        endpoint: ${env:SMART_AGENTS_OTLP_HTTP}
      grpc:
        endpoint: ${env:SMART_AGENTS_OTLP_GRPC}
processors:
  agentprivacy:
    consent: not_required
    pseudonym_key: a-key-that-only-this-test-knows
exporters:
  otlp_http:
    endpoint: ${env:BACK_END}
    sending_queue:
      storage: file_storage
    retry_on_failure:
      initial_interval: 200ms
      max_interval: 1s
      max_elapsed_time: 0
%(exporters)s
  file:
    path: ${env:SMART_AGENTS_STATE}/written.jsonl
    flush_interval: 100ms
service:
  extensions: [health_check, file_storage]
  telemetry:
    metrics:
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: ${env:SMART_AGENTS_METRICS_PORT}
  pipelines:
    traces:
      receivers: [otlp]
      processors: [agentprivacy]
      exporters: [otlp_http, file%(fan)s]
    logs:
      receivers: [otlp]
      processors: [agentprivacy]
      exporters: [file]
    metrics:
      receivers: [otlp]
      processors: [agentprivacy]
      exporters: [file]
"""
_SECOND = """
  otlp_http/second:
    endpoint: ${env:SECOND_BACK_END}
"""


OPEN = _FRAME % {"exporters": "", "fan": ""}
"""An operator's own pipeline: no consent is asked for, everything is redacted."""

TWO = _FRAME % {"exporters": _SECOND, "fan": ", otlp_http/second"}
"""The same, to two back ends."""
