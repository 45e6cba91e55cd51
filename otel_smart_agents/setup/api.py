"""``configure()`` and ``ask()``: the two calls a program needs."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent import ConsentStore
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.setup.handle import Handle
from otel_smart_agents.setup.request import Options, calling_module, make_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from otel_smart_agents.consent import Decision, Notice
    from otel_smart_agents.consent.model import Audience, Gate

_handles: Final[dict[str, Handle]] = {}
_lock: Final = threading.RLock()
_looking: Final[list[bool]] = []


def configure(  # noqa: PLR0913 - all keyword-only: this is the surface on which a program says everything once
    *,
    service_name: str | None = None,
    service_version: str | None = None,
    endpoint: str | None = None,
    protocol: str | None = None,
    headers: dict[str, str] | None = None,
    audience: Audience | None = None,
    notice: Notice | None = None,
    gate: Gate = "operator",
    packages: Iterable[str] | None = None,
    provider: Any = None,
    capture: Capture = Capture.FULL,
    organisation_key: bytes = b"",
    compat: Iterable[str] = (),
    command: str = "otel-smart-agents",
    **settings: Any,
) -> Handle:
    """Say once where telemetry may go. Never asks, never blocks, and does nothing at all while consent is missing.

    The same destination with the same arguments again returns the same handle; another destination is added beside it.

    Args:
        service_name: the product; by default ``OTEL_SERVICE_NAME`` (``own`` only).
        service_version: the product's version.
        endpoint: base URL of the OTLP receiver, by default ``OTEL_EXPORTER_OTLP_ENDPOINT`` (``own`` only). None at all records on this
            machine without sending.
        protocol: ``http/protobuf``, ``http/json`` or ``grpc``; by default http/protobuf for ``own``, http/json for ``upstream``.
        headers: request headers, for example credentials; kept in memory only.
        audience: ``own`` (your own back end) or ``upstream`` (the makers of the software that people run: off until a human says yes).
            Required with an endpoint.
        notice: what people are told before they are asked; needed before anybody can say yes to ``upstream``.
        gate: who decides about ``own``: ``operator`` (the default), ``user``, or ``per_call`` (a server's end users, one by one).
        packages: the product's import packages; by default for ``upstream`` the package that calls ``configure()``. Only calls in them are
            seen by ``upstream``, and their frames count as the application's in stack hashes.
        provider: ``None`` adds to the existing tracer provider (or makes the global one), ``"isolated"`` keeps apart, or an SDK provider.
        capture: the most content that decorators may ask for on an ``own`` destination.
        organisation_key: key of the pseudonyms of a whole organisation instead of this installation's.
        compat: ``{"openinference"}`` adds ``openinference.span.kind``.
        command: what a person types to decide, shown in messages.
        **settings: any other setting of ``otel_smart_agents.config.Settings``: ``durability``, ``spool``, ``signals``, ``content``, …

    Raises:
        ConfigError: an argument is missing, unknown (the message has the nearest known one) or unusable, or this destination is configured
            already with other arguments.
    """
    named = {
        "service_name": service_name,
        "service_version": service_version,
        "endpoint": endpoint,
        "protocol": protocol,
        "headers": headers,
    }
    arguments = {name: value for name, value in {**named, **settings}.items() if value is not None}
    options = Options(audience, notice, gate, packages, provider, capture, organisation_key, compat, calling_module())
    request = make_request(arguments, options)
    with _lock:
        handle = _handles.get(request.destination.key)
        if handle is not None and not handle.closed:
            return _same(handle, request, provider, packages=packages is not None)
        handle = _handles[request.destination.key] = Handle(request, ConsentStore(command=command))
    if not _looking:
        try:
            handle.refresh()
        except BaseException:
            handle.shutdown(0)  # no handle was given out: what the message says to change can be changed
            raise
    return handle


@contextmanager
def looking() -> Iterator[None]:
    """Inside the block ``configure()`` makes handles that do not start: a command that looks at a product's data is no run of the product.

    Nothing is recorded and no sender starts, so that what is being looked at is not sent meanwhile; ``handle.refresh()`` starts it after
    all.
    """
    _looking.append(True)
    try:
        yield
    finally:
        _looking.pop()


def _same(handle: Handle, request: Any, provider: Any, *, packages: bool) -> Handle:
    """Return the handle if it was asked for the same; packages that were not named depend on who calls and do not count."""
    before = handle.request if packages else replace(handle.request, packages=request.packages)
    if before != request or handle.request.provider is not provider:
        raise ConfigError(
            f"{handle.destination.key} is configured already with other arguments: use the first handle, or call its shutdown() before"
        )
    return handle


def handles() -> tuple[Handle, ...]:
    """Return the open handles of this process, in the order in which they were made."""
    with _lock:
        return tuple(handle for handle in _handles.values() if not handle.closed)


def ask(notice: Notice, *, handle: Handle | None = None, categories: Iterable[str] | None = None) -> Decision:
    """Put the notice's question to the person at the terminal, if there is one and it is still due, and return the decision either way.

    Asked at most once per version of the notice, with "no" as the answer of a bare Enter; never in a pipe, in CI or under an AI agent, nor
    while ``configure(mode="off")`` keeps this run from recording.
    A yes takes effect at once.

    Args:
        notice: what to ask about.
        handle: the destination; by default the only configured one that a person decides about.
        categories: what a yes covers, all categories by default; never more than ``configure(categories=…)`` and the administrator allow.

    Raises:
        ConfigError: no destination is configured that a person decides about, or several are; or an unknown or no category.
    """
    from otel_smart_agents.consent import CATEGORIES
    from otel_smart_agents.consent import ask as ask_person

    chosen = handle or _gated()
    decision = ask_person(
        notice,
        replace(chosen.destination, controller=notice.controller),
        store=chosen.store,
        gate=chosen.request.gate,
        categories=CATEGORIES if categories is None else categories,
        run_mode=chosen.request.run_mode,
        allowed=chosen.settings.categories,
        application_version=chosen.settings.service_version,
    )
    chosen.adopt(notice)
    chosen.refresh()
    return decision


def _gated() -> Handle:
    found = [handle for handle in handles() if handle.request.upstream or handle.request.gate == "user"]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ConfigError("ask() needs a destination that a person decides about: call configure(…, audience='upstream', …) first")
    raise ConfigError(f"ask() needs handle=: {', '.join(handle.destination.key for handle in found)} are all decided by a person")
