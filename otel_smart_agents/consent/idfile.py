"""What is kept about the ids of one destination: ``ids/<destination key>.json``."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.consent.record import utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.consent.model import Destination

SCHEMA: Final = 1
FOLDERS_KEPT: Final = 32
"""Data folders that are remembered; of more, the ones that were noted last."""


@dataclass(frozen=True, slots=True)
class Period:
    """The life of one id.

    Attributes:
        secret: proves the id.
        key: keys the pseudonyms of that time.
        created_ns: when it was made, Unix nanoseconds.
        retired_ns: when the next one took its place, ``None`` for the current one.
        sent: whether a request with this id was made; ``None`` if the file is of a version that did not note that.
    """

    secret: bytes
    key: bytes
    created_ns: int
    retired_ns: int | None = None
    sent: bool | None = False

    @property
    def id(self) -> str:
        """The id."""
        return id_of(self.secret)


@dataclass(frozen=True, slots=True)
class IdFile:
    """The content of the file.

    Attributes:
        periods: every id whose secret is kept, newest first.
        folders: moved data folders in which programs have kept data under these ids.
    """

    periods: tuple[Period, ...] = ()
    folders: tuple[str, ...] = ()

    def marked(self, ids: frozenset[str], *, sent: bool = True) -> IdFile:
        """Return the same with these ids noted as sent, or as not."""
        return replace(self, periods=tuple(replace(period, sent=sent) if period.id in ids else period for period in self.periods))

    def with_folder(self, folder: str) -> IdFile:
        """Return the same with this data folder; folders that are gone make room first."""
        others = [one for one in self.folders if one != folder]
        if len(others) >= FOLDERS_KEPT:
            others = [one for one in others if Path(one).is_dir()][1 - FOLDERS_KEPT :]
        return replace(self, folders=(*others, folder))

    def to_bytes(self, destination: Destination) -> bytes:
        """Return the file of a destination."""
        content = {
            "schema": SCHEMA,
            "product": destination.product,
            "controller": destination.controller,
            "folders": self.folders,
            "ids": [
                {
                    "id": period.id,
                    "secret": period.secret.hex(),
                    "pseudonym_key": period.key.hex(),
                    "created": utc(period.created_ns),
                    "created_ns": period.created_ns,
                    "retired_ns": period.retired_ns,
                    "sent": period.sent,
                }
                for period in self.periods
            ],
        }
        return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def parse_ids(data: bytes, destination: Destination) -> IdFile:
    """Return the content of a file. If it is another product's or controller's, its ids are retired: none of them is used again.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: it is damaged.
    """
    content: Mapping[str, Any] = json.loads(data)
    periods = tuple(
        Period(_bytes(item, "secret"), _bytes(item, "pseudonym_key"), int(item["created_ns"]), item["retired_ns"], _sent(item))
        for item in content["ids"]
    )
    folders = folders_in(data)
    controllers = {content.get("controller"), destination.controller} - {""}
    if len(controllers) < 2 and content.get("product") == destination.product:
        return IdFile(periods, folders)
    return IdFile(tuple(replace(old, retired_ns=old.retired_ns or old.created_ns) for old in periods), folders)


def folders_in(data: bytes) -> tuple[str, ...]:
    """Return the folders in the content of a file, whosever it is. Raises as ``parse_ids``."""
    return tuple(folder for folder in json.loads(data).get("folders", ()) if isinstance(folder, str))


def _bytes(item: Mapping[str, Any], name: str) -> bytes:
    return bytes.fromhex(item[name])


def _sent(item: Mapping[str, Any]) -> bool | None:
    sent = item.get("sent")
    return sent if isinstance(sent, bool) else None


def id_of(secret: bytes) -> str:
    """Return the id that belongs to a secret."""
    return str(uuid.UUID(bytes=hashlib.sha256(secret).digest()[:16]))
