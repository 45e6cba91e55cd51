"""Requests for erasure are owed to the user also after the consent that caused them has ended."""

from __future__ import annotations

import atexit
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from otel_smart_agents.export.erasure import requests_folder
from otel_smart_agents.spool.folder import SpoolFolder

if TYPE_CHECKING:
    from otel_smart_agents.consent import ConsentStore
    from otel_smart_agents.setup.request import Request
    from otel_smart_agents.spool.state import Deletion

BUDGET_S: Final = 10.0
"""Longest time that one attempt may take; what is left waits for the next start of the program."""
EXIT_S: Final = 0.5
"""Longest time that the end of a program waits for an attempt under way: a short command would never get one request out otherwise.
With the second that a drain may take it stays within the 1.5 s by which a program's end is delayed at most."""
_SETTLE_S: Final = 0.5
"""The command that took consent back stores the answer first and queues the requests a moment later."""


def owes_deletions(request: Request, store: ConsentStore) -> bool:
    """Tell whether requests for erasure wait that this process may send: one look at each folder, nothing is made."""
    with suppress(OSError):
        return request.endpoint() is not None and bool(_waiting(request, store))
    return False


def _waiting(request: Request, store: ConsentStore) -> list[Deletion]:
    here = store.paths.spool / request.destination.key
    return SpoolFolder(here, requests=requests_folder(store, request.destination)).deletions()


def send_owed_deletions(request: Request, store: ConsentStore, *, settle: bool = False) -> None:
    """Send waiting requests for erasure from a thread of its own, if the person's own "no" (and no variable) is why nothing else is sent.

    Args:
        request: the destination.
        store: where consent is kept.
        settle: consent ended this very moment: look again after the command that ended it had time to queue its requests.
    """
    if settle or owes_deletions(request, store):
        arguments = (request, store, _SETTLE_S if settle else 0.0)
        with suppress(RuntimeError):  # the interpreter is shutting down: the next start sends them
            thread = threading.Thread(target=_send, args=arguments, name="smart-agents-erasure", daemon=True)
            thread.start()
            atexit.register(thread.join, EXIT_S)


def _send(request: Request, store: ConsentStore, pause_s: float) -> None:
    time.sleep(pause_s)
    with suppress(Exception):
        if owes_deletions(request, store):
            send_now(request, store)


def send_now(request: Request, store: ConsentStore, *, budget_s: float = BUDGET_S) -> int:
    """Send waiting requests for erasure in the calling thread and return how many still wait.

    Nothing else is sent, whatever waits, unless consent allows it.

    Raises:
        ConfigError: the destination has no usable endpoint.
    """
    from otel_smart_agents.setup.drain import drain

    decision = store.decide(request.destination, gate=request.gate, notice=request.notice)
    if request.endpoint() is not None and decision.layer in ("user", "default"):
        drain(request, store, budget_s=budget_s)
    return len(_waiting(request, store))
