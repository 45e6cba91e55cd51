"""The destinations that a command can speak about: configured in this process, answered for, or with data on the disk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from otel_smart_agents import env
from otel_smart_agents.cli.output import reason
from otel_smart_agents.config import REFUSED
from otel_smart_agents.consent import ConsentStore, Decision, Destination
from otel_smart_agents.errors import ConfigError, ConsentError
from otel_smart_agents.export.erasure import requests_folder
from otel_smart_agents.setup import Handle, handles
from otel_smart_agents.setup.request import Options, Request, make_request
from otel_smart_agents.spool.folder import SpoolFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from otel_smart_agents.consent.model import Gate
    from otel_smart_agents.consent.record import Record
    from otel_smart_agents.export.endpoint import Endpoint
    from otel_smart_agents.spool.state import SpoolState


@dataclass(frozen=True, slots=True)
class Known:
    """One destination as the command line sees it.

    Attributes:
        destination: audience, product, endpoint, controller.
        folder: its spool; may not exist.
        request: how this process would send to it; ``None`` if it is not configured here, so that nothing can be sent from here.
        handle: the configured handle of this process.
        record: the person's last answer.
    """

    destination: Destination
    folder: SpoolFolder
    request: Request | None = None
    handle: Handle | None = None
    record: Record | None = None

    @property
    def key(self) -> str:
        """The folder name: what ``--destination`` takes."""
        return self.destination.key

    @property
    def asks(self) -> bool:
        """Whether it needs a person's yes, as far as is known here: upstream, and an own back end whose program asks its user."""
        if self.destination.audience == "upstream":
            return True
        if self.handle is not None:
            return self.handle.request.gate == "user"
        return self.record is not None and bool(self.record.notice_version)

    def decision(self, store: ConsentStore) -> Decision:
        """Return what may happen now."""
        request = self.request
        if request is not None:
            # Not the handle's own decision: its reasons name the command of configure(), and this one may be mounted elsewhere.
            narrowed = request.settings.categories
            return store.decide(self.destination, gate=request.gate, notice=request.notice, run_mode=request.run_mode, categories=narrowed)
        gate: Gate = "user" if self.record is not None and self.destination.audience == "own" else "operator"
        # Recorded without an endpoint: for the operator's own eyes, as configure() decides it too.
        return store.decide(self.destination, gate=gate, run_mode=None if self.endpoint() else "local")

    def endpoint(self) -> Endpoint | None:
        """Return where requests go and in which protocol, ``None`` if nothing was ever to be sent."""
        from otel_smart_agents.export.endpoint import Endpoint

        if self.request is not None:
            return self.request.endpoint()
        state = self.folder.state()
        url = state.endpoint or self.destination.endpoint
        if not url:
            return None
        default = "http/json" if self.destination.audience == "upstream" else "http/protobuf"
        protocol: Any = state.protocol or default
        return Endpoint(url, protocol=protocol, upstream=self.destination.audience == "upstream", traces_url=state.traces_url)


class Destinations:
    """Every destination that is known here, found anew with each call. Finding them makes nothing.

    Args:
        store: where consent is kept.
    """

    def __init__(self, store: ConsentStore) -> None:
        self.store = store

    def all(self) -> list[Known]:
        """Return every known destination, ``upstream`` first, then by key."""
        found: dict[str, Known] = {}
        for known in (*self._configured(), *self._answered(), *self._on_disk(), *self._moved()):
            found.setdefault(known.key, known)
        return sorted(found.values(), key=lambda known: (known.destination.audience != "upstream", known.key))

    def pick(self, selector: str | None, *, audience: str | None = None) -> Known:
        """Return the one destination that is meant.

        Args:
            selector: a key, the beginning of one, a product or an endpoint; ``None`` means the only one.
            audience: only destinations of this audience count.

        Raises:
            ConfigError: none or several match; the message lists them.
        """
        candidates = [known for known in self.all() if audience in (None, known.destination.audience)]
        if selector is not None:
            candidates = [known for known in candidates if _matches(known, selector)]
        if len(candidates) == 1:
            return candidates[0]
        listed = ", ".join(known.key for known in candidates or self.all()) or "none"
        kind = f"{audience} " if audience else ""
        if not candidates:
            raise ConfigError(f"no {kind}destination {f'matches {selector!r}' if selector else 'is known here'}; known: {listed}")
        raise ConfigError(f"several {kind}destinations are known: name one with --destination; known: {listed}")

    def many(self, selector: str | None, *, audience: str | None = None) -> list[Known]:
        """Return the destinations that are meant: all of the audience, or those that match.

        Raises:
            ConfigError: a selector matches nothing.
        """
        found = [known for known in self.all() if audience in (None, known.destination.audience)]
        if selector is None:
            return found
        matching = [known for known in found if _matches(known, selector)]
        return matching or [self.pick(selector, audience=audience)]

    def folder(self, destination: Destination) -> SpoolFolder:
        """Return the destination's spool."""
        return SpoolFolder(self.store.paths.spool / destination.key, requests=requests_folder(self.store, destination))

    def _configured(self) -> Iterator[Known]:
        records = self._records()
        for handle in handles():
            at = handle.destination
            yield Known(at, self.folder(at), handle.request, handle, records.get(at.key))
        request = self._environment()
        if request is not None and env.get(self.store.environ, env.OTEL_SERVICE_NAME):
            at = request.destination
            yield Known(at, self.folder(at), request, None, records.get(at.key))

    def _environment(self) -> Request | None:
        """Return the own back end that ``OTEL_*`` variables describe, ``None`` if they name none that can be used."""
        with suppress(ConfigError):
            request = make_request({}, Options(), environ=self.store.environ)
            return request if request.destination.endpoint else None
        return None

    def problem(self) -> str | None:
        """Return why the stored answers cannot be used, ``None`` if they can."""
        try:
            self.store.destinations()
        except ConsentError as error:
            return reason(error)
        return None

    def _records(self) -> dict[str, Record]:
        try:
            found = self.store.destinations()
        except ConsentError:  # whatever was answered counts as no; which destinations there are is still in the log
            found = self.store.remembered()
        return {record.destination.key: record for record in found}

    def _answered(self) -> Iterator[Known]:
        for record in self._records().values():
            yield Known(record.destination, self.folder(record.destination), record=record)

    def _on_disk(self) -> Iterator[Known]:
        here = self._environment()
        for folder in _folders(self.store.paths.spool):
            destination = _destination_of(folder.name, SpoolFolder(folder).state())
            if destination is None:
                continue
            spool = self.folder(destination)
            # Whatever program of this user recorded it for the back end that the environment names: its operator is the same.
            same = here is not None and destination.audience == "own" and destination.endpoint == here.destination.endpoint
            yield Known(destination, spool, _as_recorded(here, destination, spool.state()) if here is not None and same else None)

    def _moved(self) -> Iterator[Known]:
        """Yield what programs have recorded in data folders that the environment of this command does not name."""
        for key, folders in self.store.identities.moved():
            for folder in folders:
                place = folder / "spool" / key
                destination = _destination_of(key, SpoolFolder(place).state())
                if destination is not None:
                    yield Known(destination, SpoolFolder(place, requests=requests_folder(self.store, destination)))


def _as_recorded(here: Request, destination: Destination, state: SpoolState) -> Request:
    """Return how the environment would send there, in the way that the program which recorded it said, where the environment says none."""
    settings = here.settings
    if state.protocol and settings.sources.get("protocol") in ("default", REFUSED):
        settings = replace(settings, protocol=state.protocol)  # type: ignore[arg-type] # Endpoint refuses what is no protocol
    return replace(here, destination=destination, settings=replace(settings, traces_url=settings.traces_url or state.traces_url))


def _folders(spool: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(path for path in spool.iterdir() if path.is_dir() and not path.is_symlink())
    return []


def _destination_of(name: str, state: SpoolState) -> Destination | None:
    """Return the destination whose folder this is; the slug stands for a product that its state does not name."""
    parts = name.rsplit(".", 2)
    if len(parts) != 3 or parts[1] not in ("own", "upstream"):
        return None
    for product in (state.product, parts[0]):
        with suppress(ConfigError, ValueError):
            destination = Destination(parts[1], product, state.endpoint, state.controller)  # type: ignore[arg-type] # checked above
            if destination.key == name:
                return destination
    return None


def _matches(known: Known, selector: str) -> bool:
    at = known.destination
    return known.key.startswith(selector) or selector in (at.product, at.endpoint, at.host, at.audience)
