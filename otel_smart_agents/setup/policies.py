"""From a decision to what the filter lets through: one policy per decision and day."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.consent.identity import key_id_of
from otel_smart_agents.consent.receipt import bound_hash
from otel_smart_agents.privacy.catalogue import literals_of
from otel_smart_agents.privacy.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.consent import ConsentGate, ConsentStore, Decision
    from otel_smart_agents.setup.request import Request

OFFSET_NS: Final = 3_600 * 10**9
"""Every trace that goes upstream is moved back in time by less than this, so that its times meet no other log's."""
_DAY_S: Final = 86_400.0


class DailyGate:
    """A gate whose decision is a new object once a day, so that a program that runs for months takes over a rotated id.

    Args:
        gate: decides.
        monotonic: seconds that never go backwards.
    """

    def __init__(self, gate: ConsentGate, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gate = gate
        self._monotonic = monotonic
        self._until_s = monotonic() + _DAY_S
        self._seen: tuple[Decision, Decision] | None = None

    def decision(self) -> Decision:
        """Return the current decision; the same object as before while nothing changed and the day is the same."""
        current = self._gate.decision()
        if self._monotonic() >= self._until_s:
            self._until_s = self._monotonic() + _DAY_S
            self._seen = None
        if self._seen is None or self._seen[0] is not current:
            self._seen = (current, replace(current))
        return self._seen[1]

    def refresh(self) -> Decision:
        """Decide anew now."""
        self._gate.refresh()
        return self.decision()


def policy_maker(request: Request, store: ConsentStore) -> Callable[[Decision], Policy]:
    """Return what makes the policy of a decision. The installation's id is made with the first policy, never before.

    Raises (when called):
        ConsentError: an ``upstream`` id cannot be kept on this disk; nothing may be recorded then.
    """
    settings, destination, upstream = request.settings, request.destination, request.upstream
    offset_of = trace_offsets() if upstream else None

    def make(decision: Decision) -> Policy:
        key, key_id = store.identities.pseudonym_key(destination)
        if request.organisation_key:
            key, key_id = request.organisation_key, key_id_of(request.organisation_key)
        return Policy(
            audience=destination.audience,
            categories=decision.categories,
            unknown=settings.unknown,
            content=settings.content,
            catalogue=literals_of(request.packages) if upstream else None,
            pseudonym_key=key,
            pseudonym_key_id=key_id,
            packages=request.packages,
            time_offset_of=offset_of,
            resource=_resource(request, store.identities.current(destination).id, decision),
        )

    return make


def trace_offsets(key: bytes | None = None) -> Callable[[int], int]:
    """Return a function from a trace id to nanoseconds in (-``OFFSET_NS``, 0]: random between traces, one within a trace."""
    secret = secrets.token_bytes(32) if key is None else key

    def offset_of(trace_id: int) -> int:
        digest = hmac.digest(secret, trace_id.to_bytes(16, "big"), "sha256")
        return -(int.from_bytes(digest[:8], "big") % OFFSET_NS)

    return offset_of


def _resource(request: Request, installation: str, decision: Decision) -> tuple[tuple[str, Any], ...]:
    found: dict[str, Any] = {semconv.APP_INSTALLATION_ID: installation}
    if request.settings.sources.get("service_name") == "argument":
        found[semconv.SERVICE_NAME] = request.destination.product
        if request.settings.service_version:
            found[semconv.SERVICE_VERSION] = request.settings.service_version
    if decision.state == "granted":
        found |= {
            semconv.SMART_AGENTS_CONSENT_EPOCH: decision.epoch,
            semconv.SMART_AGENTS_CONSENT_CATEGORIES: tuple(sorted(decision.categories)),
        }
        if decision.notice_version:
            found[semconv.SMART_AGENTS_CONSENT_POLICY_VERSION] = decision.notice_version
        if decision.receipt_hash:
            # Bound to the id: the bare hash would join the ids before and after a rotation.
            found[semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH] = bound_hash(decision.receipt_hash, installation)
    return tuple(found.items())
