"""``agent("planner")`` and its siblings as an object: decorator, context manager and start of a handle in one."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, overload

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.context import RUN_KEY, leave
from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.spec import Options, build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Bound = TypeVar("Bound", bound="classmethod[Any, Any, Any] | staticmethod[Any, Any]")

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
