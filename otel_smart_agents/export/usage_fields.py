"""Which attribute goes into which field of the usage events: the table between the registry and ``proto/…/usage/v1``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = tuple[tuple[str, str], ...]

ORIGIN: Final[Fields] = (
    ("installation_id", semconv.APP_INSTALLATION_ID),
    ("instance_id", semconv.SERVICE_INSTANCE_ID),
    ("product", semconv.SERVICE_NAME),
    ("product_version", semconv.SERVICE_VERSION),
    ("runtime_name", semconv.PROCESS_RUNTIME_NAME),
    ("runtime_version", semconv.PROCESS_RUNTIME_VERSION),
    ("os_type", semconv.OS_TYPE),
    ("sampling_ratio", semconv.SMART_AGENTS_SAMPLING_RATIO),
    ("session_id", semconv.SESSION_ID),
    ("conversation_id", semconv.GEN_AI_CONVERSATION_ID),
)
CONSENT: Final[Fields] = (
    ("policy_version", semconv.SMART_AGENTS_CONSENT_POLICY_VERSION),
    ("epoch", semconv.SMART_AGENTS_CONSENT_EPOCH),
    ("receipt_hash", semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH),
    ("subject", semconv.SMART_AGENTS_CONSENT_SUBJECT),
)
_SKILL: Final[Fields] = (
    ("skill_name", semconv.GEN_AI_SKILL_NAME),
    ("skill_version", semconv.SMART_AGENTS_SKILL_VERSION),
    ("tool_name", semconv.GEN_AI_TOOL_NAME),
    ("tool_type", semconv.GEN_AI_TOOL_TYPE),
    ("phase", semconv.SMART_AGENTS_SKILL_PHASE),
    ("agent_name", semconv.GEN_AI_AGENT_NAME),
    ("source", semconv.SMART_AGENTS_SOURCE),
    ("source_ref", semconv.SMART_AGENTS_SOURCE_REF),
)
RUNS: Final[Mapping[str, tuple[str, Fields]]] = MappingProxyType(
    {
        "agent": (
            "agent_run",
            (
                ("agent_name", semconv.GEN_AI_AGENT_NAME),
                ("agent_version", semconv.GEN_AI_AGENT_VERSION),
                ("task_type", semconv.SMART_AGENTS_TASK_TYPE),
                ("task_file_type", semconv.SMART_AGENTS_TASK_FILE_TYPE),
                ("task_size", semconv.SMART_AGENTS_TASK_SIZE),
                ("provider", semconv.GEN_AI_PROVIDER_NAME),
                ("model", semconv.GEN_AI_REQUEST_MODEL),
            ),
        ),
        "skill": ("skill_run", _SKILL),
        "tool": ("skill_run", _SKILL),
        "workflow": (
            "workflow_run",
            (
                ("workflow_name", semconv.GEN_AI_WORKFLOW_NAME),
                ("step_count", semconv.SMART_AGENTS_WORKFLOW_STEP_COUNT),
                ("pattern_hash", semconv.SMART_AGENTS_WORKFLOW_PATTERN_HASH),
            ),
        ),
    }
)
"""Kind of span → the event that it is, and its fields."""
TOKENS: Final[Fields] = (
    ("input", semconv.GEN_AI_USAGE_INPUT_TOKENS),
    ("output", semconv.GEN_AI_USAGE_OUTPUT_TOKENS),
    ("cache_read", semconv.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    ("cache_write", semconv.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
)
COST: Final[Fields] = (
    ("amount", semconv.SMART_AGENTS_COST_AMOUNT),
    ("currency", semconv.SMART_AGENTS_COST_CURRENCY),
    ("source", semconv.SMART_AGENTS_COST_SOURCE),
)
FEATURE: Final[Fields] = (
    ("feature_name", semconv.SMART_AGENTS_FEATURE_NAME),
    ("command_name", semconv.SMART_AGENTS_COMMAND_NAME),
    ("agent_name", semconv.GEN_AI_AGENT_NAME),
)
ERROR: Final[Fields] = (
    ("kind", semconv.SMART_AGENTS_KIND),
    ("error_type", semconv.ERROR_TYPE),
    ("component", semconv.SMART_AGENTS_ERROR_COMPONENT),
    ("stack_hash", semconv.SMART_AGENTS_ERROR_STACK_HASH),
)
RATING: Final[Fields] = (
    ("name", semconv.GEN_AI_EVALUATION_NAME),
    ("value", semconv.GEN_AI_EVALUATION_SCORE_VALUE),
    ("label", semconv.GEN_AI_EVALUATION_SCORE_LABEL),
)
WINDOW: Final[Fields] = (
    ("agent_name", semconv.GEN_AI_AGENT_NAME),
    ("skill_name", semconv.GEN_AI_SKILL_NAME),
    ("tool_name", semconv.GEN_AI_TOOL_NAME),
    ("workflow_name", semconv.GEN_AI_WORKFLOW_NAME),
    ("error_type", semconv.ERROR_TYPE),
)
KIND_OF_OPERATION: Final[Mapping[str, str]] = MappingProxyType(
    {"invoke_agent": "agent", "execute_tool": "tool", "invoke_workflow": "workflow"}
)
"""For senders of other languages that set no ``smart_agents.kind``."""
