"""What a decorated call is: everything that can be known before it runs, computed once and checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from otel_smart_agents import semconv
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.capture import PREFIX, Capture, Plan, capture_plan

KINDS: Final = ("agent", "skill", "tool", "workflow", "step")
_NAME = re.compile(semconv.PATTERN_NAME)
_PHASES = semconv.SKILL_PHASES
_VERSION_KEY: Final = {"agent": semconv.GEN_AI_AGENT_VERSION, "skill": semconv.SMART_AGENTS_SKILL_VERSION}
_SCOPED: Final = {"agent": semconv.GEN_AI_AGENT_NAME, "workflow": semconv.GEN_AI_WORKFLOW_NAME}
LABEL_PREFIX: Final = "smart_agents.label."
OWN_ONLY: Final = (LABEL_PREFIX, PREFIX)
"""Keys that begin so never go upstream."""

Scalar = str | bool | int | float
Value = Scalar | tuple[Scalar, ...]


class Options(NamedTuple):
    """The keywords of ``agent(...)`` and its siblings, as given. ``checked`` raises for what cannot be used."""

    kind: str
    name: Any = None
    version: Any = None
    source: Any = None
    attributes: Any = None
    capture: Any = None
    placement: Any = "local"
    root: Any = False
    methods: Any = ()
    phase: Any = None

    def checked(self, *, any_name: bool = False) -> Options:
        """Return itself if every keyword can be used.

        Args:
            any_name: accept names that do not match the pattern: a name computed at run time is the privacy filter's to judge.

        Raises:
            TypeError: a keyword has the wrong type.
            ConfigError: a keyword has an unknown value, or a name does not match the pattern of names.
        """
        who = self.kind
        for word in ("name", "version", "source", "phase"):
            value = getattr(self, word)
            if value is not None and not isinstance(value, str):
                raise TypeError(f"{who}({word}=…) takes a string, not {type(value).__name__}")
        if self.name is not None and not any_name:
            check_name(self.name, f"{who}(name=…)")
        if self.version is not None and not any_name:
            check_name(self.version, f"{who}(version=…)")
        _one_of(self.source, semconv.SOURCES, f"{who}(source=…)")
        _one_of(self.phase, _PHASES, f"{who}(phase=…)")
        _one_of(self.placement, {"local", "remote"}, f"{who}(kind=…)")
        if not isinstance(self.root, bool):
            raise TypeError(f"{who}(root=…) takes True or False, not {type(self.root).__name__}")
        check_attributes(self.attributes, f"{who}(attributes=…)")
        capture_plan(self.capture, None, f"{who}(capture=…)")
        _check_methods(self.methods, who)
        return self


def check_name(name: str, where: str) -> None:
    """Raise ``ConfigError`` unless the text can be a name of an agent, skill, tool, workflow, step or feature."""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"{where} is not a name: it must match {_NAME.pattern} (at most 128 characters); it is a {len(name)}-character string"
        )


def _one_of(value: Any, known: Any, where: str) -> None:
    if value is not None and (not isinstance(value, str) or value not in known):
        raise ConfigError(f"{where} must be one of {', '.join(sorted(known))}, not {value!r}")


def check_attributes(attributes: Any, where: str) -> None:
    """Raise ``TypeError`` or ``ConfigError`` unless the value is a mapping of usable keys to plain values."""
    if attributes is None:
        return
    if not isinstance(attributes, Mapping):
        raise TypeError(f"{where} takes a mapping of attribute names to values, not {type(attributes).__name__}")
    for key, value in attributes.items():
        if not isinstance(key, str) or not key:
            raise TypeError(f"{where} has a key of type {type(key).__name__}: attribute names are non-empty strings")
        known = semconv.ATTRIBUTES.get(key)
        if known is not None and known.privacy is semconv.Privacy.NEVER:
            raise ConfigError(f"{where} names {key!r}, which is never recorded; content goes through capture=")
        if plain(value) is None:
            raise TypeError(
                f"{where} has a value of type {type(value).__name__} for {key!r}: use text, a number, a boolean or a list of them"
            )


def _check_methods(methods: Any, who: str) -> None:
    if isinstance(methods, str) or not isinstance(methods, Collection):
        raise TypeError(f"{who}(methods=…) takes a tuple of method names, not {type(methods).__name__}")
    for method in methods:
        if not isinstance(method, str):
            raise TypeError(f"{who}(methods=…) has an item of type {type(method).__name__}: method names are strings")


def plain(value: Any) -> Value | None:
    """Return the value as OpenTelemetry takes it, ``None`` if it is of another type. No method of the value is called."""
    if isinstance(value, bool):
        return value
    for base in (str, int, float):
        if isinstance(value, base):
            # The base type's own __getnewargs__ gives a plain copy of a subclass (an enum member, say) without running its code.
            return value if type(value) is base else base.__getnewargs__(value)[0]  # type: ignore[arg-type] # value is of the very base
    if type(value) in (list, tuple):
        items = [plain(item) for item in value[:128]]
        if all(item is not None and type(item) is not tuple for item in items):
            return tuple(items)  # type: ignore[arg-type] # None and tuples were ruled out above
    return None


def label_key(key: str) -> str:
    """Return the attribute's full name: a bare word without a dot is a label."""
    return key if "." in key else LABEL_PREFIX + key


class Spec:
    """A call's name, attributes and rules, ready to use.

    Attributes:
        kind: agent, skill, tool, workflow or step.
        name: the name of the agent, skill, …
        span_name: ``{operation} {name}``.
        attributes: static attributes of the span.
        upstream_attributes: the same without labels.
        scope: attributes that the call sets for every span inside.
        label: ``kind:name`` as it stands among a workflow's steps.
        remote: the span is of kind CLIENT.
        root: the span starts a trace of its own.
        collects: the call is a workflow, so the outermost one collects its steps.
        component: what failed, if the call fails; empty where the name says it already.
        metric: name of the duration histogram, empty if the kind has none.
        metric_attributes: static attributes of the histogram.
        unusual: the call starts a trace of its own or captures its result.
        captures: what to record of which argument.
        result_capture: what to record of the result.
    """

    # Slots, since every call reads a dozen of these; not a dataclass, since importing that costs more than all else that a decorator needs.
    __slots__ = (
        "attributes",
        "captures",
        "collects",
        "component",
        "kind",
        "label",
        "metric",
        "metric_attributes",
        "name",
        "operation",
        "remote",
        "result_capture",
        "root",
        "scope",
        "span_name",
        "unusual",
        "upstream_attributes",
    )

    kind: str
    name: str
    span_name: str
    operation: str
    attributes: Mapping[str, Any]
    upstream_attributes: Mapping[str, Any]
    scope: Mapping[str, str]
    label: str
    remote: bool
    root: bool
    collects: bool
    component: str
    metric: str
    metric_attributes: Mapping[str, Any]
    unusual: bool
    captures: Plan
    result_capture: Capture

    def __init__(self, **values: Any) -> None:
        for name in self.__slots__:
            object.__setattr__(self, name, values[name])

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a spec does not change once it is built")


def build(options: Options, *, name: str, component: str = "", signature: Any = None) -> Spec:
    """Return the spec of a call. ``name`` is used as given: the exporter replaces a name that could be free text."""
    kind = semconv.KINDS[options.kind]
    attributes: dict[str, Any] = {} if options.kind == "step" else {semconv.GEN_AI_OPERATION_NAME: kind.operation}
    attributes[semconv.SMART_AGENTS_KIND] = options.kind
    attributes[kind.name_key] = name
    if options.kind == "skill":
        attributes[semconv.GEN_AI_TOOL_NAME] = name
        attributes[semconv.GEN_AI_TOOL_TYPE] = "skill"
        if options.phase:
            attributes[semconv.SMART_AGENTS_SKILL_PHASE] = options.phase
    if options.version and options.kind in _VERSION_KEY:
        attributes[_VERSION_KEY[options.kind]] = options.version
    if options.source:
        attributes[semconv.SMART_AGENTS_SOURCE] = options.source
    attributes |= {label_key(key): plain(value) for key, value in (options.attributes or {}).items()}
    # Nearly every call succeeds, and setting an attribute later costs as much as four that are given at the start: so success stands there
    # from the start, and every other end overwrites it; so does the recovery of a killed run.
    attributes[semconv.SMART_AGENTS_OUTCOME] = "success"
    captures, result = capture_plan(options.capture, signature, f"{options.kind}(capture=…)")
    metric = semconv.DURATION_METRICS.get(options.kind, "")
    named = (semconv.GEN_AI_OPERATION_NAME, kind.name_key)
    return Spec(
        kind=options.kind,
        name=name,
        span_name=f"{kind.operation} {name}",
        operation=kind.operation,
        attributes=attributes,
        upstream_attributes={key: value for key, value in attributes.items() if not key.startswith(OWN_ONLY)},
        scope=MappingProxyType({_SCOPED[options.kind]: name} if options.kind in _SCOPED else {}),
        label=f"{options.kind}:{name}",
        remote=options.placement == "remote",
        root=bool(options.root),
        collects=options.kind == "workflow",
        component=component,
        metric=metric,
        metric_attributes={key: attributes[key] for key in named if key in attributes},
        unusual=bool(options.root or result),
        captures=captures,
        result_capture=result,
    )
