"""Trace context in the ``_meta`` of Model Context Protocol messages: keys ``traceparent`` and ``tracestate``.

The protocol reserves these keys since its version 2026-07-28; older peers ignore them. Baggage is neither written nor read. The Python SDK
``mcp`` writes and reads them by itself since its version 2; the functions here then change nothing, and work with every other SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.instrument.propagate import Carrier
from otel_smart_agents.instrument.runtime import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS: Final = ("traceparent", "tracestate")
_MAX_LENGTH: Final = 512


def inject_meta(meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a copy of a request's ``_meta`` with the current trace context; unchanged content while telemetry is off."""
    found = dict(meta or {})
    if STATE.routes:
        carrier = Carrier.of()
        found |= {key: value for key, value in zip(KEYS, (carrier.traceparent, carrier.tracestate), strict=True) if value}
    return found


def carrier_of_meta(meta: Mapping[str, Any] | object | None) -> Carrier:
    """Return the carrier in a request's ``_meta``, a mapping or an object with attributes; what is too long or no text counts as absent."""
    values = [meta.get(key) if isinstance(meta, Mapping) else getattr(meta, key, None) for key in KEYS]
    traceparent, tracestate = (value if isinstance(value, str) and len(value) <= _MAX_LENGTH else "" for value in values)
    return Carrier(traceparent, tracestate if traceparent else "")


@contextmanager
def continued(meta: Mapping[str, Any] | object | None) -> Iterator[None]:
    """Put the calls of a ``with`` block, on the server's side, under the client's call.

    If the current span is under it already, because the SDK made a span for the message, the calls stay under that one.
    """
    carrier = carrier_of_meta(meta)
    if STATE.routes and _is_under(carrier.traceparent):
        yield
        return
    with carrier.activate():
        yield


def _is_under(traceparent: str) -> bool:
    """Tell whether the current span's parent is the span that a ``traceparent`` names. The SDK's span has a public ``parent``."""
    from opentelemetry.trace import get_current_span

    parent = getattr(get_current_span(), "parent", None)
    return parent is not None and traceparent[3:52] == f"{parent.trace_id:032x}-{parent.span_id:016x}"
