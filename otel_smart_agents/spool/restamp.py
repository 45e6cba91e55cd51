"""Putting what a person chose under another consent: the only way in which older data ever leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.lines import make_line
from otel_smart_agents.spool.names import new_token
from otel_smart_agents.spool.ready import ReadyFile, unused_name

if TYPE_CHECKING:
    from otel_smart_agents.spool.body import Body
    from otel_smart_agents.spool.names import Terms
    from otel_smart_agents.spool.ready import ClaimedFile


def restamp(claimed: ClaimedFile, *, terms: Terms, chosen: Body, rest: Body) -> ReadyFile | None:
    """Make a ready file under ``terms`` that holds ``chosen``, and leave ``rest`` in the claimed file under its own.

    The new file is on the disk before the old one shrinks: a kill in between leaves a choice in both, and the copy in the old file goes
    nowhere unless a person chooses it again.

    Args:
        claimed: the file that the choice is from.
        terms: the consent under which the choice may be sent.
        chosen: what may be sent.
        rest: what stays; whatever is in neither is gone.

    Returns:
        The new file; ``None`` if nothing was chosen, or somebody cleared the old file meanwhile.

    Raises:
        OSError: the folder cannot be written; the old file is as it was.
    """
    if not claimed.file.path.exists():
        return None
    made = _write(claimed.file, terms, chosen) if chosen.payloads else None
    if rest.payloads:
        claimed.keep_only(rest)
    elif not claimed.ack() and made is not None:
        with opened_directory(made.folder, made.signal, made.place) as directory:
            directory.remove(str(made.name))
        return None
    return made


def _write(file: ReadyFile, terms: Terms, chosen: Body) -> ReadyFile:
    with opened_directory(file.folder, file.signal, "ready", create=True) as directory:
        name = unused_name(directory, replace(file.name, epoch=terms.epoch, marks=terms.marks, token=new_token()))
        lines = b"".join([make_line(file.signal, payload) for payload in chosen.payloads])
        directory.write(str(name), lines, durable=True)
        directory.sync()
    return ReadyFile(file.folder, file.signal, name)
