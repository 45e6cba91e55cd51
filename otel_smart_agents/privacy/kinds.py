"""What a span is about, and so which consent it needs: one rule for our own spans and for those of other instrumentations."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

INFERENCE: Final = "inference"
"""A call of a model, seen by another instrumentation. It belongs to the agent that makes it."""

_CATEGORY: Final[Mapping[str, str]] = MappingProxyType({INFERENCE: "agent"} | {name: kind.category for name, kind in semconv.KINDS.items()})
BY_OPERATION: Final = MappingProxyType(
    dict.fromkeys(semconv.OPERATIONS, INFERENCE)
    | {"create_agent": "agent", "invoke_agent": "agent", "execute_tool": "tool", "invoke_workflow": "workflow"}
)
# Other vendors' words for the same things (OpenInference 0.1.40, OpenLLMetry 0.50). Their generic CHAIN and task say nothing.
BY_VENDOR_KIND: Final = MappingProxyType(
    {
        "openinference.span.kind": MappingProxyType(
            {"AGENT": "agent", "TOOL": "tool"}
            | dict.fromkeys(("LLM", "EMBEDDING", "RERANKER", "RETRIEVER", "GUARDRAIL", "EVALUATOR", "PROMPT"), INFERENCE)
        ),
        "traceloop.span.kind": MappingProxyType({"agent": "agent", "tool": "tool", "workflow": "workflow", "llm": INFERENCE}),
        "mcp.method.name": MappingProxyType({"tools/call": "tool"}),
    }
)
MODEL_PREFIXES: Final = ("gen_ai.", "llm.")


def kind_of(name: str, attributes: Mapping[str, Any], scope_name: str | None) -> str | None:
    """Return what a span is about: a key of ``semconv.KINDS``, :data:`INFERENCE`, or ``None`` for anything else (HTTP, databases, …).

    The operation of the GenAI conventions counts first, then our own kind, then other vendors' words, then the span's name.
    """
    operation = attributes.get(semconv.GEN_AI_OPERATION_NAME)
    own = attributes.get(semconv.SMART_AGENTS_KIND)
    declared = semconv.KINDS.get(own) if isinstance(own, str) else None
    if declared is not None and operation in (None, declared.operation):
        return str(own)
    if operation is None:
        return _foreign(name, attributes, scope_name)
    kind = BY_OPERATION.get(operation, INFERENCE) if isinstance(operation, str) else INFERENCE
    return "skill" if kind == "tool" and semconv.GEN_AI_SKILL_NAME in attributes else kind


def category_of(kind: str | None) -> str | None:
    """Return the consent category that a span of this kind needs; ``None`` needs none, and goes to own destinations only."""
    return _CATEGORY.get(kind) if kind is not None else None


def _foreign(name: str, attributes: Mapping[str, Any], scope_name: str | None) -> str | None:
    for key, words in BY_VENDOR_KIND.items():
        word = attributes.get(key)
        kind = words.get(word) if isinstance(word, str) else None
        if kind is not None:
            return kind
    first = name.partition(" ")[0]
    if first in BY_OPERATION:
        return BY_OPERATION[first]
    if scope_name == semconv.SCOPE_NAME:
        return next((kind for kind, spelling in semconv.KINDS.items() if spelling.operation == first), None)
    return INFERENCE if any(isinstance(key, str) and key.startswith(MODEL_PREFIXES) for key in attributes) else None
