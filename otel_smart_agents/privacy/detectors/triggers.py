"""The trigger pass: which of some sixty cheap patterns occur in a text, found in one linear walk.

With google-re2 it is one ``re2.Set``. Where no wheel of it exists the same patterns are tried one after the other with ``re``: a literal
that must occur first, then the pattern; only the first 256 KB of a text are kept then (``LENGTH_BUDGET``). Families with hundreds of words
(vendors' prefixes, names of identity numbers) have one trigger for all and a second set, asked only when it fired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otel_smart_agents.privacy.detectors.model import Trigger

# RE2's default of 8 MB makes the automaton be thrown away and rebuilt while it scans: 12 times slower on ordinary text.
MAX_MEMORY_BYTES = 64 << 20
LENGTH_BUDGET = 256 * 1024

Fired = Callable[[str], Sequence[int] | None]


@dataclass(frozen=True, slots=True)
class Pass:
    """A compiled trigger pass.

    Attributes:
        fired: indices of the triggers that occur in a text, ``None`` or empty when none does.
        budget: characters it may be given, ``None`` = any number.
    """

    fired: Fired
    budget: int | None


def build(triggers: Sequence[Trigger]) -> Pass:
    """Compile the pass; with RE2 where it can be imported."""
    fired = _with_re2([trigger.pattern for trigger in triggers])
    if fired is not None:
        return Pass(fired, None)
    return Pass(_with_re([(trigger.literal, trigger.pattern) for trigger in triggers]), LENGTH_BUDGET)


class WordSet:
    """Which of many patterns with a literal core occur in a text. Compiled at the first question."""

    __slots__ = ("_fired", "_rows")

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        """Rows are (lower-case literal, pattern)."""
        self._rows = rows
        self._fired: Fired | None = None

    def __call__(self, text: str) -> Sequence[int]:
        """Indices of the rows that occur."""
        if self._fired is None:
            # Two threads may both compile; either result serves.
            self._fired = _with_re2([pattern for _, pattern in self._rows]) or _with_re(self._rows)
        return self._fired(text) or ()


def _with_re2(patterns: Sequence[str]) -> Fired | None:
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.max_mem = MAX_MEMORY_BYTES
    options.log_errors = False
    compiled = re2.Set.SearchSet(options)
    for pattern in patterns:
        compiled.Add(pattern)
    compiled.Compile()
    match: Fired = compiled.Match
    return match


def _with_re(rows: Sequence[tuple[str, str]]) -> Fired:
    compiled = [(index, literal, re.compile(pattern, re.ASCII)) for index, (literal, pattern) in enumerate(rows)]

    def fired(text: str) -> Sequence[int]:
        low = text.lower()
        return [index for index, literal, pattern in compiled if (not literal or literal in low) and pattern.search(text)]

    return fired
