"""The notice: what a person is told before they are asked, complete or refused.

The maker fills in who they are, what they want the data for and what they do with it. What is collected and what never is comes from the
registry, so that the text cannot promise less or more than the code lets through.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES, Destination
from otel_smart_agents.consent.record import sha256_hex
from otel_smart_agents.errors import ConfigError

WIDTH: Final = 88
"""Columns of the text."""

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,63}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LISTS = ("purposes", "recipients", "rights")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person agrees to. Every field is needed; a missing one is an error and the message names all that are missing.

    Attributes:
        version: rises when anything of substance changes, which makes earlier grants stale: ``2026-11``, ``3``, ``1.2``.
        controller: who is responsible for the data, with legal form.
        contact: where that party can be reached about it: an e-mail address or a URL.
        purposes: what the data is for, one sentence each.
        recipients: who gets the data, one entry each: the controller itself, and everyone who runs servers for it.
        country: country or countries where it is kept.
        retention: how long it is kept.
        policy_url: address of the full privacy policy.
        rights: what the person can ask for, one sentence each, with how.
        ip_address: what happens to the IP address that the server unavoidably sees.
        language: BCP 47 tag of the language the fields are written in.
    """

    version: str = ""
    controller: str = ""
    contact: str = ""
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    country: str = ""
    retention: str = ""
    policy_url: str = ""
    rights: tuple[str, ...] = ()
    ip_address: str = "The server sees your IP address while it takes the data; it is not part of the data."
    language: str = "en"

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            ConfigError: fields are missing (all are named), of the wrong type, or not printable text.
        """
        for name in _LISTS:
            object.__setattr__(self, name, _sequence(name, getattr(self, name)))
        missing = [field.name for field in dataclasses.fields(self) if not _filled(getattr(self, field.name))]
        if missing:
            raise ConfigError(f"the consent notice is incomplete: fill in {', '.join(missing)}")
        for field in dataclasses.fields(self):
            _check_text(field.name, getattr(self, field.name))
        if not _VERSION.fullmatch(self.version):
            raise ConfigError(f"the notice's version must be at most 64 letters, digits or ._:/@- characters, not {self.version!r}")
        if urlsplit(self.policy_url).scheme not in ("https", "http") or not urlsplit(self.policy_url).netloc:
            raise ConfigError(f"the notice's policy_url must be an http(s) address, not {self.policy_url!r}")

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of the text without a destination: identifies the notice whatever the endpoint is."""
        return sha256_hex(self.text().encode())

    def text(self, destination: Destination | None = None, *, categories: Iterable[str] = CATEGORIES) -> str:
        """Return the whole notice for a person, with the destination if one is given."""
        return "\n".join(_paragraphs(self, destination, sorted(categories)))

    def summary(self, destination: Destination, *, categories: Iterable[str] = CATEGORIES) -> str:
        """Return the short form that a prompt shows first: who, what, what never, what for, where, for how long, how to stop."""
        lines = [
            f"{destination.product} can send usage data to {self.controller} ({self.country}) at {destination.host or 'no host'}.",
            f"What for: {' '.join(self.purposes)}",
            f"What: {_what(frozenset(categories))}; a random id.",
            f"Never: {'; '.join(semconv.NOTICE_NEVER)}.",
            f"Kept for: {self.retention}",
            f"IP address: {self.ip_address}",
            f"Privacy policy: {self.policy_url}",
        ]
        return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines)

    def rises_above(self, version: str) -> bool:
        """Tell whether this notice is newer than the one with the given version. Runs of digits are compared as numbers."""
        return _order(self.version) > _order(version)


def _what(categories: frozenset[str]) -> str:
    """Return in a few words what is collected; of fewer than all categories, each of them."""
    ran = [f"{name}s" for name in ("agent", "skill", "feature", "workflow") if name in categories]
    listed = " and ".join(part for part in (", ".join(ran[:-1]), *ran[-1:]) if part)
    parts = [f"which {listed} ran, how they ended, how long they took"] if ran else []
    if categories != CATEGORIES:
        parts += ["which kinds of errors came up"] if "error" in categories else []
        parts += ["how long operations took"] if "performance" in categories else []
    return ", ".join(parts)


def _paragraphs(notice: Notice, destination: Destination | None, categories: list[str]) -> Iterator[str]:
    product = destination.product if destination else "This program"
    yield _wrap(f"{product} asks to send usage data to {notice.controller}. It is off until you say yes.")
    if destination:
        yield _wrap(f"Sent to: {destination.host or 'nobody, it stays on this machine'}")
    yield _wrap(f"Notice version: {notice.version}")
    yield _wrap(f"Responsible: {notice.controller}. Contact: {notice.contact}")
    yield from _list("What it is used for:", notice.purposes)
    yield from _list("Who gets it:", notice.recipients)
    yield _wrap(f"Where it is kept: {notice.country}")
    yield _wrap(f"For how long: {notice.retention}")
    yield ""
    yield "What is collected, by category; you can agree to each one alone:"
    for category in categories:
        yield from _list(f"  {category}:", semconv.NOTICE_COLLECTED[category], indent="    ")
    yield from _list("With any of them:", semconv.NOTICE_ALWAYS)
    yield from _list("Never collected:", semconv.NOTICE_NEVER)
    yield _wrap(notice.ip_address)
    yield from _list("Your rights:", notice.rights)
    yield _wrap("You can say no at any time and it is as easy as saying yes; what was not sent yet is then deleted from this machine.")
    yield _wrap(f"Privacy policy: {notice.policy_url}")


def _list(title: str, items: Iterable[str], *, indent: str = "  ") -> Iterator[str]:
    yield title
    for item in items:
        yield textwrap.fill(item, WIDTH, initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _wrap(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _sequence(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ConfigError(f"the notice's {name} must be a list of sentences, not {value!r}")
    return tuple(value)


def _filled(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(_filled(item) for item in value)
    return not isinstance(value, str) or bool(value.strip())


def _check_text(name: str, value: object) -> None:
    for item in value if isinstance(value, tuple) else (value,):
        if not isinstance(item, str):
            raise ConfigError(f"the notice's {name} must be text, not {type(item).__name__}")
        if _UNPRINTABLE.search(item):
            raise ConfigError(f"the notice's {name} must be one line of printable text: {item!r} has control characters")


def _order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts ``2026-9`` before ``2026-11`` and never compares a number with a word."""
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in re.split(r"(\d+)", version) if part)
