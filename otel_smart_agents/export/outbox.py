"""The reading end of the disk spool, as the sender sees it."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.folder import SpoolFolder
from otel_smart_agents.spool.limits import SIGNALS, DropCounter, Signal, SpoolLimits
from otel_smart_agents.spool.locks import release, try_lock
from otel_smart_agents.spool.names import may_be_sent, parse_name
from otel_smart_agents.spool.ready import ReadyFile
from otel_smart_agents.spool.state import Deletion, SpoolState, deletions, read_state, record_sent, update_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from otel_smart_agents.consent.model import Decision
    from otel_smart_agents.export.erasure import Erasure
    from otel_smart_agents.spool.body import Body
    from otel_smart_agents.spool.ready import ClaimedFile

LOCK_FILE: Final = "sender.lock"
EXIT_FILE: Final = "exit.lock"
_RECOVER_EVERY_S: Final = 30.0


class DiskOutbox:
    """What all processes of a user have written for one destination. Makes nothing while the destination has no folder.

    Args:
        folder: the destination's folder.
        limits: bounds of what is kept.
        counters: hears of what is lost on the way out.
        erasure: hears of what is sent, and knows where else requests for erasure wait: in the home folder, if data is moved.
        clock: Unix time in nanoseconds.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limits: SpoolLimits,
        counters: DropCounter,
        erasure: Erasure | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._folder = folder
        self._erasure = erasure
        self._requests = folder if erasure is None else erasure.folder
        self._spool = SpoolFolder(folder, limits=limits, clock=clock)
        self._counters = counters
        self._clock = clock
        self._recovered_s: float | None = None

    @property
    def _place(self) -> Path:
        """Where lock and state are: with the data, or while there never was any, with the requests for erasure."""
        return self._folder if self._folder.is_dir() or not self._requests.is_dir() else self._requests

    @contextmanager
    def exclusive(self) -> Iterator[bool]:
        """See ``Outbox``. A folder that does not exist has nothing to send: nobody gets its lock."""
        place = self._place
        if not place.is_dir():
            yield False
            return
        try:
            directory = opened_directory(place)
            with directory as opened:
                fd = opened.open(LOCK_FILE, os.O_RDWR | os.O_CREAT)
                lock = try_lock(opened, LOCK_FILE, fd)
                try:
                    yield lock is not None
                finally:
                    for descriptor in {fd, fd if lock is None else lock}:
                        release(descriptor)
        except (SpoolError, OSError):
            return

    def recover(self) -> None:
        """See ``Outbox``; at most every 30 s."""
        now = time.monotonic()
        if self._recovered_s is not None and now - self._recovered_s < _RECOVER_EVERY_S:
            return
        self._recovered_s = now
        self._spool.recover_all()

    def _names(self, decision: Decision) -> Iterator[tuple[str, Signal]]:
        """Yield what is sealed and may be sent, in no order. Names only: there may be 10⁵, and the exit of a program waits for this."""
        for signal in SIGNALS:
            with suppress(OSError), opened_directory(self._folder, signal, "ready") as directory:
                yield from ((name, signal) for name in directory.each_name() if may_be_sent(name, decision))

    def parcels(self, decision: Decision) -> Iterator[AbstractContextManager[ClaimedFile | None]]:
        """See ``Outbox``."""
        for text, signal in sorted(self._names(decision)):
            name = parse_name(text)
            if name is not None:
                yield ReadyFile(self._folder, signal, name).claim()

    def waiting(self, decision: Decision, *, pid: int | None = None, before_ns: int | None = None) -> bool:
        """See ``Outbox``."""
        part = "-" if pid is None else f"-{pid}-"
        names = (parse_name(text) for text, _ in self._names(decision) if part in text)
        return any(
            name is not None and (pid is None or name.pid == pid) and (before_ns is None or name.created_ns < before_ns) for name in names
        )

    def sending(self, body: Body) -> None:
        """See ``Outbox``."""
        if self._erasure is not None:
            self._erasure.sending(body)

    def stayed(self) -> None:
        """See ``Outbox``."""
        if self._erasure is not None:
            self._erasure.stayed()

    def deletions(self) -> Sequence[Deletion]:
        """See ``Outbox``; a folder that must not be used (a link, somebody else's) has none."""
        found: list[Deletion] = []
        for folder in dict.fromkeys((self._folder, self._requests)):
            with suppress(OSError):
                found += deletions(folder)
        return found

    def count_drop(self, reason: str, count: int) -> None:
        """See ``Outbox``."""
        self.tell_drop(reason, count)
        self._spool.count(reason, count)

    def tell_drop(self, reason: str, count: int) -> None:
        """See ``Outbox``."""
        self._counters.add(reason, count)

    def state(self) -> SpoolState:
        """See ``Outbox``."""
        return read_state(self._place)

    def update(self, change: Callable[[SpoolState], SpoolState]) -> None:
        """See ``Outbox``."""
        update_state(self._place, change)

    def record(self, entry: Mapping[str, Any]) -> None:
        """See ``Outbox``."""
        record_sent(self._place, entry)

    def exit_turn(self, *, every_s: float) -> bool:
        """See ``Outbox``. The time of the last turn is the time of an empty file."""
        if not self._folder.is_dir():
            return False
        try:
            with opened_directory(self._folder) as directory:
                times = {name: modified for name, _, modified in directory.sizes()}
                if self._clock() - times.get(EXIT_FILE, 0) < every_s * 1e9:
                    return False
                directory.write(EXIT_FILE, b"")
        except OSError:
            return False
        return True
