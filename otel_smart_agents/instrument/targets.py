"""Targets of the instrumentor: which functions of code that one cannot edit are agents, skills, tools, workflows or steps.

``{"pkg.mod:Class.method": "agent", "pkg.mod:search": {"kind": "tool", "name": "web-search"}}``, or the same in the environment variable
``OTEL_PYTHON_SMART_AGENTS_TARGETS``: as text (``pkg.mod:Class.method=agent;pkg.mod:search=tool``) or as the path of a TOML file with a
table ``[targets]``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from otel_smart_agents.env import OTEL_PYTHON_SMART_AGENTS_PREFIX, Environ, get
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.spec import KINDS, Options

OTEL_PYTHON_SMART_AGENTS_TARGETS: Final = OTEL_PYTHON_SMART_AGENTS_PREFIX + "TARGETS"
_PATH = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_WORDS: Final = frozenset({"name", "version", "source", "attributes", "capture", "root", "phase", "placement"})


@dataclass(frozen=True, slots=True)
class Target:
    """One function to wrap.

    Attributes:
        module: import name of the module.
        path: the function in the module, ``function`` or ``Class.method``.
        options: what it is.
    """

    module: str
    path: str
    options: Options


def parse(given: Any, where: str) -> tuple[Target, ...]:
    """Return the targets of a mapping ``"module:path"`` → kind, or → mapping with ``kind`` and the keywords of the decorators.

    Raises:
        TypeError: not such a mapping.
        ConfigError: a path or a kind that cannot be used.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"{where} takes a mapping of 'module:Class.method' to a kind, not {type(given).__name__}")
    return tuple(_target(path, what, where) for path, what in given.items())


def _target(path: Any, what: Any, where: str) -> Target:
    match = _PATH.fullmatch(path) if isinstance(path, str) else None
    if match is None:
        raise ConfigError(f"{where} has {path!r}: a target is written 'package.module:function' or 'package.module:Class.method'")
    words = {"kind": what} if isinstance(what, str) else dict(what) if isinstance(what, Mapping) else {}
    kind = words.pop("kind", None)
    if kind not in KINDS:
        raise ConfigError(f"{where} has {kind!r} for {path!r}: the kind must be one of {', '.join(KINDS)}")
    known = _WORDS - ({"phase"} if kind != "skill" else set()) - ({"placement"} if kind != "agent" else set())
    if unknown := sorted(map(str, set(words) - known)):
        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(sorted(known))}"
        raise ConfigError(f"{where} has {unknown[0]!r} for {path!r}; {hint}")
    try:
        return Target(match[1], match[2], Options(kind, **words).checked())
    except (ConfigError, TypeError) as error:
        raise type(error)(f"{where} for {path!r}: {error}") from None


def from_environ(environ: Environ) -> tuple[Target, ...]:
    """Return the targets that the environment names; none if the variable is unset.

    Raises:
        ConfigError: the variable or the file it names cannot be used.
    """
    text = get(environ, OTEL_PYTHON_SMART_AGENTS_TARGETS)
    if text is None:
        return ()
    if text.endswith(".toml"):
        return parse(_from_file(Path(text)), f"the table [targets] of {text}")
    pairs = [item.partition("=") for item in re.split(r"[;,]", text) if item.strip()]
    return parse({path.strip(): kind.strip() for path, _, kind in pairs}, OTEL_PYTHON_SMART_AGENTS_TARGETS)


def _from_file(path: Path) -> Any:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")).get("targets", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{OTEL_PYTHON_SMART_AGENTS_TARGETS} names {path}, which cannot be read: {error}") from error
