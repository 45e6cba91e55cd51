"""What the rows of ``spans.json`` are built from: policies, and the attributes of each kind of span."""

from __future__ import annotations

from typing import Any

Row = tuple[str, str, dict[str, Any], dict[str, Any]]

ALL = ("agent", "error", "feature", "performance", "skill", "workflow")


def policy(**changes: Any) -> dict[str, Any]:
    """What a destination lets through: everything for ``own``, with changes."""
    standard = {
        "audience": "own",
        "categories": list(ALL),
        "unknown": "drop",
        "content": [],
        "catalogue": None,
        "pseudonym_key": "",
        "pseudonym_key_id": "",
        "packages": [],
        "max_value_length": 1000,
        "max_attributes": 128,
        "max_events": 128,
        "max_depth": 6,
    }
    return standard | changes


def without(*categories: str, **changes: Any) -> dict[str, Any]:
    """The policy of somebody who did not agree to these categories."""
    return policy(categories=[name for name in ALL if name not in categories], **changes)


KEY = {"pseudonym_key": "a key of this test only", "pseudonym_key_id": "k1"}
OWN, KEYED, SCAN = policy(), policy(**KEY), policy(unknown="scan", **KEY)
UPSTREAM = policy(audience="upstream", catalogue=["code-reviewer", "systematic-debugging", "review", "MyError"], **KEY)

AGENT = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "code-reviewer",
    "smart_agents.kind": "agent",
    "smart_agents.outcome": "success",
    "session.id": "0b7c3a52-9f3e-4d1c-8f55-0d0c3b7a9e11",
    "smart_agents.source": "curated",
}
SKILL = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "systematic-debugging",
    "gen_ai.tool.type": "skill",
    "gen_ai.skill.name": "systematic-debugging",
    "gen_ai.agent.name": "code-reviewer",
    "smart_agents.kind": "skill",
    "smart_agents.skill.phase": "run",
}
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lint", "smart_agents.kind": "tool"}
WORKFLOW = {
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.workflow.name": "release",
    "smart_agents.kind": "workflow",
    "smart_agents.workflow.steps": ["agent:code-reviewer", "skill:systematic-debugging", "tool:lint", "step:plan"],
    "smart_agents.workflow.step.count": 4,
    "smart_agents.workflow.pattern_hash": "v1:0123456789abcdef",
}
STEP = {"smart_agents.kind": "step", "smart_agents.step.name": "plan"}
FEATURE = {"smart_agents.kind": "feature", "smart_agents.feature.name": "evolution_system", "smart_agents.feature.action": "enabled"}
RATING = {"smart_agents.kind": "rating", "gen_ai.evaluation.name": "user_satisfaction", "gen_ai.evaluation.score.value": 4.0}
LLM = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4", "gen_ai.usage.input_tokens": 12}
FAILED = {"error.type": "ValueError", "smart_agents.error.category": "validation", "smart_agents.error.stack_hash": "v1:00112233aabbccdd"}
STACK = 'Traceback (most recent call last):\n  File "/home/⟦ada⟧/app/main.py", line 3, in run\n    go()\nValueError: ⟦no user Ada⟧\n'
JAVA = "java.lang.IllegalStateException: ⟦no user Ada⟧\n\tat com.acme.Main.run(Main.java:12)\n\tat com.acme.Main.main(Main.java:5)\n"
SPANS = (("agent", AGENT), ("skill", SKILL), ("tool", TOOL), ("workflow", WORKFLOW), ("step", STEP))
MORE = (("feature", FEATURE), ("rating", RATING), ("model", LLM))
NAMES = {
    "agent": "invoke_agent code-reviewer",
    "skill": "execute_tool systematic-debugging",
    "tool": "execute_tool lint",
    "workflow": "invoke_workflow release",
    "step": "step plan",
    "feature": "smart_agents.feature evolution_system",
    "rating": "smart_agents.rating user_satisfaction",
    "model": "chat gpt-4",
}
