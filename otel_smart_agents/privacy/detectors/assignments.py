"""Names with values: JSON keys (also encoded twice), ``KEY=value`` lines, program text, YAML, XML, headers, flags, plain sentences."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.assigned import (
    NAME_DENIED,
    NAME_KEYED,
    NAME_PASS,
    NAME_PERSONAL,
    NAME_STRONG,
    NAME_WORDED,
    Link,
    take_value,
)
from otel_smart_agents.privacy.detectors.model import ALNUM, DENIED, KEYED, LETTERS, Scan, Trigger
from otel_smart_agents.privacy.detectors.name_words import ENDS, ESCAPED, FOREIGN, PAIRS, PEOPLE, SECRETS
from otel_smart_agents.privacy.detectors.secret_values import digits_in, is_placeholder, quoted_secret
from otel_smart_agents.privacy.detectors.told import foreign_sentences
from otel_smart_agents.privacy.key_words import PASSWORD_WORDS, PLAIN_PASSES, STRONG_WORDS
from otel_smart_agents.privacy.keys import key_hint, names_a_person, tokens_of

# Headers with a form of their own (headers.py).
_HEADERS = frozenset(("cookie", "cookies", "cookie2", "setcookie", "authorization"))

_names: dict[str, int] = {}
_MAX_NAMES = 4096


def _kind_of(name: str) -> int:
    kind = _names.get(name)
    if kind is None:
        kind = _judge_name(name)
        if len(_names) >= _MAX_NAMES:
            _names.clear()
        _names[name] = kind
    return kind


def _judge_name(name: str) -> int:
    hint, tokens = key_hint(name), tokens_of(name)
    if not hint & DENIED:
        return _judge_end(tokens, hint)
    low = name.lower()
    if tokens[-1] in _HEADERS:
        return 0
    if names_a_person(tokens):
        return NAME_DENIED | NAME_STRONG | NAME_PERSONAL
    strong = not name.isascii() or tokens[-1] in {"pass", "key"} or "passw" in low or "contrase" in low
    strong = strong or any(token in STRONG_WORDS or token.endswith(("password", "secret")) for token in tokens)
    worded = NAME_WORDED if tokens[-1] in PASSWORD_WORDS or tokens[-1].endswith(("password", "passwd")) else 0
    return NAME_DENIED | NAME_STRONG | worded if strong else NAME_DENIED | worded


def _judge_end(tokens: list[str], hint: int) -> int:
    """Names under which only some values are secrets: OPENAI_KEY, pass."""
    if hint & KEYED:
        return NAME_KEYED
    last, before = tokens[-1] if tokens else "", tokens[-2] if len(tokens) > 1 else ""
    return NAME_PASS | NAME_STRONG if last == "pass" and before not in PLAIN_PASSES else 0


_SIGN = re.compile(r"=>|:=|[!=]==?|[=:\uff1a]|[A-Za-z]>|[\"'`], ?b?[\\\"'`]|(?: is| was| lautet| ist| est| es)(?: now)?:? ", re.ASCII)
_IDENTIFIER = ALNUM + "_.-"
_QUOTES = "\\\"'`])"
_TYPES = frozenset(("string", "String", "str", "SecureString", "Optional", "const", "value", "Value", "VALUE", "val", "data", "text"))
_TYPED = re.compile(r"([\w.\-]{1,64})[ \t]{0,3}:?[ \t]{1,3}[A-Za-z]{1,16}$")
_NAMED_BEFORE = re.compile(
    r"(?:name|key|Name|Key|NAME|KEY|field|header)[\\\"']{0,5}[ \t]{0,3}[:=][ \t]{0,3}["
    r"\\\"']{0,5}([\w.\-]{2,64})[\\\"']{0,5}[\s,{}|-]{0,24}[\\\"']{0,5}[A-Za-z]{1,8}$"
)


def foreign_names(scan: Scan) -> None:
    """Passwords under their name in other languages."""
    if any(word in scan.low for word in FOREIGN):
        _named_values(scan, "")
        foreign_sentences(scan)


def _named_values(scan: Scan, _: str) -> None:
    """Look at every sign that ties a name to a value; the name before it decides."""
    resume = 0
    for found in _SIGN.finditer(scan.text):
        if found.start() < resume:
            continue
        link, end = _link(scan, found)
        if link is not None:
            resume = take_value(scan, end, link)


def _link(scan: Scan, found: re.Match[str]) -> tuple[Link | None, int]:
    """The name before a sign, when it is denied, and where the value may start."""
    sign, place, end = found.group(), found.start(), found.end()
    if sign[-1] == ">" and sign != "=>":
        place, sign = place + 1, ">"
    bare = scan.text[max(0, place - 96) : place].rstrip(" \t")
    stripped = bare.rstrip(_QUOTES)
    name = stripped[len(stripped.rstrip(_IDENTIFIER)) :] if scan.ascii else _foreign_name(stripped)
    if not name or name.isdigit():
        return None, end
    quotes, opened = bare[len(stripped) :], stripped[: -len(name)][-1:]
    # "[secret]" is a placeholder, not a name.
    kind = 0 if quotes[:1] == "]" and opened == "[" else _kind_here(stripped, name)
    if not kind:
        return None, end
    if sign[0] in "\"'`":
        quotes, sign, end = quotes + sign[0], ",", end - 1
    return Link(name, sign.strip(), quotes, opened, kind), end


def _foreign_name(before: str) -> str:
    """The run of letters of any script, digits and ``_.-`` that ends here, at most 64 long."""
    start = len(before)
    while start and len(before) - start < 64 and (before[start - 1].isalnum() or before[start - 1] in "_.-"):
        start -= 1
    return before[start:]


def _kind_here(before: str, name: str) -> int:
    escaped = name[0] == "u" and before[-len(name) - 1 : -len(name)] == "\\"
    return (escaped and _kind_of(_escaped_name(before))) or _kind_of(name.strip(".-")) or _kind_further(before, name)


_ESCAPE = re.compile(r"\\{1,4}u([0-9A-Fa-f]{4})", re.ASCII)


def _escaped_name(before: str) -> str:
    """A name between quotes whose letters beyond ASCII are written as JSON escapes, plainly; ``""`` when there is none."""
    written = before[max(before.rfind('"'), before.rfind("'")) + 1 :]
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), written) if len(written) < len(before) else ""


_TWO_WORDS = frozenset(("key", "phrase", "code", "number", "security", "passe"))


def _kind_further(before: str, name: str) -> int:
    """Names of two words, declared types, and the name that stands in a field of its own."""
    if "-" in name or "." in name:
        # A path or option before the name: "config.db-password", "--set db.password".
        kind = _kind_of(name[name.rfind("-") + 1 :].rpartition(".")[2])
        if kind:
            return kind
    if name in _TYPES:
        declared = (_NAMED_BEFORE.search(before), _TYPED.search(before))
        return next((kind for found in declared if found is not None and (kind := _kind_of(found.group(1)))), 0)
    rest = before[: -len(name)]
    if rest.endswith(" ") and name.lower() in _TWO_WORDS:
        return _kind_of(rest[:-1][len(rest[:-1].rstrip(_IDENTIFIER)) :] + " " + name)
    return 0


_COMPARED = re.compile(r"([\"'`])\)?[ \t]{0,4}(?:[!=]==?|<>)[ \t]{0,4}\(?([A-Za-z_][A-Za-z0-9_.]{0,64})", re.ASCII)


def _compared(scan: Scan, _: str) -> None:
    """A literal on the left of a comparison: ``if ("…" == password)``."""
    text = scan.text
    for found in _COMPARED.finditer(text):
        if not key_hint(found.group(2)) & DENIED:
            continue
        opening = text.rfind(found.group(1), max(0, found.start() - 256), found.start())
        value = text[opening + 1 : found.start()]
        if opening >= 0 and quoted_secret(value, strong=True):
            scan.add(opening + 1, found.start(), "[secret]")


_SPACED_WORDS = (
    "secret",
    "token",
    "password",
    "passwd",
    "api key",
    "apikey",
    "api_key",
    "access_key",
    "access key",
    "private key",
    "credential",
)
_SPACED = re.compile(r"([A-Za-z0-9_\-]{0,48})[ \t]{1,4}(?:([A-Za-z0-9+/=_\-.~]{16,512})|[\"']([^\s\"']{6,512})[\"'])", re.ASCII)
_PROVIDED = re.compile(r"[A-Za-z_\-]{0,24}(?: [a-z]{2,12}){1,3}: ?[\"'`]?([A-Za-z0-9+/=_\-.*~]{8,512})", re.ASCII)


def _spaced(scan: Scan, _: str) -> None:
    """A name, a blank and a generated value (``configure set aws_secret_access_key …``); ``Invalid API key provided: …``."""
    low, text = scan.low, scan.text
    for word in _SPACED_WORDS:
        place = low.find(word)
        while place >= 0:
            end = place + len(word)
            for pattern, group in ((_SPACED, 2), (_PROVIDED, 1)) if text[end : end + 1] != "]" else ():
                found = pattern.match(text, end)
                if found is not None:
                    place_of = group if found.group(group) is not None else group + 1
                    value = found.group(place_of).rstrip(".")
                    if _generated(value):
                        scan.add(found.start(place_of), found.start(place_of) + len(value), "[secret]")
            place = low.find(word, end)


def _generated(value: str) -> bool:
    digits = digits_in(value)
    letters = sum(character in LETTERS for character in value)
    words = "." in value or "/" in value or value.count("_") > 1 or value.count("-") > 1
    return digits > (2 if words else 1) and letters > 2 and not is_placeholder(value)


_NAME = rf"(?:(?:{SECRETS}|{PAIRS}|{PEOPLE}|{ESCAPED})[A-Za-z0-9_.\-]*|(?:{ENDS})(?:[0-9_.\-][A-Za-z0-9_.\-]*)?)"
_LINKS = r"[ \t]*(?:str(?:ing)? ?)?(?:[=:>][=:>]*|!=+|,[ \t]*b?[\\\"'`]|(?: is| was| lautet| ist| est| es)(?: now)?:? )[ \t\r\n]*[^ \t\r\n]"

TRIGGERS = (
    Trigger("named", rf"(?i){_NAME}[\\\"'`\])]*{_LINKS}", _named_values, alone=True),
    Trigger(
        "named-apart",
        (
            rf"(?i)(?:name|key|field|header)[\\\"']*\s*[:=]\s*[\\\"']*[A-Za-z0-9_.\-]*(?:{SECRETS}|{PAIRS}|{ENDS})"
            r"[A-Za-z0-9_.\-]*[\\\"']*[\s,{}|-]*[\\\"']*val"
        ),
        _named_values,
        alone=True,
    ),
    Trigger("compared", rf"[\"'`]\)?[ \t]*(?:[!=]==?|<>)[ \t]*\(?[A-Za-z_.0-9]*(?i:{SECRETS}|{ENDS})", _compared, alone=True),
    Trigger(
        "spaced",
        (
            rf"(?i)(?:{'|'.join(_SPACED_WORDS)})[A-Za-z0-9_\-]*(?:[ \t]+[\"']?[A-Za-z0-"
            rf"9+/=_.~\-!#$%&@^*]{{6}}|(?: [a-z]+)+: ?[\"'`]?[A-Za-z0-9+/=_.*~\-]{{8}})"
        ),
        _spaced,
        alone=True,
    ),
)
