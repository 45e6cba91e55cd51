"""The light handle of a running call, and the one that stands in its place when telemetry is off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.instrument.context import CURRENT, RUN_KEY, Context, leave
from otel_smart_agents.instrument.facts import Facts, outcome_of
from otel_smart_agents.instrument.leg import Leg
from otel_smart_agents.instrument.runtime import failed
from otel_smart_agents.instrument.spec import label_key, plain

if TYPE_CHECKING:
    from otel_smart_agents.instrument.propagate import Carrier
    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec

_OUTCOME: Final = semconv.SMART_AGENTS_OUTCOME
_ending = threading.Lock()


class Run:
    """What ``with agent(...) as run`` gives and ``current()`` returns. Every method is safe to call at any time and never raises.

    This class does nothing: it stands for a call while telemetry is off, and for no call at all. So code that uses a run never has to test
    for ``None``.
    """

    __slots__ = ()

    @property
    def recording(self) -> bool:
        """Whether what is set here is recorded anywhere."""
        return False

    @property
    def ref(self) -> str:
        """Trace and span id as text, for ``feedback`` later or in another process; empty while telemetry is off."""
        return ""

    def set(self, key: str, value: Any) -> None:
        """Set an attribute: text, a number, a boolean, or a list of them. A key without a dot becomes ``smart_agents.label.<key>``."""

    def set_many(self, attributes: Mapping[str, Any], /) -> None:
        """Set several attributes at once."""

    def usage(  # noqa: PLR0913 - one keyword per figure, none of them belongs together
        self,
        *,
        input: int | None = None,  # noqa: A002 - the word that the user of a language model knows
        output: int | None = None,
        cache_read: int | None = None,
        cost: float | None = None,
        currency: str | None = None,
    ) -> None:
        """Record what the call used: tokens, and its direct cost in a currency (ISO 4217)."""

    def outcome(self, outcome: str, /) -> None:
        """Say how the call ends where that is not told by returning or raising, for example ``denied``."""

    def input(self, value: Any, /) -> None:
        """Record what went in, as far as the ``capture`` of the call and of the destination let it."""

    def output(self, value: Any, /) -> None:
        """Record what came out, as far as the ``capture`` of the call and of the destination let it."""

    def event(self, name: str, /, **attributes: Any) -> None:
        """Add an event to the span."""

    def rate(self, value: float, /, *, label: str | None = None) -> None:
        """Rate the call from 1 to 5 (``user_satisfaction``)."""

    def carrier(self) -> Carrier:
        """Return what another process needs to go on under this call; picklable."""
        from otel_smart_agents.instrument.propagate import Carrier

        return Carrier()

    @contextmanager
    def activate(self) -> Iterator[Run]:
        """Make this run the current one inside a ``with`` block, in any thread or task."""
        yield self

    def end(self, error: BaseException | None = None) -> None:
        """End a run that ``start()`` began. Legal from any task or thread; only the first call counts."""

    # What the wrappers call.

    def finish(self, result: Any = None) -> None:
        """End a call that returned."""

    def fail(self, error: BaseException) -> None:
        """End a call that raised."""

    def abandon(self) -> None:
        """End a call whose results nobody takes any more."""


NO_RUN: Final = Run()
"""The shared handle of calls that are not recorded."""


class ActiveRun(Leg, Run):
    """A call that is recorded; it is its own first leg.

    Attributes:
        outer: the run around this one.
        base: the context around the call.
        more: further legs, one per further route.
        ordinary: one span of ours with nothing to add at its end but that it was a success.
        seen: facts of the exception that a call inside last ended with.
    """

    more: tuple[Leg, ...] = ()
    ordinary = True
    seen: Facts | None = None
    chosen = ""
    ended = False
    closing = False

    def __init__(  # noqa: PLR0913, PLR0917 - one call per span: by position, and without a call of the base class
        self, spec: Spec, route: Route, span: Any, base: Context, outer: ActiveRun | None, inherited: Mapping[str, Any]
    ) -> None:
        self.spec = spec
        self.route = route
        self.span = span
        self.base = base
        self.outer = outer
        self.inherited = inherited

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every span of the call."""
        return (self, *self.more)

    @property
    def recording(self) -> bool:
        return not self.ended and any(leg.span.is_recording() for leg in self.legs)

    @property
    def ref(self) -> str:
        from otel_smart_agents.instrument.propagate import reference

        return reference(self)

    def set(self, key: str, value: Any) -> None:
        self.set_many({key: value})

    def set_many(self, attributes: Mapping[str, Any], /) -> None:
        if self.ended:
            return
        try:
            usable = {label_key(key): plain(value) for key, value in attributes.items()}
            if refused := [key for key, value in usable.items() if value is None]:
                failed("set", f"{len(refused)} value of a type that is no attribute")
                usable = {key: value for key, value in usable.items() if value is not None}
            self._write(usable)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("set", error)

    def _write(self, attributes: Mapping[str, Any]) -> None:
        for leg in self.legs:
            leg.write(attributes)

    def usage(  # noqa: PLR0913 - as promised by Run.usage
        self,
        *,
        input: int | None = None,  # noqa: A002 - as promised by Run.usage
        output: int | None = None,
        cache_read: int | None = None,
        cost: float | None = None,
        currency: str | None = None,
    ) -> None:
        given = {
            semconv.GEN_AI_USAGE_INPUT_TOKENS: input,
            semconv.GEN_AI_USAGE_OUTPUT_TOKENS: output,
            semconv.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: cache_read,
            semconv.SMART_AGENTS_COST_AMOUNT: float(cost) if type(cost) is int else cost,
            semconv.SMART_AGENTS_COST_CURRENCY: currency,
            semconv.SMART_AGENTS_COST_SOURCE: None if cost is None else "local",
        }
        self.set_many({key: value for key, value in given.items() if value is not None})

    def outcome(self, outcome: str, /) -> None:
        if isinstance(outcome, str) and outcome in semconv.OUTCOMES:
            self.chosen = outcome
            self.ordinary = False
        else:
            failed("outcome", f"unknown outcome; known are {', '.join(sorted(semconv.OUTCOMES))}")

    def input(self, value: Any, /) -> None:
        self._content("input", value)

    def output(self, value: Any, /) -> None:
        self._content("output", value)

    def _content(self, direction: str, value: Any) -> None:
        if self.ended or self.spec.result_capture is Capture.NONE:
            return
        from otel_smart_agents.instrument.content import side

        try:
            for leg in self.legs:
                if attributes := side(direction, value, kind=self.spec.kind, how=self.spec.result_capture, route=leg.route):
                    leg.span.set_attributes(attributes)
        except Exception as error:  # noqa: BLE001 - a broken __repr__ of the program's must not reach the program
            failed("capture", error)

    def event(self, name: str, /, **attributes: Any) -> None:
        if self.ended:
            return
        try:
            usable = {label_key(key): value for key, given in attributes.items() if (value := plain(given)) is not None}
            for leg in self.legs:
                own = leg.route.key is None
                leg.span.add_event(name, usable if own else {k: v for k, v in usable.items() if not k.startswith("smart_agents.label.")})
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("event", error)

    def rate(self, value: float, /, *, label: str | None = None) -> None:
        from otel_smart_agents.instrument.events import rate

        rate(self, value, label=label)

    def carrier(self) -> Carrier:
        from otel_smart_agents.instrument.propagate import Carrier

        return Carrier.of(self.context())

    def context(self) -> Context:
        """Return the context that calls inside this run have."""
        from otel_smart_agents.instrument.call import context_of

        return context_of(self)

    @contextmanager
    def activate(self) -> Iterator[Run]:
        token = CURRENT.set(self.context())
        try:
            yield self
        finally:
            leave(token)

    def end(self, error: BaseException | None = None) -> None:
        with _ending:
            if self.closing:
                return
            self.closing = True
        if error is None:
            self.finish()
        else:
            self.fail(error)

    def finish(self, result: Any = None) -> None:
        if self.ended:
            return
        if self.spec.result_capture:
            self._content("output", result)
        self.ended = True
        try:
            if self.ordinary:
                span = self.span
                span.set_attribute(_OUTCOME, "success")
                span.end()
                return
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("finish", error)
            return
        outcome = self.chosen or "success"
        self._each(lambda leg: leg.close(outcome), self.legs)

    def abandon(self) -> None:
        self._end_as("abandoned")

    def _end_as(self, outcome: str) -> None:
        if not self.ended:
            self.ended = True
            self._each(lambda leg: leg.close(outcome), self.legs)

    def fail(self, error: BaseException) -> None:
        outcome = outcome_of(error)
        if self.ended or outcome != "failure":
            self._end_as(outcome)
            return
        try:
            facts = self._facts(error)
        except Exception as broken:  # noqa: BLE001 - telemetry fails open: the span still ends as a failure
            failed("fail", broken)
            self._end_as(outcome)
            return
        self.ended = True
        outcome = self.chosen or facts.outcome
        self._each(lambda leg: leg.close_failed(error, facts, outcome), self.legs)

    @staticmethod
    def _each(end: Callable[[Leg], None], legs: tuple[Leg, ...]) -> None:
        """End every leg, whatever happens to another one."""
        for leg in legs:
            try:
                end(leg)
            except Exception as error:  # noqa: BLE001 - telemetry fails open
                failed("finish", error)

    def _facts(self, error: BaseException) -> Facts:
        """Return the facts of the exception, from the call inside that saw it first, and leave them to the call around."""
        facts = self.seen
        if facts is None or not facts.about(error):
            facts = Facts(error)
        if self.outer is not None:
            self.outer.seen = facts
        return facts


def current() -> Run:
    """Return the run that the calling code is inside of; a run that does nothing if there is none or telemetry is off."""
    found: Any = CURRENT.get().get(RUN_KEY)
    return NO_RUN if found is None else found  # type: ignore[no-any-return] # only this package writes the key
