"""Keyed hashes that stand for a value: the same value meets itself again, and nobody without the key can try guesses.

An unkeyed hash of an e-mail address, a phone number or a name is no protection, because all candidates can be hashed: there is none.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from otel_smart_agents.errors import ConfigError

OTHER: Final = "other"
"""What stands for a name that may not be kept when no key is there to hash it with."""

_PSEUDONYM_HEX: Final = 32
_NAME_HEX: Final = 16  # 64 bits: 1 % odds of one collision among 6 x 10^8 names
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_]{1,16}")


def _digest(value: str, key: bytes, key_id: str) -> str:
    if not key or not _KEY_ID.fullmatch(key_id):
        raise ConfigError("a keyed hash needs a secret key and a key id of 1 to 16 letters, digits or _")
    return hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()


def pseudonym(value: str, *, key: bytes, key_id: str) -> str:
    """Return ``<key id>-<32 hex>``: the first 128 bits of HMAC-SHA-256 (RFC 2104) of the UTF-8 bytes.

    Raises:
        ConfigError: the key is empty or the key id is not 1 to 16 letters, digits or ``_``.
    """
    return f"{key_id}-{_digest(value, key, key_id)[:_PSEUDONYM_HEX]}"


def other_name(value: str, *, key: bytes, key_id: str) -> str:
    """Return ``other-<key id>-<16 hex>`` for a name that may not be kept, plain ``other`` without a key.

    The hex is the beginning of the value's pseudonym, so one look-up of a value finds both.

    Raises:
        ConfigError: there is a key and the key id is not 1 to 16 letters, digits or ``_``.
    """
    return f"{OTHER}-{key_id}-{_digest(value, key, key_id)[:_NAME_HEX]}" if key else OTHER


def is_pseudonym(value: str, key_id: str) -> bool:
    """Tell whether the value already is a pseudonym of this key, so that redacting twice changes nothing."""
    return _has_form(value, f"{key_id}-", _PSEUDONYM_HEX)


def is_other_name(value: str, key_id: str) -> bool:
    """Tell whether the value already stands for a name: plain ``other``, or a hash of this key."""
    return value == OTHER or _has_form(value, f"{OTHER}-{key_id}-", _NAME_HEX)


def _has_form(value: str, prefix: str, digits: int) -> bool:
    rest = value.removeprefix(prefix)
    return len(rest) == digits and len(value) == len(prefix) + digits and not rest.strip("0123456789abcdef")
