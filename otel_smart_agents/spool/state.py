"""What processes share about one destination: its state, its record of sent requests and its deletion requests."""

from __future__ import annotations

import errno
import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.body import dump
from otel_smart_agents.spool.faults import write_all
from otel_smart_agents.spool.files import Directory, opened_directory
from otel_smart_agents.spool.locks import release, try_lock
from otel_smart_agents.spool.names import new_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

STATE_FILE: Final = "state.json"
SENT_LOG: Final = "sent.jsonl"
SENT_LOG_OLD: Final = "sent.1.jsonl"
_LOCK_FILE: Final = "state.lock"
_SENT_LOG_BYTES: Final = 2**20
_LOCK_WAIT_S: Final = 1.0
_LOCK_PAUSE_S: Final = 0.005
LONGEST_WAIT_S: Final = 7 * 86_400
"""A longer wait is a mistake (milliseconds for seconds, a clock that is ahead), and believing it would stop sending for good."""


@dataclass(frozen=True, slots=True)
class SpoolState:
    """What every process of this user knows about a destination. Credentials and headers are never here.

    Attributes:
        endpoint: base URL of the receiver.
        protocol: ``http/protobuf``, ``http/json`` or ``grpc``.
        next_attempt_ns: earliest time of the next request, Unix nanoseconds; 0 = now.
        postponed_at_ns: when that was decided; 0 = not known.
        told_to_wait: the back end asked for that wait; otherwise it is the sender's own back-off.
        attempts: failed requests since the last success, the exponent of the back-off.
        last_code: what the last of them ended with: HTTP status, gRPC code or the class of the connection's error.
        last_sent_ns: time of the last successful request; 0 = never.
        sent: spans (log records, metrics) that were acknowledged.
        dropped: spans lost, by reason.
        product: the product's name, of which the folder's name keeps a slug only.
        controller: who is responsible for the data.
        traces_url: where traces go over HTTP, if not to ``/v1/traces`` below the endpoint.
    """

    endpoint: str = ""
    protocol: str = ""
    next_attempt_ns: int = 0
    attempts: int = 0
    last_sent_ns: int = 0
    sent: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    product: str = ""
    controller: str = ""
    postponed_at_ns: int = 0
    told_to_wait: bool = False
    last_code: str = ""
    traces_url: str = ""

    def wait_s(self, now_ns: int, *, told_only: bool = False) -> float:
        """Return the seconds until the next request may be made.

        0 where what is stored cannot be meant: a wait that no back end asks for in earnest, or one that was granted at a time that is yet
        to come, because the clock was ahead. With ``told_only`` the sender's own back-off does not count.
        """
        since_ns = self.postponed_at_ns or now_ns
        granted_ns = self.next_attempt_ns - since_ns
        if now_ns < since_ns or granted_ns > LONGEST_WAIT_S * 1_000_000_000 or (told_only and not self.told_to_wait):
            return 0.0
        return max(0, self.next_attempt_ns - now_ns) / 1e9

    def at_once(self) -> SpoolState:
        """Return the state after which the next request may be made now."""
        return replace(self, next_attempt_ns=0, postponed_at_ns=0, told_to_wait=False, attempts=0, last_code="")


def read_state(folder: Path) -> SpoolState:
    """Return the state; missing or unreadable parts are at their defaults (losing a counter must not stop anything)."""
    try:
        with opened_directory(folder) as directory:
            return _state_of(directory.read(STATE_FILE))
    except OSError:
        return SpoolState()


def update_state(folder: Path, change: Callable[[SpoolState], SpoolState]) -> SpoolState:
    """Replace the state by ``change(state)`` atomically, under the destination's lock, and return the new one.

    Raises:
        SpoolError: another process held the lock for a second (a frozen one must not freeze others).
        OSError: it cannot be written.
    """
    with _locked(folder) as directory:
        try:
            old = _state_of(directory.read(STATE_FILE))
        except FileNotFoundError:
            old = SpoolState()
        new = change(old)
        if new != old:
            # No fsync: what a power cut can cost here is a counter or an earlier retry, and rename alone keeps the file whole.
            data = dump({"schema": 1, **asdict(new)}) + b"\n"
            try:
                directory.write(STATE_FILE, data)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                # A full disk has no room for a second file, and this is when people look at the counts: its own block is there.
                directory.overwrite(STATE_FILE, data)
        return new


def count_drops(folder: Path, drops: Mapping[str, int]) -> None:
    """Add to the counts of dropped spans by reason.

    Raises:
        SpoolError, OSError: see ``update_state``.
    """

    def added(state: SpoolState) -> SpoolState:
        reasons = sorted({*state.dropped, *drops})
        return replace(state, dropped={reason: state.dropped.get(reason, 0) + drops.get(reason, 0) for reason in reasons})

    if any(drops.values()):
        update_state(folder, added)


def _state_of(data: bytes) -> SpoolState:
    try:
        found = json.loads(data)
        known = {item.name: found[item.name] for item in fields(SpoolState) if item.name in found}
    except (ValueError, TypeError):
        return SpoolState()
    defaults = SpoolState()
    usable = {name: value for name, value in known.items() if type(value) is type(getattr(defaults, name))}
    counts = {str(reason): count for reason, count in usable.pop("dropped", {}).items() if type(count) is int}
    return SpoolState(**usable, dropped=counts)


@contextmanager
def _locked(folder: Path) -> Iterator[Directory]:
    with opened_directory(folder, create=True) as directory:
        fd = directory.open(_LOCK_FILE, os.O_RDWR | os.O_CREAT)
        lock: int | None = None
        try:
            until = time.monotonic() + _LOCK_WAIT_S
            while (lock := try_lock(directory, _LOCK_FILE, fd)) is None:
                if time.monotonic() > until:
                    raise SpoolError(errno.EAGAIN, f"{directory.path} is locked by another process for more than {_LOCK_WAIT_S} s")
                time.sleep(_LOCK_PAUSE_S)
            yield directory
        finally:
            for descriptor in {fd, fd if lock is None else lock}:
                release(descriptor)


def record_sent(folder: Path, entry: Mapping[str, Any]) -> None:
    """Append one request to ``sent.jsonl``; at 1 MiB the file becomes ``sent.1.jsonl``, replacing the one before.

    Raises:
        SpoolError, OSError: it cannot be written.
    """
    line = dump(dict(entry)) + b"\n"
    with _locked(folder) as directory:
        fd = directory.open(SENT_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            size = os.fstat(fd).st_size
            try:
                write_all(fd, line)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(fd, size)
                raise
        finally:
            os.close(fd)
        if size + len(line) >= _SENT_LOG_BYTES:
            directory.rename(SENT_LOG, directory, SENT_LOG_OLD)


def sent_log(folder: Path, *, last: int | None = None) -> list[dict[str, Any]]:
    """Return the recorded requests, oldest first; lines that are not whole are skipped."""
    entries: list[dict[str, Any]] = []
    for name in (SENT_LOG_OLD, SENT_LOG):
        with suppress(FileNotFoundError), opened_directory(folder) as directory:
            for line in directory.read(name).splitlines():
                with suppress(ValueError):
                    entries.append(json.loads(line))
    return entries if last is None else entries[len(entries) - min(last, len(entries)) :]


@dataclass(frozen=True, slots=True)
class Deletion:
    """One queued request to erase what was sent under an id. Never dropped by a cap or by age.

    Attributes:
        name: its file in ``deletion/``.
        request: what to send, for example the id and the secret that proves its possession.
    """

    folder: Path
    name: str
    request: Mapping[str, Any]

    def done(self) -> None:
        """Forget the request: the back end has it."""
        with suppress(FileNotFoundError), opened_directory(self.folder, "deletion") as directory:
            directory.remove(self.name)
            directory.sync()


def queue_deletion(folder: Path, request: Mapping[str, Any], *, clock: Callable[[], int] = time.time_ns) -> Deletion:
    """Put a deletion request on the disk before returning.

    Raises:
        SpoolError, OSError: it cannot be written.
    """
    name = f"{clock():020d}-{new_token()}.json"
    with opened_directory(folder, "deletion", create=True) as directory:
        directory.write(name, dump(dict(request)) + b"\n", durable=True)
        directory.sync()
    return Deletion(folder, name, dict(request))


def deletions(folder: Path) -> list[Deletion]:
    """Return the queued deletion requests, oldest first."""
    found = []
    with suppress(FileNotFoundError), opened_directory(folder, "deletion") as directory:
        for name in directory.names():
            if name.endswith(".json") and not name.startswith("."):
                with suppress(OSError, ValueError):
                    found.append(Deletion(folder, name, json.loads(directory.read(name))))
    return found
