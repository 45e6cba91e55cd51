"""Consent: what a person agreed to, where that is kept, and what may happen now.

``Destination``, ``Notice``, ``ConsentStore``, ``ConsentGate``, ``ask`` and ``PerCallConsent`` are the public names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otel_smart_agents.consent.detect import agent_detected as agent_detected
    from otel_smart_agents.consent.detect import ci_detected as ci_detected
    from otel_smart_agents.consent.gate import ConsentGate as ConsentGate
    from otel_smart_agents.consent.identity import DeletionProof as DeletionProof
    from otel_smart_agents.consent.identity import Identities as Identities
    from otel_smart_agents.consent.identity import Identity as Identity
    from otel_smart_agents.consent.model import CATEGORIES as CATEGORIES
    from otel_smart_agents.consent.model import Decision as Decision
    from otel_smart_agents.consent.model import Destination as Destination
    from otel_smart_agents.consent.notice import Notice as Notice
    from otel_smart_agents.consent.percall import PerCallConsent as PerCallConsent
    from otel_smart_agents.consent.prompt import ask as ask
    from otel_smart_agents.consent.receipt import Receipt as Receipt
    from otel_smart_agents.consent.store import ConsentStore as ConsentStore
    from otel_smart_agents.consent.store import Withdrawal as Withdrawal

_HOMES = {
    "CATEGORIES": "model",
    "ConsentGate": "gate",
    "ConsentStore": "store",
    "Decision": "model",
    "DeletionProof": "identity",
    "Destination": "model",
    "Identities": "identity",
    "Identity": "identity",
    "Notice": "notice",
    "PerCallConsent": "percall",
    "Receipt": "receipt",
    "Withdrawal": "store",
    "agent_detected": "detect",
    "ask": "prompt",
    "ci_detected": "detect",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
