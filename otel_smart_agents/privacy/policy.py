"""What one destination lets through: the immutable input of ``redact``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from otel_smart_agents.consent.model import CATEGORIES, Audience
from otel_smart_agents.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Policy:
    """What a destination lets through.

    Attributes:
        audience: ``upstream`` refuses content, labels, foreign scopes and names that are not in the catalogue.
        categories: consent categories that are granted; a span whose kind's category is missing is dropped whole.
        unknown: what happens to attributes that the registry does not know: ``drop``, or ``scan`` with the detectors
            (an operator's choice, ``own`` only).
        content: registry keys of class N that code explicitly let through (``own`` only), for example ``gen_ai.input.messages``;
            ``log.body`` stands for the bodies of log records.
        catalogue: tells whether a name is declared as a literal in the product's packages; ``None`` accepts every name (``own``).
        pseudonym_key: secret of the installation or organisation for keyed hashes; ``b""`` drops values of class P that need one.
        pseudonym_key_id: short public id of that key, the prefix of every pseudonym.
        packages: the product's packages: they count as application frames of a stack wherever they are installed.
        max_value_length: characters kept of one text value unless the registry sets its own limit.
        max_attributes: attributes kept per span, event, link or record.
        max_events: events (and, separately, links) kept per span.
        max_depth: nesting levels kept in structured values.
        time_offset_of: maps a trace id to nanoseconds that are added to every time of that trace (upstream: one random offset per trace).
        resource: registry attributes that are set on every resource: the installation's id and the proof of consent.
    """

    audience: Audience = "own"
    categories: frozenset[str] = CATEGORIES
    unknown: Literal["drop", "scan"] = "drop"
    content: frozenset[str] = frozenset()
    catalogue: Callable[[str], bool] | None = None
    pseudonym_key: bytes = b""
    pseudonym_key_id: str = ""
    packages: tuple[str, ...] = ()
    max_value_length: int = 1_000
    max_attributes: int = 128
    max_events: int = 128
    max_depth: int = 6
    time_offset_of: Callable[[int], int] | None = None
    resource: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if self.audience not in ("own", "upstream"):
            raise ConfigError(f"audience must be 'own' or 'upstream', not {self.audience!r}")
        if self.unknown not in ("drop", "scan"):
            raise ConfigError(f"unknown must be 'drop' or 'scan', not {self.unknown!r}")
        if self.pseudonym_key and not (self.pseudonym_key_id.replace("_", "0").isalnum() and self.pseudonym_key_id.isascii()):
            raise ConfigError(
                f"pseudonym_key_id must be letters, digits or _, not {self.pseudonym_key_id!r}: it goes before every keyed hash"
            )
        # A policy is the key of what was decided under it, so it must be hashable whatever kind of collection a caller brings.
        for name, kind in (("categories", frozenset), ("content", frozenset), ("packages", tuple), ("resource", tuple)):
            value = getattr(self, name)
            if isinstance(value, str):
                raise ConfigError(f"{name} must be a collection of texts, not the text {value!r}")
            object.__setattr__(self, name, kind(value))
