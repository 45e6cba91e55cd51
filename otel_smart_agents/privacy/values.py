"""Values of attributes: deny words for the key, detectors for the text. No SDK, no network; the detectors load at the first scan."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from otel_smart_agents.privacy.detectors.model import DENIED, PLAIN
from otel_smart_agents.privacy.keys import key_denied, key_hint

if TYPE_CHECKING:
    from otel_smart_agents.privacy.detectors.engine import Engine

__all__ = ["REDACTION_ERROR", "key_denied", "redact_text", "redact_value", "redaction_errors"]

REDACTION_ERROR = "[redaction_error]"
# Names, models, paths and statements repeat from span to span. Short clean texts are remembered as they are; of texts that were changed
# only the result is kept, under a hash of the text, so that no secret stays in memory. A memory that is full is emptied.
_CLEAN_LENGTH = 64
_CHANGED_LENGTH = 512
_MEMORY_SIZE = 8192


class _State:
    """The engine and what is remembered: one per process, made at the first scan."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.engine: Engine | None = None
        self.clean: set[str] = set()
        self.changed: dict[tuple[int, int, int], tuple[str, int]] = {}
        self.errors = 0

    def load(self) -> Engine:
        """The engine; two threads that come first make one."""
        from otel_smart_agents.privacy.detectors.engine import Engine

        with self.lock:
            if self.engine is None:
                self.engine = Engine()
            return self.engine

    def remember_clean(self, value: str) -> None:
        """Another time this text need not be scanned."""
        if len(self.clean) >= _MEMORY_SIZE:
            self.clean = set()
        self.clean.add(value)

    def remember_changed(self, fingerprint: tuple[int, int, int], result: tuple[str, int]) -> None:
        """Another time the result is known."""
        if len(self.changed) >= _MEMORY_SIZE:
            self.changed = {}
        self.changed[fingerprint] = result

    def failed(self) -> None:
        """Count one text that could not be scanned."""
        with self.lock:
            self.errors += 1


_state = _State()


def redact_value(key: str, value: str) -> str | None:
    """The value of one attribute with every secret and personal datum replaced by a typed placeholder.

    Returns:
        ``None`` when the key itself is denied; the same object when nothing was found; ``[redaction_error]`` when a detector failed
        (the value is lost rather than leaked, and counted by ``redaction_errors``).
    """
    hint = key_hint(key)
    if not hint and len(value) <= _CLEAN_LENGTH and value in _state.clean:
        return value
    return None if hint & DENIED else _redact(value, hint)[0]


def redact_text(value: str) -> tuple[str, int]:
    """The text with every secret and personal datum replaced, and how many places that were."""
    return _redact(value, PLAIN)


def redact_hinted(value: str, hint: int) -> tuple[str, int]:
    """Like ``redact_text`` for a value whose key was judged before (``keys.key_hint``; its denied bit is the caller's)."""
    return _redact(value, hint)


def redaction_errors() -> int:
    """How many texts of this process became ``[redaction_error]``."""
    return _state.errors


def _redact(value: str, hint: int) -> tuple[str, int]:
    state = _state
    size = len(value)
    if size <= _CHANGED_LENGTH:
        if hint == PLAIN and value in state.clean:
            return value, 0
        known = state.changed.get((hash(value), size, hint))
        if known is not None:
            return known
    try:
        result, count = (state.engine or state.load()).redact(value, hint)
    except Exception:  # noqa: BLE001 - fail closed: whatever went wrong, the text must not pass
        state.failed()
        return REDACTION_ERROR, 1
    if count and size <= _CHANGED_LENGTH:
        state.remember_changed((hash(value), size, hint), (result, count))
    elif not count and size <= _CLEAN_LENGTH and hint == PLAIN:
        state.remember_clean(value)
    return result, count


def forget() -> None:
    """Empty both memories (tests and measurements of first sight)."""
    _state.clean = set()
    _state.changed = {}
