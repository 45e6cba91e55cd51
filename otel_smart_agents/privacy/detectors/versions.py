"""Four numbers with dots: an address of the network, or the version of something."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM, ALNUM_SET, DIGIT_SET, VERSION, Scan, start_of_run

_WORD = re.compile(
    r"(?:version|release|build|firmware|revision|sdk|driver|section|chapter|==|>=|<=|~=|(?:^|[^a-z0-9])(?:ver\.?|rev|oid|rfc|v))"
    r"\\?[\"']? *[:=]? *\\?[\"'v(]?$",
    re.ASCII,
)
_PRODUCT_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
_HOSTS = frozenset(("ip", "host", "peer", "addr"))
_ENDS = frozenset(("node", "src", "dst", "remote", "worker", "vm", "pod", "gw"))
# "numpy 1.26.4.1 installed": a name before, and after it what happens to programs.
_NAMED = re.compile(r"(?:^|[ \t\n(\"'`])([A-Za-z][A-Za-z0-9_.+-]{1,40}) $", re.ASCII)
_RELEASED = re.compile(
    r" (?:is )?(?:installed|released|started|loaded|required|available|published|or (?:later|newer|higher))(?:[^A-Za-z]|\Z)"
)
_NO_NAMES = frozenset((
    "ip", "ipv4", "host", "from", "to", "at", "on", "by", "via", "and", "or", "is", "for", "with", "of", "server", "node", "peer",
    "address", "addr", "client", "dns", "proxy", "gateway", "pod", "vm", "worker", "machine", "device", "router", "instance",
))  # fmt: skip
# "pkg@1.2.3.4", but not "ssh ada@1.2.3.4".
_LOGIN = re.compile(
    r"(?:ssh|scp|sftp|rsync|mosh|telnet|ftp|login|user|as)(?: -[A-Za-z]{1,2}(?: [A-Za-z0-9_./~-]{1,40})?){0,3} [\"']?$|(?::|//)$", re.ASCII
)
_ACCOUNTS = frozenset((
    "root", "admin", "administrator", "ubuntu", "debian", "centos", "fedora", "pi", "user", "git", "postgres", "mysql", "deploy", "www",
    "app", "guest", "test", "sa", "oracle", "redis", "ftp", "ip", "host",
))  # fmt: skip


def is_wide(octets: list[str]) -> bool:
    """No version counts that far: two of the last three numbers have three digits."""
    return sum(len(octet) > 2 for octet in octets[1:]) > 1


def is_version(scan: Scan, octets: list[str], start: int, end: int) -> bool:
    """``Chrome/120.0.0.0``, ``v1.2.3.4``, ``lib-1.2.3.4.jar``, ``"version": "1.2.3.4"``, ``pkg@1.2.3.4``, ``numpy 1.26.4.1 installed``."""
    text = scan.text
    before, after = text[start - 1 : start], text[end : end + 1]
    if before != "/" and is_wide(octets):
        return False
    if scan.hint & VERSION:
        return text[max(0, start - 3) : start] != "://"
    if after in {"-", "+"} and text[end + 1 : end + 2] in ALNUM_SET and text[end + 1 : end + 2] not in DIGIT_SET:
        return True
    if before and before in "/-_":
        return _of_product(text, start, end)
    if _WORD.search(scan.low[max(0, start - 30) : start]):
        return True
    return (
        octets[0] != "10" and all(int(octet) < 50 for octet in octets) and (_is_released(text, start, end) or _is_package(text, start, end))
    )


def _of_product(text: str, start: int, end: int) -> bool:
    word = start_of_run(text, start - 1, _PRODUCT_CHARACTERS, 24)
    product = text[word : start - 1].lower()
    after = text[end : end + 2]
    # Java prints "host.example/192.0.2.1:443": a name with a dot or a port is no product.
    if not product or text[word - 1 : word] == "." or after[:1] == ":" or product in _HOSTS:
        return False
    return product.rpartition("_")[2] not in _ENDS or (after[:1] == "." and after[1:] in ALNUM_SET)


def _is_released(text: str, start: int, end: int) -> bool:
    named = _NAMED.search(text[max(0, start - 44) : start]) if _RELEASED.match(text, end) else None
    return named is not None and named.group(1).lower() not in _NO_NAMES


def _is_package(text: str, start: int, end: int) -> bool:
    if text[start - 1 : start] != "@" or text[end : end + 1] == ":":
        return False
    word = start_of_run(text, start - 1, ALNUM + "_.-", 64)
    name = text[word : start - 1]
    return bool(name) and name.lower() not in _ACCOUNTS and not _LOGIN.search(text[max(0, word - 150) : word])
