"""Network addresses: IPv4, IPv6, MAC."""

from __future__ import annotations

import ipaddress
import re

from otel_smart_agents.privacy.detectors.model import ADDRESS, ALNUM_SET, DIGIT_SET, HEX, Scan, Trigger
from otel_smart_agents.privacy.detectors.versions import is_version

_IPV4 = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
# "ec2-203-0-113-7.compute-1.amazonaws.com", "ip-10-1-2-3": the address of a machine as its name.
_NAMED_BY_ADDRESS = re.compile(r"(?:ip|ec2)-([0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3})", re.ASCII)


def _ipv4(scan: Scan, _: str) -> None:
    text = scan.text
    for found in _IPV4.finditer(text):
        start, end = found.span()
        octets = found.group().split(".")
        if any(int(octet) > 255 or (len(octet) > 1 and octet[0] == "0") for octet in octets):
            continue
        if not scan.bounded(start, end) or (text[end : end + 1] == "." and text[end + 1 : end + 2] in DIGIT_SET and end + 1 < len(text)):
            continue
        if start > 1 and text[start - 1] == "." and text[start - 2] in ALNUM_SET:
            continue
        if not _local(octets) and (scan.hint & ADDRESS or not is_version(scan, octets, start, end)):
            scan.add(start, end, "[ip]")


def _named_by_address(scan: Scan, _: str) -> None:
    for found in _NAMED_BY_ADDRESS.finditer(scan.text):
        start, end = found.span()
        if all(int(octet) < 256 for octet in found.group(1).split("-")) and scan.bounded(start, end):
            scan.add(found.start(1), end, "[ip]")


def _local(octets: list[str]) -> bool:
    """Loopback, "any", netmask and broadcast say nothing about a person or place."""
    return octets[0] in {"127", "0"} or octets[:2] == ["255", "255"]


_IPV6 = re.compile(r"(?:[0-9A-Fa-f]{1,8}:|::)[0-9A-Fa-f:]{1,45}(?:\.[0-9]{1,3}){0,3}", re.ASCII)
_IPV6_TRIGGER = r"[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]|::[0-9A-Fa-f]{1,4}(?:[:.]|\b)|[0-9A-Fa-f]{1,4}::"
_EDGE = ALNUM_SET | {"_"}
_ZONE = re.compile(r"%[0-9A-Za-z]{1,15}", re.ASCII)
_HEX = frozenset(HEX)


def _ipv6(scan: Scan, _: str) -> None:
    text = scan.text
    for found in _IPV6.finditer(text):
        start, end = found.span()
        piece = found.group()
        # A label before ("ip:2001:db8::1") or punctuation after ("fe80::1:") is no part of the address.
        if piece.endswith(":") and not piece.endswith("::"):
            piece = piece[:-1]
            end -= 1
        if piece.count(":") < 2 or (end < len(text) and text[end] in _EDGE) or (start and text[start - 1] in _EDGE):
            continue
        if piece.startswith(":") and not piece.startswith("::"):
            piece = piece[1:]
            start += 1
        if _is_ipv6(piece, hint=scan.hint):
            zone = _ZONE.match(text, end)
            scan.add(start, zone.end() if zone else end, "[ip]")


def _is_ipv6(piece: str, *, hint: int) -> bool:
    if len(piece) < 4 and not hint & ADDRESS:
        return False
    try:
        address = ipaddress.IPv6Address(piece)
    except ValueError:
        return False
    # "::1" and "::" are this machine; "a::b" or "12::" could be code or a table cell: five hex digits or three colons are asked for.
    told = piece.count(":") > 2 or sum(character in _HEX for character in piece) > 4 or hint & ADDRESS
    # By number: is_loopback means other addresses as well from Python 3.13 on.
    return bool(told) and int(address) > 1


_MAC = re.compile(
    r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
    re.ASCII,
)
_MAC_TRIGGER = r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
_MAC_EDGE = ALNUM_SET | {":", "-", "_"}


def _mac(scan: Scan, _: str) -> None:
    for found in _MAC.finditer(scan.text):
        piece = found.group()
        digits = {character for character in piece.lower() if character in _HEX}
        dotted = "." in piece and piece.replace(".", "").isdigit()
        if (
            len(digits) > 1
            and not dotted
            and scan.bounded(found.start(), found.end(), inside=_MAC_EDGE - ({":"} if ":" not in piece else set()))
        ):
            scan.add(found.start(), found.end(), "[mac]")


TRIGGERS = (
    Trigger("ipv4", r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]", _ipv4, alone=True),
    Trigger("address-name", r"(?:ip|ec2)-[0-9]", _named_by_address, alone=True),
    Trigger("ipv6", _IPV6_TRIGGER, _ipv6, alone=True),
    Trigger("mac", _MAC_TRIGGER, _mac, alone=True),
)
