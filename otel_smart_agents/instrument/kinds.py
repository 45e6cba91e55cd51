"""The five kinds of calls: ``agent``, ``skill``, ``tool``, ``workflow`` and ``step``; each is decorator, context manager and handle."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeAlias, TypedDict, TypeVar, Unpack, overload

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.context import RUN_KEY, leave
from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE, caller, failed
from otel_smart_agents.instrument.spec import Options, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from otel_smart_agents.instrument.capture import Capture

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Bound = TypeVar("Bound", bound="classmethod[Any, Any, Any] | staticmethod[Any, Any]")

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
    methods: Iterable[str]


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


_CALLS: Final[dict[tuple[Any, ...] | None, Call]] = {}
"""Kind, name and module of ``with`` statements without keywords → what was computed for them the first time."""

_MAX_CALLS: Final = 4_096


class Instrument:
    """One ``agent("planner")``: call it on what is to be decorated, enter it with ``with`` or ``async with``, or ``start()`` it."""

    _call: Call | None = None
    _open: tuple[Any, ...] = ()

    def __init__(self, kind: str, name: str | None, keywords: Mapping[str, Any], where: Mapping[str, Any]) -> None:
        self._kind = kind
        self._name = name
        self._keywords = keywords
        self._globals = where

    @overload
    def __call__(self, target: type[T], /) -> type[T]: ...
    @overload
    def __call__(self, target: Bound, /) -> Bound: ...  # type: ignore[overload-overlap] # a staticmethod can be called, too, and stays one
    @overload
    def __call__(self, target: Callable[P, R], /) -> Callable[P, R]: ...
    def __call__(self, target: Any, /) -> Any:
        """Decorate a function, a method or a class.

        Raises:
            TypeError: the target cannot be called, or a keyword has the wrong type.
            ConfigError: a keyword has an unknown value, a name is not a name, or the class lacks a method that is named.
        """
        return decorate(target, self._options())

    def __enter__(self) -> Run:
        if not STATE.routes:
            return NO_RUN
        run, context = self._begin()
        # What is entered already stays behind: one object may be entered again inside itself.
        self._open = (run, STATE.attach(context), context, self._open)
        return run

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if not self._open:
            return
        run, token, context, self._open = self._open
        if STATE.get() is context or _is_inside(run):
            leave(token)
        if error is None:
            run.finish()
        else:
            run.fail(error)

    async def __aenter__(self) -> Run:
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        self.__exit__(kind, error, trace)

    def start(self) -> Run:
        """Start a run that is not attached to the context; ``end()`` it from any task or thread, ``activate()`` it to put calls inside.

        A handle that is collected without ``end()`` ends its span as ``abandoned``.
        """
        if not STATE.routes:
            return NO_RUN
        run, _ = self._begin()
        if isinstance(run, ActiveRun):
            weakref.finalize(run, _abandon, [leg.span for leg in run.legs]).atexit = False
        return run

    def _begin(self) -> tuple[Run, Any]:
        call = self._call
        if call is None:
            try:
                key = None if self._keywords else (self._kind, self._name, self._globals.get("__name__"))
                call = self._call = _CALLS.get(key) or self._prepare(key)
            except Exception as error:  # noqa: BLE001 - telemetry fails open
                failed("with", error)
                return NO_RUN, STATE.get()
        return call.begin((), {})

    def _prepare(self, key: tuple[Any, ...] | None) -> Call:
        options = self._options().checked(any_name=True)
        if not options.name:
            raise ConfigError(f"a with statement needs a name: {self._kind}('…')")
        name = options.name[:128]
        call = Call(build(options, name=name, component=name), str(self._globals.get("__name__", "")))
        if key is not None and len(_CALLS) < _MAX_CALLS:
            _CALLS[key] = call
        return call

    def _options(self) -> Options:
        return _options(self._kind, self._name, self._keywords)


def _options(kind: str, name: str | None, keywords: Mapping[str, Any]) -> Options:
    words = {word: value for word, value in keywords.items() if word != "name"}
    if "kind" in words:
        words["placement"] = words.pop("kind")
    return Options(kind, **{"name": name, **words})


def _is_inside(run: Run) -> bool:
    """Tell whether the running code is inside the run: not so when a generator is closed by a task that never entered it."""
    found: Any = STATE.get().get(RUN_KEY)
    while found is not None and found is not run:
        found = found.outer
    return found is not None or run is NO_RUN


def _abandon(spans: list[Any]) -> None:
    for span in spans:
        if span.is_recording():
            span.set_attribute("smart_agents.outcome", "abandoned")
            span.end()


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
