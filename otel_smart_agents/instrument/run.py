"""The light handle of a running call, and the one that stands in its place when telemetry is off."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from otel_smart_agents.instrument.context import RUN_KEY
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from otel_smart_agents.instrument.propagate import Carrier


class Run:
    """What ``with agent(...) as run`` gives and ``current()`` returns. Every method is safe to call at any time and never raises.

    This class does nothing: it stands for a call while telemetry is off, and for no call at all. So code that uses a run never has to test
    for ``None``.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: Any) -> Self:
        """Return the run itself: a copied state goes on in the same call, telemetry on or off."""
        return self

    def __reduce__(self) -> Any:
        """A call does not move to another process: there its handle does nothing, as while telemetry is off. ``carrier()`` is for that."""
        return _no_run, ()

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

    def usage(
        self,
        *,
        input: int | None = None,  # noqa: A002 - the field's word for it
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

NO_SPAN: Final = Run()
"""The handle of what enters a context and has no span: a session, a function that was bound. ``NO_RUN`` enters none."""


def _no_run() -> Run:
    return NO_RUN


def current() -> Run:
    """Return the run that the calling code is inside of; a run that does nothing if there is none or telemetry is off."""
    if not STATE.span_key:
        return NO_RUN  # nothing was ever switched on in this process
    found: Any = STATE.get().get(RUN_KEY)
    return NO_RUN if found is None else found
