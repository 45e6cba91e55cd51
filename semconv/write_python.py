"""Writes ``otel_smart_agents/semconv.py``: the registry as constants and flat tables, cheap to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semconv.model import CATEGORIES, Entry, Registry, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
"""The release of OpenTelemetry's conventions that the resource, HTTP, database and network names come from (the newest one that the SDK of
the dependency list knows). The GenAI names have no release and no schema of their own yet."""

_HEAD = '''"""What may be collected: names, types, privacy classes, consent categories.

Generated from ``semconv/*.yaml`` by ``python -m semconv.generate``. Do not edit: change the registry and generate again.

A key that is not in :data:`ATTRIBUTES` and under no prefix of :data:`KEY_PREFIXES` is dropped. Patterns are RE2 syntax and match whole
values. Every instrumented program imports this module, so it is made to load in about a millisecond: named tuples, as four dataclasses take
3 ms to define, and annotations that are evaluated, as a named tuple compiles each one that is text.
"""
# ruff: noqa: E501, S105 - one attribute per line reads better than wrapped rows; a key with "token" in its name is no password

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Privacy(StrEnum):
    """Privacy class of an attribute."""

    SAFE = "S"
    """Safe with any consent."""
    PSEUDONYMOUS = "P"
    """Pseudonymous: rotates, can be erased."""
    CONSENT = "C"
    """Only with consent to its category."""
    NEVER = "N"
    """Never recorded or exported."""
    SCAN = "scan"
    """Key of another instrumentation, label or capture: the detectors look at the value; own destinations only."""


class Attribute(NamedTuple):
    """One registered attribute.

    Attributes:
        key: its name (for a prefix: with the final dot).
        type: ``string``, ``int``, ``double``, ``boolean``, ``string[]`` or ``any``.
        privacy: its class.
        category: the consent category that it needs (class C).
        max_length: characters kept of one text value.
        pattern: what a whole text value (or element) must match, RE2 syntax.
        catalogue: the closed list of its values (or elements).
        hashed: the value is the program's own id and is replaced by a keyed hash.
        fallback: what stands in place of a value outside catalogue or pattern; ``None``: ``other-<key id>-<keyed hash>``.
        max_items: elements kept of a list.
        own_only: never to an upstream destination.
        content: class N, but code may let it through explicitly, to an own destination only.
        category_in: span kind → category that it needs there instead of ``category``.
    """

    key: str
    type: str
    privacy: Privacy
    category: str | None = None
    max_length: int | None = None
    pattern: str | None = None
    catalogue: frozenset[str] | None = None
    hashed: bool = False
    fallback: str | None = None
    max_items: int | None = None
    own_only: bool = False
    content: bool = False
    category_in: Mapping[str, str] = MappingProxyType({})


class Kind(NamedTuple):
    """What a span is about: its name is ``{operation} {value of name_key}``, or the bare operation."""

    operation: str
    category: str
    name_key: str


class Event(NamedTuple):
    """A log record with an event name; ``category`` is ``None`` where no consent category is needed."""

    name: str
    category: str | None
    attributes: frozenset[str]


class Metric(NamedTuple):
    """A metric; ``category`` is ``None`` for the package's own health, which leaves only to own destinations."""

    name: str
    instrument: str
    unit: str
    category: str | None
    attributes: frozenset[str]
    brief: str


SCOPE_NAME: Final = "otel_smart_agents"
"""Name of the instrumentation scope of everything that this package records."""
SCHEMA_URL: Final = "@SCHEMA_URL@"
"""Stands on the instrumentation scope only: merging resources with different schema URLs loses attributes."""
'''


def constant(key: str) -> str:
    """Return the name of a key's constant: ``gen_ai.agent.name`` → ``GEN_AI_AGENT_NAME``."""
    return key.upper().replace(".", "_")


def python_module(registry: Registry) -> str:
    """Return the text of ``otel_smart_agents/semconv.py``."""
    parts = [_HEAD.replace("@SCHEMA_URL@", SCHEMA_URL)]
    parts += [_constants(registry), _enums(registry), _patterns(registry), _attributes(registry), _never(registry)]
    parts += [_signals(registry), _notice(registry)]
    return "\n".join(parts)


def _set(values: Iterable[str]) -> str:
    inner = ", ".join(f'"{value}"' for value in sorted(values))
    return f"frozenset({{{inner}}})" if inner else "frozenset()"


def _constants(registry: Registry) -> str:
    usable = [entry for entry in registry.entries if entry.match == "exact" and not entry.template]
    lines = [f'{constant(entry.key)}: Final = "{entry.key}"' for entry in usable]
    return "\n# Names of attributes\n" + "\n".join(lines) + "\n"


def _enums(registry: Registry) -> str:
    by_key = {entry.key: entry for entry in registry.entries}
    names = {
        "OUTCOMES": "smart_agents.outcome",
        "ERROR_CATEGORIES": "smart_agents.error.category",
        "SKILL_PHASES": "smart_agents.skill.phase",
        "FEATURE_ACTIONS": "smart_agents.feature.action",
        "SOURCES": "smart_agents.source",
        "TASK_SIZES": "smart_agents.task.size",
        "TOOL_TYPES": "gen_ai.tool.type",
        "PROVIDERS": "gen_ai.provider.name",
        "OPERATIONS": "gen_ai.operation.name",
        "DROP_REASONS": "smart_agents.drop.reason",
        "EXPORT_RESULTS": "smart_agents.export.result",
    }
    lines = [f"{name}: Final = {_set(by_key[key].catalogue or ())}" for name, key in names.items()]
    lines.append(f"CONSENT_CATEGORIES: Final = {_set(CATEGORIES)}")
    lines.append('OTHER: Final = "other"\nERROR_TYPE_OTHER: Final = "_OTHER"')
    return "# Closed lists of values\n# fmt: off\n" + "\n".join(lines) + "\n# fmt: on\n"


def _patterns(registry: Registry) -> str:
    used = {entry.pattern for entry in registry.entries if entry.pattern}
    lines = [f'PATTERN_{name.upper()}: Final = r"{text}"' for name, text in registry.patterns.items() if name in used]
    return "# Patterns of whole values\n" + "\n".join(lines) + "\n"


def _row(entry: Entry, *, suffix: str = "") -> str:
    parts = [f'"{entry.key}{suffix}"', f'"{entry.type}"', f"_{entry.privacy.upper()}"]
    known = {
        "category": f'"{entry.category}"' if entry.category else "",
        "max_length": entry.max_length or "",
        "pattern": f"PATTERN_{entry.pattern.upper()}" if entry.pattern else "",
        "catalogue": _catalogue(entry),
        "hashed": entry.hashed or "",
        "fallback": f'"{entry.fallback}"' if entry.fallback else "",
        "max_items": entry.max_items or "",
        "own_only": entry.own_only or "",
        "content": entry.content or "",
        "category_in": "MappingProxyType(" + str(dict(entry.category_in)).replace("'", '"') + ")" if entry.category_in else "",
    }
    parts += [f"{name}={value}" for name, value in known.items() if value != ""]
    return f"    Attribute({', '.join(parts)}),"


def _catalogue(entry: Entry) -> str:
    return _set(entry.catalogue) if entry.catalogue else ""


def _attributes(registry: Registry) -> str:
    exact = [entry for entry in registry.entries if not entry.template and entry.match in ("exact", "word")]
    prefixes = [entry for entry in registry.entries if entry.template and entry.privacy != "N"]
    lines = ["_S, _P, _C, _N, _SCAN = Privacy", "", "# fmt: off", "_TABLE: Final = ("]
    lines += [_row(entry) for entry in exact]
    lines += [")", "_PREFIXES: Final = ("]
    lines += [_row(entry, suffix=".") for entry in prefixes]
    lines += [")", "# fmt: on", ""]
    lines += ["ATTRIBUTES: Final[Mapping[str, Attribute]] = MappingProxyType({attribute.key: attribute for attribute in _TABLE})"]
    lines += ['"""Every registered key, resource keys too."""']
    lines += ["KEY_PREFIXES: Final[Mapping[str, Attribute]] = MappingProxyType({attribute.key: attribute for attribute in _PREFIXES})"]
    lines += ['"""Prefixes under which a program may use names of its own; own destinations only."""']
    return "\n".join(lines) + "\n"


def _tuple(values: Iterable[str]) -> str:
    inner = ", ".join(f'"{value}"' for value in values)
    return f"({inner},)" if inner.count('"') == 2 else f"({inner})"


def _never(registry: Registry) -> str:
    never = list(registry.of_class("N"))
    prefixes = sorted(entry.key + ("." if entry.template else "") for entry in never if entry.match == "prefix")
    lines = [f"NEVER_PREFIXES: Final = {_tuple(prefixes)}"]
    lines += ['"""A key that begins with one of these is of class N."""']
    lines += [f"NEVER_SUFFIXES: Final = {_tuple(sorted('.' + entry.key for entry in never if entry.match == 'suffix'))}"]
    lines += ['"""A key that ends in one of these is of class N."""']
    lines += [f"NEVER_WORDS: Final = {_set(entry.key for entry in never if entry.match == 'word')}"]
    lines += [
        '"""A key is of class N if its words (split at ``. _ -`` and a change of case) contain one of these and it is not registered."""'
    ]
    lines += [f"CONTENT_KEYS: Final = {_set(entry.key for entry in never if entry.content)}"]
    lines += ['"""Keys of class N that code may let through explicitly, to an own destination only."""']
    return "# fmt: off\n" + "\n".join(lines) + "\n# fmt: on\n"


def _signals(registry: Registry) -> str:
    lines = ["# Kinds of spans, events, metrics", "# fmt: off", "KINDS: Final[Mapping[str, Kind]] = MappingProxyType({"]
    for span in registry.spans:
        note = span.annotation
        lines.append(f'    "{note["kind"]}": Kind("{note["operation"]}", "{note["category"]}", "{note["name_key"]}"),')
    lines += ["})", '"""Kind (``smart_agents.kind``) → how its spans are named and which consent they need."""']
    lines += [f'EVENT_{event.annotation["constant"]}: Final = "{event.name}"' for event in registry.events]
    lines += ["EVENTS: Final[Mapping[str, Event]] = MappingProxyType({"]
    lines += [
        f"    EVENT_{e.annotation['constant']}: Event(EVENT_{e.annotation['constant']}, {_category(e)}, {_set(e.keys)}),"
        for e in registry.events
    ]
    lines += ["})"]
    lines += [f'METRIC_{metric.annotation["constant"]}: Final = "{metric.name}"' for metric in registry.metrics]
    lines += ["METRICS: Final[Mapping[str, Metric]] = MappingProxyType({"]
    lines += [_metric(metric) for metric in registry.metrics]
    lines += ["})", "DURATION_METRICS: Final[Mapping[str, str]] = MappingProxyType({"]
    lines += [f'    "{m.annotation["kind"]}": METRIC_{m.annotation["constant"]},' for m in registry.metrics if "kind" in m.annotation]
    lines += ['    "skill": METRIC_EXECUTE_TOOL_DURATION,', "})", '"""Kind → its duration histogram (seconds)."""', "# fmt: on"]
    return "\n".join(lines) + "\n"


def _category(signal: Signal) -> str:
    category = signal.annotation["category"]
    return f'"{category}"' if category else "None"


def _metric(metric: Signal) -> str:
    name = f"METRIC_{metric.annotation['constant']}"
    return (
        f'    {name}: Metric({name}, "{metric.instrument}", "{metric.unit}", {_category(metric)}, {_set(metric.keys)}, "{metric.brief}"),'
    )


def phrases(entries: Iterable[Entry]) -> list[str]:
    """Return the notice's phrases of these attributes, each once, in the registry's order."""
    return list(dict.fromkeys(entry.notice for entry in entries if entry.notice))


def notice_collected(registry: Registry) -> dict[str, list[str]]:
    """Return category → phrases of what is collected with consent to it."""
    found = {category: phrases(e for e in registry.entries if e.category == category) for category in CATEGORIES}
    found["performance"] = [
        "how long runs of agents, skills, tools and workflows took, as a distribution: no single run can be read from it"
    ]
    return found


def notice_always(registry: Registry) -> list[str]:
    """Return the phrases of what goes with any consent; keys for own destinations only are their operator's business."""
    times = "when a run began and ended, and random numbers that link the runs of one task"
    return [times, *phrases(entry for entry in registry.of_class("S", "P") if not entry.own_only)]


def _notice(registry: Registry) -> str:
    lines = ["# Text of the consent notice", "# fmt: off", "NOTICE_COLLECTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"]
    for category, texts in notice_collected(registry).items():
        lines.append(f'    "{category}": (')
        lines += [f'        "{text}",' for text in texts]
        lines.append("    ),")
    lines += ["})", '"""Category → what is collected with consent to it."""', "NOTICE_ALWAYS: Final = ("]
    lines += [f'    "{text}",' for text in notice_always(registry)]
    lines += [")", '"""What goes with any consent."""', "NOTICE_NEVER: Final = ("]
    lines += [f'    "{text}",' for text in phrases(registry.of_class("N"))]
    lines += [")", '"""What is never collected."""', "# fmt: on"]
    return "\n".join(lines) + "\n"
