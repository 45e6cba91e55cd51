"""Spellings that hide characters from patterns: zero-width letters, full-width forms, colours, typographic blanks and hyphens, escapes.

Three letters whose other case is an ASCII letter count as that: the Kelvin sign, the long s, the capital I with a dot (``KİMLİK``).
"""

from __future__ import annotations

import re
import unicodedata

from otel_smart_agents.privacy.detectors.model import Scan, Trigger

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_BLANKS = "\u00a0\u2007\u2009\u202f"
_HYPHENS = "\u2010\u2011\u2212"
_TWINS = {"\u212a": "K", "\u017f": "s", "\u0130": "I"}
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, INVISIBLE)),
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **{ord(letter): plain for letter, plain in _TWINS.items()},
}
_COLOUR = re.compile(r"(?:\x1b|\\u001[bB]|\\x1[bB]|\\033)\[[0-9;]{0,32}m", re.ASCII)
_JSON_ESCAPE = re.compile(r"\\u00([2-7][0-9A-Fa-f])", re.ASCII)
_HTML = re.compile(r"&#(?:x([2-7][0-9A-Fa-f])|([3-9][0-9]|1[01][0-9]|12[0-6]));|&commat;|&period;|&colon;", re.ASCII)
_NAMED = {"&commat;": "@", "&period;": ".", "&colon;": ":"}
_WIDE = re.compile("[\uff01-\uff5e]")


def normalised(text: str) -> str:
    """The same text with hidden characters dropped and escaped or full-width letters, digits and signs written plainly."""
    text = _COLOUR.sub("", text.translate(_PLAIN))
    text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    text = _JSON_ESCAPE.sub(_plain_json, text).replace("\\/", "/")
    return _HTML.sub(_plain_html, text)


def _plain_json(found: re.Match[str]) -> str:
    character = chr(int(found.group(1), 16))
    return found.group() if character in '"\\\x7f' else character


def _plain_html(found: re.Match[str]) -> str:
    if found.group() in _NAMED:
        return _NAMED[found.group()]
    character = chr(int(found.group(1), 16) if found.group(1) else int(found.group(2)))
    return found.group() if character in "\"'<>&\\\x7f" else character


_HIDDEN = re.compile(f"[{INVISIBLE}{_BLANKS}{_HYPHENS}{''.join(_TWINS)}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff20\uff0e]")


def foreign_letters(text: str) -> bool:
    """Whether a text with letters beyond ASCII has hidden or full-width ones."""
    return _HIDDEN.search(text) is not None


def escaped(scan: Scan, _: str) -> None:
    """The engine scans the normalised text as well whenever this trigger fires."""


TRIGGERS = (
    Trigger(
        "escaped",
        r"\\u00[2-7][0-9A-Fa-f]|:\\/\\/|\\/(?:home|Users)\\/|&#(?:x[2-7][0-9A-Fa-f]|[3-9][0-9]|1[01][0-9]|12[0-6]);|&commat;"
        r"|\x1b\[[0-9;]*m|\\(?:u00|x)1[bB]\[[0-9;]*m|\\033\[[0-9;]*m",
        escaped,
    ),
)
