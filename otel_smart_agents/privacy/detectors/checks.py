"""Check digits and other proofs that a run of characters is what it looks like."""

from __future__ import annotations

import hashlib
import math
import zlib

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_LETTER_NUMBERS = str.maketrans({chr(code): str(code - 55) for code in range(65, 91)})
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: the weighted digit sum is a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = ord(digit) - 48
        total += _LUHN_DOUBLED[number] if place & 1 else number
    return total % 10 == 0


def mod97(iban: str) -> bool:
    """ISO 13616: the rearranged number modulo 97 is 1."""
    return int((iban[4:] + iban[:4]).upper().translate(_LETTER_NUMBERS)) % 97 == 1


_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def verhoeff(digits: str) -> bool:
    """Verhoeff's dihedral check digit, last in the number."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[place % 8][int(digit)])])
    return check == 0


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Sum of digit times weight, over the shorter of both."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def mod11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10, the check digit last."""
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def base58check(address: str) -> bool:
    """The last four bytes are the double SHA-256 of the 21 before them (Bitcoin addresses)."""
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    raw = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return bool(raw) and hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def bech32(address: str) -> bool:
    """BIP 173 and BIP 350: the polynomial of prefix and data ends in 1 or in the bech32m constant."""
    prefix, _, data = address.rpartition("1")
    values = [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]
    values += [_BECH32.find(character) for character in data]
    if -1 in values:
        return False
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}


def github_crc(token: str) -> bool:
    """The last six characters of a GitHub token are the CRC-32 of the body in base 62 (GitHub's engineering blog, 2021-04-05)."""
    body, check = token.partition("_")[2][:-6], token[-6:]
    number, text = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        text = _BASE62[rest] + text
    return text.rjust(6, "0") == check


def entropy_bits(text: str) -> float:
    """Shannon entropy of the characters, bits per character."""
    size = len(text)
    counts = [text.count(character) for character in set(text)]
    return -sum(count / size * math.log2(count / size) for count in counts)
