"""Paths of application frames, made relative to the deepest directory that they share, so that no absolute path remains."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PATH_LENGTH = 1_024  # of a longer path the end counts; what is remembered by path stays small

# Directories whose entries are named after people, machines or disks: what lies directly below them must not stay.
_HOLDERS = frozenset({"home", "homes", "users", "documents and settings", "media", "mnt", "volumes", "net", "nfs", "afs"})
_PERSON = re.compile(r"(^|/)(home|homes|users|documents and settings)/[^/]+(?=/)")
_DRIVE = re.compile(r"[a-z]:(?=/|$)")


def normal_path(path: str) -> str:
    """The last 1 024 characters in lower case (ASCII), with forward slashes, without ``.`` and ``..``.

    Drive letters stay; a server and its share become ``//``.
    """
    text = path[-PATH_LENGTH:].replace("\\", "/")
    text = text.lower() if text.isascii() else "".join(char.lower() if char < "\x80" else char for char in text)
    text = text.removeprefix("//?/").removeprefix("//./")
    if text.startswith("//") and text[2:3] not in {"", "/"}:
        text = "//" + "/".join(text[2:].split("/")[2:])
    if "//" not in text[1:] and "/." not in text and not text.startswith("."):
        return text
    head = "//" if text.startswith("//") else "/" if text.startswith("/") else ""
    parts: list[str] = []
    for part in text.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return head + "/".join(parts)


def absolute(path: str) -> bool:
    """True for a normal path that starts at a root, a drive or a share."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def in_packages(path: str, packages: Sequence[str], *, anywhere: bool) -> str:
    """The path from the folder (or single file) that bears the name of one of ``packages``, or ``""``.

    Below a library folder that name comes first; elsewhere it may stand ``anywhere``, and of several such folders the innermost counts.
    """
    padded = f"/{path}/"
    for package in packages:
        name = f"/{package.lower()}/"
        start = padded.rfind(name) if anywhere else 0 if padded.startswith(name) else -1
        if start >= 0:
            return path[start:]
    return ""


class SharedPlaces:
    """The directory shared by all absolute places, and the one shared by all relative places, of one stack."""

    __slots__ = ("_roots",)

    def __init__(self, places: Iterable[str]) -> None:
        folders: tuple[set[str], set[str]] = (set(), set())
        for rooted, folder in {_folder(place) for place in places}:
            folders[rooted].add(folder)
        self._roots = (_common(folders[False]), _common(folders[True]))

    def relative(self, place: str) -> str:
        """``place`` below the shared directory; its base name alone where nothing but a root or a home folder is shared."""
        return _below(place, *self._roots)


# The same few files come again and again: what is computed here depends on their paths alone.
@lru_cache(maxsize=2_048)
def _folder(place: str) -> tuple[bool, str]:
    return absolute(place), place.rpartition("/")[0]


@lru_cache(maxsize=2_048)
def _below(place: str, relative_root: str, absolute_root: str) -> str:
    root = absolute_root
    if not absolute(place):
        root = relative_root
    elif root.rstrip("/") == "" or root.endswith(":") or root.rpartition("/")[2] in _HOLDERS:
        return place.rpartition("/")[2]
    return _PERSON.sub(r"\1\2/~", place[len(root) + 1 :] if root else place)


def _common(folders: set[str]) -> str:
    if len(folders) <= 1:
        return next(iter(folders), "")
    first, last = min(folders, key=_parts), max(folders, key=_parts)
    shared: list[str] = []
    for one, other in zip(_parts(first), _parts(last), strict=False):
        if one != other:
            break
        shared.append(one)
    return "/".join(shared)


def _parts(folder: str) -> list[str]:
    return folder.split("/")
