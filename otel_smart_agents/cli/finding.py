"""One line of ``doctor``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: the check, one or two words.
        ok: whether all is well.
        says: what was found, one sentence.
        fix: what to do about it; empty if nothing is to be done.
    """

    check: str
    ok: bool
    says: str
    fix: str = ""
