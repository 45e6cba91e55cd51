"""The registry as data: reads ``semconv/*.yaml`` and refuses what the formats or our own rules do not allow.

The files follow OpenTelemetry Weaver's registry format v2 (``file_format: definition/2``). Weaver itself is not needed: this reads the part
of the format that the registry uses, and the annotations ``smart_agents.privacy``, ``.kind``, ``.event`` and ``.metric``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).resolve().parent
CLASSES = ("S", "P", "C", "N", "scan")
CATEGORIES = ("agent", "skill", "feature", "error", "performance", "workflow")
MATCHES = ("exact", "prefix", "suffix", "word")
PURPOSES = ("usage", "reliability", "performance", "flow", "correlation", "proof", "safety", "never")
_SCALARS = ("string", "int", "double", "boolean", "string[]", "any")
_RESOLVED = ("class", "purpose", "retention", "pattern", "catalogue")
_PLAIN = ("category", "max_length", "max_items", "hashed", "fallback", "own_only", "category_in", "match", "content", "notice")
_ANNOTATION = frozenset({*_RESOLVED, *_PLAIN})


class RegistryError(ValueError):
    """A registry file says something that its format or our rules do not allow; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Member:
    """One word of a closed list."""

    value: str
    brief: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute of the registry, as its file states it; ``pattern`` and ``catalogue`` are resolved."""

    key: str
    type: str
    brief: str
    source: str
    privacy: str
    purpose: str
    retention: str
    template: bool = False
    deprecated_for: str = ""
    note: str = ""
    examples: tuple[Any, ...] = ()
    members: tuple[Member, ...] = ()
    category: str | None = None
    max_length: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    pattern_text: str | None = None
    catalogue: tuple[str, ...] | None = None
    hashed: bool = False
    fallback: str | None = None
    own_only: bool = False
    category_in: Mapping[str, str] = field(default_factory=dict)
    match: str = "exact"
    content: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One span kind, event or metric: what its file states, with our annotation and the keys that it refers to."""

    name: str
    brief: str
    annotation: Mapping[str, Any]
    keys: tuple[str, ...]
    unit: str = ""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that the registry states, in the order of its files."""

    entries: tuple[Entry, ...]
    spans: tuple[Signal, ...]
    events: tuple[Signal, ...]
    metrics: tuple[Signal, ...]
    patterns: Mapping[str, str]

    def of_class(self, *classes: str) -> Iterator[Entry]:
        """Yield the attributes of these privacy classes."""
        return (entry for entry in self.entries if entry.privacy in classes)


def load(folder: Path = HERE) -> Registry:
    """Read the registry from its folder.

    Raises:
        RegistryError: a file or a key breaks the format or one of our rules.
    """
    patterns = _patterns(folder / "lists")
    catalogues = _json(folder / "lists" / "catalogues.json")
    documents = _documents(folder)
    groups = {group["id"]: group["attributes"] for document in documents.values() for group in document.get("attribute_groups", ())}
    entries: list[Entry] = []
    signals: dict[str, list[Signal]] = {"spans": [], "events": [], "metrics": []}
    for name, document in documents.items():
        entries += [_entry(raw, name, patterns=patterns, catalogues=catalogues) for raw in document.get("attributes", ())]
        for group, found in signals.items():
            found += [_signal(raw, name, groups) for raw in document.get(group, ())]
    registry = Registry(tuple(entries), tuple(signals["spans"]), tuple(signals["events"]), tuple(signals["metrics"]), patterns)
    _check(registry)
    return registry


def _documents(folder: Path) -> dict[str, Any]:
    """Return file name → document; the manifest is Weaver's business."""
    found = {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.yaml"))
        if path.name != "manifest.yaml"
    }
    for name, document in found.items():
        if document.get("file_format") != "definition/2":
            raise RegistryError(f"{name}: file_format must be definition/2")
    return found


def _json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data.pop("about")
    return data


def _patterns(lists: Path) -> dict[str, str]:
    """Return the named patterns, those of models filled in from their lists (longest word first, so that both engines agree)."""
    words = {
        name: "|".join(w.replace(".", r"\.") for w in sorted(values, key=lambda w: (-len(w), w)))
        for name, values in _json(lists / "model-families.json").items()
    }
    patterns: dict[str, str] = _json(lists / "patterns.json")
    for name, values in words.items():
        patterns = {key: text.replace("{" + name + "}", values) for key, text in patterns.items()}
    return patterns


def _entry(raw: Mapping[str, Any], source: str, *, patterns: Mapping[str, str], catalogues: Mapping[str, Any]) -> Entry:
    key = raw.get("key", "?")
    where = f"{source}: {key}"
    note = raw.get("annotations", {}).get("smart_agents.privacy")
    if note is None:
        raise RegistryError(f"{where}: every attribute needs the annotation smart_agents.privacy")
    if unknown := set(note) - _ANNOTATION:
        raise RegistryError(f"{where}: unknown word in smart_agents.privacy: {', '.join(sorted(unknown))}")
    type_, members, template = _type(raw["type"], where)
    named = note.get("pattern")
    if named is not None and named not in patterns:
        raise RegistryError(f"{where}: pattern {named} is not in lists/patterns.json")
    catalogue = tuple(m.value for m in members) or tuple(catalogues.get(note.get("catalogue", ""), ())) or None
    plain = {name: note[name] for name in _PLAIN if name in note}
    return Entry(
        key=key,
        type=type_,
        brief=raw["brief"],
        source=source,
        privacy=note.get("class"),
        purpose=note.get("purpose"),
        retention=note.get("retention"),
        template=template,
        deprecated_for=raw.get("deprecated", {}).get("renamed_to", ""),
        note=raw.get("note", ""),
        examples=tuple(raw.get("examples", ())),
        members=members,
        pattern=named,
        pattern_text=patterns[named] if named else None,
        catalogue=catalogue,
        **plain,
    )


def _type(raw: Any, where: str) -> tuple[str, tuple[Member, ...], bool]:
    if isinstance(raw, dict):
        members = tuple(Member(m["value"], m.get("brief", "")) for m in raw["members"])
        if not all(isinstance(m.value, str) for m in members):
            raise RegistryError(f"{where}: the words of an enum must be text")
        return "string", members, False
    template = raw.startswith("template[")
    name = raw.removeprefix("template[").removesuffix("]") if template else raw
    if name not in _SCALARS:
        raise RegistryError(f"{where}: type {raw} is not one of {', '.join(_SCALARS)}")
    return name, (), template


def _signal(raw: Mapping[str, Any], source: str, groups: Mapping[str, Any]) -> Signal:
    name = raw.get("name") if isinstance(raw.get("name"), str) else raw.get("type")
    notes = [value for key, value in raw.get("annotations", {}).items() if key.startswith("smart_agents.")]
    if name is None or len(notes) != 1:
        raise RegistryError(f"{source}: {name}: a span, event or metric needs a name and exactly one smart_agents annotation")
    references = [one for reference in raw.get("attributes", ()) for one in groups.get(reference.get("ref_group"), (reference,))]
    if unresolved := [reference["ref_group"] for reference in references if "ref_group" in reference]:
        raise RegistryError(f"{source}: {name}: there is no attribute group {unresolved[0]}")
    keys = tuple(dict.fromkeys(reference["ref"] for reference in references))
    return Signal(name, raw["brief"], notes[0], keys, unit=raw.get("unit", ""), instrument=raw.get("instrument", ""))


def _check(registry: Registry) -> None:
    keys = [entry.key for entry in registry.entries]
    if doubled := {key for key in keys if keys.count(key) > 1}:
        raise RegistryError(f"defined twice: {', '.join(sorted(doubled))}")
    for entry in registry.entries:
        if problem := _problem(entry):
            raise RegistryError(f"{entry.source}: {entry.key}: {problem}")
    for signal in (*registry.spans, *registry.events, *registry.metrics):
        if missing := set(signal.keys) - set(keys):
            raise RegistryError(f"{signal.name}: refers to keys that are not defined: {', '.join(sorted(missing))}")


def _problem(entry: Entry) -> str | None:
    """Return what is wrong with one attribute by our own rules, or ``None``."""
    rules = (
        (entry.privacy not in CLASSES, f"class must be one of {', '.join(CLASSES)}"),
        (entry.purpose not in PURPOSES, f"purpose must be one of {', '.join(PURPOSES)}"),
        (not entry.retention, "retention is missing"),
        (entry.match not in MATCHES, f"match must be one of {', '.join(MATCHES)}"),
        ((entry.privacy == "C") != (entry.category is not None), "a category stands with class C and only there"),
        (entry.category not in (None, *CATEGORIES), f"category must be one of {', '.join(CATEGORIES)}"),
        (_unbounded(entry), "text of class S, P or C needs a catalogue or a pattern and a max_length"),
        (
            entry.privacy in "SPC" and not entry.notice and not entry.own_only,
            "notice is missing: the user must be told",
        ),
        ((entry.content or entry.match != "exact") and entry.privacy != "N", "content and match stand with class N only"),
    )
    return next((problem for broken, problem in rules if broken), None)


def _unbounded(entry: Entry) -> bool:
    if entry.privacy not in ("S", "P", "C") or not entry.type.startswith("string") or entry.catalogue:
        return False
    return entry.pattern is None or entry.max_length is None
