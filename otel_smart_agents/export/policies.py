"""From a decision to what the filter lets through: one policy per decision and day."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.consent.files import stat_token
from otel_smart_agents.consent.identity import key_id_of
from otel_smart_agents.consent.receipt import bound_hash
from otel_smart_agents.privacy.catalogue import literals_of
from otel_smart_agents.privacy.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from otel_smart_agents.config import Settings
    from otel_smart_agents.consent import ConsentGate, ConsentStore, Decision, Destination

OFFSET_NS: Final = 3_600 * 10**9
"""Every trace that goes upstream is moved back in time by less than this, so that its times meet no other log's."""
_DAY_S: Final = 86_400.0


class DailyGate:
    """A gate whose decision is a new object once a day and when the file of ids changes.

    So a program that runs for months takes over an id that time or a person has replaced.

    Args:
        gate: decides.
        ids: the file of the destination's ids.
        monotonic: seconds that never go backwards.
    """

    def __init__(self, gate: ConsentGate, *, ids: Path | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gate = gate
        self._monotonic = monotonic
        self._until_s = monotonic() + _DAY_S
        self._ids = None if ids is None else str(ids)
        self._token = None if self._ids is None else stat_token(self._ids)
        self._seen: tuple[Decision, Decision] | None = None

    def decision(self) -> Decision:
        """Return the current decision; the same object as before while nothing changed and the day is the same."""
        current = self._gate.decision()
        token = None if self._ids is None else stat_token(self._ids)
        if self._monotonic() >= self._until_s or token != self._token:
            self._until_s, self._token = self._monotonic() + _DAY_S, token
            self._seen = None
        if self._seen is None or self._seen[0] is not current:
            self._seen = (current, replace(current))
        return self._seen[1]

    def refresh(self) -> Decision:
        """Decide anew now."""
        self._gate.refresh()
        return self.decision()


class PolicyMaker:
    """Makes the policy of a decision. The installation's id is made with the first policy, never before.

    Args:
        destination: where data would go.
        store: where ids are kept.
        settings: what may pass besides the registry, and what the product is called.
        packages: the product's import packages.
        organisation_key: key of the pseudonyms of a whole organisation; empty takes the installation's.
    """

    def __init__(
        self,
        destination: Destination,
        store: ConsentStore,
        settings: Settings,
        *,
        packages: tuple[str, ...] = (),
        organisation_key: bytes = b"",
    ) -> None:
        self._destination = destination
        self._store = store
        self._settings = settings
        self._packages = packages
        self._organisation_key = organisation_key
        upstream = destination.audience == "upstream"
        self._offset_of = trace_offsets() if upstream else None
        self._catalogue = literals_of(packages) if upstream else None

    def __call__(self, decision: Decision) -> Policy:
        """Return the policy.

        Raises:
            ConsentError: an ``upstream`` id cannot be kept on this disk; nothing may be recorded then.
        """
        identities, settings = self._store.identities, self._settings
        key, key_id = identities.pseudonym_key(self._destination)
        if self._organisation_key:
            key, key_id = self._organisation_key, key_id_of(self._organisation_key)
        return Policy(
            audience=self._destination.audience,
            categories=decision.categories,
            unknown=settings.unknown,
            content=settings.content,
            catalogue=self._catalogue,
            pseudonym_key=key,
            pseudonym_key_id=key_id,
            packages=self._packages,
            time_offset_of=self._offset_of,
            resource=tuple(self._resource(identities.current(self._destination).id, decision).items()),
        )

    def _resource(self, installation: str, decision: Decision) -> dict[str, Any]:
        settings = self._settings
        found: dict[str, Any] = {semconv.APP_INSTALLATION_ID: installation}
        if settings.sources.get("service_name") == "argument":
            found[semconv.SERVICE_NAME] = settings.service_name
            if settings.service_version:
                found[semconv.SERVICE_VERSION] = settings.service_version
        if decision.state == "granted":
            found[semconv.SMART_AGENTS_CONSENT_EPOCH] = decision.epoch
            found[semconv.SMART_AGENTS_CONSENT_CATEGORIES] = tuple(sorted(decision.categories))
            if decision.notice_version:
                found[semconv.SMART_AGENTS_CONSENT_POLICY_VERSION] = decision.notice_version
            if decision.receipt_hash:
                # Bound to the id: the bare hash would join the ids before and after a rotation.
                found[semconv.SMART_AGENTS_CONSENT_RECEIPT_HASH] = bound_hash(decision.receipt_hash, installation)
        return found


def trace_offsets(key: bytes | None = None) -> Callable[[int], int]:
    """Return a function from a trace id to nanoseconds in (-``OFFSET_NS``, 0]: random between traces, one within a trace."""
    secret = secrets.token_bytes(32) if key is None else key

    def offset_of(trace_id: int) -> int:
        digest = hmac.digest(secret, trace_id.to_bytes(16, "big"), "sha256")
        return -(int.from_bytes(digest[:8], "big") % OFFSET_NS)

    return offset_of
