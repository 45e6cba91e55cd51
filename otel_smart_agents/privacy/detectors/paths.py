"""Home directories: the user's name becomes ``~``, the rest of the path stays (``/home/ada/src`` → ``/home/~/src``)."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, URL_PATH, Scan, Trigger

# An optional mount point, then home or Users, then one name. Bulk storage is mounted under names of its own, with folders called users.
_NAME = r"[^/\\\s\"'<>|:*?;,()\[\]{}`$&=#~%]"
_PART = r"[A-Za-z0-9_.-]{1,40}"
_STORES = r"gpfs|lustre|nfs|net|afs|ceph|beegfs|cluster|storage|nas|export"
_MOUNTS = (
    r"usr(?:/local)?|var|mnt|data[0-9]?|srv|opt|scratch|private(?:/var)?|media|cygdrive/[a-z]|run/media|vol[0-9]{0,40}|volume[0-9]{0,40}"
    r"|Volumes/[^/\s\"']{1,40}|mnt/[a-z]|[a-z]|System/Volumes/Data|Library|Workspace|proc/[0-9a-z]{1,10}/(?:cwd|root)"
    rf"|(?:{_STORES})(?:/{_PART}){{0,2}}"
)
_POSIX = re.compile(
    rf"(?:(?:/(?:{_MOUNTS}))?/(?:homes?[0-9]?|Users)"
    rf"|/(?:scratch|(?:gpfs|lustre|nfs|net|afs|ceph|beegfs|cluster)(?:/{_PART}){{0,2}}|var/lib/jupyter)/users"
    rf"|/var/(?:spool/)?mail|/var/spool/cron/crontabs|/nix/var/nix/(?:profiles|gcroots)/per-user)/({_NAME}{{1,64}})"
)
# Between home and the name: the kind of people, their first letter, or the domain whose accounts they are.
_GROUPS = frozenset((
    "users", "corp", "staff", "students", "student", "faculty", "people", "members", "employees", "domain", "ldap", "local", "guests",
    "home", "homes",
))  # fmt: skip
_DOMAIN = re.compile(r"[A-Za-z0-9_-].{0,60}\.(?:com|org|net|edu|gov|int|local|lan|corp|internal|intra|intranet|example|test)\Z")
_NEXT = re.compile(rf"/({_NAME}{{1,64}})")
_PYTEST = re.compile(rf"pytest-of-({_NAME}{{1,64}})")
# Pages and sources lie in folders called home too; no name ends like that.
_FILE = re.compile(r"\.(?:html?|php|aspx?|jsx?|tsx?|mjs|vue|css|scss|py|rb|go|java|json|ya?ml|md|txt|xml|svg|png)\Z")
# Further words of a name, as long as a folder follows: "/Users/Ada Lovelace/src", but not "/home/ada is full".
_MORE_WORDS = re.compile(r"(?: [A-Z]" + _NAME + r"{0,31}|(?:%20|\\ )" + _NAME + r"{1,32}){1,3}")
_WINDOWS = re.compile(
    r"(?:[A-Za-z]:|[\\/]{2,4}[A-Za-z0-9._$-]{1,63}(?:[\\/]{1,2}[A-Za-z0-9._]{1,15}\$?)?)?[\\/]{1,4}"
    r"(?:[Uu]sers|USERS|[Hh]omes?\$?|[Dd]ocuments and [Ss]ettings|[Pp]rofiles)[\\/]{1,4}"
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
        if _starts_path(text, start) and not _is_route(text, start) and not _is_alias(text, start):
            _home(scan, found.start(1), found.end())
    for found in _PYTEST.finditer(text) if "pytest-of-" in text else ():
        if names_a_person(found.group(1)) and found.group(1) not in {"root", "unknown"}:
            scan.add(found.start(1), found.end(), "~")


def _home(scan: Scan, start: int, end: int) -> None:
    text = scan.text
    name = text[start:end]
    below = _NEXT.match(text, end)
    if below is not None and _is_group(name, below.group(1)):
        if names_a_person(below.group(1)):
            end = below.end()
        elif not _DOMAIN.match(name):
            return
    elif not names_a_person(name):
        return
    more = _MORE_WORDS.match(text, end)
    scan.add(start, more.end() if more is not None and text.startswith("/", more.end()) else end, "~")


def _is_group(name: str, below: str) -> bool:
    """``/home/staff/ada``, ``/home/a/ada``, ``/home/ad.example.com/ada``."""
    if len(name) == 1:
        return len(below) > 1 and below[0] == name
    return name in _GROUPS or _DOMAIN.match(name) is not None


def names_a_person(name: str) -> bool:
    """Whether a name of a folder or an account is somebody's."""
    return name.lower() not in _SHARED and not _FILE.search(name) and any(character.isalnum() for character in name)


_SCHEME = re.compile(
    r"(?:file|sftp|ssh|scp|smb|nfs|afp|rsync|vscode-remote|dav|webpack|webpack-internal|s3[an]?|gs|hdfs|abfss?|wasbs?|dbfs)"
    r":/{1,3}[A-Za-z0-9_.@:+-]{0,64}$",
    re.ASCII,
)


def _starts_path(text: str, start: int) -> bool:
    if not start or text[start - 1] in _BEFORE:
        return True
    before = text[max(0, start - 90) : start]
    return before.endswith("..") or _SCHEME.search(before) is not None


_IMPORT = re.compile(r"(?:from|import|require|resolve|module|mock) ?\(? ?\\?[\"']@$", re.ASCII)


def _is_alias(text: str, start: int) -> bool:
    """``import x from "@/home/page"``: the bundler's name for the folder of sources."""
    return text[start - 1 : start] == "@" and _IMPORT.search(text[max(0, start - 20) : start]) is not None


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
        if names_a_person(text[found.start(1) : end]):
            scan.add(found.start(1), end, "~")


def _encoded(scan: Scan, _: str) -> None:
    for found in _ENCODED.finditer(scan.text):
        if names_a_person(found.group(1)):
            scan.add(found.start(1), found.end(), "~")


_TRIGGER = r"/homes?[0-9]?/[^/\s]|/[Uu]sers/[^/\s]|/var/(?:spool/)?mail/[^/\s]|/cron/crontabs/[^/\s]|/per-user/[^/\s]|pytest-of-[^/\s]"

TRIGGERS = (
    Trigger("home", _TRIGGER, _posix, alone=True),
    Trigger(
        "windows-home", r"(?i)(?:[\\][\\/]*|:/)(?:users|homes?\$?|documents and settings|profiles)[\\/]+[^\\/\s]", _windows, alone=True
    ),
    Trigger("encoded-home", r"(?i)(?:%2f|%5c)(?:home|users)(?:%2f|%5c)", _encoded, alone=True),
)
