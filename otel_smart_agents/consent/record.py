"""``consent.json``: what the user answered, per destination, with a checksum that makes any damage count as "no"."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from otel_smart_agents.consent.model import CATEGORIES, Audience, Destination, Mode, check_categories, check_mode
from otel_smart_agents.errors import ConfigError, ConsentError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA: Final = 1
"""Version of the file's structure. A file with another version counts as unreadable, which is "no"."""

Answer = Literal["granted", "denied", "revoked"]


@dataclass(frozen=True, slots=True)
class Record:
    """What the user last answered for one destination.

    Attributes:
        destination: the destination, with the controller that the answer named.
        state: ``granted``, ``denied`` (a first no) or ``revoked`` (a no after a yes).
        mode: ``on`` or ``local`` for a grant, else ``off``.
        categories: the granted categories.
        epoch: rises with every answer.
        time_ns: time of the answer in Unix nanoseconds.
        method: how it was given: ``prompt``, ``cli`` or the host product's own word.
        notice_version: version of the notice that was answered.
        notice_sha256: SHA-256 of the text that was shown.
        application_version: version of the product that asked.
        receipt_id: id of the grant's receipt, empty for a no.
        receipt_hash: SHA-256 of that receipt.
    """

    destination: Destination
    state: Answer
    mode: Mode
    categories: frozenset[str]
    epoch: int
    time_ns: int
    method: str
    notice_version: str = ""
    notice_sha256: str = ""
    application_version: str = ""
    receipt_id: str = ""
    receipt_hash: str = ""

    def matches(self, destination: Destination) -> bool:
        """Tell whether the answer was about this audience, product, controller and endpoint.

        For ``own`` the controller need not be named, and a no holds for everything that shares the key: there a missing answer can mean
        yes, and whoever said the no may have known the product by the name of its folder only.
        """
        asked = self.destination
        if asked.audience == "own" and self.state != "granted":
            return asked.key == destination.key
        loose = asked.audience == "own" and (not asked.controller or not destination.controller)
        return replace(asked, controller=destination.controller) == destination if loose else asked == destination


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file.

    Attributes:
        epoch: number of changes so far.
        records: destination key → the last answer.
        log_entry: the newest entry of the consent log. The file is the commit point: a crash before the log got it loses nothing.
    """

    epoch: int = 0
    records: Mapping[str, Record] = field(default_factory=dict)
    log_entry: Mapping[str, Any] | None = None


def canonical(value: object) -> bytes:
    """Return the one JSON form that is hashed: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def utc(time_ns: int) -> str:
    """Return Unix nanoseconds as ISO 8601 in UTC with whole seconds."""
    return datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def serialise(document: Document) -> bytes:
    """Return the bytes of the file: readable JSON with a checksum over its content."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "epoch": document.epoch,
        "destinations": {key: record_out(record) for key, record in sorted(document.records.items())},
        "log_entry": document.log_entry,
    }
    content["sha256"] = sha256_hex(canonical(content))
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def parse(data: bytes) -> Document:
    """Read the bytes of the file.

    Raises:
        ConsentError: they are damaged, edited by hand, or of a version that this package does not know.
    """
    try:
        content = json.loads(data)
        stated = content.pop("sha256")
        if stated != sha256_hex(canonical(content)):
            raise ConsentError("its checksum does not match its content (damaged, or edited by hand)")
        if content["schema"] != SCHEMA:
            raise ConsentError(f"it has schema {content['schema']!r} and this version reads {SCHEMA}")
        records = {key: record_in(value) for key, value in content["destinations"].items()}
        return Document(int(content["epoch"]), records, content["log_entry"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConsentError(f"it is not a consent file ({type(error).__name__})") from error


def record_out(record: Record) -> dict[str, Any]:
    """Return a record as it stands in the file and in the log."""
    at = record.destination
    return {
        "audience": at.audience,
        "product": at.product,
        "controller": at.controller,
        "endpoint": at.endpoint,
        "host": at.host,
        "state": record.state,
        "mode": record.mode,
        "categories": {name: "granted" if name in record.categories else "denied" for name in sorted(CATEGORIES)},
        "epoch": record.epoch,
        "time": utc(record.time_ns),
        "time_ns": record.time_ns,
        "method": record.method,
        "notice_version": record.notice_version,
        "notice_sha256": record.notice_sha256,
        "application_version": record.application_version,
        "receipt_id": record.receipt_id,
        "receipt_sha256": record.receipt_hash,
    }


def record_in(value: Mapping[str, Any]) -> Record:
    """Read a record.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is damaged.
    """
    audience: Audience = value["audience"]
    return Record(
        destination=Destination(audience, value["product"], value["endpoint"], value["controller"]),
        state=_answer(value["state"]),
        mode=check_mode(value["mode"], where="mode"),
        categories=check_categories((name for name, state in value["categories"].items() if state == "granted"), where="categories"),
        epoch=int(value["epoch"]),
        time_ns=int(value["time_ns"]),
        method=value["method"],
        notice_version=value["notice_version"],
        notice_sha256=value["notice_sha256"],
        application_version=value["application_version"],
        receipt_id=value["receipt_id"],
        receipt_hash=value["receipt_sha256"],
    )


def _answer(value: str) -> Answer:
    if value == "granted":
        return "granted"
    if value == "denied":
        return "denied"
    if value == "revoked":
        return "revoked"
    raise ConfigError(f"unknown state {value!r}")
