"""The anonymous id of one destination: random, short-lived, and provably one's own when erasure is asked for.

The id is the UUID form of the first 16 bytes of SHA-256 of a random secret. The secret never leaves this machine except as the proof inside
a deletion request. Nothing is derived from hardware, host or user. A second random secret, made and replaced together with the first, keys
the pseudonyms, so that neither hashes nor key ids join two ids of one installation.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent import files
from otel_smart_agents.consent.idfile import IdFile, Period, folders_in, parse_ids
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from otel_smart_agents.consent.model import Destination
    from otel_smart_agents.paths import TelemetryPaths

DAY_NS: Final = 86_400 * 1_000_000_000
ROTATION_NS: Final = 30 * DAY_NS
"""Life of an id."""
RETENTION_NS: Final = 90 * DAY_NS
"""How long the secret of a retired id is kept, as long as the back end may still hold its data."""


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
    """What proves to the back end that an id was ours: ``id_of(bytes.fromhex(secret_hex)) == id``.

    Attributes:
        id: UUID text.
        secret_hex: its secret.
        sent: whether a request with this id was made; ``None`` if that was not noted.
    """

    id: str
    secret_hex: str
    sent: bool | None = None


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
        self._unstored: dict[str, Period] = {}

    def peek(self, destination: Destination) -> Identity | None:
        """Return the current id without making or rotating one; ``None`` if there is none.

        Raises:
            ConsentError: the file is damaged or cannot be trusted.
        """
        periods = self._read(destination).periods
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
        return [(period.key, key_id_of(period.key)) for period in self._read(destination).periods]

    def pending_deletions(self, destination: Destination) -> list[DeletionProof]:
        """Return the proofs of every id that the back end may still know, newest first: one deletion request for each that was sent.

        Raises:
            ConsentError: the file is damaged or cannot be trusted.
        """
        oldest = self._clock() - RETENTION_NS
        kept = [period for period in self._read(destination).periods if period.retired_ns is None or period.retired_ns > oldest]
        return [DeletionProof(period.id, period.secret.hex(), period.sent) for period in kept]

    def mark_sent(self, destination: Destination, ids: Iterable[str], *, sent: bool = True) -> frozenset[str]:
        """Note that requests with these ids are made: erasure will be asked for them. Ids that are not kept are ignored.

        Args:
            destination: whose ids these are.
            ids: the ids.
            sent: ``False`` takes the note back.

        Returns:
            Those ids for which this is the first such request.

        Raises:
            ConsentError: the folder cannot be used, or the file is damaged.
            OSError: the disk refused.
        """
        wanted = frozenset(ids)
        first: set[str] = set()

        def change(found: IdFile) -> IdFile:
            first.update(period.id for period in found.periods if period.id in wanted and period.sent is False)
            return found.marked(wanted, sent=sent)

        if self._exists(destination):
            self._change(destination, change)
        return frozenset(first)

    def folders(self, destination: Destination) -> tuple[Path, ...]:
        """Return the moved data folders in which programs have kept data under these ids; no error if that cannot be told."""
        with contextlib.suppress(ConsentError):
            return tuple(Path(folder) for folder in self._read(destination).folders)
        return ()

    def moved(self) -> list[tuple[str, tuple[Path, ...]]]:
        """Return the keys of destinations whose programs have kept data in moved folders, with these; no error for what cannot be told."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(ConsentError, OSError, ValueError, KeyError, TypeError, RecursionError):
                data = files.read_private(path, folders=self._trusted)
                if data is not None and (folders := folders_in(data)):
                    found.append((path.stem, tuple(map(Path, folders))))
        return found

    def path(self, destination: Destination) -> Path:
        """Return where the ids of a destination are kept: it changes when there is a new one."""
        return self._folder / f"{destination.key}.json"

    def remove(self, destination: Destination) -> None:
        """Delete the ids and secrets of a destination; no error if there are none.

        Raises:
            ConsentError: the folder cannot be used.
        """
        self._unstored.pop(destination.key, None)
        if self._exists(destination):
            with self._locked():
                self.path(destination).unlink(missing_ok=True)
                files.sync_folder(self._folder)

    @property
    def _folder(self) -> Path:
        return self._paths.consent / "ids"

    @property
    def _trusted(self) -> tuple[Path, ...]:
        return self._paths.consent.parent, self._paths.consent, self._folder

    def _exists(self, destination: Destination) -> bool:
        try:
            return self.path(destination).is_symlink() or self.path(destination).exists()
        except OSError:
            return False

    def _locked(self) -> Any:
        files.ensure_folder(self._folder, outermost=self._paths.consent.parent)
        return files.locked(self._folder / ".lock")

    def _current(self, destination: Destination) -> Period:
        unstored = self._unstored.get(destination.key)
        try:
            found = self._read(destination)
            period = found.periods[0] if found.periods and self._fresh(found.periods[0]) else self._make(destination)
        except (ConsentError, OSError) as error:
            if destination.audience == "upstream":
                raise ConsentError(f"no id can be kept in {self._folder}: {error}") from error
            if unstored is None or not self._fresh(unstored):
                unstored = self._unstored[destination.key] = self._new()
            return unstored
        self._unstored.pop(destination.key, None)
        self._note_folder(destination, found)
        return period

    def _note_folder(self, destination: Destination, found: IdFile) -> None:
        """Note where the data is, so that a "no" finds it that is said where the variable which moved it is not set."""
        folder = str(self._paths.data.absolute())
        if folder not in (*found.folders, str(self._paths.consent.absolute())):
            with contextlib.suppress(ConsentError, OSError):  # a home that can only be read: whoever is there can store no "no" either
                self._change(destination, lambda found: found.with_folder(folder))

    def _change(self, destination: Destination, change: Callable[[IdFile], IdFile]) -> None:
        with self._locked():
            before = self._read(destination)
            after = change(before)
            if after != before and before.periods:
                files.write_atomic(self.path(destination), after.to_bytes(destination))

    def _make(self, destination: Destination) -> Period:
        with self._locked():
            found = self._read(destination)  # another process may have been faster
            return found.periods[0] if found.periods and self._fresh(found.periods[0]) else self._renew(destination, found)

    def _fresh(self, period: Period) -> bool:
        age = self._clock() - period.created_ns
        return period.retired_ns is None and -DAY_NS < age < ROTATION_NS  # a date far in the future would never rotate

    def _new(self) -> Period:
        return Period(secrets.token_bytes(32), secrets.token_bytes(32), self._clock())

    def _renew(self, destination: Destination, found: IdFile) -> Period:
        now = self._clock()
        retired = [replace(old, retired_ns=old.retired_ns or now) for old in found.periods]
        kept = [old for old in retired if now - (old.retired_ns or now) < RETENTION_NS]
        period = self._new()
        files.write_atomic(self.path(destination), replace(found, periods=(period, *kept)).to_bytes(destination))
        return period

    def _read(self, destination: Destination) -> IdFile:
        path = self.path(destination)
        data = files.read_private(path, folders=self._trusted)
        if data is None:
            return IdFile()
        try:
            return parse_ids(data, destination)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ConsentError(f"{path} is damaged: delete it to start with a new id") from error


def _identity(period: Period, *, stored: bool = True) -> Identity:
    return Identity(period.id, period.created_ns, stored)
