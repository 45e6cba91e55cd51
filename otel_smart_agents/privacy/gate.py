"""A policy made ready: its rules for keys and names, and what was already decided about resources and scopes, which repeat."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, TraceState

from otel_smart_agents import semconv
from otel_smart_agents.privacy.kinds import category_of
from otel_smart_agents.privacy.names import Names, schema_url, version
from otel_smart_agents.privacy.rules import REMEMBERED_LENGTH, REMEMBERED_TEXTS, RuleTable, keep_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.privacy.tally import Tally

_KINDS_WITH_RULES: Final = frozenset(kind for attribute in semconv.ATTRIBUTES.values() for kind in attribute.category_in)
"""Kinds of spans in which an attribute needs another category than elsewhere."""
_OBJECTS: Final = 64
"""Resources and scopes remembered per policy."""
_SAMPLING_STATE: Final = re.compile(r"(?:th|rv):[0-9a-f]{1,14}(?:;(?:th|rv):[0-9a-f]{1,14})?").fullmatch
_EMPTY_STATE: Final = TraceState()

T = TypeVar("T", Resource, InstrumentationScope)


class Gate:
    """One policy made ready. Thread-safe: what two threads decide at the same time is the same.

    Attributes:
        policy: the policy.
        upstream: whether it is for the makers of a product.
        names: rules for names.
        tells_errors: whether the type of an error may be told.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.upstream = policy.audience != "own"
        self.tells_errors = "error" in policy.categories
        self._offset_of = policy.time_offset_of
        self._rules = {kind: RuleTable(policy, kind) for kind in (None, *_KINDS_WITH_RULES)}
        self._resource_rules = RuleTable(policy, None, resource=True)
        self._names = {kind: Names(policy, rules) for kind, rules in self._rules.items()}
        self.names = self._names[None]
        self._span_names: dict[str | None, dict[str, str]] = {}
        self._resources: dict[int, tuple[Resource, Resource]] = {}
        self._scopes: dict[int, tuple[InstrumentationScope, InstrumentationScope]] = {}

    def rules(self, kind: str | None) -> RuleTable:
        """Return the rules for the attributes of this kind of span."""
        return self._rules.get(kind, self._rules[None])

    def grants(self, kind: str | None) -> bool:
        """Tell whether a span of this kind may leave."""
        category = category_of(kind)
        return category is None or category in self.policy.categories

    def offset_ns(self, trace_id: int) -> int:
        """Return the nanoseconds that are added to every time of this trace."""
        return 0 if self._offset_of is None else self._offset_of(trace_id)

    def span_name(self, name: str, kind: str | None, tally: Tally) -> str:
        """Return the span's name; clean names are remembered."""
        known = self._span_names.setdefault(kind, {})
        kept = known.get(name)
        if kept is None:
            kept = self._names.get(kind, self.names).span(name, kind, tally)
            if kept == name and len(name) <= REMEMBERED_LENGTH:
                if len(known) >= REMEMBERED_TEXTS:
                    known.clear()
                known[name] = kept
        return kept

    def resource(self, resource: Resource | None, tally: Tally) -> Resource:
        """Return the redacted resource with the policy's own attributes: the same object for the same object, to group spans by."""
        return _remembered(self._resources, Resource.get_empty() if resource is None else resource, self._new_resource, tally)

    def scope(self, scope: InstrumentationScope | None, tally: Tally) -> InstrumentationScope | None:
        """Return the redacted instrumentation scope: the same object for the same object."""
        return None if scope is None else _remembered(self._scopes, scope, self._new_scope, tally)

    def context(self, context: SpanContext) -> SpanContext:
        """Return the span context without vendors' trace state: OpenTelemetry's own sampling state (``ot``) stays, for own only."""
        state = context.trace_state
        if not state:
            return context
        value = None if self.upstream else state.get("ot")
        kept = TraceState([("ot", value)]) if value is not None and _SAMPLING_STATE(value) else _EMPTY_STATE
        return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags, kept)

    def attributes(self, attributes: Mapping[Any, Any] | None, tally: Tally) -> dict[str, Any]:
        """Return the attributes of a resource, scope, event, link, record or data point that may be kept."""
        return keep_attributes(attributes, self._rules[None], tally) if attributes else {}

    def _new_resource(self, resource: Resource, tally: Tally) -> Resource:
        attributes = {**resource.attributes, **dict(self.policy.resource)}
        return Resource(keep_attributes(attributes, self._resource_rules, tally), schema_url(resource.schema_url))

    def _new_scope(self, scope: InstrumentationScope, tally: Tally) -> InstrumentationScope:
        return InstrumentationScope(
            self.names.scope(str(scope.name or ""), tally),
            version(scope.version),
            schema_url(scope.schema_url),
            self.attributes(scope.attributes, tally),
        )


def _remembered(known: dict[int, tuple[T, T]], original: T, redact: Callable[[T, Tally], T], tally: Tally) -> T:
    """Look up by identity (hashing a resource means hashing all of it); the strong reference keeps the id from being used again."""
    entry = known.get(id(original))
    if entry is not None and entry[0] is original:
        return entry[1]
    redacted = redact(original, tally)
    if len(known) >= _OBJECTS:
        known.clear()
    known[id(original)] = (original, redacted)
    return redacted


_RECENT: dict[int, tuple[Policy, Gate]] = {}


def gate_of(policy: Policy) -> Gate:
    """Return the gate of a policy; equal policies share one."""
    entry = _RECENT.get(id(policy))
    if entry is not None and entry[0] is policy:
        return entry[1]
    gate = _gate_of(policy)
    if len(_RECENT) >= _OBJECTS:
        _RECENT.clear()
    _RECENT[id(policy)] = (policy, gate)
    return gate


_gate_of = lru_cache(maxsize=_OBJECTS)(Gate)
