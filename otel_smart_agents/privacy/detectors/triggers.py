"""The trigger pass: which of some hundred cheap patterns occur in a text, found in one linear walk.

With google-re2 it is one ``re2.Set``. Where no wheel of it exists the same triggers are tried one after the other: a literal that must occur
first, then the pattern; only the first 256 KB of a text are kept then (``LENGTH_BUDGET``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from otel_smart_agents.privacy.detectors.model import Trigger

# RE2's default of 8 MB makes the automaton be thrown away and rebuilt while it scans: 12 times slower on ordinary text.
MAX_MEMORY_BYTES = 128 << 20
LENGTH_BUDGET = 256 * 1024


@dataclass(frozen=True, slots=True)
class Pass:
    """A compiled trigger pass.

    Attributes:
        fired: indices of the triggers that occur in a text, ``None`` or empty when none does.
        budget: characters it may be given, ``None`` = any number.
    """

    fired: Callable[[str], Sequence[int] | None]
    budget: int | None


def build(triggers: Sequence[Trigger]) -> Pass:
    """Compile the pass; with RE2 where it can be imported."""
    try:
        import re2
    except ImportError:
        return Pass(_plain(triggers), LENGTH_BUDGET)
    options = re2.Options()
    options.max_mem = MAX_MEMORY_BYTES
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for trigger in triggers:
        patterns.Add(trigger.pattern)
    patterns.Compile()
    return Pass(patterns.Match, None)


def _plain(triggers: Iterable[Trigger]) -> Callable[[str], Sequence[int] | None]:
    rows = [(index, trigger.literal, _linear(trigger.pattern)) for index, trigger in enumerate(triggers)]

    def fired(text: str) -> Sequence[int] | None:
        low = text.lower()
        return [index for index, literal, pattern in rows if (not literal or literal in low) and (literal or pattern.search(text))]

    return fired


def _linear(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
