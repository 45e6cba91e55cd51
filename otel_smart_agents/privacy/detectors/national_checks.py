"""Check digits of national numbers. Each takes the letters (upper case) and digits without separators."""

from __future__ import annotations

from otel_smart_agents.privacy.detectors.checks import luhn, mod11_10, weighted

_BASE36 = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def has_digits(number: str) -> bool:
    """At least four digits: a document number, not a word."""
    return sum(character.isdigit() for character in number) > 3


def many_digits(number: str) -> bool:
    """At least six digits."""
    return sum(character.isdigit() for character in number) > 5


def luhn_id(number: str) -> bool:
    """Luhn (Canada's SIN, Israel, Italian VAT, IMEI)."""
    return number.isdigit() and luhn(number) and len(set(number)) > 1


def us_ssn(number: str) -> bool:
    """Any group but zeros: beside its keyword a number counts even where the area was never issued."""
    return number[3:5] != "00" and number[5:] != "0000" and len(set(number)) > 1


def us_routing(number: str) -> bool:
    """ABA: weights 3, 7, 1."""
    return weighted(number, (3, 7, 1) * 3) % 10 == 0


def uk_nino(number: str) -> bool:
    """Not the well-known sample number 123456 and not one of the prefixes that are never given out (HMRC NIM39110)."""
    return number[2:8] != "123456" and number[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def uk_nhs(number: str) -> bool:
    """NHS number: weights 10 to 2, modulo 11."""
    check = 11 - weighted(number[:9], tuple(range(10, 1, -1))) % 11
    return check % 11 == int(number[9]) and check != 10


def au_tfn(number: str) -> bool:
    """Tax file number: weights 1 4 3 7 5 8 6 9 10, modulo 11."""
    weights = (1, 4, 3, 7, 5, 8, 6, 9, 10) if len(number) == 9 else (10, 7, 8, 4, 6, 3, 5, 1)
    return weighted(number, weights) % 11 == 0


def au_abn(number: str) -> bool:
    """Business number: first digit less one, modulo 89."""
    return weighted(str(int(number[0]) - 1) + number[1:], (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0 if number[0] != "0" else False


def au_acn(number: str) -> bool:
    """Company number: weights 8 to 1, complement to ten."""
    return (10 - weighted(number[:8], tuple(range(8, 0, -1))) % 10) % 10 == int(number[8])


def mod11_10_id(number: str) -> bool:
    """ISO 7064 MOD 11,10 (Croatia's OIB)."""
    return mod11_10(number)


def de_tax(number: str) -> bool:
    """German tax id: ISO 7064 MOD 11,10."""
    return mod11_10(number)


def nl_bsn(number: str) -> bool:
    """Eleven test, last weight -1."""
    return weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def pl_pesel(number: str) -> bool:
    """Weights 1 3 7 9, complement to ten."""
    return weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def se_personal(number: str) -> bool:
    """Luhn over the last ten digits, a month in the third and fourth, a day (or day + 60) in the next."""
    ten = number[-10:]
    return ten.isdigit() and luhn(ten) and 1 <= int(ten[2:4]) <= 12 and 1 <= int(ten[4:6]) % 60 <= 31


def no_birth(number: str) -> bool:
    """Two check digits, modulo 11."""
    first = weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return first == 0 and weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def ro_cnp(number: str) -> bool:
    """Weights 279146358279, modulo 11, ten counts as one."""
    check = weighted(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if check == 10 else check) == int(number[12])


def bg_egn(number: str) -> bool:
    """Weights 2 4 8 5 10 9 7 3 6, modulo 11 modulo 10."""
    return weighted(number, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


def tr_identity(number: str) -> bool:
    """Tenth digit from the odd and even places, eleventh from the sum."""
    digits = [int(character) for character in number]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return tenth == digits[9] and sum(digits[:10]) % 10 == digits[10]


def ru_inn(number: str) -> bool:
    """One check digit (10 digits) or two (12 digits), modulo 11 modulo 10."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    places = (9,) if len(number) == 10 else (10, 11)
    return all(weighted(number[:place], weights[11 - place :]) % 11 % 10 == int(number[place]) for place in places)


def _two_checks(number: str, first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    for weights in (first, second):
        rest = weighted(number, weights) % 11
        if (0 if rest < 2 else 11 - rest) != int(number[len(weights)]):
            return False
    return len(set(number)) > 1


def br_cpf(number: str) -> bool:
    """Two check digits, weights 10 to 2 and 11 to 2."""
    return _two_checks(number, tuple(range(10, 1, -1)), tuple(range(11, 1, -1)))


def br_cnpj(number: str) -> bool:
    """Two check digits, weights 5 to 2 and 9 to 2."""
    return _two_checks(number, (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))


def ar_cuit(number: str) -> bool:
    """Weights 5 4 3 2 7 6 5 4 3 2, complement to eleven."""
    return (11 - weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(number[10])


def cl_rut(number: str) -> bool:
    """Weights 2 to 7 from the right, ten is K."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(number[:-1])))
    return "0123456789K0"[11 - total % 11] == number[-1]


def cn_resident(number: str) -> bool:
    """GB 11643: ISO 7064 MOD 11-2, a plausible date of birth inside."""
    if not (1 <= int(number[10:12]) <= 12 and 1 <= int(number[12:14]) <= 31):
        return False
    total = weighted(number[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return "10X98765432"[total % 11] == number[17]


def kr_rrn(number: str) -> bool:
    """Weights 2 to 9 and 2 to 5; numbers given out since October 2020 have no check digit, so month and day are asked instead."""
    return 1 <= int(number[2:4]) <= 12 and 1 <= int(number[4:6]) <= 31


def za_or_other(number: str) -> bool:
    """Thirteen digits with a date and Luhn (South Africa), or letters and at least six digits."""
    if number.isdigit() and len(number) == 13:
        return luhn(number) or 1 <= int(number[2:4]) <= 12
    return not number.isdigit() and many_digits(number)


def es_dni(number: str) -> bool:
    """The letter is the number modulo 23 (Real Decreto 338/1990)."""
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def sg_nric(number: str) -> bool:
    """Weights 2 7 6 5 4 3 2, a table of letters for each series."""
    total = weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(number[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}[number[0]]
    return letters[total % 11] == number[8]


_IT_ODD_VALUES = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)
_IT_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", _IT_ODD_VALUES, strict=True))


def it_fiscal(number: str) -> bool:
    """Odd and even places by the tables of the decree of 12 March 1974."""
    total = 0
    for place, character in enumerate(number[:15]):
        even = int(character) if character.isdigit() else ord(character) - 65
        total += _IT_ODD[character] if place % 2 == 0 else even
    return chr(65 + total % 26) == number[15]


def fi_hetu(number: str) -> bool:
    """The nine digits modulo 31."""
    digits = "".join(character for character in number[:-1] if character.isdigit())
    return len(digits) == 9 and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31] == number[-1]


def mx_curp(number: str) -> bool:
    """Weights 18 to 2, complement to ten."""
    total = sum(_BASE36.index(character) * (18 - place) for place, character in enumerate(number[:17]))
    return str((10 - total % 10) % 10) == number[17]
