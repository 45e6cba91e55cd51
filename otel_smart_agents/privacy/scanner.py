"""Values of any shape that only the detectors look at: labels, captured arguments, keys of other instrumentations."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.privacy.bounds import bounded
from otel_smart_agents.privacy.decisions import never_word
from otel_smart_agents.privacy.detectors.model import DENIED, URL_PATH
from otel_smart_agents.privacy.keys import key_denied, key_hint
from otel_smart_agents.privacy.pseudonyms import is_other_name, other_name
from otel_smart_agents.privacy.values import redact_hinted, redact_text

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy
    from otel_smart_agents.privacy.tally import Tally

INT64_MIN: Final = -(1 << 63)
INT64_END: Final = 1 << 63

BYTES: Final = "[bytes]"
"""Stands for bytes: no detector can look into them."""
TOO_DEEP: Final = "[too deep]"
"""Stands for what is nested deeper than the policy allows."""

_MAX_KEY: Final = 128
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,63}|\[[a-z_]{1,32}\]")  # a word, or a placeholder of the detectors
_LONG_NUMBER: Final = 10**8  # from nine digits on, a number can be a phone, card or account number
_BARE_PATH: Final = re.compile(r"(?:~|[A-Za-z]:)?[\\/](?:[^\\/\s]+[\\/])+([^\\/\s]*)")


class Scanner:
    """Redacts one value of any shape: texts by the detectors, numbers by their digits, mappings by key, sequences element-wise.

    Attributes:
        hint: what the key says about the value (an address, a statement of SQL, a version), for the detectors.
        limit: characters kept of one text.
        max_depth: levels of nesting that are kept.
        max_items: elements kept in all of one value.
        paths: whether a text that is one path is kept whole (addresses of an HTTP request look like paths) instead of its last part.
    """

    __slots__ = ("hint", "limit", "max_depth", "max_items", "paths")

    def __init__(self, policy: Policy, *, key: str = "", limit: int | None = None, paths: bool = False) -> None:
        self.hint = hint_of(key)
        self.limit = limit or policy.max_value_length
        self.max_depth = policy.max_depth
        self.max_items = policy.max_attributes
        self.paths = paths

    def __call__(self, value: Any, tally: Tally) -> Any:
        """Return what may be kept of the value, ``None`` to drop it."""
        return self._any(value, tally, hint=self.hint, depth=self.max_depth, room=[self.max_items])

    def text(self, value: str, tally: Tally) -> str:
        """Return the redacted text."""
        return self._text(value, tally, self.hint)

    def _text(self, value: str, tally: Tally, hint: int) -> str:
        path = None if self.paths else _BARE_PATH.fullmatch(value) if len(value) <= self.limit else None
        kept, count = bounded(path[1] if path else value, self.limit, partial(redact_hinted, hint=hint))
        tally.redactions += count or path is not None
        return kept

    def _any(self, value: Any, tally: Tally, *, hint: int, depth: int, room: list[int]) -> Any:
        if isinstance(value, str):
            return self._text(str.__str__(value), tally, hint)
        if value is True or value is False or value is None:
            return value
        if isinstance(value, int | float):
            return _number(value, tally)
        if isinstance(value, bytes | bytearray | memoryview):
            tally.redactions += 1
            return BYTES
        if isinstance(value, Mapping | Sequence):
            return self._nested(value, tally, hint=hint, depth=depth, room=room)
        tally.wrong_types += 1
        return None

    def _nested(self, value: Any, tally: Tally, *, hint: int, depth: int, room: list[int]) -> Any:
        if depth <= 0:
            tally.redactions += 1
            return TOO_DEEP
        kept: Any = {} if isinstance(value, Mapping) else []
        for item in value.items() if isinstance(value, Mapping) else value:
            room[0] -= 1
            if room[0] < 0:
                tally.dropped += 1
                break
            if isinstance(kept, list):
                kept.append(self._any(item, tally, hint=hint, depth=depth - 1, room=room))
            elif _plain_key(item[0]):
                key = str.__str__(item[0])
                kept[key] = self._any(item[1], tally, hint=hint_of(key), depth=depth - 1, room=room)
            else:
                tally.redactions += 1
        return kept if isinstance(kept, dict) else tuple(kept)


class WordScanner(Scanner):
    """Keeps texts that are one word, like an identifier; any other text becomes a keyed hash, by which equal ones are still grouped.

    For labels: whoever sets one means a word, and no detector finds a name or a prompt in free text.
    """

    __slots__ = ("key", "key_id")

    def __init__(self, policy: Policy, *, key: str, limit: int | None = None) -> None:
        super().__init__(policy, key=key, limit=limit)
        self.key = policy.pseudonym_key
        self.key_id = policy.pseudonym_key_id

    def _text(self, value: str, tally: Tally, hint: int) -> str:
        if is_other_name(value, self.key_id):
            return value
        kept = super()._text(value, tally, hint)
        if _WORD.fullmatch(kept):
            return kept
        tally.redactions += kept == value
        return other_name(value, key=self.key, key_id=self.key_id)


def hint_of(key: str) -> int:
    """Return what a key says about its value, apart from two things.

    Whether the key is denied was judged before. That a path belongs to an address does not count here: a file's path can stand there too,
    and a home folder's name is somebody's.
    """
    return key_hint(key) & ~(DENIED | URL_PATH)


def _plain_key(key: object) -> bool:
    """Tell whether a nested key is a name: no deny word, and nothing that a detector would touch."""
    return isinstance(key, str) and len(key) <= _MAX_KEY and not never_word(key) and not key_denied(key) and redact_text(key)[0] == key


def _number(value: Any, tally: Tally) -> Any:
    if isinstance(value, float):
        if math.isfinite(value):
            return float.__float__(value)
        tally.wrong_types += 1
        return None
    number = int.__int__(value)
    if not INT64_MIN <= number < INT64_END:
        tally.wrong_types += 1
        return None
    if -_LONG_NUMBER < number < _LONG_NUMBER:
        return number
    text, count = redact_text(str(number))
    tally.redactions += count
    return text if count else number
