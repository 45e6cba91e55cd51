"""The five kinds of calls: ``agent``, ``skill``, ``tool``, ``workflow`` and ``step``; each is decorator, context manager and handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeAlias, TypedDict, TypeVar, Unpack, overload

from otel_smart_agents.instrument.block import Instrument
from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.runtime import caller
from otel_smart_agents.instrument.spec import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from otel_smart_agents.instrument.capture import Capture

P = ParamSpec("P")
R = TypeVar("R")

CaptureLevel: TypeAlias = "Capture | Literal['none', 'shape', 'masked', 'full']"


class Keywords(TypedDict, total=False):
    """What every kind takes.

    Attributes:
        name: the name; without it the ``__qualname__`` of what is decorated. A context manager and ``start()`` need one.
        version: version of the agent or skill, as its author declares it.
        source: where it comes from: ``curated``, ``flea``, ``builtin``, ``local`` or ``unknown``.
        attributes: further attributes of every span; a key without a dot becomes a label.
        capture: how much of the arguments and the result is recorded: one level, or a level per argument (``return`` is the result).
        root: start a trace of its own, linked to the call around.
        methods: the methods of a decorated class that are runs.
    """

    name: str
    version: str
    source: Literal["curated", "flea", "builtin", "local", "unknown"]
    attributes: Mapping[str, Any]
    capture: CaptureLevel | Mapping[str, CaptureLevel]
    root: bool
    methods: Collection[str]


class AgentKeywords(Keywords, total=False):
    """What ``agent`` takes besides: ``kind`` says whether it runs in this process (``local``) or is called over a network (``remote``)."""

    kind: Literal["local", "remote"]


class SkillKeywords(Keywords, total=False):
    """What ``skill`` takes besides: ``phase`` says which part of the skill the call is."""

    phase: Literal["load", "resource", "command", "run"]


_COMMON: Final = frozenset(Keywords.__annotations__)
_ALLOWED: Final = {
    "agent": frozenset(AgentKeywords.__annotations__),
    "skill": frozenset(SkillKeywords.__annotations__),
}


def _instrument(kind: str, target: Any, keywords: Mapping[str, Any], where: Mapping[str, Any]) -> Any:
    if keywords:
        _check_keywords(kind, target, keywords)
    if target is None or isinstance(target, str):
        return Instrument(kind, keywords.get("name", target), keywords, where)
    if keywords:
        raise TypeError(f"{kind}() takes the name or the function first: write @{kind}(…) above the function to give keywords")
    return decorate(target, Options(kind))


def _check_keywords(kind: str, target: Any, keywords: Mapping[str, Any]) -> None:
    allowed = _ALLOWED.get(kind, _COMMON)
    for word in keywords:
        if word not in allowed:
            import difflib

            near = difflib.get_close_matches(word, allowed, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(sorted(allowed))}"
            raise TypeError(f"{kind}() has no keyword {word!r}; {hint}")
    if target is not None and "name" in keywords:
        raise TypeError(f"{kind}() got its name twice: as the first argument and as name=")


@overload
def agent(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def agent(name: str | None = None, /, **keywords: Unpack[AgentKeywords]) -> Instrument: ...
def agent(target: Any = None, /, **keywords: Any) -> Any:
    """Record a run of an agent: span ``invoke_agent {name}``; spans inside it carry its name as ``gen_ai.agent.name``.

    On a function: ``@agent`` · ``@agent("name")`` · ``@agent(name=…)``; on a class with ``methods=``. Around a block:
    ``with agent("name") as run:`` · ``async with``. By hand: ``agent("name").start()``. The keywords are those of ``AgentKeywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    if type(target) is str and not keywords:
        return Instrument("agent", target, keywords, caller(1).f_globals)
    return _instrument("agent", target, keywords, caller(1).f_globals)


@overload
def skill(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def skill(name: str | None = None, /, **keywords: Unpack[SkillKeywords]) -> Instrument: ...
def skill(target: Any = None, /, **keywords: Any) -> Any:
    """Record a use of a skill: span ``execute_tool {name}`` with ``gen_ai.skill.name``.

    On a function: ``@skill`` · ``@skill("name")`` · ``@skill(name=…)``; on a class with ``methods=``. Around a block:
    ``with skill("name") as run:`` · ``async with``. By hand: ``skill("name").start()``. The keywords are those of ``SkillKeywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    if type(target) is str and not keywords:
        return Instrument("skill", target, keywords, caller(1).f_globals)
    return _instrument("skill", target, keywords, caller(1).f_globals)


@overload
def tool(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def tool(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def tool(target: Any = None, /, **keywords: Any) -> Any:
    """Record a call of a tool: span ``execute_tool {name}``.

    On a function: ``@tool`` · ``@tool("name")`` · ``@tool(name=…)``; on a class with ``methods=``. Around a block:
    ``with tool("name") as run:`` · ``async with``. By hand: ``tool("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    if type(target) is str and not keywords:
        return Instrument("tool", target, keywords, caller(1).f_globals)
    return _instrument("tool", target, keywords, caller(1).f_globals)


@overload
def workflow(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def workflow(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def workflow(target: Any = None, /, **keywords: Any) -> Any:
    """Record a run of a workflow: span ``invoke_workflow {name}``; the outermost one lists the first 32 steps.

    On a function: ``@workflow`` · ``@workflow("name")`` · ``@workflow(name=…)``; on a class with ``methods=``. Around a block:
    ``with workflow("name") as run:`` · ``async with``. By hand: ``workflow("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    if type(target) is str and not keywords:
        return Instrument("workflow", target, keywords, caller(1).f_globals)
    return _instrument("workflow", target, keywords, caller(1).f_globals)


@overload
def step(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def step(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def step(target: Any = None, /, **keywords: Any) -> Any:
    """Record a step of a workflow: span ``step {name}``.

    On a function: ``@step`` · ``@step("name")`` · ``@step(name=…)``; on a class with ``methods=``. Around a block:
    ``with step("name") as run:`` · ``async with``. By hand: ``step("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    if type(target) is str and not keywords:
        return Instrument("step", target, keywords, caller(1).f_globals)
    return _instrument("step", target, keywords, caller(1).f_globals)
