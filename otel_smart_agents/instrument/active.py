"""A running call that is recorded."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.instrument.context import INHERITED_KEY, leave
from otel_smart_agents.instrument.facts import Facts, outcome_of
from otel_smart_agents.instrument.leg import ENDED, ORDINARY, SPECIAL, Leg
from otel_smart_agents.instrument.run import Run
from otel_smart_agents.instrument.runtime import STATE, failed
from otel_smart_agents.instrument.spec import LABEL_PREFIX, label_key, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.context import Context

    from otel_smart_agents.instrument.propagate import Carrier
    from otel_smart_agents.instrument.runtime import Route
    from otel_smart_agents.instrument.spec import Spec

_ending = threading.Lock()


class ActiveRun(Leg, Run):
    """A call that is recorded; it is its own first leg.

    Attributes:
        outer: the run around this one.
        base: the context around the call.
        more: further legs, one per further route.
        seen: facts of the exception that a call inside last ended with.
    """

    more: tuple[Leg, ...] = ()
    seen: Facts | None = None
    chosen = ""
    closing = False

    def __init__(self, spec: Spec, route: Route, span: Any, base: Context, outer: ActiveRun | None) -> None:
        self.spec = spec
        self.route = route
        self.span = span
        self.base = base
        self.outer = outer
        self.state = ORDINARY
        if outer is not None and outer.seen is not None:
            outer.seen = None  # that exception was handled; if it is raised again after all, it is looked at once more

    @property
    def inherited(self) -> Mapping[str, Any]:
        """Attributes of every span inside, on this route: computed when asked for, since most calls never are."""
        key, scope = self.route.key, self.spec.scope
        found: Any = self.base.get(INHERITED_KEY)
        if key is not None:
            leg: Any = None if self.spec.root else self.base.get(key)
            found = None if leg is None else leg.inherited
        return {**found, **scope} if found else scope

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every span of the call."""
        return (self, *self.more)

    @property
    def recording(self) -> bool:
        """See ``Run.recording``."""
        return self.state != ENDED and any(leg.span.is_recording() for leg in self.legs)

    @property
    def ref(self) -> str:
        """See ``Run.ref``."""
        from otel_smart_agents.instrument.propagate import reference

        return reference(self)

    def set(self, key: str, value: Any) -> None:
        """See ``Run.set``."""
        self.set_many({key: value})

    def set_many(self, attributes: Mapping[str, Any], /) -> None:
        """See ``Run.set_many``."""
        if self.state == ENDED:
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

    def usage(
        self,
        *,
        input: int | None = None,  # noqa: A002 - the field's word for it
        output: int | None = None,
        cache_read: int | None = None,
        cost: float | None = None,
        currency: str | None = None,
    ) -> None:
        """See ``Run.usage``."""
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
        """See ``Run.outcome``."""
        if isinstance(outcome, str) and outcome in semconv.OUTCOMES:
            self.chosen = outcome
            self.state = max(self.state, SPECIAL)
        else:
            failed("outcome", f"unknown outcome; known are {', '.join(sorted(semconv.OUTCOMES))}")

    def input(self, value: Any, /) -> None:
        """See ``Run.input``."""
        self._content("input", value)

    def output(self, value: Any, /) -> None:
        """See ``Run.output``."""
        self._content("output", value)

    def _content(self, direction: str, value: Any) -> None:
        if self.state == ENDED or self.spec.result_capture is Capture.NONE:
            return
        from otel_smart_agents.instrument.content import side

        try:
            for leg in self.legs:
                if attributes := side(direction, value, kind=self.spec.kind, how=self.spec.result_capture, route=leg.route):
                    leg.span.set_attributes(attributes)
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("capture", error)

    def event(self, name: str, /, **attributes: Any) -> None:
        """See ``Run.event``."""
        if self.state == ENDED:
            return
        given: Any = name
        if not isinstance(given, str):
            failed("event", f"the name of an event is text, not {type(given).__name__}")
            return
        try:
            usable = {label_key(key): value for key, given in attributes.items() if (value := plain(given)) is not None}
            for leg in self.legs:
                own = leg.route.key is None
                leg.span.add_event(name, usable if own else {k: v for k, v in usable.items() if not k.startswith(LABEL_PREFIX)})
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("event", error)

    def rate(self, value: float, /, *, label: str | None = None) -> None:
        """See ``Run.rate``."""
        from otel_smart_agents.instrument.events import rate

        rate(self, value, label=label)

    def carrier(self) -> Carrier:
        """See ``Run.carrier``."""
        from otel_smart_agents.instrument.propagate import Carrier

        return Carrier.of(self.context())

    def context(self) -> Context:
        """Return the context that calls inside this run have."""
        from otel_smart_agents.instrument.call import context_of

        return context_of(self)

    @contextmanager
    def activate(self) -> Iterator[Run]:
        """See ``Run.activate``."""
        token = STATE.attach(self.context())
        try:
            yield self
        finally:
            leave(token)

    def end(self, error: BaseException | None = None) -> None:
        """See ``Run.end``."""
        with _ending:
            if self.closing:
                return
            self.closing = True
        if error is None:
            self.finish()
        else:
            self.fail(error)

    def finish(self, result: Any = None) -> None:
        """See ``Run.finish``."""
        if self.state:
            self._finish_slowly(result)
            return
        self.state = ENDED
        try:
            self.span.end()  # the outcome success stands there from the start
        except Exception as error:  # noqa: BLE001 - telemetry fails open
            failed("finish", error)
        for leg in self.more:
            try:
                leg.span.end()
            except Exception as error:  # noqa: BLE001 - one destination's failure is not another one's
                failed("finish", error)

    def _finish_slowly(self, result: Any) -> None:
        if self.state == ENDED:
            return
        if self.spec.result_capture:
            self._content("output", result)
        self._end_as(self.chosen or "success")

    def abandon(self) -> None:
        """See ``Run.abandon``."""
        self._end_as("abandoned")

    def _end_as(self, outcome: str) -> None:
        if self.state == ENDED:
            return
        self.state = ENDED
        for leg in self.legs:
            try:
                leg.close(outcome)
            except Exception as error:  # noqa: BLE001 - one destination's failure is not another one's
                failed("finish", error)

    def fail(self, error: BaseException) -> None:
        """See ``Run.fail``."""
        outcome = outcome_of(error)
        if self.state == ENDED or outcome != "failure":
            self._end_as(outcome)
            return
        try:
            facts = self._facts(error)
        except Exception as broken:  # noqa: BLE001 - telemetry fails open
            failed("fail", broken)
            self._end_as(outcome)
            return
        self.state = ENDED
        outcome = self.chosen or facts.outcome
        for leg in self.legs:
            try:
                leg.close_failed(error, facts, outcome)
            except Exception as broken:  # noqa: BLE001 - one destination's failure is not another one's
                failed("finish", broken)

    def _facts(self, error: BaseException) -> Facts:
        """Return the facts of the exception, from the call inside that saw it first, and leave them to the call around."""
        facts = self.seen
        if facts is None or not facts.about(error):
            facts = Facts(error)
        if self.outer is not None:
            self.outer.seen = facts
        return facts
