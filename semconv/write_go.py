"""Writes the collector's copy of the registry and of the Python filter's tables: ``processors/internal/registry/generated.go``.

The tables of kinds, names and well-known exception classes are data of ``otel_smart_agents.privacy``: they are read from there and written
down, never typed twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from otel_smart_agents.privacy import category_tables, decisions, kinds, names
from semconv.model import CATEGORIES
from semconv.write_python import SCHEMA_URL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from semconv.model import Entry, Registry, Signal

_HEAD = """\
// Code generated from semconv/*.yaml by "python -m semconv.generate"; DO NOT EDIT.

package registry
"""
_CLASSES = {"S": "Safe", "P": "Pseudonymous", "C": "Consent", "N": "Never", "scan": "Scan"}
_TYPES = {"string": "String", "int": "Int", "double": "Double", "boolean": "Boolean", "string[]": "Strings", "any": "Any"}
_INITIALISMS = {
    "id": "ID",
    "ai": "AI",
    "url": "URL",
    "http": "HTTP",
    "db": "DB",
    "rpc": "RPC",
    "os": "OS",
    "sdk": "SDK",
    "sha256": "SHA256",
    "uuid": "UUID",
    "mcp": "MCP",
}
_LATER_CLASSES = frozenset({"PythonFinalizationError"})  # of newer Pythons, so that every Python writes the same file
_ELSEWHERE_CLASSES = frozenset({"WindowsError"})  # of one system only, and there another name of OSError


def go_registry(registry: Registry) -> str:
    """Return the text of ``generated.go``, in the form that gofmt leaves as it is."""
    return "\n".join([_HEAD, *_constants(registry), *_attributes(registry), *_never(registry), *_signals(registry), *_tables()])


def _quoted(text: str) -> str:
    """Return the text as a Go string: JSON's escapes are Go's too, and ASCII keeps the file plain."""
    return json.dumps(text)


def _name(text: str) -> str:
    """Return the words of a key as a Go name: ``gen_ai.agent.name`` → ``GenAIAgentName``."""
    words = text.replace(".", "_").replace("-", "_").split("_")
    return "".join(_INITIALISMS.get(word, word[:1].upper() + word[1:]) for word in words if word)


def _categories(names_of: Iterable[str]) -> str:
    return " | ".join(_name(name) for name in CATEGORIES if name in set(names_of)) or "0"


def _list(values: Iterable[str]) -> str:
    return "[]string{" + ", ".join(_quoted(value) for value in sorted(values)) + "}"


def _aligned(rows: Mapping[str, str], sign: str) -> list[str]:
    """Return rows in columns, as gofmt sets them in blocks of constants and composite literals."""
    width = max(map(len, rows))
    return [f"\t{left}{' ' * (width - len(left))} {sign} {right}" for left, right in rows.items()]


def _constants(registry: Registry) -> list[str]:
    usable = [entry.key for entry in registry.entries if entry.match == "exact" and not entry.template]
    keys = {f"Key{_name(key)}": _quoted(key) for key in usable}
    forms = {f"Pattern{_name(name)}": _quoted(text) for name, text in sorted(registry.patterns.items())}
    return [
        "// ScopeName is the instrumentation scope of everything that the package records; SchemaURL stands on that scope.",
        "const (",
        *_aligned({"ScopeName": _quoted("otel_smart_agents"), "SchemaURL": _quoted(SCHEMA_URL)}, "="),
        ")\n",
        "// Keys of the registry.\nconst (",
        *_aligned(keys, "="),
        ")\n",
        "// Patterns of whole values, RE2 syntax.\nconst (",
        *_aligned(forms, "="),
        ")\n",
    ]


def _attributes(registry: Registry) -> list[str]:
    open_entries = [entry for entry in registry.entries if entry.match in ("exact", "word")]
    return [
        "// Attributes are the registered keys.\nvar Attributes = []Attribute{",
        *(_attribute(entry, registry) for entry in open_entries if not entry.template),
        "}\n",
        "// Prefixes are the beginnings of keys under which a program may use names of its own.\nvar Prefixes = []Attribute{",
        *(_attribute(entry, registry) for entry in open_entries if entry.template),
        "}\n",
    ]


def _attribute(entry: Entry, registry: Registry) -> str:
    by_text = {text: f"Pattern{_name(name)}" for name, text in registry.patterns.items()}
    facts = {
        "Key": _quoted(entry.key + ("." if entry.template else "")),
        "Type": _TYPES[entry.type],
        "Class": _CLASSES[entry.privacy],
        "Category": _name(entry.category) if entry.category else None,
        "MaxLength": entry.max_length,
        "MaxItems": entry.max_items,
        "Pattern": by_text.get(entry.pattern_text or ""),
        "Catalogue": _list(entry.catalogue) if entry.catalogue else None,
        "Hashed": "true" if entry.hashed else None,
        "Fallback": _quoted(entry.fallback) if entry.fallback else None,
        "OwnOnly": "true" if entry.own_only else None,
        "Content": "true" if entry.content else None,
        "CategoryIn": _map("Category", {kind: _name(category) for kind, category in entry.category_in.items()}),
    }
    return "\t{" + ", ".join(f"{name}: {value}" for name, value in facts.items() if value) + "},"


def _map(value_type: str, rows: Mapping[str, str]) -> str | None:
    inner = ", ".join(f"{_quoted(key)}: {value}" for key, value in rows.items())
    return f"map[string]{value_type}{{{inner}}}" if inner else None


def _never(registry: Registry) -> list[str]:
    never = list(registry.of_class("N"))
    return [
        "// What puts a key on the never-list: its beginning, its ending, or words in it that stand next to each other.\nvar (",
        *_aligned(
            {
                "NeverPrefixes": _list(entry.key + ("." if entry.template else "") for entry in never if entry.match == "prefix"),
                "NeverSuffixes": _list("." + entry.key for entry in never if entry.match == "suffix"),
                "NeverWords": _list(entry.key for entry in never if entry.match == "word"),
            },
            "=",
        ),
        ")\n",
    ]


def _signals(registry: Registry) -> list[str]:
    operations = next(entry.catalogue for entry in registry.entries if entry.key == "gen_ai.operation.name") or ()
    return [
        "// Kinds are what a span can be about, in the order in which they are looked for.\nvar Kinds = []Kind{",
        *(_kind(span.annotation) for span in registry.spans),
        "}\n",
        "// Events are the log records with a registered event name.\nvar Events = []Event{",
        *(f"\t{{Name: {_quoted(event.name)}{_needs(event)}}}," for event in registry.events),
        "}\n",
        "// Metrics are the registered metrics.\nvar Metrics = []Metric{",
        *(f"\t{{Name: {_quoted(metric.name)}{_needs(metric)}, Brief: {_quoted(metric.brief)}}}," for metric in registry.metrics),
        "}\n",
        f"// Operations are the operations of the GenAI conventions.\nvar Operations = {_list(operations)}\n",
    ]


def _kind(annotation: Mapping[str, Any]) -> str:
    fields = {"Name": "kind", "Operation": "operation", "NameKey": "name_key"}
    texts = ", ".join(f"{field}: {_quoted(annotation[source])}" for field, source in fields.items())
    return f"\t{{{texts}, Category: {_name(annotation['category'])}}},"


def _needs(signal: Signal) -> str:
    category = signal.annotation["category"]
    return f", Category: {_name(category)}" if category else ""


def _tables() -> list[str]:
    public = {name for name in category_tables.KNOWN_CLASSES if not name.startswith("_")}  # 3.13 has a private one of its parser
    known = (public | _LATER_CLASSES) - _ELSEWHERE_CLASSES
    return [
        "// The tables of the Python filter: what foreign words for a kind mean, which names are well known, what a resource alone states.",
        "var (",
        f"\tKindByOperation = {_map('string', dict(sorted(_text_values(kinds.BY_OPERATION).items())))}",
        "",
        "\tKindByVendorWord = []VendorWords{",
        *(f"\t\t{{Key: {_quoted(key)}, Kinds: {_map('string', _text_values(words))}}}," for key, words in kinds.BY_VENDOR_KIND.items()),
        "\t}",
        "",
        f"\tModelPrefixes = {_list(kinds.MODEL_PREFIXES)}",
        "",
        f"\tNameKeys = {_map('string', dict(sorted(_text_values(names.NAME_KEYS).items())))}",
        "",
        f"\tMethods = {_list(names.METHODS)}",
        "",
        f"\tErrorEndings = {_list(names.ERROR_ENDINGS)}",
        "",
        f"\tResourceKeys = {_list(decisions.RESOURCE_KEYS)}",
        "",
        f"\tKnownClasses = {_list(known)}",
        ")",
        "",
    ]


def _text_values(table: Mapping[str, str]) -> dict[str, str]:
    return {key: _quoted(value) for key, value in table.items()}
