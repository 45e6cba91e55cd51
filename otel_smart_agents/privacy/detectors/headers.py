"""HTTP credentials: authorization schemes and cookies, under any usual spelling of the header."""

from __future__ import annotations

import base64
import binascii
import re

from otel_smart_agents.privacy.detectors.model import ALNUM_SET, DENIED, Scan, Trigger
from otel_smart_agents.privacy.detectors.secret_values import is_placeholder, looks_random
from otel_smart_agents.privacy.keys import key_hint

_AFTER_BEARER = re.compile(r"(?:[ \t]{1,4}|%20|\+|[:=] ?)[\"']?([A-Za-z0-9._~+/=\-|:]{6,8192})", re.ASCII)


def _bearer(scan: Scan, _: str) -> None:
    low, text = scan.low, scan.text
    place = low.find("bearer")
    while place >= 0:
        found = _AFTER_BEARER.match(text, place + 6)
        if found is not None and not (place and low[place - 1] in ALNUM_SET):
            token = found.group(1).rstrip(".:")
            if (any(c.isdigit() for c in token) or (len(token) >= 20 and looks_random(token))) and not is_placeholder(token):
                scan.add(found.start(1), found.start(1) + len(token), "[token]")
        place = low.find("bearer", place + 6)


_AFTER_BASIC = re.compile(r"[ \t]{1,4}([A-Za-z0-9+/_\-]{6,4096}={0,2})", re.ASCII)


def _basic(scan: Scan, _: str) -> None:
    low, text = scan.low, scan.text
    place = low.find("basic ")
    while place >= 0:
        found = _AFTER_BASIC.match(text, place + 5)
        if found is not None and _is_pair(found.group(1)):
            scan.add(found.start(1), found.end(1), "[credentials]")
        place = low.find("basic ", place + 6)


def _is_pair(encoded: str) -> bool:
    """RFC 7617: base 64 of ``user:password``."""
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_" if "-" in encoded or "_" in encoded else None)
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and all(byte > 31 for byte in decoded)


_AUTHORIZATION = re.compile(r"[A-Za-z_]{0,8}[\\\"'`\])]{0,6}[ \t]{0,4}(?:=>|:=|[:=,])[ \t]{0,4}(?:b)?[\\\"'`\[(]{0,6}", re.ASCII)
# A scheme of somebody's own: Authorization: SSWS 00….
_OWN_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{1,24}[ \t]{1,4}([A-Za-z0-9._~+/=\-]{16,4096})", re.ASCII)
_SCHEME = re.compile(
    r"(?i)(basic|bearer|digest|token|apikey|api-key|key"
    r"|negotiate|ntlm|hmac|aws4-hmac-sha256|aws|signature|oauth|bot|hawk|sharedkey|dpop|gnap"
    r"|privatetoken|sso-key|splunk|klaviyo-api-key|deepgram|zoho-oauthtoken|genie[kc]ey|mac|jwt|sapisidhash)(?:[ \t]{1,4}|=)",
    re.ASCII,
)
_OPAQUE = re.compile(r"[^\s\"'\\`,;<>{}\[\]()]{6,4096}")
_REST_OF_HEADER = re.compile(r"[^\n\r\"'`\\]{4,4096}")
_LISTED = frozenset(("digest", "aws4-hmac-sha256", "signature", "oauth", "hawk", "hmac", "gnap", "mac"))


def _authorization(scan: Scan, _: str) -> None:
    low, text = scan.low, scan.text
    place = low.find("authorization")
    while place >= 0:
        link = _AUTHORIZATION.match(text, place + 13)
        if link is not None:
            _credential(scan, link.end())
        place = low.find("authorization", place + 13)


_SIGNED = "aws4-hmac-sha256 credential="
_PAIR_OF_KEYS = re.compile(r"A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9+/]{1,8}([A-Za-z0-9+/]{40})", re.ASCII)


def _signed(scan: Scan, _: str) -> None:
    """A signed request of AWS without the header's name; an access key's id and its secret side by side."""
    place = scan.low.find(_SIGNED)
    while place >= 0:
        _credential(scan, place)
        place = scan.low.find(_SIGNED, place + len(_SIGNED))
    for found in _PAIR_OF_KEYS.finditer(scan.text):
        value = found.group(1)
        mixed = value.lower() != value != value.upper()
        if mixed and any(c.isdigit() for c in value) and scan.bounded(found.start(1), found.end(1), inside=_KEY_CHARACTERS):
            scan.add(found.start(1), found.end(1), "[secret]")


_KEY_CHARACTERS = ALNUM_SET | frozenset("+/")


def _credential(scan: Scan, start: int) -> None:
    text = scan.text
    scheme = _SCHEME.match(text, start)
    if scheme is None:
        found = _OPAQUE.match(text, start)
        if found is not None and looks_random(found.group(), shortest=6):
            scan.add(start, found.end(), "[token]")
            return
        own = _OWN_SCHEME.match(text, start)
        if own is not None and looks_random(own.group(1)):
            scan.add(own.start(1), own.end(1), "[token]")
        return
    listed = scheme.group(1).lower() in _LISTED
    found = (_REST_OF_HEADER if listed else _OPAQUE).match(text, scheme.end())
    if found is None or is_placeholder(found.group().strip()):
        return
    value = found.group()
    if ("=" in value) if listed else (any(c.isdigit() for c in value) or len(value) > 15):
        scan.add(found.start(), found.end(), "[credentials]" if listed or scheme.group(1).lower() == "basic" else "[token]")


_COOKIE_LINK = re.compile(
    r"s?2?(?:_?(?:header|string|value))?(?:[\\\"'`\])]{0,6}[ \t]{0,4}(?:"
    r"=>|:=|[:=])|[\\\"'`]{1,6},)[ \t]{0,4}(?:b|dict\()?[\\\"'`\[{(]{0,6}",
    re.ASCII,
)
_PAIR = re.compile(
    r"[ \t]{0,4}[\\\"'`]{0,4}([^\s=;,\"'\\:<>{}()\[\]]{1,128})[\\\"'`]{0,"
    r"4} ?[=:] ?[\\\"'`]{0,4}([^;,\s\"'\\`{}<>]{1,8192})[\\\"'`]{0,4}[;,]?"
)
_FLAG = re.compile(r"[ \t]{0,4}(?:HttpOnly|Secure|Partitioned|httponly|secure|partitioned);?", re.ASCII)
_COOKIE_ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment", "secure", "httponly"))
_EXPIRES = re.compile(r"(?i)[ \t]{0,4}expires=[A-Za-z]{3,9},? ?[0-9]{1,2}[- ][A-Za-z]{3}[- ][0-9]{2,4} [0-9:]{8} ?[A-Z]{0,4};?", re.ASCII)


def _cookies(scan: Scan, _: str) -> None:
    low, text = scan.low, scan.text
    place = low.find("cookie")
    while place >= 0:
        link = _COOKIE_LINK.match(text, place + 6)
        end = _cookie_pairs(scan, link.end()) if link is not None else 0
        place = low.find("cookie", max(place + 6, end))


_FLAG_LINK = re.compile(r"(?:^|\s)(?:-b|--cookie)(?:[ \t]{1,4}|=)[\"']?", re.ASCII)


def _cookie_flags(scan: Scan, _: str) -> None:
    for link in _FLAG_LINK.finditer(scan.text):
        _cookie_pairs(scan, link.end())


def _cookie_pairs(scan: Scan, start: int) -> int:
    """Mark the value of every pair of one header; the names, and attributes such as Path, stay."""
    text, place, first = scan.text, start, True
    while place < len(text):
        plain = _EXPIRES.match(text, place) or _FLAG.match(text, place)
        if plain is not None:
            place = plain.end()
            continue
        pair = _PAIR.match(text, place)
        if pair is None or (not first and text[place] not in " \t\"'\\" and text[place - 1] not in ";,"):
            break
        if pair.group(1).lower() not in _COOKIE_ATTRIBUTES and _cookie_like(pair.group(), pair.group(1), pair.group(2)):
            scan.add(pair.start(2), pair.end(2), "[cookie]")
        place, first = pair.end(), False
        if pair.group()[-1] not in ";,":
            break
    if first:
        opaque = _OPAQUE.match(text, start)
        if opaque is not None and looks_random(opaque.group(), shortest=12):
            scan.add(start, opaque.end(), "[cookie]")
    return place


def _cookie_like(pair: str, name: str, value: str) -> bool:
    # ``{cookie: {name: value}}`` and ``name=value`` alike, but not "cookie: see RFC: 6265"; theme=dark is a setting.
    if is_placeholder(value) or not ("=" in pair or '"' in pair or "'" in pair or looks_random(value, shortest=8)):
        return False
    setting = (value.replace("=", "").isalpha() and len(value) < 13) or (value.isdigit() and len(value) < 4)
    return not setting or bool(key_hint(name) & DENIED)


TRIGGERS = (
    Trigger("bearer", r"(?i)bearer(?:[ \t]+|%20|\+|[:=] ?)[\"']?[A-Za-z0-9._~+/=\-]", _bearer, literal="bearer", alone=True),
    Trigger("basic", r"(?i)basic[ \t]+[A-Za-z0-9+/_\-]{6}", _basic, literal="basic", alone=True),
    Trigger("authorization", r"(?i)authorization[a-z_]*[\\\"'`\])]*[ \t]*[:=,]", _authorization, literal="authorization", alone=True),
    Trigger("signed", r"(?i:aws4-hmac-sha256 credential=)|A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9+/]+[A-Za-z0-9+/]{16}", _signed, alone=True),
    Trigger("cookie", r"(?i)cookies?2?(?:_?(?:header|string|value))?[\\\"'`\])]*[ \t]*[:=,]", _cookies, literal="cookie", alone=True),
    Trigger("cookie-flag", r"(?:^|\s)(?:-b|--cookie)(?:[ \t]+|=)[\"']?[^\s=\"']+=", _cookie_flags, alone=True),
)
