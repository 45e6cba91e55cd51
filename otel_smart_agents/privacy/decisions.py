"""What happens to an attribute because of its key: registry class, consented categories, audience and deny words. No value is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from otel_smart_agents import semconv
from otel_smart_agents.privacy.values import key_denied, redact_text
from otel_smart_agents.semconv import Attribute, Privacy

if TYPE_CHECKING:
    from otel_smart_agents.privacy.policy import Policy

Verdict = Literal["drop", "keep", "hash", "scan", "content", "fallback"]
"""``drop`` it; ``keep`` it if its value fits the registry; ``hash`` it with a key; ``scan`` it with the detectors; let its ``content`` pass
through the detectors; or keep only the registry's ``fallback``."""

LOG_BODY: Final = "log.body"
"""Name under which ``Policy.content`` lets the bodies of log records through the detectors."""

RESOURCE_KEYS: Final = frozenset(
    {
        semconv.SERVICE_NAME,
        semconv.SERVICE_VERSION,
        semconv.TELEMETRY_DISTRO_NAME,
        semconv.TELEMETRY_DISTRO_VERSION,
        semconv.TELEMETRY_SDK_NAME,
        semconv.TELEMETRY_SDK_LANGUAGE,
        semconv.TELEMETRY_SDK_VERSION,
        semconv.PROCESS_RUNTIME_NAME,
        semconv.PROCESS_RUNTIME_VERSION,
        semconv.SMART_AGENTS_CONSENT_POLICY_VERSION,
    }
)
"""Safe texts about the product itself: on the resource they are the product's, on a span whatever a program says."""

STEP_KINDS: Final = frozenset({"agent", "skill", "tool", "workflow", "step"})
"""Kinds that can be steps of a workflow."""

_STEP_CATEGORIES: Final = frozenset(semconv.KINDS[kind].category for kind in STEP_KINDS)
_KEY_FORM: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:-]{0,127}")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class KeyDecision:
    """The decision for one key.

    Attributes:
        verdict: what happens to the value.
        reason: one sentence for a person.
        attribute: the registry's row, also for a key under one of the registry's prefixes; ``None`` for an unknown key.
        category: the consent category that the key needs in this kind of span; ``None`` if it needs none.
        never: whether the never-list has the key, by its beginning, its ending or one of its words.
    """

    verdict: Verdict
    reason: str
    attribute: Attribute | None = None
    category: str | None = None
    never: bool = False

    @property
    def privacy(self) -> Privacy | None:
        """The privacy class; ``None`` for an unknown key."""
        return Privacy.NEVER if self.never else self.attribute.privacy if self.attribute else None


def decide(key: object, policy: Policy, *, kind: str | None = None, resource: bool = True) -> KeyDecision:
    """Return what happens to an attribute with this key in a span of this kind. The allow-list comes first: an unknown key is dropped.

    Args:
        key: the key.
        policy: what the destination lets through.
        kind: the kind of span.
        resource: whether it stands on a resource.
    """
    if not isinstance(key, str):
        return KeyDecision("drop", "A key must be text.")
    attribute = semconv.ATTRIBUTES.get(key)
    if attribute is not None:
        if key in RESOURCE_KEYS and not resource and policy.audience != "own":
            return KeyDecision("drop", "It describes the product: for its makers it counts on the resource only.", attribute)
        return _registered(attribute, policy, kind)
    if key.startswith(semconv.NEVER_PREFIXES) or key.endswith(semconv.NEVER_SUFFIXES):
        return KeyDecision("drop", "The never-list has every key that begins or ends like this.", never=True)
    prefix = next((prefix for prefix in semconv.KEY_PREFIXES if key.startswith(prefix)), "")
    return _unregistered(key, prefix, policy)


def _registered(attribute: Attribute, policy: Policy, kind: str | None) -> KeyDecision:
    privacy = attribute.privacy
    if privacy == Privacy.NEVER:
        return _never(attribute, policy)
    if privacy == Privacy.SCAN or attribute.own_only:
        return _own_only(attribute, policy)
    if privacy == Privacy.CONSENT:
        return _consented(attribute, policy, kind)
    if not attribute.hashed:
        return KeyDecision("keep", "The registry calls it safe." if privacy == Privacy.SAFE else "A random id that rotates.", attribute)
    if not policy.pseudonym_key:
        return KeyDecision("drop", "It is kept as a keyed hash only, and no key is set.", attribute)
    return KeyDecision("hash", "Its keyed hash is kept, never the value.", attribute)


def _never(attribute: Attribute, policy: Policy) -> KeyDecision:
    if attribute.content and policy.audience == "own" and attribute.key in policy.content:
        return KeyDecision("content", "The program's code let this content through, to its operator's own back end.", attribute)
    return KeyDecision("drop", "It is on the never-list.", attribute)


def _own_only(attribute: Attribute, policy: Policy) -> KeyDecision:
    if policy.audience != "own":
        return KeyDecision("drop", "It goes to the operator's own back end only.", attribute)
    return KeyDecision("scan", "The detectors look at its value.", attribute)


def _consented(attribute: Attribute, policy: Policy, kind: str | None) -> KeyDecision:
    category = attribute.category_in.get(kind, attribute.category) if kind is not None else attribute.category
    if attribute.key == semconv.SMART_AGENTS_WORKFLOW_PATTERN_HASH and not policy.categories >= _STEP_CATEGORIES:
        reason = "A fingerprint over names could be tried out for those that need a missing consent."
        return KeyDecision("drop", reason, attribute, category)
    if category in policy.categories:
        return KeyDecision("keep", f"The category {category} is granted.", attribute, category)
    if attribute.key == semconv.ERROR_TYPE:
        reason = f"The category {category} is not granted: only that there was an error is kept."
        return KeyDecision("fallback", reason, attribute, category)
    return KeyDecision("drop", f"The category {category} is not granted.", attribute, category)


def _unregistered(key: str, prefix: str, policy: Policy) -> KeyDecision:
    attribute = semconv.KEY_PREFIXES.get(prefix)
    name = key[len(prefix) :]
    if never_word(name) or key_denied(name):
        return KeyDecision("drop", "A word in the key is on the never-list.", attribute, never=True)
    if policy.audience != "own":
        return KeyDecision("drop", "The registry does not know it: nothing unknown leaves for the makers of a product.", attribute)
    if attribute is None and policy.unknown != "scan":
        return KeyDecision("drop", "The registry does not know it.")
    if not _KEY_FORM.fullmatch(name) or redact_text(name)[0] != name:
        return KeyDecision("drop", "The key itself does not look like a key.", attribute)
    return KeyDecision("scan", "The detectors look at its value.", attribute)


def never_word(key: str) -> bool:
    """Tell whether the key's words (split at signs and at a change of case) contain one of the never-list's next to each other."""
    words = "_".join(word.lower() for word in _WORD.findall(key[:256]))
    return any(f"_{never}_" in f"_{words}_" for never in semconv.NEVER_WORDS)
