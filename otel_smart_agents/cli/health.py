"""Checks of ``doctor`` about this user and this machine: consent, policy file, clock, disk."""

from __future__ import annotations

import os
import shutil
import stat
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from otel_smart_agents import env
from otel_smart_agents.cli.finding import Finding
from otel_smart_agents.cli.output import reason, size, when
from otel_smart_agents.consent.files import user_id
from otel_smart_agents.consent.policyfile import load_policy
from otel_smart_agents.errors import ConsentError, PolicyError
from otel_smart_agents.spool.limits import SIGNALS, SpoolLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from otel_smart_agents.cli.group import Session
    from otel_smart_agents.cli.known import Known
    from otel_smart_agents.paths import TelemetryPaths

_RELEASED: Final = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""No machine whose clock is right shows an earlier time than this."""
_AHEAD_S: Final = 300.0
_SHOWN: Final = 5
_LEAST_FREE: Final = 2 * SpoolLimits().max_bytes


def check_consent(session: Session, found: list[Known]) -> Iterator[Finding]:
    """Whether the stored answers can be read, and what each destination may do."""
    store = session.store
    try:
        store.destinations()
    except ConsentError as error:
        # Removing it would forget a "no": what was answered no stays no only while the file or the log says so.
        fix = (
            f"answer again with `{session.command} enable` or `{session.command} disable`: the damaged file is set aside by itself, keep it"
        )
        yield Finding("consent file", ok=False, says=f"{error}: everything that needs it is off", fix=fix)
    else:
        yield Finding("consent file", ok=True, says="every stored answer can be read" if found else "nobody was asked yet: nothing is on")
    log = store.verify_log()
    fix = "" if log.ok else "leave it where it is: the next new answer sets it aside and begins a new one"
    yield Finding("consent log", ok=log.ok, says=f"{log.entries} entries; {log.reason}", fix=fix)
    yield from _check_receipts(session)
    for name in (env.OTEL_SDK_DISABLED, env.DO_NOT_TRACK, env.SMART_AGENTS_TELEMETRY):
        if env.get(store.environ, name):
            yield Finding("environment", ok=True, says=f"{name}={store.environ[name]} is set: it can only narrow what is sent")
    if store.paths.data != store.paths.consent:
        says = f"data is in {store.paths.data}; only answers in {store.paths.consent} count as a yes"
        yield Finding("data folder", ok=True, says=says)
    for known in found:
        decision = known.decision(store)
        yield Finding("destination", ok=True, says=f"{known.key} is {decision.mode} (decided by: {decision.layer}): {decision.reason}")
    yield from _check_ids(session, found)


def _check_receipts(session: Session) -> Iterator[Finding]:
    checked = session.store.check_receipts()
    wrong = [item for item in checked if item.wrong]
    for item in wrong:
        fix = f"`{session.command} receipt` tells its SHA-256 on record; no, and then yes again, makes a new one"
        yield Finding(
            "receipts", ok=False, says=f"receipt {item.id} of {item.destination or 'no known destination'} is {item.state}", fix=fix
        )
    if checked and not wrong:
        yield Finding("receipts", ok=True, says=f"{len(checked)} receipts, each as it was given")


def _check_ids(session: Session, found: list[Known]) -> Iterator[Finding]:
    for known in found:
        try:
            session.store.identities.peek(known.destination)
        except ConsentError as error:
            effect = "nothing can be recorded for it" if known.destination.audience == "upstream" else "each run has an id of its own"
            fix = "delete that file to start with a new id; what was sent under the old one can then not be proven to be yours"
            yield Finding("id", ok=False, says=f"{known.key}: {effect}: {reason(error)}", fix=fix)


def check_policy(session: Session) -> Iterator[Finding]:
    """Whether the administrator's policy file can be trusted and understood."""
    path = session.store.paths.policy
    try:
        found = load_policy(path)
    except PolicyError as error:
        yield Finding("policy file", ok=False, says=f"{error}; until then upstream telemetry is off", fix=f"ask whoever looks after {path}")
        return
    yield Finding("policy file", ok=True, says=f"{path} is in force" if found else f"there is none at {path}")


def check_permissions(session: Session) -> Iterator[Finding]:
    """Whether everything of ours belongs to this user alone and can be written. Looks at each file before anything else opens it.

    Opening a folder of the spool tightens its mode: this check has to come first.
    """
    paths = session.store.paths
    problems = list(_problems(paths))
    for path, (says, fix) in problems[:_SHOWN]:
        yield Finding("permissions", ok=False, says=f"{path} {says}", fix=fix)
    if len(problems) > _SHOWN:
        yield Finding("permissions", ok=False, says=f"and {len(problems) - _SHOWN} more files like these", fix="as above")
    if not problems:
        there = paths.data.exists() or paths.consent.exists()
        says = f"everything in {paths.data} is yours alone" if there else f"{paths.data} does not exist: nothing was recorded or answered"
        yield Finding("permissions", ok=True, says=says)


def _problems(paths: TelemetryPaths) -> Iterator[tuple[Path, tuple[str, str]]]:
    outermost = paths.consent.parent
    for path in (outermost, paths.consent):
        if path.is_symlink() and path.is_dir():
            yield path, _linked(path, data=paths.data.resolve())
    found = folder_problem(outermost, forbidden=0o022, follow=True)  # shared with other tools: readable is fine
    if found is not None:
        yield outermost, found
    for folder in dict.fromkeys((paths.consent, paths.data)):
        for path in _tree(folder):
            folderish = path.is_symlink() or not path.is_file()
            problem = folder_problem(path, follow=path == folder) if folderish else file_problem(path)
            if problem is not None:
                yield path, problem


def _linked(path: Path, *, data: Path) -> tuple[str, str]:
    """Return what a link of the user's own above the data means: the spool follows it, answers are kept in real folders only."""
    says = "is a link: data is kept behind it, answers are not, so neither a yes nor a no can be stored"
    return says, f"rm {path}; if data is to stay where it is: {env.SMART_AGENTS_TELEMETRY_DIR}={data}"


def _tree(folder: Path) -> Iterator[Path]:
    yield folder
    for base, folders, files in os.walk(folder):
        yield from (Path(base) / name for name in (*folders, *files))


def folder_problem(path: Path, *, forbidden: int = 0o077, owner: int | None = None, follow: bool = False) -> tuple[str, str] | None:
    """Return what is wrong with a folder of ours and what to do; ``None`` if it is fine or missing.

    Args:
        path: the folder.
        forbidden: mode bits that it must not have.
        owner: the user it must belong to, this process's by default.
        follow: look at what a link leads to.
    """
    try:
        found = path.stat() if follow else path.lstat()
    except OSError:
        return ("is a link that leads nowhere", f"remove {path}") if path.is_symlink() else None
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        return "is a link or no folder: it is refused", f"remove {path}"
    owner = user_id() if owner is None else owner
    if owner is None:  # pragma: no cover - Windows has no owner ids
        return None
    if found.st_uid != owner:
        return f"belongs to user {found.st_uid}, not to you: it is refused", f"as root: chown -R {owner} {path}"
    if found.st_mode & forbidden:
        return "is open to other users", f"chmod 700 {path}"
    if not os.access(path, os.W_OK | os.X_OK):
        return (
            "cannot be written: nothing can be recorded",
            f"chmod 700 {path}, or set {env.SMART_AGENTS_TELEMETRY_DIR} to a writable folder",
        )
    return None


def file_problem(path: Path, *, owner: int | None = None) -> tuple[str, str] | None:
    """Return what is wrong with a file of ours and what to do; ``None`` if it is fine or gone."""
    try:
        found = path.lstat()
    except OSError:  # sent or cleared meanwhile
        return None
    owner = user_id() if owner is None else owner
    if owner is None:  # pragma: no cover - Windows has no owner ids
        return None
    if found.st_uid != owner:
        return f"belongs to user {found.st_uid}, not to you: it is neither read nor sent", f"remove {path}, as root"
    return ("can be read by other users", f"chmod 600 {path}") if found.st_mode & 0o077 else None


def check_disk(session: Session) -> Iterator[Finding]:
    """Whether there is room for a full spool."""
    path = session.store.paths.data
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        free = shutil.disk_usage(path).free
    except OSError as error:
        yield Finding("disk space", ok=False, says=f"{path} cannot be looked at: {error.strerror}", fix="check that the disk is mounted")
        return
    fix = "" if free >= _LEAST_FREE else f"free some space; what does not fit is dropped and counted. `{session.command} clear` helps"
    yield Finding("disk space", ok=free >= _LEAST_FREE, says=f"{size(free)} free at {path}", fix=fix)


def check_clock(session: Session, found: list[Known], *, clock: Callable[[], float] = time.time) -> Iterator[Finding]:
    """Whether the clock makes sense: ages, retries and the moment of a yes depend on it."""
    now_s = clock()
    fix = "set the clock (timedatectl set-ntp true): spans that seem to have started before your yes are not recorded"
    if now_s < _RELEASED:
        yield Finding("clock", ok=False, says=f"it is {when(int(now_s * 1e9))}, says the clock, and that is over", fix=fix)
        return
    newest = max([*_answers(session), *_begun(found)], default=0)
    if newest / 1e9 > now_s + _AHEAD_S:
        says = f"the clock was set back: {when(newest)} is on record and it is {when(int(now_s * 1e9))} now"
        yield Finding("clock", ok=False, says=says, fix=fix)
        return
    yield Finding("clock", ok=True, says=f"it is {when(int(now_s * 1e9))}, later than everything on record")


def _answers(session: Session) -> Iterator[int]:
    try:
        yield from (record.time_ns for record in session.store.destinations())
    except ConsentError:
        return


def _begun(found: list[Known]) -> Iterator[int]:
    for known in found:
        for signal in SIGNALS:
            try:
                yield from (file.name.created_ns for file in known.folder.ready_files(signal))
            except OSError:
                continue
