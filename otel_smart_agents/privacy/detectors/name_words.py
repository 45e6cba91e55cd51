"""The words inside a name that make it worth asking ``key_hint``.

They are made from the tables that ``key_hint`` reads, so that no name is denied as a key and never looked for in a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from otel_smart_agents.privacy.key_words import (
    ENDINGS,
    KEYED_WORDS,
    LAST_WORDS,
    NAME_WORDS,
    OWNED_WORDS,
    PASSWORD_WORDS,
    PERSON_PARTS,
    PERSONAL_PHRASES,
    PERSONS,
    PHONE_WORDS,
    PHRASES,
    STRONG_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def _alternatives(words: Iterable[str]) -> str:
    """The words as alternatives, without those that another one is part of."""
    shortest: list[str] = []
    for word in sorted(set(words), key=lambda word: (len(word), word)):
        if not any(short in word for short in shortest):
            shortest.append(word)
    return "|".join(sorted(shortest))


_WORDS = STRONG_WORDS | LAST_WORDS | OWNED_WORDS | PHONE_WORDS | NAME_WORDS | set(ENDINGS)
_PARTS = "|".join(sorted(PERSON_PARTS))
_OWNERS = "|".join(sorted({owner for owners in PERSONS.values() for owner in owners}))

FOREIGN: tuple[str, ...] = tuple(sorted(word for word in _WORDS if not word.isascii()))
"""Words beyond ASCII: looked for in texts that have such letters."""
# Parts of everyday words (passed, opinion, inside): they count at the end of a part of a name only.
_SHORT = OWNED_WORDS - {"token"}
SECRETS = _alternatives(word for word in _WORDS - PHONE_WORDS - NAME_WORDS - _SHORT if word.isascii())
"""Words of secrets, for patterns."""
PASSWORDS: tuple[str, ...] = tuple(sorted(PASSWORD_WORDS))
"""Names of what people choose themselves."""
ENDS = _alternatives(KEYED_WORDS | _SHORT)
"""Words that no letter may follow."""
# Prose writes "tax number" of anybody's; data writes tax_number.
PAIRS = "|".join(("[_.-]?" if pair in PERSONAL_PHRASES else "[ _.-]?").join(pair) for pair in sorted(PHRASES))
"""Two words, written together or apart."""
PEOPLE = f"{_alternatives(PHONE_WORDS | NAME_WORDS)}|(?:{_OWNERS})[_-]?(?:{_PARTS})"
"""Words of personal data, for patterns."""
ESCAPED = "|".join("".join(rf"\\+u{ord(letter):04x}" if letter > "\x7f" else letter for letter in word) for word in FOREIGN)
"""Words beyond ASCII as JSON escapes."""
