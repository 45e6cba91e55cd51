"""Writes the collector's files: keys for the stock ``redaction`` processor, and the whole registry as JSON for our own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semconv.model import Entry, Registry

_HEAD = """\
# Generated from semconv/*.yaml by `python -m semconv.generate`. Do not edit.
#
# Purpose: the keys that may pass, for the stock redaction processor: everything else is removed from resources, spans and records.
# Tested with: collector contrib 0.161.0. Stock component: it does not look at attributes of links, status messages and names of events.
# Use: otelcol --config your.yaml --config allow-list.yaml, and name redaction/smart_agents in your pipelines.
# The processor compares whole keys, so labels and captures of a program's own (smart_agents.label.*, smart_agents.capture.*) do not pass.
processors:
  redaction/smart_agents:
    allow_all_keys: false
    summary: silent
    allowed_keys:
"""


def allow_list_yaml(registry: Registry) -> str:
    """Return the configuration of the stock ``redaction`` processor: every key of class S, P, C or scan."""
    keys = sorted(entry.key for entry in registry.entries if entry.privacy != "N" and not entry.template)
    return _HEAD + "".join(f"      - {key}\n" for key in keys)


def allow_list_json(registry: Registry) -> str:
    """Return the registry for processors in other languages: attributes, prefixes, the never list, kinds, events and metrics."""
    open_entries = [entry for entry in registry.entries if entry.match in ("exact", "word")]
    never = list(registry.of_class("N"))
    document = {
        "generated": "from semconv/*.yaml by python -m semconv.generate; do not edit",
        "format": 1,
        "patterns": "RE2 syntax, match whole values",
        "attributes": [_attribute(entry) for entry in open_entries if not entry.template],
        "prefixes": [_attribute(entry) for entry in open_entries if entry.template],
        "never": {
            "prefixes": sorted(entry.key + ("." if entry.template else "") for entry in never if entry.match == "prefix"),
            "suffixes": sorted("." + entry.key for entry in never if entry.match == "suffix"),
            "words": sorted(entry.key for entry in never if entry.match == "word"),
        },
        "kinds": [dict(span.annotation) for span in registry.spans],
        "events": [{"name": e.name, "category": e.annotation["category"], "attributes": list(e.keys)} for e in registry.events],
        "metrics": [
            {"name": m.name, "instrument": m.instrument, "unit": m.unit, "category": m.annotation["category"], "attributes": list(m.keys)}
            for m in registry.metrics
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _attribute(entry: Entry) -> dict[str, Any]:
    facts = {
        "key": entry.key + ("." if entry.template else ""),
        "type": entry.type,
        "class": entry.privacy,
        "category": entry.category,
        "max_length": entry.max_length,
        "max_items": entry.max_items,
        "pattern": entry.pattern_text,
        "catalogue": sorted(entry.catalogue) if entry.catalogue else None,
        "hashed": entry.hashed,
        "fallback": entry.fallback,
        "own_only": entry.own_only,
        "content": entry.content,
        "category_in": dict(entry.category_in),
    }
    return {name: value for name, value in facts.items() if value}
