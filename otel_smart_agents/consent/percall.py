"""Consent of one end user of a server, given for the calls inside one session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from otel_smart_agents.consent.model import check_categories
from otel_smart_agents.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class PerCallConsent:
    """What one end user of a server agreed to; it narrows every span inside its session and never widens what the destination allows.

    Attributes:
        categories: the categories this user agreed to; empty = none, so nothing of theirs is recorded.
        policy_version: version of the server's own notice that the user agreed to, recorded on the spans.
        subject: the server's own id of the user; it leaves only as a keyed pseudonym. Empty = not recorded.
    """

    categories: frozenset[str]
    policy_version: str = ""
    subject: str = ""

    @classmethod
    def of(cls, consent: Iterable[str] | None, *, policy_version: str | None = None, subject: str | None = None) -> PerCallConsent:
        """Build it from what ``session(consent=…)`` takes: a set of categories, or ``None`` for a user who agreed to nothing.

        Raises:
            ConfigError: an unknown category (the message has the nearest known one), or one string instead of a set of them.
        """
        for name, value in (("policy_version", policy_version), ("subject", subject)):
            if value is not None and not isinstance(value, str):
                raise ConfigError(f"session({name}=…) takes a string, not {type(value).__name__}")
        return cls(check_categories(consent or (), where="session(consent=…)"), policy_version or "", subject or "")

    def narrow(self, granted: frozenset[str]) -> frozenset[str]:
        """Return the categories that both the destination and this user allow."""
        return granted & self.categories
