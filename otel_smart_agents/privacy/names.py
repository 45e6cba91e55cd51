"""Names that are no attributes: of spans, events, scopes, metrics; versions, units, schema addresses, trace state, status text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from otel_smart_agents import semconv
from otel_smart_agents.privacy.pseudonyms import is_other_name, other_name
from otel_smart_agents.privacy.texts import ERROR_VALUE, catalogue_of, is_clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.privacy.rules import RuleTable
    from otel_smart_agents.privacy.tally import Tally

_MAX_NAME: Final = 128
_MAX_WORDS: Final = 4  # a span's or event's name is a class of things (OpenTelemetry: low cardinality); a sentence is not
_FOREIGN: Final = re.compile(r"[A-Za-z0-9_/{<*(][A-Za-z0-9_./:{}<>()*$# -]*").fullmatch
_SCOPE: Final = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_.@/:-]*").fullmatch
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_!~-]{0,63}").fullmatch
_UNIT: Final = re.compile(r"[A-Za-z0-9{}/%.*_^ -]{0,63}").fullmatch
_METRIC: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\-/]{0,254}").fullmatch
_SCHEMA: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._-]+){0,8}").fullmatch

METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "HTTP"}
)  # the names of HTTP spans begin with the method; an unknown method is written HTTP
_ROUTE: Final = re.compile(r"[A-Za-z0-9._~/{}<>:*$+-]{1,200}").fullmatch
_STEP: Final = re.compile(r"(.*?)( (?:http|websocket) (?:send|receive|connect|disconnect|accept|close))", re.DOTALL).fullmatch
_ID_SEGMENT: Final = re.compile(r"(?<=/)(?:[0-9]+|[0-9a-fA-F-]*[0-9][0-9a-fA-F-]{7,}|[0-9a-fA-F]{16,})(?=/|$)")

NAME_KEYS: Final = {kind.operation: kind.name_key for kind in semconv.KINDS.values()} | {
    "create_agent": semconv.GEN_AI_AGENT_NAME,
    "execute_tool": semconv.GEN_AI_TOOL_NAME,
    "chat": semconv.GEN_AI_REQUEST_MODEL,
    "generate_content": semconv.GEN_AI_REQUEST_MODEL,
    "text_completion": semconv.GEN_AI_REQUEST_MODEL,
    "embeddings": semconv.GEN_AI_REQUEST_MODEL,
}


class Names:
    """The names of one policy. Every method returns what may be kept, and never raises for text.

    Attributes:
        policy: the policy.
        rules: the policy's rules for attributes: a name inside a span's name obeys the rule of its attribute.
    """

    def __init__(self, policy: Policy, rules: RuleTable) -> None:
        self.policy = policy
        self.rules = rules
        self._declared = catalogue_of(policy)

    def span(self, name: str, kind: str | None, tally: Tally) -> str:
        """Return the span's name: ``{operation} {name}`` with the name under its own consent, else what a foreign name may keep."""
        declared = semconv.KINDS.get(kind or "")
        operation, blank, rest = name.partition(" ")
        known = operation in semconv.OPERATIONS or (declared is not None and operation == declared.operation)
        if not known:
            return self._foreign_in(declared.operation if declared else "", name, tally)
        if not blank:
            return name
        kept = self._inner(NAME_KEYS.get(operation), rest, tally)
        return name if kept == rest else operation if kept is None else f"{operation} {kept}"

    def _inner(self, key: str | None, name: str, tally: Tally) -> str | None:
        rule = self.rules[key]
        kept = None if rule.drops else rule.apply(name, tally)
        return kept if isinstance(kept, str) else None

    def _foreign_in(self, operation: str, name: str, tally: Tally) -> str:
        if operation and (self.policy.audience != "own" or self.rules[NAME_KEYS[operation]].drops):
            tally.redactions += name != operation
            return operation
        return self.http(name, tally) if name.partition(" ")[0] in METHODS else self.event(name, tally)

    def http(self, name: str, tally: Tally) -> str:
        """Return method and route (and, as ASGI's inner spans say it, what is done). Ids become ``{id}``, queries go.

        A target that is no route leaves the bare method.
        """
        whole, step = (found[1], found[2]) if (found := _STEP(name)) else (name, "")
        method, blank, target = whole.partition(" ")
        route = _ID_SEGMENT.sub("{id}", target.partition("?")[0])
        if blank and (not _ROUTE(route) or "//" in route or not is_clean(route)):
            route = ""
        kept = (f"{method} {route}" if route else method) + step
        tally.redactions += kept != name
        return kept

    def event(self, name: str, tally: Tally) -> str:
        """Return the name of an event, or of another instrumentation's span."""
        if name in semconv.EVENTS or name in ("exception", ERROR_VALUE):
            return name
        fits = _FOREIGN(name) and name.count(" ") < _MAX_WORDS and (self._declared is None or self._declared(name))
        return self._kept(name, fits, tally)

    def scope(self, name: str, tally: Tally) -> str:
        """Return the name of an instrumentation scope."""
        return name if name in ("", semconv.SCOPE_NAME, ERROR_VALUE) else self._kept(name, _SCOPE(name), tally)

    def metric(self, name: str, tally: Tally) -> str:
        """Return the name of a metric."""
        return name if name in semconv.METRICS or name == ERROR_VALUE else self._kept(name, _METRIC(name), tally)

    def _kept(self, name: str, fits: object, tally: Tally) -> str:
        if is_other_name(name, self.policy.pseudonym_key_id):
            return name
        if fits and len(name) <= _MAX_NAME and is_clean(name):
            return name
        tally.redactions += 1
        return other_name(name, key=self.policy.pseudonym_key, key_id=self.policy.pseudonym_key_id)


def version(text: str | None) -> str | None:
    """Return a version that looks like one, else nothing."""
    return _form(text, _VERSION)


def unit(text: str | None) -> str:
    """Return a unit that looks like one (UCUM), else nothing."""
    return _form(text, _UNIT) or ""


def schema_url(text: str | None) -> str:
    """Return a schema's address without user, query and fragment, else nothing."""
    return _form(text, _SCHEMA) or ""


def _form(text: str | None, fits: Callable[[str], object]) -> str | None:
    return text if text and fits(text) and is_clean(text) else None


_ERROR_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}").fullmatch
ERROR_ENDINGS: Final = (
    "Error",
    "Exception",
    "Warning",
    "Exit",
    "Interrupt",
    "Timeout",
    "Cancelled",
    "Iteration",
    "Group",
    "Failure",
    "Fault",
)


def error_name(description: str | None, known: object) -> str | None:
    """Return the class name that a status description begins with, else nothing: the rest of it is a message.

    Args:
        description: for example ``ValueError: no user jane``, as the OpenTelemetry SDK writes it.
        known: the class name that the span's attributes or events give, if they give one.
    """
    if not description:
        return None
    name = description[: _MAX_NAME * 2].partition(":")[0].strip().rpartition(".")[2]
    if not _ERROR_NAME(name) or not is_clean(name):
        return None
    return name if name == known or (name[0].isupper() and name.endswith(ERROR_ENDINGS)) else None
