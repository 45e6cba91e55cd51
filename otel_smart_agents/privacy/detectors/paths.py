"""Home directories: the user's name becomes ``~``, the rest of the path stays (``/home/ada/src`` → ``/home/~/src``)."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, URL_PATH, Scan, Trigger

# An optional drive, server or mount point, then home or Users, then one name.
_NAME = r"[^/\\\s\"'<>|:*?;,()\[\]{}`$&=#~%]"
_POSIX = re.compile(
    r"(?:/(?:usr|export|var|mnt|nfs|net(?:/[A-Za-z0-9_.-]{1,40})?|data[0-9]?|srv|gpfs|lustre|afs|private(?:/"
    r"var)?|media|cygdrive/[a-z]|run/media|vol[0-9]{0,40}|volume[0-9]{0,40}|Volumes/[^/\s\"']{1,40}|mnt/[a-z]|[a-z]))?"
    r"/(?:home[0-9]?|Users)/(" + _NAME + r"{1,64})"
)
# Further words of a name, as long as a folder follows: "/Users/Ada Lovelace/src", but not "/home/ada is full".
_MORE_WORDS = re.compile(r"(?: [A-Z]" + _NAME + r"{0,31}|(?:%20|\\ )" + _NAME + r"{1,32}){1,3}")
_WINDOWS = re.compile(
    r"(?:[A-Za-z]:|[\\/]{2,4}[A-Za-z0-9._$-]{1,63}(?:[\\/]{1,2}[A-Za-z0-9._]{1,15}\$?)?)?[\\/]{1,4}"
    r"(?:[Uu]sers|USERS|[Hh]ome|[Dd]ocuments and [Ss]ettings|[Pp]rofiles)[\\/]{1,4}"
    r"([^/\\\s\"'<>|:*?;,()\[\]{}`$&=#~%](?:[^/\\\n\r\"'<>|:*?]{0,62}[^/\\\s\"'<>|:*?;,)\]}])?)"
)
_ENCODED = re.compile(r"(?:[A-Za-z]%3[Aa])?(?:%2[Ff]|%5[Cc]){1,3}(?:home|[Uu]sers)(?:%2[Ff]|%5[Cc]){1,2}([A-Za-z0-9._-]{1,64})", re.ASCII)
# Not people: shared folders and the accounts of containers and build machines.
_SHARED = frozenset((
    "shared", "public", "default", "all", "all users", "default user", "runner", "runneradmin", "vsts", "circleci", "travis", "jenkins",
    "linuxbrew", "lost+found", "user", "username", "you", "me", "name", "app", "node", "ubuntu", "vscode", "codespace", "coder", "jovyan",
    "sandbox",
))  # fmt: skip
_BEFORE = frozenset(" \t\n\r\"'`=:([{<,;>|@!&~\\")


def _posix(scan: Scan, _: str) -> None:
    if scan.hint & URL_PATH:
        return
    text = scan.text
    for found in _POSIX.finditer(text):
        start = found.start()
        before = text[start - 1] if start else " "
        if (before not in _BEFORE and not _after_file_scheme(text, start)) or _is_route(text, start):
            continue
        if _names_a_person(found.group(1)):
            more = _MORE_WORDS.match(text, found.end())
            end = more.end() if more is not None and text.startswith("/", more.end()) else found.end()
            scan.add(found.start(1), end, "~")


def _names_a_person(name: str) -> bool:
    return name.lower() not in _SHARED and any(character.isalnum() for character in name)


_SCHEME = re.compile(r"(?:file|sftp|ssh|scp|smb|nfs|afp|rsync|vscode-remote|dav):/{1,3}[A-Za-z0-9_.@:+-]{0,64}$", re.ASCII)


def _after_file_scheme(text: str, start: int) -> bool:
    before = text[max(0, start - 90) : start]
    return before.endswith("..") or _SCHEME.search(before) is not None


def _is_route(text: str, start: int) -> bool:
    """``GET /home/news`` and ``"route": "/home/news"`` are addresses of a web site."""
    return (
        text[max(0, start - 7) : start].rstrip(" ").endswith(("GET", "POST", "PUT", "HEAD", "PATCH", "DELETE", "OPTIONS"))
        and text[start - 1] == " "
    )


def _windows(scan: Scan, _: str) -> None:
    text = scan.text
    for found in _WINDOWS.finditer(text):
        start, end = found.span()
        piece = found.group()
        if "\\" not in piece and not (start + 1 < len(text) and text[start + 1] == ":"):
            continue
        if start and text[start - 1] in ALNUM_SET:
            continue
        name = found.group(1)
        # A blank belongs to the name only when a folder follows: "C:\Users\ada is full".
        if " " in name and text[end : end + 1] not in {"\\", "/"}:
            end -= len(name) - len(name.split(" ", 1)[0])
        if _names_a_person(text[found.start(1) : end]):
            scan.add(found.start(1), end, "~")


def _encoded(scan: Scan, _: str) -> None:
    for found in _ENCODED.finditer(scan.text):
        if _names_a_person(found.group(1)):
            scan.add(found.start(1), found.end(), "~")


TRIGGERS = (
    Trigger("home", r"/home[0-9]?/[^/\s]|/Users/[^/\s]", _posix, alone=True),
    Trigger("windows-home", r"(?i)(?:[\\][\\/]*|:/)(?:users|home|documents and settings|profiles)[\\/]+[^\\/\s]", _windows, alone=True),
    Trigger("encoded-home", r"(?i)(?:%2f|%5c)(?:home|users)(?:%2f|%5c)", _encoded, alone=True),
)
