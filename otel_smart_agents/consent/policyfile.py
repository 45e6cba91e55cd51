"""The administrator's policy file: what nobody on this machine may widen.

It counts only if root owns it and nobody else may write it. A file that is there and cannot be trusted or understood stops ``upstream`` and
gated ``own`` telemetry: an administrator's typing mistake must not open anything.
"""

from __future__ import annotations

import difflib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent.files import MAX_FILE_BYTES
from otel_smart_agents.consent.model import CATEGORIES, MODES, Audience, Destination, Mode, check_categories, check_mode, stricter
from otel_smart_agents.errors import ConfigError, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SCHEMA: Final = 1
ROOT_UID: Final = 0
"""Who must own the file."""

_COMMON = frozenset({"mode", "categories", "hosts"})
_UPSTREAM = _COMMON | {"products"}
_TOP = _UPSTREAM | {"schema", "message", "prompt", "own", "upstream", "destination"}
_OWN = _UPSTREAM | {"consent"}
_DESTINATION = _COMMON | {"product", "audience"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One ceiling.

    Attributes:
        mode: the most that is allowed.
        categories: the most that is allowed.
        hosts: ``host`` or ``host:port`` of the endpoints that are allowed; ``None`` = every one.
        products: the products that are allowed; ``None`` = every one.
        product: the product it is about; ``None`` = every one.
        audience: the audience it is about; ``None`` = both.
        where: its place in the file, for messages.
    """

    mode: Mode = "on"
    categories: frozenset[str] = CATEGORIES
    hosts: frozenset[str] | None = None
    products: frozenset[str] | None = None
    product: str | None = None
    audience: Audience | None = None
    where: str = "top level"

    def covers(self, destination: Destination) -> bool:
        """Tell whether the rule is about this destination."""
        return self.product in (None, destination.product) and self.audience in (None, destination.audience)

    def limit(self, destination: Destination) -> tuple[Mode, str]:
        """Return the most that the rule leaves a destination, and what in it says so; a purely local one (no host) goes nowhere."""
        if self.products is not None and destination.product not in self.products:
            return "off", f"allows the products {_list(self.products)}, and {destination.product} is not among them"
        host = destination.host
        if self.hosts is not None and host and host not in self.hosts and host.rsplit(":", 1)[0] not in self.hosts:
            return "off", f"allows the hosts {_list(self.hosts)}, and {host} is not among them"
        return self.mode, f"allows mode {self.mode}"


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the policy leaves for one destination: the strictest of the rules that cover it.

    Attributes:
        mode: the most that is allowed.
        categories: the most that is allowed.
        where: the rule that sets the mode, by its place in the file.
        why: what that rule says, with its place; empty if it takes nothing away.
        fewer: which rules take categories away, with what is left; empty if none does.
    """

    mode: Mode
    categories: frozenset[str]
    where: str
    why: str = ""
    fewer: str = ""


@dataclass(frozen=True, slots=True)
class AdminPolicy:
    """A policy file that was read.

    Attributes:
        path: the file.
        rules: every rule, top level first.
        operator_decides: ``own`` destinations need no answer of the user (``consent = "operator"``): the one thing that widens.
        prompt: whether users may be asked at all.
        message: the administrator's own words, shown with every refusal.
    """

    path: Path
    rules: tuple[Rule, ...]
    operator_decides: bool = False
    prompt: bool = True
    message: str = ""

    def ceiling(self, destination: Destination) -> Ceiling:
        """Return the strictest of the rules that cover the destination; of equally strict ones the first in the file."""
        mode, categories, where, why = MODES[-1], CATEGORIES, self.rules[0].where, ""
        narrowing: list[str] = []
        for rule in self.rules:
            if not rule.covers(destination):
                continue
            allowed, says = rule.limit(destination)
            if stricter(mode, allowed) != mode:
                mode, where, why = allowed, rule.where, f"({rule.where}) {says}"
            if not categories <= rule.categories:
                categories &= rule.categories
                narrowing.append(rule.where)
        left = f"only the categories {', '.join(sorted(categories))}" if categories else "no category"
        return Ceiling(mode, categories, where, why, f"({', '.join(narrowing)}) allows {left}" if narrowing else "")

    def says(self, limit: str) -> str:
        """Return a limit as a sentence with the file and the administrator's own words."""
        return f"the administrator's policy {self.path} {limit}. {self.message}".rstrip()

    def check_allowed(self, destination: Destination) -> None:
        """Check whether anything is left that a person could agree to.

        Raises:
            PolicyError: nothing is.
        """
        ceiling = self.ceiling(destination)
        if ceiling.mode == "off" or not ceiling.categories:
            limit = ceiling.why if ceiling.mode == "off" else ceiling.fewer
            raise PolicyError(
                f"{self.path} does not allow telemetry to {destination.host or destination.key}: {limit}. {self.message}".rstrip()
            )


def load_policy(path: Path) -> AdminPolicy | None:
    """Read the policy file; ``None`` if there is none.

    Raises:
        PolicyError: it cannot be read, is not root's alone, or has an unknown key or value (the message has the nearest known one).
    """
    data = _read_trusted(path)
    if data is None:
        return None
    import tomllib  # here: most machines have no policy file

    try:
        return _build(path, tomllib.loads(data.decode()))
    except ValueError as error:  # of the text, of TOML and of a setting alike
        raise PolicyError(f"{path}: {error}") from error


def _read_trusted(path: Path) -> bytes | None:
    try:
        _check_root(path, os.lstat(path))  # a link is accepted if root made it: configuration tools link into /etc
        _check_root(path.parent, os.lstat(path.parent))
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            _check_root(path, found)
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES:
                raise PolicyError(f"{path} is not a regular file of a sensible size")
            return file.read(MAX_FILE_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}") from error


def _check_root(path: Path, found: os.stat_result) -> None:
    if not hasattr(os, "geteuid"):  # pragma: no cover - Windows has no owner ids; the path does not exist there
        return
    writable = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not stat.S_ISLNK(found.st_mode)
    if found.st_uid != ROOT_UID or writable:
        raise PolicyError(f"{path} must belong to root and be writable by root alone: run chown root {path} && chmod go-w {path}")


def _build(path: Path, content: Mapping[str, Any]) -> AdminPolicy:
    _check_keys(content, _TOP, "top level")
    if content.get("schema", SCHEMA) != SCHEMA:
        raise ConfigError(f"schema = {content['schema']!r} is not known, this version reads {SCHEMA}")
    rules = [_rule(content, "top level"), *_audience_rules(content), *_destination_rules(content.get("destination", []))]
    consent = content.get("own", {}).get("consent", "user")
    if consent not in ("user", "operator"):
        raise ConfigError(f"consent in [own] must be 'user' or 'operator', not {consent!r}")
    prompt = content.get("prompt", True)
    if not isinstance(prompt, bool):
        raise ConfigError(f"prompt must be true or false, not {prompt!r}")
    return AdminPolicy(path, tuple(rules), consent == "operator", prompt, _text(content.get("message", ""), "message"))


def _audience_rules(content: Mapping[str, Any]) -> Iterator[Rule]:
    for name, known in (("own", _OWN), ("upstream", _UPSTREAM)):
        table = _table(content.get(name, {}), f"[{name}]")
        _check_keys(table, known, f"[{name}]")
        yield _rule(table, f"[{name}]", audience=_audience(name))


def _destination_rules(value: object) -> Iterator[Rule]:
    if not isinstance(value, list):
        raise ConfigError("[[destination]] must be an array of tables")
    for number, item in enumerate(value, start=1):
        where = f"[[destination]] {number}"
        table = _table(item, where)
        _check_keys(table, _DESTINATION, where)
        product = _text(table["product"], f"product in {where}") if "product" in table else None
        yield _rule(table, where, product=product, audience=_audience(table["audience"]) if "audience" in table else None)


def _rule(table: Mapping[str, Any], where: str, *, product: str | None = None, audience: Audience | None = None) -> Rule:
    hosts, products = table.get("hosts"), table.get("products")
    return Rule(
        mode=check_mode(table.get("mode", "on"), where=f"mode in {where}"),
        categories=check_categories(_texts(table.get("categories", CATEGORIES), f"categories in {where}"), where=f"categories in {where}"),
        hosts=None if hosts is None else frozenset(host.lower() for host in _texts(hosts, f"hosts in {where}")),
        products=None if products is None else frozenset(_texts(products, f"products in {where}")),
        product=product,
        audience=audience,
        where=where,
    )


def _check_keys(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
            raise ConfigError(f"unknown key {key!r} in {where}: {hint}")


def _audience(value: object) -> Audience:
    if value == "own":
        return "own"
    if value == "upstream":
        return "upstream"
    raise ConfigError(f"audience must be 'own' or 'upstream', not {value!r}")


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a table")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{where} must be text, not {value!r}")
    return value


def _texts(value: object, where: str) -> list[str]:
    if not isinstance(value, list | frozenset) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where} must be a list of texts, not {value!r}")
    return list(value)
