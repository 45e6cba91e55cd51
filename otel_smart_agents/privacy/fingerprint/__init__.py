"""Stack fingerprint ``v1``: one short hash for one bug, from the exception object or from its printed text.

The rules and the exact canonical form: ``docs/explanation/stack-fingerprint.md``.
"""

from __future__ import annotations

from otel_smart_agents.privacy.fingerprint.api import (
    canonical_of_exception,
    canonical_of_text,
    stack_hash,
    stack_hash_of_text,
)

__all__ = ["canonical_of_exception", "canonical_of_text", "stack_hash", "stack_hash_of_text"]
