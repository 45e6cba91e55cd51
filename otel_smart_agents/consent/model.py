"""The words of consent: destination, category, mode, state, decision."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from otel_smart_agents.errors import ConfigError

Audience = Literal["own", "upstream"]
Mode = Literal["off", "local", "on"]
Gate = Literal["operator", "user", "per_call"]
State = Literal["unknown", "granted", "denied", "revoked", "stale", "not_required"]

CATEGORIES: Final = frozenset({"agent", "skill", "feature", "error", "performance", "workflow"})
"""What a person can agree to, one by one. The registry assigns each attribute and span kind to at most one."""


MODES: Final[tuple[Mode, ...]] = ("off", "local", "on")
"""The modes, strictest first."""


def stricter(one: Mode, other: Mode) -> Mode:
    """Return the stricter of two modes."""
    return MODES[min(MODES.index(one), MODES.index(other))]


def check_mode(value: str, *, where: str) -> Mode:
    """Return the value as a mode.

    Raises:
        ConfigError: it is not one.
    """
    for mode in MODES:
        if value == mode:
            return mode
    raise ConfigError(f"{where} must be one of {', '.join(MODES)}, not {value!r}")


def check_categories(values: Iterable[str], *, where: str) -> frozenset[str]:
    """Return the values as a set of categories.

    Raises:
        ConfigError: one of them is no category (the message has the nearest), or a string was given instead of a set.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ConfigError(f"{where} takes a set of categories, not {values!r}")
    found = frozenset(values)
    for value in sorted(found - CATEGORIES, key=str):
        near = difflib.get_close_matches(str(value), CATEGORIES, n=1)
        hint = f": did you mean {near[0]!r}?" if near else f"; the categories are {', '.join(sorted(CATEGORIES))}"
        raise ConfigError(f"{where} has the unknown category {value!r}{hint}")
    return found


@dataclass(frozen=True, slots=True)
class Destination:
    """One place that telemetry may go to. Consent, id, epoch, spool folder and sender are per destination; nothing is shared between two.

    Attributes:
        audience: ``own`` is the operator's back end, ``upstream`` the makers of the software that the user runs.
        product: the service name of the product.
        endpoint: base URL of the OTLP receiver without credentials, query or fragment; empty for a purely local destination.
        controller: who is responsible for the data (from the notice); empty for ``own``.
    """

    audience: Audience
    product: str
    endpoint: str
    controller: str = ""

    def __post_init__(self) -> None:
        if self.audience not in ("own", "upstream"):
            raise ConfigError(f"audience must be 'own' or 'upstream', not {self.audience!r}")
        if not self.product:
            raise ConfigError("a destination needs the product's name: pass service_name or set OTEL_SERVICE_NAME")
        parts = urlsplit(self.endpoint)
        if parts.username or parts.password:
            raise ConfigError("an endpoint must not carry credentials: pass them in headers=")
        if parts.query or parts.fragment:
            raise ConfigError("an endpoint is a base URL, without a query or fragment: pass a key in headers=")

    @property
    def host(self) -> str:
        """Host and port of the endpoint, as a grant names them; empty for a local destination."""
        return urlsplit(self.endpoint).netloc.lower()

    @property
    def key(self) -> str:
        """The folder name: ``<product>.<audience>.<first 8 hex of SHA-256 of the endpoint>``.

        A product whose name does not fit a folder's gets 6 hex of its own hash, so that two products never share a folder.
        """
        slug = re.sub(r"[^a-z0-9_-]+", "-", self.product.lower()).strip("-")[:48] or "product"
        if slug != self.product:
            slug = f"{slug}-{hashlib.sha256(self.product.encode()).hexdigest()[:6]}"
        return f"{slug}.{self.audience}.{hashlib.sha256(self.endpoint.encode()).hexdigest()[:8]}"


def way_to(verb: str, destination: Destination, *, command: str) -> str:
    """Return what a person types to say yes or no: an own back end has to be named, so that nobody switches theirs by accident."""
    named = "" if destination.audience == "upstream" else f" --destination {destination.key}"
    return f"`{command} {verb}{named}`"


@dataclass(frozen=True, slots=True)
class Decision:
    """What may happen now for one destination, and which layer said so.

    Attributes:
        mode: ``off`` (nothing is recorded), ``local`` (recorded for the user's own eyes, never sent) or ``on``.
        state: where the consent stands; ``not_required`` for an ``own`` destination whose operator decides.
        categories: the granted categories (all of them where consent is not required).
        layer: which layer decided: ``environment``, ``policy``, ``run``, ``user``, ``project`` or ``default``.
        reason: one sentence for a person, with the way out.
        epoch: rises with every grant, denial and revocation; data of another epoch is never sent.
        granted_at_ns: time of the grant in Unix nanoseconds; spans that started earlier are never recorded. 0 where not required.
        notice_version: version of the notice that was agreed to; empty where not required.
        receipt_id: id of the grant's receipt; empty where not required.
        receipt_hash: SHA-256 (hex) of the grant's receipt, sent as a resource attribute; empty where not required.
    """

    mode: Mode
    state: State
    categories: frozenset[str]
    layer: str
    reason: str
    epoch: int = 0
    granted_at_ns: int = 0
    notice_version: str = ""
    receipt_id: str = ""
    receipt_hash: str = ""

    @property
    def records(self) -> bool:
        """Whether anything may be written to this user's disk."""
        return self.mode != "off"

    @property
    def sends(self) -> bool:
        """Whether anything may leave this machine."""
        return self.mode == "on"
