"""The five kinds of calls: ``agent``, ``skill``, ``tool``, ``workflow`` and ``step``; each is decorator, context manager and handle."""

from __future__ import annotations

import difflib
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeAlias, TypedDict, TypeVar, Unpack, overload

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.context import CURRENT, RUN_KEY, leave
from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.run import NO_RUN, ActiveRun, Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.spec import Options, build

if TYPE_CHECKING:
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


class Instrument:
    """One ``agent("planner")``: call it on what is to be decorated, enter it with ``with`` or ``async with``, or ``start()`` it."""

    __slots__ = ("_call", "_entered", "_keywords", "_kind", "_module", "_name")

    def __init__(self, kind: str, name: str | None, *, keywords: Mapping[str, Any], module: str) -> None:
        self._kind = kind
        self._name = name
        self._keywords = keywords
        self._module = module
        self._entered: list[tuple[Run, Any]] | None = None
        self._call: Call | None = None

    @overload
    def __call__(self, target: type[T], /) -> type[T]: ...
    @overload
    def __call__(self, target: Bound, /) -> Bound: ...
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
        if self._entered is None:
            self._entered = []
        self._entered.append((run, CURRENT.set(context)))
        return run

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if not self._entered:
            return
        run, token = self._entered.pop()
        if _is_inside(run):
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
            weakref.finalize(run, _abandon, [leg.span for leg in run.legs]).atexit = False  # type: ignore[misc] # a documented setter
        return run

    def _begin(self) -> tuple[Run, Any]:
        try:
            if self._call is None:
                self._call = self._prepare()
        except Exception as error:  # noqa: BLE001 - a with statement never fails for telemetry's sake
            failed("with", error)
            return NO_RUN, CURRENT.get()
        return self._call.begin((), {})

    def _prepare(self) -> Call:
        words = self._keywords
        if "attributes" in words or "capture" in words:
            return _prepared_call(self._options(), self._module)
        return _remembered_call(self._kind, self._name, self._module, tuple(words.items()))

    def _options(self) -> Options:
        return _options(self._kind, self._name, self._keywords)


def _options(kind: str, name: str | None, keywords: Mapping[str, Any]) -> Options:
    words = dict(keywords)
    if "kind" in words:
        words["placement"] = words.pop("kind")
    return Options(kind, **{"name": name, **words})


@lru_cache(maxsize=1024)
def _remembered_call(kind: str, name: str | None, module: str, words: tuple[tuple[str, Any], ...]) -> Call:
    return _prepared_call(_options(kind, name, dict(words)), module)


def _prepared_call(options: Options, module: str) -> Call:
    options.checked(any_name=True)
    if not options.name:
        raise ConfigError(f"a with statement needs a name: {options.kind}('…')")
    return Call(build(options, name=options.name[:128], component=options.name[:128]), module)


def _is_inside(run: Run) -> bool:
    """Tell whether the running code is inside the run: not so when a generator is closed by a task that never entered it."""
    found: Any = CURRENT.get().get(RUN_KEY)
    while found is not None and found is not run:
        found = found.outer
    return found is not None or run is NO_RUN


def _abandon(spans: list[Any]) -> None:
    for span in spans:
        if span.is_recording():
            span.set_attribute("smart_agents.outcome", "abandoned")
            span.end()


def _instrument(kind: str, target: Any, keywords: Mapping[str, Any], module: str) -> Any:
    if keywords:
        _check_keywords(kind, target, keywords)
    if target is None or type(target) is str:
        return Instrument(kind, target, keywords=keywords, module=module)
    if isinstance(target, str):
        return Instrument(kind, str(target), keywords=keywords, module=module)
    if keywords:
        raise TypeError(f"{kind}() takes the name or the function first: write @{kind}(…) above the function to give keywords")
    return decorate(target, Options(kind))


def _check_keywords(kind: str, target: Any, keywords: Mapping[str, Any]) -> None:
    allowed = _ALLOWED.get(kind, _COMMON)
    for word in keywords:
        if word not in allowed:
            near = difflib.get_close_matches(word, allowed, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(sorted(allowed))}"
            raise TypeError(f"{kind}() has no keyword {word!r}; {hint}")
    if target is not None and "name" in keywords:
        raise TypeError(f"{kind}() got its name twice: as the first argument and as name=")


def _module() -> str:
    """Return the module of the code that calls ``agent(...)``: it decides whether an upstream destination may see the run."""
    # sys._getframe is the documented way that logging and warnings take, too; inspect.stack() would read source files.
    return str(sys._getframe(2).f_globals.get("__name__", ""))  # noqa: SLF001 - there is no public function for it


@overload
def agent(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def agent(name: str | None = None, /, **keywords: Unpack[AgentKeywords]) -> Instrument: ...
def agent(target: Any = None, /, **keywords: Any) -> Any:
    """Record a run of an agent: span ``invoke_agent {name}``; spans inside it carry its name as ``gen_ai.agent.name``.

    ``@agent`` · ``@agent("name")`` · ``@agent(name=…)`` on a function, or on a class with ``methods=``; ``with agent("name") as run:`` ·
    ``async with`` · ``agent("name").start()``. The keywords are those of ``AgentKeywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    return _instrument("agent", target, keywords, _module())


@overload
def skill(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def skill(name: str | None = None, /, **keywords: Unpack[SkillKeywords]) -> Instrument: ...
def skill(target: Any = None, /, **keywords: Any) -> Any:
    """Record a use of a skill: span ``execute_tool {name}`` with ``gen_ai.skill.name``.

    ``@skill`` · ``@skill("name")`` · ``@skill(name=…)`` on a function, or on a class with ``methods=``; ``with skill("name") as run:`` ·
    ``async with`` · ``skill("name").start()``. The keywords are those of ``SkillKeywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    return _instrument("skill", target, keywords, _module())


@overload
def tool(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def tool(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def tool(target: Any = None, /, **keywords: Any) -> Any:
    """Record a call of a tool: span ``execute_tool {name}``.

    ``@tool`` · ``@tool("name")`` · ``@tool(name=…)`` on a function, or on a class with ``methods=``; ``with tool("name") as run:`` ·
    ``async with`` · ``tool("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    return _instrument("tool", target, keywords, _module())


@overload
def workflow(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def workflow(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def workflow(target: Any = None, /, **keywords: Any) -> Any:
    """Record a run of a workflow: span ``invoke_workflow {name}``; the outermost one lists the order of the first 32 steps inside it.

    ``@workflow`` · ``@workflow("name")`` · ``@workflow(name=…)`` on a function, or on a class with ``methods=``; ``with workflow("name") as run:`` ·
    ``async with`` · ``workflow("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    return _instrument("workflow", target, keywords, _module())


@overload
def step(target: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def step(name: str | None = None, /, **keywords: Unpack[Keywords]) -> Instrument: ...
def step(target: Any = None, /, **keywords: Any) -> Any:
    """Record a step of a workflow: span ``step {name}``.

    ``@step`` · ``@step("name")`` · ``@step(name=…)`` on a function, or on a class with ``methods=``; ``with step("name") as run:`` ·
    ``async with`` · ``step("name").start()``. The keywords are those of ``Keywords``.

    Raises:
        TypeError: an unknown keyword, or one of the wrong type (when it decorates).
        ConfigError: an unknown value (when it decorates).
    """
    return _instrument("step", target, keywords, _module())
