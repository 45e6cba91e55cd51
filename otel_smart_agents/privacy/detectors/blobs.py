"""Key material in one block: PEM, PuTTY and PGP keys, JSON Web Tokens."""

from __future__ import annotations

import base64
import binascii
import json
import re

from otel_smart_agents.privacy.detectors.model import ALNUM, Scan, Trigger, end_of_run, start_of_run

_PEM_NAME = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----", re.ASCII)
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----", re.ASCII)
_PEM_LINES = ALNUM + "+/=\n\r\\"
_TAIL_LIMIT, _SHORTEST_TAIL = 8192, 24
_PUTTY = re.compile(r"Private-Lines: ?[0-9]{1,4}\s", re.ASCII)
_PEM_BODY = ALNUM + "+/=\n\r \t\\:,.-_"


def _pem(scan: Scan, _: str) -> None:
    text = scan.text
    place = 0
    while (found := _PEM_NAME.search(text, place)) is not None:
        end_line = f"-----END {found.group(1)}-----"
        end = text.find(end_line, found.end())
        # Cut off before its end line: everything that can be a body goes.
        place = end + len(end_line) if end >= 0 else end_of_run(text, found.end(), _PEM_BODY, len(text))
        body_end = end if end >= 0 else place
        if text[found.end() : body_end].strip(" \r\n\\nr") not in {"", "[private-key]"}:
            scan.add(found.end(), body_end, "[private-key]")


def _pem_tail(scan: Scan, _: str) -> None:
    """The end of a key whose first line was cut off."""
    text, last = scan.text, 0
    for found in _PEM_END.finditer(text):
        if text.find("-----BEGIN ", last, found.start()) < 0:
            start = max(last, start_of_run(text, found.start(), _PEM_LINES, _TAIL_LIMIT))
            if found.start() - start > _SHORTEST_TAIL:
                scan.add(start, found.start(), "[private-key]")
        last = found.end()


def _putty(scan: Scan, _: str) -> None:
    for found in _PUTTY.finditer(scan.text):
        end = end_of_run(scan.text, found.end(), ALNUM + "+/=\r\n", len(scan.text))
        if end > found.end():
            scan.add(found.end(), end, "[private-key]")


_TOKEN = ALNUM + "_-"
_PART = re.compile(r"\.[A-Za-z0-9_\-/+=\\]*", re.ASCII)


def _jwt(scan: Scan, _: str) -> None:
    text = scan.text
    place = text.find("eyJ")
    while place >= 0:
        head_end = end_of_run(text, place, _TOKEN, 4096)
        end = head_end
        parts = 0
        while parts < 4 and (part := _PART.match(text, end)) is not None and part.end() > end + 1:
            end, parts = part.end(), parts + 1
        end -= len(text[place:end]) - len(text[place:end].rstrip("\\"))
        start = start_of_run(text, place, _TOKEN, 1)
        if (
            start == place
            and parts
            and (_jwt_header(text[place:head_end]) or (parts >= 2 and head_end - place > 15 and end - head_end > 20))
        ):
            scan.add(place, end, "[jwt]")
        place = text.find("eyJ", max(end, place + 3))


def _jwt_header(part: str) -> bool:
    """RFC 7519 section 5: the first part is a JSON object that names an algorithm or a type."""
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and bool(header.keys() & {"alg", "typ", "kid", "enc"})


TRIGGERS = (
    Trigger("pem", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY", _pem, literal="-----begin ", alone=True),
    Trigger("pem-tail", r"-----END [A-Z0-9 ]*PRIVATE KEY", _pem_tail, literal="-----end ", alone=True),
    Trigger("putty", r"Private-Lines:", _putty, literal="private-lines:", alone=True),
    Trigger("jwt", r"eyJ[A-Za-z0-9_-]+\.", _jwt, literal="eyj", alone=True),
)
