"""What an attribute key says about its value: deny words, matched token by token, and hints for the detectors.

``apiToken``, ``client_secret`` and ``DB_PASSWORD`` are denied; ``input_tokens``, ``author``, ``session.duration`` and ``monkey`` are not.
The same decision is used for the keys of nested JSON, ``.env`` lines, URL queries and command lines.
"""

from __future__ import annotations

from itertools import pairwise

from otel_smart_agents.privacy.detectors.model import ADDRESS, DENIED, KEYED, PLAIN, STATEMENT, URL_PATH, VERSION
from otel_smart_agents.privacy.key_words import (
    ADDRESS_PARTS,
    BENIGN_TAILS,
    CARRIERS,
    COUNTED_TOKENS,
    ENDINGS,
    FLAG_STARTS,
    KEYED_WORDS,
    LAST_WORDS,
    MACHINES,
    NAME_WORDS,
    PASS_OWNERS,
    PERSON_PARTS,
    PERSONAL_PHRASES,
    PERSONAL_WORDS,
    PERSONS,
    PHONE_WORDS,
    PHRASES,
    PLAIN_KEYS,
    STRONG_WORDS,
)

_CACHE_SIZE = 4096
_MAX_KEY = 256
_cache: dict[str, int] = {}


def key_denied(key: str) -> bool:
    """Whether the key names a secret or a personal datum, so that its value must go whatever it looks like."""
    return bool(key_hint(key) & DENIED)


def key_hint(key: str) -> int:
    """Bits that describe the value under ``key``: denied, address, statement, version, URL path, keyed. Cached per distinct key."""
    hint = _cache.get(key)
    if hint is None:
        hint = _classify(tokens_of(key[-_MAX_KEY:]))
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
        _cache[key] = hint
    return hint


def tokens_of(key: str) -> list[str]:
    """Lower-case words of a key: split at everything that is not a letter or digit and at camelCase borders (``aB``, ``ABc``)."""
    words: list[str] = []
    word = ""
    for place, character in enumerate(key):
        if not character.isalnum():
            words.append(word)
            word = ""
            continue
        if word and character.isupper():
            following = key[place + 1 : place + 2]
            if not word[-1].isupper() or (following.islower() and len(word) > 1 and following != "s"):
                words.append(word)
                word = ""
        word += character
    words.append(word)
    return [word.lower() for word in words if word]


def _classify(tokens: list[str]) -> int:
    if not tokens:
        return PLAIN
    if _is_secret(tokens) or _is_personal(tokens):
        return DENIED
    hint = KEYED if _is_keyed(_without_carriers(tokens)) else PLAIN
    if _is_address(tokens):
        hint |= ADDRESS
    if "sql" in tokens or tokens[-1] in {"statement", "query"} or ("db" in tokens and "query" in tokens and tokens[-1] == "text"):
        hint |= STATEMENT
    if tokens[-1] in {"version", "versions", "useragent"} or ("agent" in tokens and "user" in tokens):
        hint |= VERSION
    if tokens[-1] in {"route", "target", "path", "template", "endpoint"} and tokens[0] in {"http", "url", "request"}:
        hint |= URL_PATH
    return hint


def _is_secret(tokens: list[str]) -> bool:
    if tokens[-1] in BENIGN_TAILS and not _ends_with_phrase(tokens):
        return False
    if tokens[0] in FLAG_STARTS and len(tokens) > 1:
        return False
    if _has_phrase(tokens) or any(token in STRONG_WORDS or token.endswith(ENDINGS) for token in tokens):
        return True
    return _ends_secret(_without_carriers(tokens))


def _without_carriers(tokens: list[str]) -> list[str]:
    core = list(tokens)
    while len(core) > 1 and (core[-1] in CARRIERS or core[-1].isdigit()):
        core.pop()
    return core


def _is_keyed(core: list[str]) -> bool:
    """``OPENAI_KEY``, ``writekey``, ``GH_PAT``: a secret when the value looks generated, for nobody knows the names of all services."""
    last, before = core[-1], core[-2] if len(core) > 1 else ""
    if last.endswith("key"):
        before = before if last == "key" else last[:-3]
        return before != "" and before not in PLAIN_KEYS
    return last in KEYED_WORDS


def _ends_secret(core: list[str]) -> bool:
    last, before = core[-1], core[-2] if len(core) > 1 else ""
    if last in {"token", "tok"}:
        # .NET names assemblies by PublicKeyToken.
        return before not in COUNTED_TOKENS and core[-3:-1] != ["public", "key"]
    if last in {"pass", "sid", "pin"}:
        return not before or before in PASS_OWNERS if last != "pass" else before in PASS_OWNERS
    return last in LAST_WORDS


def _singular(token: str) -> str:
    return token[:-1] if token.endswith("s") and not token.endswith("ss") else token


def _has_phrase(tokens: list[str]) -> bool:
    singular = [_singular(token) for token in tokens]
    return any(pair in PHRASES for pair in pairwise(singular)) or "dateofbirth" in "".join(singular)


def _ends_with_phrase(tokens: list[str]) -> bool:
    return len(tokens) > 1 and (_singular(tokens[-2]), _singular(tokens[-1])) in PHRASES


def names_a_person(tokens: list[str]) -> bool:
    """Whether a denied key, given by its tokens, is about a person rather than a secret."""
    singular = [_singular(token) for token in tokens]
    of_person = not PERSONAL_WORDS.isdisjoint(tokens) or any(pair in PERSONAL_PHRASES for pair in pairwise(singular))
    return of_person or "dateofbirth" in "".join(singular) or _is_personal(tokens)


def _is_personal(tokens: list[str]) -> bool:
    core = list(tokens)
    while len(core) > 1 and (core[-1] in {"number", "no", "num", "nr", "value", "text"} or core[-1].isdigit()):
        core.pop()
    last, before = core[-1], core[-2] if len(core) > 1 else ""
    if tokens[0] in {"process", "os"}:
        return False
    if last in PHONE_WORDS:
        return before not in {"is", "has", "ua", "device", "platform", "agent", "app", "supports"}
    if last in NAME_WORDS:
        return True
    if before == "account" and not MACHINES.isdisjoint(tokens):
        return False
    return last in PERSON_PARTS and before in PERSONS.get(last, PERSONS[""])


def _is_address(tokens: list[str]) -> bool:
    last, before = tokens[-1], tokens[-2] if len(tokens) > 1 else ""
    if last in {"ip", "ips", "ipv4", "ipv6", "ipaddress", "ipaddr", "forwarded"} or (before == "forwarded" and last == "for"):
        return True
    return last in {"address", "addr", "addresses", "addrs"} and (before in ADDRESS_PARTS or last == "addr")
