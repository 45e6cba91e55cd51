"""Trace context in the ``_meta`` of Model Context Protocol messages: keys ``traceparent`` and ``tracestate``.

The protocol reserves these keys since its version 2026-07-28; older peers ignore them. Baggage is neither written nor read.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.instrument.propagate import Carrier
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS: Final = ("traceparent", "tracestate")
_MAX_LENGTH: Final = 512


def inject_meta(meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a copy of a request's ``_meta`` with the current trace context; unchanged content while telemetry is off."""
    found = dict(meta or {})
    if STATE.routes:
        carrier = Carrier.of()
        found |= {key: value for key, value in zip(KEYS, (carrier.traceparent, carrier.tracestate), strict=True) if value}
    return found


def carrier_of_meta(meta: Mapping[str, Any] | None) -> Carrier:
    """Return the carrier in a request's ``_meta``; what is absent, too long or no text counts as absent."""
    values = [(meta or {}).get(key) for key in KEYS]
    traceparent, tracestate = (value if isinstance(value, str) and len(value) <= _MAX_LENGTH else "" for value in values)
    return Carrier(traceparent, tracestate if traceparent else "")


@contextmanager
def continued(meta: Mapping[str, Any] | None) -> Iterator[None]:
    """Put the calls of a ``with`` block, on the server's side, under the client's call."""
    with carrier_of_meta(meta).activate():
        yield
