"""File names: when a file was begun, by which process, and under which terms of consent."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

from otel_smart_agents.consent.model import CATEGORIES

if TYPE_CHECKING:
    from otel_smart_agents.consent.model import Decision

_NAME: Final = re.compile(r"(\d{20})-(\d{1,10})-([0-9a-f]{8})-(\d{1,10})((?:-local)?(?:-[a-z]*)?)\.(jsonl|open)")
_LETTERS: Final = {category[0]: category for category in sorted(CATEGORIES)}
_LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision said when something was recorded. Its file's name keeps that, because the decision may widen later.

    Attributes:
        epoch: the consent epoch; what was recorded under another one is never sent.
        local: whether it was recorded for the user's own eyes only, whichever layer said so.
        categories: the categories that were recorded.
    """

    epoch: int = 0
    local: bool = False
    categories: frozenset[str] = CATEGORIES

    @classmethod
    def of(cls, decision: Decision) -> Terms:
        """Return the terms under which a decision lets something be recorded."""
        return cls(decision.epoch, decision.mode == "local", decision.categories)

    @property
    def marks(self) -> str:
        """What a file name says of them after the epoch: nothing, ``-local``, the first letter of each category if some are missing."""
        letters = "" if self.categories == CATEGORIES else "-" + "".join(sorted(category[0] for category in self.categories))
        return f"-{_LOCAL}{letters}" if self.local else letters

    def covered_by(self, decision: Decision) -> bool:
        """Tell whether a decision is about what was recorded then. What one that sends does not cover leaves only if a person picks it."""
        sent = not self.local and self.categories <= decision.categories
        return self.epoch == decision.epoch and (sent or not decision.sends)


@dataclass(frozen=True, slots=True, order=True)
class FileName:
    """The name of one spool file; names sort by age.

    Attributes:
        created_ns: when the file was begun, Unix nanoseconds.
        pid: process that began it.
        token: random part, one per writer: tells writers with a reused process id apart.
        epoch: consent epoch its spans were recorded under; files of another epoch are never sent.
        suffix: ``jsonl`` for data, ``open`` for a writer's open markers.
        marks: the other terms that its spans were recorded under, see ``Terms.marks``.
    """

    created_ns: int
    pid: int
    token: str
    epoch: int
    suffix: str = "jsonl"
    marks: str = ""

    def __str__(self) -> str:
        return f"{self.created_ns:020d}-{self.pid}-{self.token}-{self.epoch}{self.marks}.{self.suffix}"

    @property
    def markers(self) -> FileName:
        """The one name that this writer's open markers can have, so that whoever adopts its data can ask whether there are any."""
        return FileName(0, self.pid, self.token, self.epoch, "open", self.marks)

    @property
    def terms(self) -> Terms:
        """What its spans were recorded under."""
        _, *parts = self.marks.split("-")
        local = parts[:1] == [_LOCAL]
        letters = parts[local:]
        return Terms(self.epoch, local, frozenset(_LETTERS[letter] for letter in letters[0]) if letters else CATEGORIES)

    @property
    def writer(self) -> str:
        """What all files of one writer share."""
        return f"{self.pid}-{self.token}"


def parse_name(name: str) -> FileName | None:
    """Return the parts of a file name, ``None`` if no writer of ours gives such names."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    created, pid, token, epoch, marks, suffix = match.groups()
    if not set(marks.removeprefix(f"-{_LOCAL}").lstrip("-")) <= _LETTERS.keys():
        return None
    return FileName(int(created), int(pid), token, int(epoch), suffix, marks)


def may_be_sent(name: str, decision: Decision) -> bool:
    """Tell from the name of a data file alone whether a decision that sends covers it; cheap, because there may be 10⁵ names."""
    return name.split("-", 3)[-1] in _ends(decision.epoch, decision.categories)


@lru_cache(maxsize=16)
def _ends(epoch: int, categories: frozenset[str]) -> frozenset[str]:
    """Return how the name of every file ends that was recorded to be sent, under this epoch and no more than these categories."""
    chosen = [frozenset(some) for count in range(len(categories) + 1) for some in combinations(sorted(categories), count)]
    return frozenset(f"{epoch}{Terms(epoch, False, some).marks}.jsonl" for some in chosen)


def new_token() -> str:
    """Return 32 random bits in hex."""
    return secrets.token_hex(4)
