"""Whether a piece of text can be the value of a secret, or is a placeholder, an everyday word or a program's expression."""

from __future__ import annotations

import re
from itertools import pairwise

from otel_smart_agents.privacy.detectors.checks import entropy_bits
from otel_smart_agents.privacy.detectors.model import LETTERS

_PLACEHOLDER = re.compile(
    r"\[[a-z_-]{1,24}\]|\[[A-Z][A-Za-z_ ]{1,40}\]?|<[^<>]{0,80}>?|\$\{[^}]{0,80}\}?|\$[A-Za-z_(][A-Za-z0-9_():.-]{0,80}"
    r"|\{\{.{0,80}\}\}|\{[A-Za-z_][A-Za-z0-9_.]{0,60}\}|%\([a-z_]{1,40}\)s|%[sdrvq]|%[A-Z_]{1,60}%"
    r"|!(?:vault|secret|env|include|encrypted|reference|Ref|Sub|GetAtt|ImportValue|unsafe)"
    r"|[*.xX#?_•…-]{2,}|\.\.\.|~|\?|:[a-z_]{1,40}|@[a-z_]{1,40}|process\.env[A-Za-z0-9_.\[]{0,80}|os\.environ.{0,80}",
    re.ASCII,
)
# What redaction leaves: a value that has it inside was judged before.
_REPLACED = re.compile(
    r"\[(?:secret|token|email|phone|card|iban|ssn|id|ip|mac|imei|jwt|private-key|credentials|cookie|personal|wallet|truncated)\]", re.ASCII
)
_WORDS = frozenset(
    """
    none null nil true false undefined string str int integer bool boolean bytes any object optional required yes no on off empty
    hidden redacted masked omitted filtered removed invalid expired missing valid allow allowed deny denied disabled enabled default
    unknown self password passwd pwd secret token apikey key value basic bearer digest auth the a an is not and or your my text
    number array char varchar provided authentication authorization incorrect failed failure wrong error changed reset field input
    type name todo tbd n/a na
    """.split()  # noqa: SIM905 - words read best as one text
)
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::|->|\?\.)[A-Za-z_][A-Za-z0-9_]*)*(?:[(\[].*|[)\]}:.,;]*)?", re.ASCII | re.DOTALL)
# How a secret is written, not what it is: "the token is base64-encoded".
_ALGORITHM = re.compile(
    r"(?i)(?:base-?(?:16|32|58|62|64|85)(?:url)?|sha-?(?:1|2|3|224|256|384|512)|md5|x\.?509|pkcs-?#?(?:1|5|7|8|12)|utf-?(?:8|16)|aes-?(?:128|192|256)"
    r"|rsa-?(?:1024|2048|3072|4096)|ed25519|hs256|rs256|es256|oauth-?[12]|argon2(?:id?)?|pbkdf2|rot13|h256|i18n)(?:-[a-z]{2,16}){0,3}[.:]?",
    re.ASCII,
)
_DOTTED = re.compile(r"[A-Za-z_]+[0-9]{0,2}(?:\.[A-Za-z_]+[0-9]{0,2})+", re.ASCII)
_SENTENCE = re.compile(r"[A-Z][a-z']* ?[^0-9_=]*|[^0-9_=]*[.!?]", re.ASCII | re.DOTALL)


_PLACEHOLDER_STARTS = frozenset("[<${%*.xX#?_•…-~:@po!")
_NO_DIGITS = str.maketrans("", "", "0123456789")


def digits_in(value: str) -> int:
    """How many ASCII digits ``value`` has."""
    return len(value) - len(value.translate(_NO_DIGITS))


def is_placeholder(value: str) -> bool:
    """Whether ``value`` stands for a secret that is not there: ``${TOKEN}``, ``<token>``, ``***``, ``[secret]``, ``null``."""
    if not value or (value[0] in _PLACEHOLDER_STARTS and _PLACEHOLDER.fullmatch(value) is not None):
        return True
    if "[" in value and _REPLACED.search(value) is not None:
        return True
    return len(value) < 16 and value.lower().strip(".,:;") in _WORDS


def looks_random(value: str, *, shortest: int = 16) -> bool:
    """Letters and digits mixed (or mixed case at length), no blank, long enough to be generated."""
    if len(value) < shortest or " " in value or is_placeholder(value):
        return False
    digits = digits_in(value)
    if digits == 0:
        mixed = not value.islower() and not value.isupper() and not value.istitle() and value.upper() != value
        return mixed and len(value) >= 20 and entropy_bits(value[:64]) > 3.6
    if value.upper() == value.lower():
        return False
    return digits > 1 or len(value) >= 20 or not value.replace("-", "").replace("_", "").isalnum()


_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_ISSUED = re.compile(r"[A-Za-z0-9+/=_.~\-]{16,512}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def looks_issued(value: str) -> bool:
    """Whether a service may have issued it: 16 characters and more with letters and digits mixed all through one part, and no UUID."""
    if _ISSUED.fullmatch(value) is None or _UUID.fullmatch(value) is not None:
        return False
    return any(_changes(run) > 2 and len(run) - digits_in(run) > 2 for run in _RUN.findall(value))


def _changes(run: str) -> int:
    """How often a letter follows a digit or a digit a letter."""
    return sum(first.isdigit() != second.isdigit() for first, second in pairwise(run))


def looks_chosen(value: str) -> bool:
    """Whether somebody may have chosen it as a password: letters with a digit or a sign that words and measures do not have."""
    letters = sum(character in LETTERS for character in value)
    if not 5 < len(value) < 65 or letters < 3 or is_placeholder(value):
        return False
    if any(sign in value for sign in "!#$%&*^?@") and "(" not in value:
        return True
    if digits_in(value) == 0 or any(sign in value for sign in "/:.,()[]"):
        return False
    return _changes(value) > 2 or (not value.islower() and not value.isupper() and not value.istitle())


def quoted_secret(value: str, *, strong: bool) -> bool:
    """Whether the text between quotes is a secret. ``strong``: the key is a password or the like, so short words count."""
    if is_placeholder(value) or is_placeholder(value.strip()):
        return False
    if strong:
        words = value.strip()
        prose = " " in words and (len(words) > 96 or _SENTENCE.fullmatch(words) is not None)
        return len(value) > 2 and not prose
    if looks_random(value, shortest=8):
        return True
    return len(value) >= 16 and " " not in value and value.upper() != value.lower() and not _is_name(value)


def _is_name(value: str) -> bool:
    """Words joined with underscores, dots or hyphens: ``access_token_expired``, ``com.example.Token``."""
    return all(word.isalpha() and (word.islower() or word.isupper() or word.istitle()) for word in re.split(r"[_.\-/: ]", value) if word)


def is_algorithm(value: str) -> bool:
    """Whether ``value`` names how something is written or computed: ``base64-encoded``, ``sha256``."""
    return len(value) < 48 and _ALGORITHM.fullmatch(value) is not None


def bare_secret(value: str, *, strong: bool, assigned: bool) -> bool:
    """Whether an unquoted word is a secret. ``assigned``: ``NAME=value`` without blanks, as in an environment file or on a command line."""
    if is_placeholder(value):
        return False
    if strong and assigned:
        return len(value) > 2 and not (_CODE.fullmatch(value) is not None and any(sign in value for sign in "([.:"))
    digits = digits_in(value)
    if digits and is_algorithm(value):
        return False
    if _DOTTED.fullmatch(value) is not None or (digits == 0 and value[0] in "{(["):
        return False
    if _CODE.fullmatch(value) is not None and (digits == 0 or any(sign in value for sign in "([")):
        return False
    if strong:
        return len(value) > 3 and (digits > 0 or not value.replace("-", "").replace(".", "").replace("/", "").replace("~", "").isalpha())
    return looks_random(value, shortest=8)
