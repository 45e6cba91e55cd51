"""E-mail addresses, also encoded and spelled out."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM, Scan, Trigger, start_of_run

_LOCAL_ASCII = ALNUM + "._%+-'"
_LOCAL = _LOCAL_ASCII + "".join(map(chr, [*range(0xC0, 0x250), *range(0x370, 0x530)]))
_HOST = re.compile(r"(?:[A-Za-z0-9À-ɏͰ-ԯ-]{1,63}\.){1,8}(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-zÀ-ɏͰ-ԯ]{2,24})", re.ASCII)
# Words after the last dot that are file types, not top-level domains (picture@2x.png), and the accounts of code hosts (git@host:path).
_NOT_TLD = frozenset(
    (
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "service",
        "slice",
        "socket",
        "scope",
        "target",
        "timer",
        "mount",
        "webp",
        "ico",
        "css",
        "js",
        "mjs",
        "map",
        "json",
        "yaml",
        "yml",
        "html",
        "woff",
        "tgz",
    )
)
_REMOTES = frozenset(("git", "hg", "svn", "gitea"))


def _host_end(text: str, start: int) -> int:
    """End of the host name with a top-level domain that starts at ``start``; ``start`` when there is none."""
    found = _HOST.match(text, start, start + 255)
    if found is None:
        return start
    labels = found.group().split(".")
    numbers = sum(label.isdigit() for label in labels[:-1])
    return start if labels[-1].lower() in _NOT_TLD or numbers > 1 else found.end()


def _in_user_information(text: str, start: int) -> bool:
    """``scheme://user:password@host``: what stands before the sign is a password, which the URL detector takes."""
    if not start or text[start - 1] != ":":
        return False
    scheme = text.rfind("://", max(0, start - 200), start)
    return scheme >= 0 and not any(sign in text[scheme + 3 : start] for sign in "/@ \n\"'")


def _emails(scan: Scan, sign: str) -> None:
    text = scan.text
    place = text.find(sign)
    while place >= 0:
        after = place + len(sign)
        start = start_of_run(text, place, _LOCAL_ASCII if scan.ascii else _LOCAL, 64)
        raw = text[start:place]
        local = raw.lstrip("'.%-").rstrip("'.%")
        if local:
            end = _host_end(text, after)
            if end > after and not (local in _REMOTES and text[end : end + 1] in {":", "/"}) and not _in_user_information(text, start):
                scan.add(start + len(raw) - len(raw.lstrip("'.%-")), end, "[email]")
        place = text.find(sign, after)


_SPELLED = re.compile(
    r"[A-Za-z0-9._%+-]{1,64} ?(?:[\[({<] ?(?:at|AT|At|@) ?[\])}>]| (?:at|AT) ) ?"
    r"[A-Za-z0-9-]{1,63}(?:(?:\.| ?[\[({<] ?(?:dot|DOT|Dot|\.) ?[\])}>] ?| (?:dot|DOT) )[A-Za-z0-9-]{2,63}){1,4}",
    re.ASCII,
)
_SPELLED_TRIGGER = r"[A-Za-z0-9] ?(?:[\[({<] ?(?:at|AT|At|@) ?[\])}>] ?[A-Za-z0-9]| (?:at|AT) [A-Za-z0-9-]+ ?(?:[\[({<]|dot |DOT ))"


def _spelled_emails(scan: Scan, _: str) -> None:
    for found in _SPELLED.finditer(scan.text):
        piece = found.group()
        # "bob at example.com" without any bracket or "dot" is everyday English ("look at foo.py").
        if any(bracket in piece for bracket in "[({<") or " dot " in piece.lower():
            scan.add(found.start(), found.end(), "[email]")


TRIGGERS = (
    Trigger("at", r"[^\x00-\x20(),:;<>@\[\]]@[^\x00-\x2f:-@\[-`{-\x7f]", _emails, "@", literal="@", alone=True),
    Trigger("percent-at", "[0-9A-Za-z_-]%40[0-9A-Za-z]", _emails, "%40", literal="%40", alone=True),
    Trigger("spelled-at", _SPELLED_TRIGGER, _spelled_emails),
)
