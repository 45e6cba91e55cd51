"""Wallet addresses that prove themselves: Bitcoin (base58check, bech32), Ethereum by its form."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.checks import base58check, bech32
from otel_smart_agents.privacy.detectors.model import Scan, Trigger

_BASE58 = re.compile(r"[13][1-9A-HJ-NP-Za-km-z]{25,34}", re.ASCII)
_BECH32 = re.compile(r"(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11,71}", re.ASCII)
_ETHEREUM = re.compile(r"0x[0-9A-Fa-f]{40}", re.ASCII)
# Addresses that belong to nobody: the first block's, and those where coins are destroyed.
_PUBLIC = frozenset(("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1BitcoinEaterAddressDontSendf59kuE", "1111111111111111111114oLvT2"))


def _base58(scan: Scan, _: str) -> None:
    for found in _BASE58.finditer(scan.text):
        address = found.group()
        if scan.bounded(found.start(), found.end()) and address not in _PUBLIC and base58check(address):
            scan.add(found.start(), found.end(), "[wallet]")


def _bech32(scan: Scan, _: str) -> None:
    for found in _BECH32.finditer(scan.text):
        if scan.bounded(found.start(), found.end()) and bech32(found.group()):
            scan.add(found.start(), found.end(), "[wallet]")


def _ethereum(scan: Scan, _: str) -> None:
    for found in _ETHEREUM.finditer(scan.text):
        digits = found.group()[2:].lower()
        if scan.bounded(found.start(), found.end()) and len(set(digits)) > 5:
            scan.add(found.start(), found.end(), "[wallet]")


TRIGGERS = (
    Trigger("base58", r"(?:^|[^0-9A-Za-z])[13][1-9A-HJ-NP-Za-km-z]{9}", _base58, alone=True),
    Trigger("bech32", r"(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{8}", _bech32, alone=True),
    Trigger("ethereum", r"0x[0-9A-Fa-f]{9}", _ethereum, literal="0x", alone=True),
)
