"""Taking a yes back, whole: the answer, the unsent data, the id, and one request for erasure per id that a back end may know."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otel_smart_agents.export.deletion import queue_deletions
from otel_smart_agents.export.erasure import requests_folder
from otel_smart_agents.spool.folder import SpoolFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from otel_smart_agents.consent import ConsentStore, DeletionProof, Destination, Notice


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What taking a yes back did.

    Attributes:
        destination: the destination.
        state: ``denied`` or ``revoked``.
        changed: whether the answer was another one before.
        deleted: spans, log records and metrics that had not been sent and are gone.
        requests: requests for erasure that now wait to be sent; 0 if nothing was ever sent or none were wanted.
    """

    destination: Destination
    state: str
    changed: bool
    deleted: int
    requests: int


def withdraw(
    destination: Destination,
    *,
    store: ConsentStore,
    notice: Notice | None = None,
    notify: bool = True,
    method: str = "api",
) -> Withdrawn:
    """Say no for one destination and remove everything that the yes left behind.

    The answer is stored first, so that every running program stops before anything is deleted. Erasure is asked for each id that something
    was sent under and for no other: a refusal by itself sends nothing. Unsent data is deleted wherever programs have kept it, also if the
    variable that moves data was set for them and is not set here; the requests wait in the home folder, where every program finds them.

    Args:
        destination: what the no is about.
        store: where consent is kept.
        notice: what the person was shown, if anything.
        notify: queue requests for erasure of what was sent.
        method: how the person said it.

    Raises:
        ConsentError: the answer could not be stored.
        SpoolError: the unsent data could not be deleted, or a request could not be queued; the answer is stored all the same.
    """
    folders = [SpoolFolder(data / "spool" / destination.key) for data in _data_folders(destination, store)]
    sent_before = any(_ever_sent(folder) for folder in folders)
    requests = 0

    def hand_over(proofs: tuple[DeletionProof, ...]) -> None:
        nonlocal requests
        known = [proof for proof in proofs if (sent_before if proof.sent is None else proof.sent)]
        if notify:
            requests = len(queue_deletions(requests_folder(store, destination), known))

    done = store.deny(destination, notice, method=method, hand_over=hand_over)
    return Withdrawn(destination, done.state, done.changed, _cleared(folders), requests)


def _data_folders(destination: Destination, store: ConsentStore) -> tuple[Path, ...]:
    """Return every data folder that may have something of a destination: this process's, the home folder's, and those noted by the ids."""
    return tuple(dict.fromkeys((store.paths.data, store.paths.consent, *store.identities.folders(destination))))


def _cleared(folders: Sequence[SpoolFolder]) -> int:
    """Delete what waits in each folder and return how many items that were; one that fails keeps none of the others."""
    deleted, problem = 0, None
    for folder in folders:
        try:
            # Twice: a program in the middle of a write may finish one line after the first pass, before it sees the answer.
            deleted += sum(folder.clear().items for _ in range(2)) if folder.folder.exists() else 0
        except OSError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return deleted


def _ever_sent(folder: SpoolFolder) -> bool:
    with suppress(OSError):
        state = folder.state()
        return bool(state.sent or state.last_sent_ns or folder.sent_log(last=1))
    return False
