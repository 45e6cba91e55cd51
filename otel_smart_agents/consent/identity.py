"""The anonymous id of one destination: random, short-lived, and provably one's own when erasure is asked for.

The id is the UUID form of the first 16 bytes of SHA-256 of a random secret. The secret never leaves this machine except as the proof inside
a deletion request. Nothing is derived from hardware, host or user. A second random secret, made and replaced together with the first, keys
the pseudonyms, so that neither hashes nor key ids join two ids of one installation.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent import files
from otel_smart_agents.consent.record import utc
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.paths import TelemetryPaths

DAY_NS: Final = 86_400 * 1_000_000_000
ROTATION_NS: Final = 30 * DAY_NS
"""Life of an id."""
RETENTION_NS: Final = 90 * DAY_NS
"""How long the secret of a retired id is kept, as long as the back end may still hold its data."""

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """One id.

    Attributes:
        id: UUID text.
        created_ns: when it was made, Unix nanoseconds.
        stored: whether it is on disk; ``False`` where no disk is writable (``own`` only), then it lives as long as the process.
    """

    id: str
    created_ns: int
    stored: bool = True


@dataclass(frozen=True, slots=True)
class DeletionProof:
    """What proves to the back end that an id was ours: ``id_of(bytes.fromhex(secret_hex)) == id``."""

    id: str
    secret_hex: str


@dataclass(frozen=True, slots=True)
class _Period:
    secret: bytes
    key: bytes
    created_ns: int
    retired_ns: int | None = None

    @property
    def id(self) -> str:
        return id_of(self.secret)


def id_of(secret: bytes) -> str:
    """Return the id that belongs to a secret."""
    return str(uuid.UUID(bytes=hashlib.sha256(secret).digest()[:16]))


def key_id_of(key: bytes) -> str:
    """Return the public id of a pseudonym key: 8 hex that tell hashes under different keys apart and say nothing about the key."""
    return hashlib.sha256(b"otel-smart-agents key id\0" + key).hexdigest()[:8]


class Identities:
    """The ids of one user, one file per destination: ``ids/<destination key>.json``. Nothing is made before it is asked for.

    Args:
        paths: the user's folders.
        clock: Unix nanoseconds.
    """

    def __init__(self, paths: TelemetryPaths, *, clock: Callable[[], int] = time.time_ns) -> None:
        self._paths = paths
        self._clock = clock
        self._unstored: dict[str, _Period] = {}

    def peek(self, destination: Destination) -> Identity | None:
        """Return the current id without making or rotating one; ``None`` if there is none.

        Raises:
            ConsentError: the file is damaged or cannot be trusted.
        """
        periods = self._read(destination)
        return _identity(periods[0]) if periods and periods[0].retired_ns is None else None

    def current(self, destination: Destination) -> Identity:
        """Return the id, made at first use and replaced when it is 30 days old.

        Where no disk is writable, ``own`` gets an id that lives as long as the process; ``upstream`` gets an error.

        Raises:
            ConsentError: the folder cannot be used for ``upstream``, or the file is damaged.
        """
        return _identity(self._current(destination), stored=destination.key not in self._unstored)

    def rotate(self, destination: Destination) -> Identity:
        """Replace the id and the pseudonym key now. The old secret is kept for deletion requests until 90 days have passed.

        Raises:
            ConsentError: the folder cannot be used, or the file is damaged.
        """
        with self._locked():
            return _identity(self._renew(destination, self._read(destination)))

    def pseudonym_key(self, destination: Destination) -> tuple[bytes, str]:
        """Return the current key of pseudonyms and its public id; made like the id.

        Raises:
            ConsentError: as for ``current``.
        """
        key = self._current(destination).key
        return key, key_id_of(key)

    def pseudonym_keys(self, destination: Destination) -> list[tuple[bytes, str]]:
        """Return every key that is still kept, newest first: a value may have been hashed under an earlier one."""
        return [(period.key, key_id_of(period.key)) for period in self._read(destination)]

    def pending_deletions(self, destination: Destination) -> list[DeletionProof]:
        """Return the proofs of every id that the back end may still know, newest first: one deletion request each.

        Raises:
            ConsentError: the file is damaged or cannot be trusted.
        """
        oldest = self._clock() - RETENTION_NS
        kept = [period for period in self._read(destination) if period.retired_ns is None or period.retired_ns > oldest]
        return [DeletionProof(period.id, period.secret.hex()) for period in kept]

    def remove(self, destination: Destination) -> None:
        """Delete the ids and secrets of a destination; no error if there are none.

        Raises:
            ConsentError: the folder cannot be used.
        """
        self._unstored.pop(destination.key, None)
        if self._exists(destination):
            with self._locked():
                self._path(destination).unlink(missing_ok=True)
                files.sync_folder(self._folder)

    @property
    def _folder(self) -> Path:
        return self._paths.consent / "ids"

    def _path(self, destination: Destination) -> Path:
        return self._folder / f"{destination.key}.json"

    def _exists(self, destination: Destination) -> bool:
        try:
            return self._path(destination).is_symlink() or self._path(destination).exists()
        except OSError:
            return False

    def _locked(self) -> Any:
        files.ensure_folder(self._folder, outermost=self._paths.consent.parent)
        return files.locked(self._folder / ".lock")

    def _current(self, destination: Destination) -> _Period:
        unstored = self._unstored.get(destination.key)
        try:
            periods = self._read(destination)
            if not (periods and self._fresh(periods[0])):
                periods = [self._make(destination)]
        except (ConsentError, OSError) as error:
            if destination.audience == "upstream":
                raise ConsentError(f"no id can be kept in {self._folder}: {error}") from error
            if unstored is None or not self._fresh(unstored):
                unstored = self._unstored[destination.key] = self._new()
            return unstored
        self._unstored.pop(destination.key, None)
        return periods[0]

    def _make(self, destination: Destination) -> _Period:
        with self._locked():
            periods = self._read(destination)  # another process may have been faster
            return periods[0] if periods and self._fresh(periods[0]) else self._renew(destination, periods)

    def _fresh(self, period: _Period) -> bool:
        age = self._clock() - period.created_ns
        return period.retired_ns is None and -DAY_NS < age < ROTATION_NS  # a date far in the future would never rotate

    def _new(self) -> _Period:
        return _Period(secrets.token_bytes(32), secrets.token_bytes(32), self._clock())

    def _renew(self, destination: Destination, periods: Sequence[_Period]) -> _Period:
        now = self._clock()
        retired = [_Period(old.secret, old.key, old.created_ns, old.retired_ns or now) for old in periods]
        kept = [old for old in retired if now - (old.retired_ns or now) < RETENTION_NS]
        period = self._new()
        files.write_atomic(self._path(destination), _serialise(destination, [period, *kept]))
        return period

    def _read(self, destination: Destination) -> list[_Period]:
        path = self._path(destination)
        data = files.read_private(path, folders=(self._paths.consent.parent, self._paths.consent, self._folder))
        if data is None:
            return []
        try:
            content: Mapping[str, Any] = json.loads(data)
            periods = [
                _Period(bytes.fromhex(item["secret"]), bytes.fromhex(item["pseudonym_key"]), int(item["created_ns"]), item["retired_ns"])
                for item in content["ids"]
            ]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ConsentError(f"{path} is damaged: delete it to start with a new id") from error
        controllers = {content.get("controller"), destination.controller} - {""}
        same = len(controllers) < 2 and content.get("product") == destination.product
        return periods if same else [_Period(old.secret, old.key, old.created_ns, old.retired_ns or old.created_ns) for old in periods]


def _identity(period: _Period, *, stored: bool = True) -> Identity:
    return Identity(period.id, period.created_ns, stored)


def _serialise(destination: Destination, periods: Sequence[_Period]) -> bytes:
    content = {
        "schema": SCHEMA,
        "product": destination.product,
        "controller": destination.controller,
        "ids": [
            {
                "id": period.id,
                "secret": period.secret.hex(),
                "pseudonym_key": period.key.hex(),
                "created": utc(period.created_ns),
                "created_ns": period.created_ns,
                "retired_ns": period.retired_ns,
            }
            for period in periods
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
