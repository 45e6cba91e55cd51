"""The receipts that are kept, held against what the consent file and its log say about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from otel_smart_agents.consent import files
from otel_smart_agents.consent.receipt import Receipt, parse_receipt
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from otel_smart_agents.consent.ledger import Ledger
    from otel_smart_agents.consent.record import Record

FOLDER: Final = "receipts"

Trust = Literal["intact", "altered", "missing", "unvouched"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One receipt and whether it is the one that was given.

    Attributes:
        id: its id.
        destination: key of the destination; empty if nothing readable names one.
        state: ``intact`` (its hash is the one on record), ``altered`` (it is another, or the file cannot be read), ``missing`` (an answer
            names it and it is gone) or ``unvouched`` (neither the consent file nor the log names it any more).
        receipt: what the file says; ``None`` unless that can be believed.
        expected: the hash on record.
    """

    id: str
    destination: str
    state: Trust
    receipt: Receipt | None = None
    expected: str = ""

    @property
    def wrong(self) -> bool:
        """Whether the person should be told that their evidence is not what it was."""
        return self.state in ("altered", "missing")


class Receipts:
    """The folder of receipts.

    Args:
        ledger: the answers that name them.
        consent: the folder where consent is kept.
    """

    def __init__(self, ledger: Ledger, consent: Path) -> None:
        self._ledger = ledger
        self._folder = consent / FOLDER

    def keep(self, receipt: Receipt) -> None:
        """Write a receipt.

        Raises:
            ConsentError: the folder cannot be used.
            OSError: the disk refused.
        """
        files.ensure_folder(self._folder, outermost=self._ledger.folders[0])
        files.write_atomic(self._folder / f"{receipt.id}.json", receipt.to_bytes())

    def read(self, receipt_id: str) -> Receipt | None:
        """Return one receipt as its file says, ``None`` if it is not kept or cannot be read."""
        try:
            data = files.read_private(self._folder / f"{receipt_id}.json", folders=(*self._ledger.folders, self._folder))
            return parse_receipt(data) if data is not None else None
        except ConsentError:
            return None

    def all(self, key: str | None = None) -> list[Receipt]:
        """Return those that can be read, oldest first, of one destination or of all."""
        found = [self.read(receipt_id) for receipt_id in self._ids()]
        return sorted((receipt for receipt in found if receipt is not None and key in (None, receipt.destination)), key=_time)

    def check(self) -> list[Checked]:
        """Hold every receipt against the answers that name one: the readable ones oldest first, then what is wrong."""
        named = self._named()
        found = [self._check(receipt_id, named.get(receipt_id)) for receipt_id in {*self._ids(), *named}]
        return sorted(found, key=lambda item: (item.wrong, _time(item.receipt) if item.receipt else 0, item.id))

    def _ids(self) -> list[str]:
        return [path.stem for path in sorted(self._folder.glob("*.json"))]

    def _named(self) -> Mapping[str, Record]:
        try:
            current = tuple(self._ledger.read().records.values())
        except ConsentError:
            current = ()
        return {record.receipt_id: record for record in (*self._ledger.logged(), *current) if record.receipt_id}

    def _check(self, receipt_id: str, record: Record | None) -> Checked:
        receipt = self.read(receipt_id)
        if record is None:
            key = receipt.destination if receipt else ""
            return Checked(receipt_id, key, "unvouched" if receipt and receipt.id == receipt_id else "altered", receipt)
        key, expected = record.destination.key, record.receipt_hash
        if receipt is not None and receipt.hash == expected:
            return Checked(receipt_id, key, "intact", receipt, expected)
        gone = not (self._folder / f"{receipt_id}.json").exists()
        return Checked(receipt_id, key, "missing" if gone else "altered", None, expected)


def _time(receipt: Receipt) -> int:
    time_ns = receipt.record.get("event_time_ns")
    return time_ns if isinstance(time_ns, int) else 0
