"""The one check of ``doctor`` that uses the network: one empty OTLP request, and only where consent allows sending."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from otel_smart_agents.cli.delivery import fix_for
from otel_smart_agents.cli.finding import Finding
from otel_smart_agents.cli.person import line_of
from otel_smart_agents.cli.reach import online_check
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.sender import request_bytes
from otel_smart_agents.export.transport import make_transport
from otel_smart_agents.spool.body import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.group import Session
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.export.endpoint import Endpoint

_TIMEOUT_S: Final = 5.0


def check_online(session: Session, known: Known, *, yes: bool) -> Iterator[Finding]:
    """Whether the back end takes a request. Asks before it sends one.

    Args:
        session: where consent is kept.
        known: the destination.
        yes: do not ask.
    """
    decision = known.decision(session.store)
    if not decision.sends:
        yield Finding("online", ok=True, says=f"{known.key}: no packet was sent: {decision.reason}")
        return
    try:
        endpoint = known.endpoint() if known.request is not None else None
    except ConfigError as error:
        yield Finding("online", ok=False, says=f"{known.key}: {error}", fix="correct the endpoint")
        return
    if endpoint is None:
        says = f"{known.key}: no packet was sent: how the program reaches it (credentials, certificates) is not known to this command"
        yield Finding("online", ok=False, says=says, fix=online_check(session, known))
        return
    if not yes and not _agreed(endpoint):
        yield Finding("online", ok=True, says=f"{known.key}: no packet was sent: you did not say yes (--yes does)")
        return
    yield _try(known, endpoint)


def _agreed(endpoint: Endpoint) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return line_of(f"Send one empty request to {endpoint.url} ({endpoint.protocol})? y / n (Enter = n): ") in ("y", "yes")


def _try(known: Known, endpoint: Endpoint) -> Finding:
    transport = make_transport(replace(endpoint, timeout_s=_TIMEOUT_S))
    try:
        answer = transport.send(request_bytes(Body("traces", ()), endpoint), signal="traces", timeout_s=_TIMEOUT_S)
    finally:
        transport.close()
    if answer.verdict == "accepted":
        return Finding("online", ok=True, says=f"{known.key}: {endpoint.url} took an empty request ({answer.code})")
    settings = known.request.settings if known.request is not None else None
    otherwise = "check that the receiver runs there, and its log" if answer.verdict == "retry" else "see the receiver's log"
    fix = fix_for(answer.code, settings) or otherwise
    return Finding("online", ok=False, says=f"{known.key}: {endpoint.url} did not take an empty request ({answer.code})", fix=fix)
