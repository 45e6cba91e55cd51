"""``agent("planner")`` and its siblings as an object: decorator, context manager and start of a handle in one."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, overload

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.active import ActiveRun
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.context import leave
from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.entered import is_around, take
from otel_smart_agents.instrument.run import NO_RUN, Run
from otel_smart_agents.instrument.runtime import STATE, caller, failed
from otel_smart_agents.instrument.spec import Options, build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType, TracebackType

    from otel_smart_agents.instrument.entered import Entry

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

    def __init__(self, kind: str, name: str | None, keywords: Mapping[str, Any], where: Mapping[str, Any]) -> None:
        self._kind = kind
        self._name = name
        self._keywords = keywords
        self._globals = where
        self._open: list[Entry] = []

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
        return self._enter(caller(1)) if STATE.routes else NO_RUN

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if self._open:
            self._leave(caller(1), error)

    async def __aenter__(self) -> Run:
        return self._enter(caller(1)) if STATE.routes else NO_RUN

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if self._open:
            self._leave(caller(1), error)

    def _enter(self, frame: FrameType) -> Run:
        run, context = self._begin()
        # One object may stand in many statements at once: inside itself, in tasks, in threads.
        self._open.append((frame, run, STATE.attach(context), context))
        return run

    def _leave(self, frame: FrameType, error: BaseException | None) -> None:
        entry = take(self._open, frame)
        if entry is None:
            return
        _, run, token, _ = entry
        if is_around(entry):
            leave(token)
        if error is None:
            run.finish()
        else:
            run.fail(error)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs, in this process or another: neither the statements that it stands in nor the caller's module."""
        return {
            "_kind": self._kind,
            "_name": self._name,
            "_keywords": self._keywords,
            "_globals": {"__name__": self._globals.get("__name__", "")},
            "_open": [],
        }

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


def _abandon(spans: list[Any]) -> None:
    for span in spans:
        if span.is_recording():
            span.set_attribute("smart_agents.outcome", "abandoned")
            span.end()
