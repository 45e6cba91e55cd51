"""``session``: conversation, session id, labels and an end user's consent for every span inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, overload

from otel_smart_agents import semconv
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.context import CONSENT_KEY, INHERITED_KEY, leave
from otel_smart_agents.instrument.entered import take
from otel_smart_agents.instrument.leg import Leg
from otel_smart_agents.instrument.run import NO_SPAN, Run
from otel_smart_agents.instrument.runtime import STATE, caller, caller_module, failed
from otel_smart_agents.instrument.spec import LABEL_PREFIX, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import FrameType, TracebackType

    from opentelemetry.context import Context

    from otel_smart_agents.consent.percall import PerCallConsent
    from otel_smart_agents.instrument.entered import Entry

P = ParamSpec("P")
R = TypeVar("R")
Bound = TypeVar("Bound", bound="classmethod[Any, Any, Any] | staticmethod[Any, Any]")


class _Unset:
    """Stands for "not said", which differs from ``None``: a user who agreed to nothing."""

    def __repr__(self) -> str:
        return "<not given>"


_UNSET: Final = _Unset()


class Session:
    """What ``session(...)`` returns: enter it with ``with`` or ``async with``, or call it on a function of any type."""

    __slots__ = ("_consent", "_inherited", "_module", "_open")

    def __init__(self, inherited: Mapping[str, Any], consent: PerCallConsent | None, *, module: str) -> None:
        self._inherited = inherited
        self._consent = consent
        self._module = module
        self._open: list[Entry] = []

    @overload
    def __call__(self, function: Bound, /) -> Bound: ...  # type: ignore[overload-overlap] # a staticmethod can be called, too, and stays one
    @overload
    def __call__(self, function: Callable[P, R], /) -> Callable[P, R]: ...
    def __call__(self, function: Any, /) -> Any:
        """Put the session around every call of the function.

        Raises:
            TypeError: what is decorated cannot be called.
        """
        from otel_smart_agents.instrument.wrap import wrap

        if isinstance(function, (classmethod, staticmethod)):
            return type(function)(self(function.__func__))
        if isinstance(function, type) or not callable(function):
            raise TypeError(f"session decorates functions, not {type(function).__name__}")
        return wrap(function, self)

    spec = None
    """A session has no span of its own."""

    def begin(self, _args: tuple[Any, ...], _kwargs: Mapping[str, Any], /) -> tuple[Run, Context]:
        """Return the context for calls inside; a session has no span."""
        around = STATE.get()
        try:
            return NO_SPAN, self._inside(around)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("session", error)
            return NO_SPAN, around

    def _inside(self, around: Context) -> Context:
        found: Any = around.get(INHERITED_KEY, {})
        values: dict[str, Any] = {**around, INHERITED_KEY: {**found, **self._inherited}}
        for route in STATE.routes:
            if route.key is not None and route.sees(self._module):
                values[route.key] = self._for_upstream(around, route)
        if self._consent is not None:
            values[CONSENT_KEY] = _narrowed(around.get(CONSENT_KEY), self._consent)
        return STATE.context_type(values)

    def _for_upstream(self, around: Context, route: Any) -> Leg:
        """Return the route's leg around the session once more, with the session's own ids; labels stay away."""
        outer: Any = around.get(route.key)
        ids = {key: value for key, value in self._inherited.items() if not key.startswith(LABEL_PREFIX)}
        if outer is None:
            return Leg(_NO_SPEC, route, None, ids)
        leg = Leg(outer.spec, route, outer.span, {**outer.inherited, **ids})
        leg.steps = outer.steps
        return leg

    def __enter__(self) -> None:
        if STATE.routes:
            self._enter(caller(1))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if self._open:
            self._leave(caller(1))

    async def __aenter__(self) -> None:
        if STATE.routes:
            self._enter(caller(1))

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /) -> None:
        if self._open:
            self._leave(caller(1))

    def _enter(self, frame: FrameType) -> None:
        run, context = self.begin((), {})
        self._open.append((frame, run, STATE.attach(context), context))

    def _leave(self, frame: FrameType) -> None:
        entry = take(self._open, frame)
        if entry is not None:
            leave(entry[2])

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs; the statements that this object stands in are its own."""
        return {"_inherited": self._inherited, "_consent": self._consent, "_module": self._module, "_open": []}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


_NO_SPEC: Any = None
"""A session outside any upstream run has no call to speak of; nothing reads the spec of a leg without a span."""


def session(
    *,
    conversation_id: str | int | None = None,
    session_id: str | int | None = None,
    consent: Iterable[str] | _Unset | None = _UNSET,
    policy_version: str | None = None,
    subject: str | None = None,
    **labels: Any,
) -> Session:
    """Put a conversation, a session, labels or an end user's consent around calls; decorator and context manager.

    Args:
        conversation_id: the application's own id of the conversation; it leaves as a keyed hash only. Never invented.
        session_id: the application's own id of the session.
        consent: on a server, the categories that the end user agreed to, ``None`` for a user who agreed to nothing; it narrows every span
            inside. Not given: nothing is narrowed.
        policy_version: version of the notice that the end user agreed to.
        subject: the end user; a keyed pseudonym stands for them.
        labels: ``smart_agents.label.<name>`` of every span inside; they go to ``own`` destinations only.

    Raises:
        TypeError: an id or a label of the wrong type.
        ConfigError: an unknown category, or a policy version or subject without ``consent``.
    """
    inherited: dict[str, Any] = {}
    for key, word, value in (
        (semconv.GEN_AI_CONVERSATION_ID, "conversation_id", conversation_id),
        (semconv.SESSION_ID, "session_id", session_id),
    ):
        if value is not None:
            usable = plain(value)
            if isinstance(usable, bool) or not isinstance(usable, (str, int)):
                raise TypeError(f"session({word}=…) takes text or a whole number, not {type(value).__name__}")
            inherited[key] = str(usable)
    for word, label in labels.items():
        usable = plain(label)
        if usable is None:
            raise TypeError(f"session({word}=…) takes text, a number, a boolean or a list of them, not {type(label).__name__}")
        inherited[LABEL_PREFIX + word] = usable
    module = caller_module()
    return Session(inherited, _consent(consent, policy_version, subject), module=module)


def _consent(consent: Any, policy_version: str | None, subject: str | None) -> PerCallConsent | None:
    if isinstance(consent, _Unset):
        if policy_version is not None or subject is not None:
            raise ConfigError("session(policy_version=…, subject=…) belong to consent=: say what the end user agreed to, or None")
        return None
    from otel_smart_agents.consent.percall import PerCallConsent

    return PerCallConsent.of(consent, policy_version=policy_version, subject=subject)


def _narrowed(outer: Any, inner: PerCallConsent) -> PerCallConsent:
    """A session inside a session can only narrow what the outer one allows."""
    if outer is None:
        return inner
    from otel_smart_agents.consent.percall import PerCallConsent

    return PerCallConsent(outer.narrow(inner.categories), inner.policy_version or outer.policy_version, inner.subject or outer.subject)
