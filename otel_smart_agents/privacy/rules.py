"""One rule per attribute key: what may be kept of its values. Clean short texts are remembered, because names and models repeat."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.privacy.category_tables import KNOWN_CLASSES
from otel_smart_agents.privacy.decisions import KeyDecision, decide
from otel_smart_agents.privacy.scanner import INT64_END, INT64_MIN, Scanner, WordScanner
from otel_smart_agents.privacy.steps import step_check
from otel_smart_agents.privacy.tally import Tally
from otel_smart_agents.privacy.texts import ERROR_VALUE, Check, catalogue_of, check_of

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.semconv import Attribute

Filter = Callable[[Any, Tally], Any]
"""Returns what may be kept of a value, ``None`` to drop it."""

REMEMBERED_LENGTH: Final = 64
"""Longest text that is remembered."""
REMEMBERED_TEXTS: Final = 512
"""Texts remembered per key; then all are forgotten at once: what repeats is soon back."""
KEYS: Final = 4_096
"""Keys remembered per policy."""

LABELS: Final = "smart_agents.label."
"""Prefix of the labels: words of the program's own."""
_ADDRESSES: Final = ("http.", "url.", "rpc.", "db.", "messaging.", "mcp.")


class Rule:
    """What happens to the values of one key.

    Attributes:
        decision: the decision for the key.
        drops: whether every value is dropped.
        exact: values of exactly this type (``bool``, or ``int`` of 64 bits) are kept as they are.
        known: texts met before → what is kept of them.
    """

    __slots__ = ("_filter", "_hashes", "_texts", "decision", "drops", "exact", "known")

    def __init__(self, decision: KeyDecision, filter_value: Filter) -> None:
        self.decision = decision
        self.drops = decision.verdict == "drop"
        self.exact = _EXACT.get(decision.attribute.type) if decision.attribute else None
        self.known: dict[str, str] = {}
        self._filter = filter_value
        self._hashes = decision.verdict == "hash"
        self._texts = decision.attribute is None or decision.attribute.type in ("string", "any")

    def apply(self, value: Any, tally: Tally) -> Any:
        """Return what may be kept of the value, ``None`` to drop it.

        Never raises: a text whose filter fails is replaced, a number or list is dropped, both are counted.
        """
        try:
            kept = self._filter(value, tally)
        except Exception:  # noqa: BLE001 - one value that cannot be filtered must not cost the span, and never leaves as it is
            tally.errors += 1
            return ERROR_VALUE if self._texts else None
        if (kept is value or self._hashes) and type(value) is str and type(kept) is str and len(value) <= REMEMBERED_LENGTH:
            if len(self.known) >= REMEMBERED_TEXTS:
                self.known.clear()
            self.known[value] = kept
        return kept


class RuleTable(dict[Any, Rule]):
    """The rules of one policy for one kind of span, made when a key is first met.

    Attributes:
        policy: the policy.
        kind: the kind of span, for attributes whose category depends on it.
        resource: whether the attributes are a resource's.
    """

    def __init__(self, policy: Policy, kind: str | None, *, resource: bool = False) -> None:
        super().__init__()
        self.policy = policy
        self.kind = kind
        self.resource = resource

    def __missing__(self, key: object) -> Rule:
        if len(self) >= KEYS:
            self.clear()
        decision = decide(key, self.policy, kind=self.kind, resource=self.resource)
        rule = Rule(decision, _filter_of(key if isinstance(key, str) else "", decision, self.policy))
        self[key] = rule
        return rule


def keep_attributes(attributes: Mapping[Any, Any], rules: RuleTable, tally: Tally) -> dict[str, Any]:
    """Return the attributes that may be kept; what is dropped is counted."""
    kept: dict[str, Any] = {}
    for key, value in attributes.items():
        rule = rules[key]
        if rule.drops:
            continue
        kind = type(value)
        if kind is str:
            text = rule.known.get(value)
            if text is not None:
                kept[key] = text
                continue
        elif kind is rule.exact and (kind is bool or INT64_MIN <= value < INT64_END):
            kept[key] = value
            continue
        result = rule.apply(value, tally)
        if result is not None:
            kept[key] = result
    if len(kept) > rules.policy.max_attributes:
        kept = _first(kept, rules.policy.max_attributes)
    tally.dropped += len(attributes) - len(kept)
    return kept


def _first(kept: dict[str, Any], limit: int) -> dict[str, Any]:
    """Return the first attributes, and what the filter itself adds whatever the limit: filtering again must not drop that."""
    first = frozenset([key for key in kept if key not in _ADDED][:limit])
    return {key: value for key, value in kept.items() if key in first or key in _ADDED}


_ADDED: Final = frozenset({semconv.SMART_AGENTS_REDACTION_COUNT, semconv.ERROR_TYPE, semconv.SMART_AGENTS_ERROR_STACK_HASH})
_EXACT: Final = {"int": int, "boolean": bool}


def _filter_of(key: str, decision: KeyDecision, policy: Policy) -> Filter:
    attribute, verdict = decision.attribute, decision.verdict
    if verdict == "drop":
        return _drop
    if verdict == "fallback":
        fallback = attribute.fallback if attribute else None
        return lambda _value, _tally: fallback
    if attribute is None:
        return Scanner(policy, key=key)
    if attribute.key == LABELS and policy.unknown != "scan":
        return WordScanner(policy, key=key, limit=attribute.max_length)
    if verdict in ("scan", "content"):
        scanner = Scanner(policy, key=key, limit=attribute.max_length, paths=key.startswith(_ADDRESSES))
        return scanner if attribute.type == "any" or verdict == "content" else _typed(attribute, scanner.text)
    check = check_of(attribute, policy)
    if attribute.key in (semconv.ERROR_TYPE, semconv.EXCEPTION_TYPE):
        return _typed(attribute, _class_name(_declared_class(check, policy) if policy.audience == "upstream" else check))
    return _typed(attribute, step_check(policy) if attribute.key == semconv.SMART_AGENTS_WORKFLOW_STEPS else check)


def _drop(_value: Any, _tally: Tally) -> None:
    return None


def _class_name(check: Check) -> Check:
    """A module's path says where the program lives: only the last name is kept."""
    return lambda value, tally: check(value.rpartition(".")[2] or value, tally)


def _declared_class(check: Check, policy: Policy) -> Check:
    """For the makers of a product: a class of Python's, of a known library or of the product itself; anybody else's may tell a name."""
    declared = catalogue_of(policy)

    def checked(value: str, tally: Tally) -> str | None:
        if value == semconv.ERROR_TYPE_OTHER or value in KNOWN_CLASSES or (declared is not None and declared(value)):
            return check(value, tally)
        tally.redactions += 1
        return semconv.ERROR_TYPE_OTHER

    return checked


def _typed(attribute: Attribute, check: Check) -> Filter:
    convert, items = _CONVERTERS[attribute.type], attribute.max_items
    return lambda value, tally: convert(value, check, tally, items)


def _wrong(tally: Tally) -> Any:
    """Count a value of another type than the registry wants; it is dropped."""
    tally.wrong_types += 1


def _string(value: Any, check: Check, tally: Tally, _items: int | None) -> Any:
    if type(value) is str:
        return check(value, tally)
    return check(str.__str__(value), tally) if isinstance(value, str) else _wrong(tally)


def _int(value: Any, _check: Check, tally: Tally, _items: int | None) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong(tally)
    number = int.__int__(value)
    return number if INT64_MIN <= number < INT64_END else _wrong(tally)


def _double(value: Any, _check: Check, tally: Tally, _items: int | None) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(tally)
    number = float.__float__(value) if isinstance(value, float) else float(int.__int__(value))
    return number if math.isfinite(number) else _wrong(tally)


def _boolean(value: Any, _check: Check, tally: Tally, _items: int | None) -> Any:
    return value if isinstance(value, bool) else _wrong(tally)


def _strings(value: Any, check: Check, tally: Tally, items: int | None) -> Any:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        return _wrong(tally)
    kept = (_string(element, check, tally, None) for element in value[:items])
    return tuple(text for text in kept if text is not None)


_CONVERTERS: Final[Mapping[str, Callable[[Any, Check, Tally, int | None], Any]]] = {
    "string": _string,
    "int": _int,
    "double": _double,
    "boolean": _boolean,
    "string[]": _strings,
}
