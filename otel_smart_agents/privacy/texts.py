"""Texts that the registry knows by pattern or catalogue: kept as they are, or replaced by something that says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from otel_smart_agents import semconv
from otel_smart_agents.privacy.detectors.model import DENIED
from otel_smart_agents.privacy.keys import key_hint
from otel_smart_agents.privacy.pseudonyms import is_other_name, is_pseudonym, other_name, pseudonym
from otel_smart_agents.privacy.tally import Tally
from otel_smart_agents.privacy.values import redact_hinted, redact_text

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy

Check = Callable[[str, Tally], str | None]
"""Returns what may be kept of a text, ``None`` to drop it."""

ERROR_VALUE: Final = "[redaction_error]"
"""Stands for a value whose filter failed."""
MAX_BLANKS: Final = 4
"""Blanks in a name: what has more words is a sentence, whatever its letters are."""
OWN_NAMES: Final = frozenset({"user_satisfaction"})
"""Names that this package writes itself: in no product's catalogue, and nobody's secret."""

# Digits and hex of a fixed length, or three capitals: no text fits in, and a detector could take one in a thousand for a number.
_FIXED_FORMS: Final = frozenset(
    {semconv.PATTERN_UUID, semconv.PATTERN_SHA256, semconv.PATTERN_STACK_HASH, semconv.PATTERN_PSEUDONYM, semconv.PATTERN_CURRENCY}
)
_FREE_FORMS: Final = frozenset({semconv.PATTERN_NAME, semconv.PATTERN_COMMAND, semconv.PATTERN_FILE_TYPE})


@lru_cache(maxsize=64)
def matcher(pattern: str) -> Callable[[str], object]:
    """Return the test of whole values for one of the registry's patterns (bounded character classes: linear time)."""
    return re.compile(pattern).fullmatch


def is_clean(value: str) -> bool:
    """Tell whether the detectors leave the text as it is."""
    return redact_text(value)[0] == value


def check_of(attribute: semconv.Attribute, policy: Policy) -> Check:
    """Return the check of an attribute's texts (or elements) for a policy. The category is not looked at here."""
    if attribute.hashed:
        return _hashed(policy)
    if attribute.catalogue is not None:
        return _listed(attribute, attribute.catalogue, policy)
    if attribute.pattern is None:
        return _free(attribute, policy)
    return _patterned(attribute, attribute.pattern, policy)


def _replacement(attribute: semconv.Attribute, policy: Policy) -> Callable[[str], str | None]:
    key, key_id = policy.pseudonym_key, policy.pseudonym_key_id
    if attribute.privacy == semconv.Privacy.PSEUDONYMOUS:
        return lambda value: pseudonym(value, key=key, key_id=key_id) if key else None
    if attribute.fallback is not None:
        return lambda _value: attribute.fallback
    return lambda value: other_name(value, key=key, key_id=key_id)


def _hashed(policy: Policy) -> Check:
    key, key_id = policy.pseudonym_key, policy.pseudonym_key_id

    def check(value: str, _tally: Tally) -> str | None:
        if not key or value == ERROR_VALUE:
            return None
        return value if is_pseudonym(value, key_id) else pseudonym(value, key=key, key_id=key_id)

    return check


def _listed(attribute: semconv.Attribute, catalogue: frozenset[str], policy: Policy) -> Check:
    replace, key_id = _replacement(attribute, policy), policy.pseudonym_key_id

    def check(value: str, tally: Tally) -> str | None:
        if value in catalogue or value in (attribute.fallback, ERROR_VALUE) or is_other_name(value, key_id):
            return value
        tally.redactions += 1
        return replace(value)

    return check


def _patterned(attribute: semconv.Attribute, pattern: str, policy: Policy) -> Check:
    replace, key_id = _replacement(attribute, policy), policy.pseudonym_key_id
    matches, scans = matcher(pattern), pattern not in _FIXED_FORMS
    limit, hint = attribute.max_length or policy.max_value_length, key_hint(attribute.key) & ~DENIED
    blanks = MAX_BLANKS if pattern == semconv.PATTERN_NAME else limit
    declared = catalogue_of(policy) if attribute.privacy == semconv.Privacy.CONSENT and pattern in _FREE_FORMS else None

    def check(value: str, tally: Tally) -> str | None:
        if value in (attribute.fallback, ERROR_VALUE) or is_other_name(value, key_id) or is_pseudonym(value, key_id):
            return value
        fits = len(value) <= limit and matches(value) and value.count(" ") <= blanks and (declared is None or declared(value))
        if fits and not (scans and redact_hinted(value, hint)[0] != value):
            return value
        tally.redactions += 1
        return replace(value)

    return check


def _free(attribute: semconv.Attribute, policy: Policy) -> Check:
    """A registered text without a form: the registry has none today, so such a text is treated like a name."""
    return _patterned(attribute, semconv.PATTERN_NAME, policy)


def catalogue_of(policy: Policy) -> Callable[[str], bool] | None:
    """Return the test of declared names: none for ``own`` unless one is set; ``upstream`` without a catalogue declares nothing."""
    declared = policy.catalogue
    if declared is None:
        return OWN_NAMES.__contains__ if policy.audience == "upstream" else None
    return lambda name: name in OWN_NAMES or declared(name)
