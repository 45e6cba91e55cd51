"""File names: when a file was begun, by which process, and under which consent."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"(\d{20})-(\d{1,10})-([0-9a-f]{8})-(\d{1,10})\.(jsonl|open)")


@dataclass(frozen=True, slots=True, order=True)
class FileName:
    """The name of one spool file; names sort by age.

    Attributes:
        created_ns: when the file was begun, Unix nanoseconds.
        pid: process that began it.
        token: random part, one per writer: tells writers with a reused process id apart.
        epoch: consent epoch its spans were recorded under; files of another epoch are never sent.
        suffix: ``jsonl`` for data, ``open`` for a writer's open markers.
    """

    created_ns: int
    pid: int
    token: str
    epoch: int
    suffix: str = "jsonl"

    def __str__(self) -> str:
        return f"{self.created_ns:020d}-{self.pid}-{self.token}-{self.epoch}.{self.suffix}"

    @property
    def markers(self) -> FileName:
        """The one name that this writer's open markers can have, so that whoever adopts its data can ask whether there are any."""
        return FileName(0, self.pid, self.token, self.epoch, "open")

    @property
    def writer(self) -> str:
        """What all files of one writer share."""
        return f"{self.pid}-{self.token}"


def parse_name(name: str) -> FileName | None:
    """Return the parts of a file name, ``None`` if no writer of ours gives such names."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    created, pid, token, epoch, suffix = match.groups()
    return FileName(int(created), int(pid), token, int(epoch), suffix)


def new_token() -> str:
    """Return 32 random bits in hex."""
    return secrets.token_hex(4)
