"""What it takes to have erased again what is sent: which ids were sent under, and where the requests for erasure wait."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from otel_smart_agents import semconv
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from pathlib import Path

    from otel_smart_agents.consent import ConsentStore, Destination
    from otel_smart_agents.spool.body import Body

_ID: Final = re.compile(rb'"key":"' + re.escape(semconv.APP_INSTALLATION_ID).encode() + rb'","value":\{"stringValue":"([0-9a-f-]{36})"\}')


def requests_folder(store: ConsentStore, destination: Destination) -> Path:
    """Return the folder whose ``deletion/`` has a destination's requests for erasure: in the home folder, wherever its data is."""
    return store.paths.consent / "spool" / destination.key


class Erasure:
    """One destination's, in one process.

    Args:
        destination: whose data this is.
        store: where ids are kept.

    Attributes:
        folder: where requests for erasure wait.
    """

    def __init__(self, destination: Destination, store: ConsentStore) -> None:
        self.folder = requests_folder(store, destination)
        self._destination = destination
        self._identities = store.identities
        self._data = store.paths.data
        self._noted: set[str] = set()
        self._first: frozenset[str] = frozenset()

    def sending(self, body: Body) -> None:
        """Note the ids in a body before it is sent: erasure is asked for those and for no other."""
        found = {match.decode() for payload in body.payloads for match in _ID.findall(payload)} - self._noted
        self._first = frozenset()
        if found:
            # A disk that is full must not keep data here: the next request tries again, and this one makes room.
            with suppress(ConsentError, OSError):
                self._first = self._identities.mark_sent(self._destination, found)
                self._noted |= found

    def stayed(self) -> None:
        """Take back what the last ``sending`` was the first to note: that body certainly did not leave this machine.

        Whoever sends has the folder's lock, so nothing else left meanwhile. With data in several folders that is not so: the note stays.
        """
        first, self._first = self._first, frozenset()
        if first and self._in_one_folder():
            with suppress(ConsentError, OSError):
                self._identities.mark_sent(self._destination, first, sent=False)
                self._noted -= first

    def _in_one_folder(self) -> bool:
        spools = {at / "spool" for at in (self._data, *self._identities.folders(self._destination))} | {self.folder.parent}
        return sum((spool / self._destination.key).is_dir() for spool in spools) == 1
