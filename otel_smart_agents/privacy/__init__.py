"""Redaction, detectors and the stack fingerprint: what may leave, and in which form.

Every name is loaded on first use, so that importing this package loads neither the OpenTelemetry SDK nor RE2.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otel_smart_agents.privacy.catalogue import literals_of as literals_of
    from otel_smart_agents.privacy.categories import error_category as error_category
    from otel_smart_agents.privacy.categories import error_type as error_type
    from otel_smart_agents.privacy.categories import set_category_hook as set_category_hook
    from otel_smart_agents.privacy.counters import Counters as Counters
    from otel_smart_agents.privacy.explain import KeyExplanation as KeyExplanation
    from otel_smart_agents.privacy.explain import explain_key as explain_key
    from otel_smart_agents.privacy.fingerprint import stack_hash as stack_hash
    from otel_smart_agents.privacy.fingerprint import stack_hash_of_text as stack_hash_of_text
    from otel_smart_agents.privacy.kinds import kind_of as kind_of
    from otel_smart_agents.privacy.logs import RedactedLog as RedactedLog
    from otel_smart_agents.privacy.logs import redact_log as redact_log
    from otel_smart_agents.privacy.metrics import RedactedMetrics as RedactedMetrics
    from otel_smart_agents.privacy.metrics import redact_metrics as redact_metrics
    from otel_smart_agents.privacy.policy import Policy as Policy
    from otel_smart_agents.privacy.processor import PrivacySpanProcessor as PrivacySpanProcessor
    from otel_smart_agents.privacy.pseudonyms import other_name as other_name
    from otel_smart_agents.privacy.pseudonyms import pseudonym as pseudonym
    from otel_smart_agents.privacy.span import RedactedSpan as RedactedSpan
    from otel_smart_agents.privacy.span import redact as redact
    from otel_smart_agents.privacy.values import key_denied as key_denied
    from otel_smart_agents.privacy.values import redact_text as redact_text
    from otel_smart_agents.privacy.values import redact_value as redact_value

_MODULES = {
    "catalogue": ("literals_of",),
    "categories": ("error_category", "error_type", "set_category_hook"),
    "counters": ("Counters",),
    "explain": ("KeyExplanation", "explain_key"),
    "fingerprint": ("stack_hash", "stack_hash_of_text"),
    "kinds": ("kind_of",),
    "logs": ("RedactedLog", "redact_log"),
    "metrics": ("RedactedMetrics", "redact_metrics"),
    "policy": ("Policy",),
    "processor": ("PrivacySpanProcessor",),
    "pseudonyms": ("other_name", "pseudonym"),
    "span": ("RedactedSpan", "redact"),
    "values": ("key_denied", "redact_text", "redact_value"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - one table says both where a name lives and that it is public


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
