"""The value that a denied name is tied to: quoted, bare, or a whole object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from otel_smart_agents.privacy.detectors.model import DENIED, Scan
from otel_smart_agents.privacy.detectors.secret_values import (
    bare_secret,
    digits_in,
    is_placeholder,
    looks_chosen,
    looks_issued,
    quoted_secret,
)
from otel_smart_agents.privacy.detectors.word_passwords import is_word_password
from otel_smart_agents.privacy.keys import key_hint, tokens_of

# What a name says: it is denied, a short word counts as its value, it is about a person, only a value that was generated or chosen counts,
# any word may be its value.
NAME_DENIED, NAME_STRONG, NAME_PERSONAL, NAME_KEYED, NAME_PASS, NAME_WORDED = 1, 2, 4, 8, 16, 32

_AFTER = re.compile(r"[ \t]{0,8}(?:(?:not|SecureString|String) )?", re.ASCII)
_OPENING = re.compile(r"[bBrRuUfF@$]{0,2}((\\{0,8})[\"'`])", re.ASCII)
_BARE = re.compile(r"[^\s\"'`,;&<>]{1,512}")
_BARE_LITERAL = re.compile(r"[^\s\"'`;&<>]{1,512}")
_ESCAPED_BREAK = re.compile(r"\\[nrt]")
_STRUCTURE = re.compile(r"\\*[\"'{}\[\]]")
_NUMERIC = frozenset(("otp", "totp", "pin", "cvv", "cvc", "cvv2", "code", "ssn", "mfa"))
_QUOTED_LIMIT = 4096
_CONTAINER_LIMIT = 8192


@dataclass(frozen=True, slots=True)
class Link:
    """A name and the sign after it.

    Attributes:
        name: the name.
        sign: ``=``, ``:``, ``=>``, ``:=``, ``==``, ``>``, ``,`` or a verb.
        quotes: what closed the quotation of the name, ``""`` for a bare name.
        opened: the character before the name.
        kind: bits of NAME_DENIED, NAME_STRONG, NAME_PERSONAL, NAME_KEYED, NAME_PASS, NAME_WORDED.
    """

    name: str
    sign: str
    quotes: str
    opened: str
    kind: int

    @property
    def replacement(self) -> str:
        """The placeholder for the value."""
        return "[personal]" if self.kind & NAME_PERSONAL else "[secret]"


def take_value(scan: Scan, start: int, link: Link) -> int:
    """Mark the value after ``start`` if it is one; the place where the search for names may go on."""
    text = scan.text
    if link.sign == ">" and (link.opened != "<" or link.quotes):
        return start
    if link.opened in {"/", ":"} and link.sign == ":" and text[start : start + 1] != " ":
        # "scheme://name:…" belongs to the URL detector, "arn:aws:…:secret:name" is a name.
        return start
    blanks = _AFTER.match(text, start)
    place = blanks.end() if blanks is not None else start
    opening = _OPENING.match(text, place)
    if opening is not None:
        _take_quoted(scan, opening, link)
    elif text[place : place + 1] in {"{", "["} and link.sign == ":" and link.quotes and link.kind & NAME_DENIED:
        return _take_container(scan, place, link.quotes)
    elif link.sign != "," and (link.sign in {"=", ":"} or not link.kind & NAME_PERSONAL):
        _take_bare(scan, place, link, tight=place == start)
    return start


def _take_quoted(scan: Scan, opening: re.Match[str], link: Link) -> None:
    text, start = scan.text, opening.end()
    end = text.find(opening.group(1), start, start + _QUOTED_LIMIT)
    if end < 0:
        # The value of a quotation that is cut off ends with the line.
        line = text.find("\n", start)
        end = line if line >= 0 else len(text)
    value = text[start:end]
    strong = bool(link.kind & NAME_STRONG) and (link.sign != "," or _looks_made_up(value))
    if _fits(value, link) and not _is_program_text(value, link) and quoted_secret(value, strong=strong):
        scan.add(start, end, link.replacement)


def _fits(value: str, link: Link) -> bool:
    """Whether a name that proves little has a value that proves more."""
    if link.kind & NAME_PASS:
        return looks_chosen(value)
    return not link.kind & NAME_KEYED or looks_issued(value)


def _looks_made_up(value: str) -> bool:
    """After a comma a word may be the next name of a list; a password has digits and not only small letters."""
    return len(value) > 5 and digits_in(value) > 0 and not value.islower() and " " not in value


def _is_program_text(value: str, link: Link) -> bool:
    if not link.quotes:
        # "prompt='Password: ', stream" closes a quotation here.
        if value[:1] in {",", ")", "]", ";", ""}:
            return True
        # Programs compare and set names of things ("node.fullname == …"): data has them under a quoted key or after a colon.
        if link.kind & NAME_PERSONAL and link.sign != ":" and not link.name.isupper():
            return True
    # The value is itself the name of a secret: method = "client_secret_basic".
    return "_" in value and digits_in(value) == 0 and bool(key_hint(value) & DENIED)


def _take_bare(scan: Scan, start: int, link: Link, *, tight: bool) -> None:
    found = (_BARE if link.sign in {"=", ">"} else _BARE_LITERAL).match(scan.text, start)
    if found is None or is_placeholder(found.group()) or is_placeholder(found.group().rstrip("\\)]}.,:")):
        return
    value = found.group()
    line = _ESCAPED_BREAK.search(value)
    if line is not None and line.start():
        value = value[: line.start()]
    value = value.rstrip(".,") if link.sign == ":" and not link.quotes else value.rstrip("\\)]}").rstrip(".,:)")
    end = start + len(value)
    # An argument passed on: login(password=user_password, …).
    passed_on = not link.name.isupper() and digits_in(value) == 0 and scan.text[end : end + 1] in {",", ")"}
    assigned = tight and link.sign in {"=", ">"} and (link.name.isupper() or bool(link.kind & NAME_STRONG))
    worded = link.kind & NAME_WORDED and link.sign in {":", "="} and is_word_password(scan.text, start, end, link.sign)
    if worded or (value and not passed_on and _fits(value, link) and _is_secret(value, link, assigned=assigned)):
        scan.add(start, end, link.replacement)


def _is_secret(value: str, link: Link, *, assigned: bool) -> bool:
    strong = bool(link.kind & NAME_STRONG)
    if value.isdigit():
        return len(value) > 2 and (tokens_of(link.name)[-1] in _NUMERIC or (strong and len(value) > 3))
    numbered = digits_in(value) > 0
    if link.sign not in {"=", ":", ":=", "=>", ">"}:
        return numbered and bare_secret(value, strong=strong, assigned=False)
    return (numbered or not link.kind & NAME_PERSONAL) and bare_secret(value, strong=strong, assigned=assigned)


def _take_container(scan: Scan, start: int, quotes: str) -> int:
    """An object or list under a denied JSON key goes whole, except the schema of a field (``{"type": "string"}``)."""
    text = scan.text
    end = _closing(text, start, quotes)
    body = text[start:end]
    if len(body) < 3 or "type" in body[:24] or is_placeholder(body.strip("[]{}\"'\\ ")):
        return start
    scan.add(start, end, f"{quotes}[secret]{quotes}")
    return end


def _closing(text: str, start: int, quotes: str) -> int:
    """Just after the bracket that closes the one at ``start``; the end of the text when none does within 8 KB."""
    depth = 0
    inside = False
    for found in _STRUCTURE.finditer(text, start, start + _CONTAINER_LIMIT):
        sign = found.group()
        if sign[-1] in "\"'":
            inside ^= sign == quotes
        elif not inside:
            depth += 1 if sign[-1] in "{[" else -1
            if depth == 0:
                return found.end()
    return len(text)
