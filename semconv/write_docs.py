"""Writes the pages that are made from the registry: data dictionary, error taxonomy, template of a notice and privacy policy."""

# ruff: noqa: E501 - a sentence of a page stands on one line here, as it does in the page

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from semconv.write_python import notice_always, notice_collected, phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from semconv.model import Entry, Registry, Signal

_MARK = "<!-- Generated from semconv/*.yaml by `python -m semconv.generate`. Do not edit: change the registry and generate again. -->\n"

_CLASSES = {
    "S": "safe with any consent",
    "P": "pseudonymous: rotates, can be erased",
    "C": "only with consent to the category beside it",
    "N": "never recorded or exported",
    "scan": "key of another instrumentation, or a name of the program's own: the detectors look at the value; own destinations only",
}
_PURPOSES = {
    "usage": "which agents, skills and features are used",
    "reliability": "which fail, and how",
    "performance": "which are slow",
    "flow": "in which order they are used",
    "correlation": "to tell runs apart and to bring together what belongs together",
    "proof": "to show that consent was given, or that data is to be deleted",
    "safety": "to see that the filter and the transport work",
}
_SECTIONS = (
    ("agents.yaml", "Names of this project"),
    ("gen_ai.yaml", "OpenTelemetry's GenAI names, and errors"),
    ("resource.yaml", "Product, runtime and random ids"),
    ("external.yaml", "Names of other instrumentations"),
)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def _page(*blocks: str | list[str]) -> str:
    texts = ["\n".join(block) if isinstance(block, list) else block for block in blocks]
    return _MARK + "\n" + "\n\n".join(texts) + "\n"


def data_dictionary(registry: Registry) -> str:
    """Return the data dictionary: every key, kind, event and metric with class, category, values, purpose and retention."""
    blocks: list[str | list[str]] = [
        "# Data dictionary",
        (
            "Everything that this package may record. A key that is not here is dropped. The same table decides what the code lets through, what "
            "the collector lets through and what the consent notice says."
        ),
        "## Privacy classes",
        _table(("class", "meaning"), _CLASSES.items()),
        (
            "A text of class S, P or C must match its values or its form below. A name that does not becomes `other-<key id>-<16 hex>`, a keyed "
            "hash; an id becomes a keyed hash; where the table names a substitute, that stands in its place."
        ),
        "## Purposes",
        _table(("purpose", "meaning"), _PURPOSES.items()),
        "## Forms",
        _table(("form", "pattern (RE2, whole value)"), ((name, f"`{_short(text)}`") for name, text in registry.patterns.items())),
    ]
    for source, title in _SECTIONS:
        entries = [entry for entry in registry.entries if entry.source == source]
        blocks += [f"## {title}", _table(("key", "type", "class", "values", "for", "kept", "what"), (_row(entry) for entry in entries))]
    blocks += ["## Never", _never_text(), _table(("key", "compared", "what"), (_never_row(entry) for entry in registry.of_class("N")))]
    blocks += ["## Spans", _table(("kind", "name of the span", "category", "attributes"), (_span_row(span) for span in registry.spans))]
    blocks += ["## Events", _table(("event", "category", "attributes"), (_event_row(event) for event in registry.events))]
    blocks += ["## Metrics", _metric_text()]
    blocks += [
        _table(("metric", "instrument", "unit", "category", "attributes", "what"), (_metric_row(metric) for metric in registry.metrics))
    ]
    return _page(*blocks)


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= 120 else pattern[:60] + " … (semconv/lists/model-families.json)"


def _class(entry: Entry) -> str:
    text = f"C:{entry.category}" if entry.privacy == "C" else entry.privacy
    elsewhere = "".join(f"; C:{category} on spans of kind {kind}" for kind, category in entry.category_in.items())
    return text + elsewhere + ("; own only" if entry.own_only else "")


def _values(entry: Entry) -> str:
    parts = []
    if entry.catalogue:
        parts.append(", ".join(f"`{value}`" for value in entry.catalogue))
    if entry.hashed:
        parts.append("keyed hash")
    elif entry.pattern:
        parts.append(f"form {entry.pattern}")
    if entry.max_length and not entry.catalogue:
        parts.append(f"at most {entry.max_length} characters")
    if entry.max_items:
        parts.append(f"at most {entry.max_items} items")
    if entry.fallback:
        parts.append(f"else `{entry.fallback}`")
    if entry.examples:
        parts.append(f"e.g. {_example(entry.examples[0])}")
    return "; ".join(parts)


def _example(value: Any) -> str:
    return f"`[{', '.join(value)}]`" if isinstance(value, list) else f"`{value}`"


def _key(entry: Entry) -> str:
    return f"`{entry.key}.*`" if entry.template else f"`{entry.key}`"


def _row(entry: Entry) -> tuple[str, ...]:
    what = entry.brief + (f" {entry.note}" if entry.note else "")
    what += f" Now `{entry.deprecated_for}`." if entry.deprecated_for else ""
    return _key(entry), entry.type, _class(entry), _values(entry), entry.purpose, entry.retention, what


def _never_text() -> str:
    return (
        "Not recorded, not exported. `word`: the words of any key, split at `.`, `_`, `-` and at a change of case, contain these words next to "
        "each other (`apiKey`, `my_api_key`). A key marked *content* can be let through by code, explicitly, to an own destination only."
    )


def _never_row(entry: Entry) -> tuple[str, ...]:
    shown = (
        f"`*.{entry.key}`"
        if entry.match == "suffix"
        else f"`{entry.key}*`"
        if entry.match == "prefix" and not entry.template
        else _key(entry)
    )
    return shown, entry.match, entry.brief + (" *content*" if entry.content else "")


def _keys(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _span_row(span: Signal) -> tuple[str, ...]:
    note = span.annotation
    return f"{note['kind']}: {span.brief}", f"`{note['operation']} {{{note['name_key']}}}`", note["category"], _keys(span.keys)


def _event_row(event: Signal) -> tuple[str, ...]:
    return f"`{event.name}`: {event.brief}", event.annotation["category"] or "none", _keys(event.keys)


def _metric_text() -> str:
    return (
        "Durations are base-2 exponential histograms in seconds; percentiles are never sent. Metrics without a category tell about the health of "
        "this package and go to own destinations only."
    )


def _metric_row(metric: Signal) -> tuple[str, ...]:
    note = metric.annotation
    return f"`{metric.name}`", metric.instrument, f"`{metric.unit}`", note["category"] or "none", _keys(metric.keys), metric.brief


def error_taxonomy(registry: Registry) -> str:
    """Return the page about outcomes, error categories and reasons of drops."""
    found = {entry.key: entry for entry in registry.entries}

    def words(key: str) -> list[str]:
        return _table((f"`{key}`", "meaning"), ((f"`{member.value}`", member.brief) for member in found[key].members))

    return _page(
        "# Error taxonomy",
        "How a run can end, how errors are sorted, and why telemetry can be missing. No message, no stack text and no value of a program is part of it.",
        "## Outcome",
        "Every span of a run has one. The status of the span is ERROR for `failure` and `timeout` with an exception, and unset for all others; OK is never set.",
        words("smart_agents.outcome"),
        "## Error type",
        "`error.type` is the class name of the exception. It stands on a span exactly when the span's status is ERROR. Without consent to the category "
        "*error* it is `_OTHER`, and category, component and stack hash are left out.",
        "## Error category",
        "Found by the type of the exception and its base classes; a program can sort its own types with `otel_smart_agents.privacy.set_category_hook`.",
        words("smart_agents.error.category"),
        "## Stack hash",
        f"`smart_agents.error.stack_hash`: {found['smart_agents.error.stack_hash'].brief} Equal errors have equal hashes on every machine.",
        "## Why telemetry is missing",
        "Counted by reason; `otel-smart-agents status` shows the counts, and the metric `smart_agents.dropped` carries them.",
        words("smart_agents.drop.reason"),
        "## How a request to the back end ended",
        words("smart_agents.export.result"),
    )


def notice_template(registry: Registry) -> str:
    """Return the template of a notice and of the section of a privacy policy, with the registry's text and blanks for the controller."""

    def items(values: Iterable[str]) -> list[str]:
        return [f"- {value}" for value in values]

    collected: list[str | list[str]] = []
    for category, texts in notice_collected(registry).items():
        collected += [f"### {category}", items(texts)]
    return _page(
        "# Template: notice and privacy policy",
        "Copy this page into your product's documentation and fill in what stands in `{braces}`; the same facts go into "
        "`otel_smart_agents.Notice(...)`, which refuses to be incomplete. The lists of what is and is not collected come from the registry: keep them "
        "as they are, or they no longer say what the code does. This is a text to start from, not legal advice.",
        "---",
        "# Usage data of {product}",
        "Version {version} of this notice.",
        "{product} can send usage data to {controller}. **It is off until you say yes**, and you can say no again at any time; it is as easy as saying yes.",
        "## Who is responsible",
        "{controller}. Contact: {contact}. Full privacy policy: {policy_url}",
        "## What it is for",
        items(("{purposes: one sentence each, for example: to see which agents and skills are used, which fail and which are slow}",)),
        "## What is collected",
        "You can agree to each category alone.",
        *collected,
        "### With any of them",
        items(notice_always(registry)),
        "## What is never collected",
        items(phrases(registry.of_class("N"))),
        "A program filters everything on your machine before it is written to disk. You can read every byte before it leaves: "
        "`otel-smart-agents preview`.",
        "## Who gets it, where it is kept, for how long",
        "Recipients: {recipients}. Kept in {country}. Retention: {retention}.",
        "The server sees your IP address while it takes the data; it is not part of the data. {what you do with it}",
        "The random id of your installation is made when you agree, never from your hardware, host or account, and is replaced every 30 days.",
        "## Your choices and rights",
        items(
            (
                "Say yes: `otel-smart-agents enable`; for some categories only: `enable --category agent`. Only a person at a terminal can.",
                "Say no: `otel-smart-agents disable`. What was not sent yet is deleted at once, and a deletion request for your ids is sent if anything was.",
                "See your choice, and which setting decided: `otel-smart-agents status`. Your receipt: `otel-smart-agents receipt`.",
                "See what would leave, and what left: `otel-smart-agents preview`, `preview --sent`.",
                "Switch off by environment: `DO_NOT_TRACK=1` or `SMART_AGENTS_TELEMETRY=off`.",
                "{rights: access, erasure, objection, complaint to an authority, and how to ask for them}",
            )
        ),
    )
