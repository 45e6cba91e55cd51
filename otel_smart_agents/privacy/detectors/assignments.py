"""Names with values: JSON keys (also encoded twice), ``KEY=value`` lines, program text, YAML, XML, headers, flags, plain sentences."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.detectors.model import ALNUM, DENIED, LETTERS, Scan, Trigger, start_of_run
from otel_smart_agents.privacy.detectors.secret_values import bare_secret, is_placeholder, quoted_secret
from otel_smart_agents.privacy.key_words import STRONG_WORDS
from otel_smart_agents.privacy.keys import key_hint, tokens_of

_IDENTIFIER = ALNUM + "_.-"
_LINK = re.compile(
    r"([A-Za-z0-9_.\-]{0,64})([\\\"'`\])]{0,6})[ \t]{0,8}(?:(?:string|String|str) ?)?(=>|:=|===?|!==?|=|:|,|>|(?:is|was|lautet|ist|est|es)(?: now)?:? )"
    r"[ \t]{0,8}(?:\r?\n[ \t]{0,24}value: ?)?(?:(?:not|[bruf]|SecureString|String)[ ]?)?",
    re.ASCII,
)
_OPENING = re.compile(r"(\\{0,8})([\"'`])")
_BARE = re.compile(r"[^\s\"'`,;&<>]{1,512}")
_BARE_LITERAL = re.compile(r"[^\s\"'`;&<>]{1,512}")

# Words inside a name that make it worth asking key_denied; each is a trigger of its own.
_SECRET_WORDS = (
    "passw", "pwd", "passphrase", "passcode", "secret", "token", "apikey", "api_key", "api-key", "api key", "access_key", "access-key",
    "accesskey", "private_key", "private-key", "privatekey", "signing_key", "signing-key", "signingkey", "encryption_key", "encryptionkey",
    "encryption-key", "master_key", "master-key", "masterkey", "auth_key", "auth-key", "authkey", "account_key", "accountkey", "account-key",
    "storage_key", "shared_key", "app_key", "appkey", "client_key", "license_key", "service_key", "server_key", "webhook_key", "credential",
    "creds", "_session", "sessionid", "sessid", "csrf", "xsrf", "jwt", "otp", "_pass", "dbpass", "rootpass", "auth\"", "auth'", "auth=", "sid=",
    "pin", "verification_code", "recovery_code", "security_code", "cvv", "cvc", "seed_phrase", "kennwort", "senha", "contrase", "mot de passe",
    "wachtwoord", "parola", "пароль", "密码", "パスワード", "비밀번호",
)  # fmt: skip
_PERSONAL_WORDS = (
    "ssn", "passport", "dob", "birth", "credit_card", "creditcard", "card_number", "cardnumber", "tax_id", "taxid", "national_id", "nationalid",
    "phone", "mobile", "first_name", "firstname", "last_name", "lastname", "full_name", "fullname", "user_name", "username", "account_number",
    "address", "license_number", "social_security", "iban", "surname", "customer_name", "patient_name",
)  # fmt: skip
_NUMERIC = frozenset(("otp", "totp", "pin", "cvv", "cvc", "cvv2", "code", "ssn", "mfa"))


def _named_values(scan: Scan, word: str) -> None:
    low = scan.low
    place = low.find(word)
    while place >= 0:
        end = place + len(word)
        link = _LINK.match(scan.text, end)
        if link is not None:
            _judge(scan, place, link)
        place = low.find(word, max(end, link.end() if link else 0) if link and link.group(2) else end)


def _judge(scan: Scan, place: int, link: re.Match[str]) -> None:
    text = scan.text
    start = start_of_run(text, place, _IDENTIFIER, 64)
    name = text[start : link.end(1)].strip(".-")
    if not (key_hint(name) & DENIED or not name.isascii()):
        name = text[place : link.end(1)].strip(".-") if text[start:place].endswith((".", "-")) else ""
        if not name or not key_hint(name) & DENIED:
            return
    tokens = tokens_of(name)
    strong = not name.isascii() or " " in name or any(token in STRONG_WORDS or token.endswith(("password", "secret")) for token in tokens)
    strong = strong or tokens[-1] == "pass" or "passw" in name.lower() or "contrase" in name.lower()
    personal = _is_personal_name(name)
    _take_value(scan, link, name, strong=strong or personal, personal=personal)


def _is_personal_name(name: str) -> bool:
    low = name.lower().replace("-", "_")
    return any(word in low for word in _PERSONAL_WORDS) or "name" in low or low in {"ssn", "dob", "iban"}


def _take_value(scan: Scan, link: re.Match[str], name: str, *, strong: bool, personal: bool) -> None:
    text, start = scan.text, link.end()
    quotes, sign = link.group(2), link.group(3)
    opening = _OPENING.match(text, start)
    if opening is not None:
        end = text.find(opening.group(), opening.end(), opening.end() + 4096)
        if end < 0:
            end = _open_end(text, opening.end())
        value = text[opening.end() : end]
        if quoted_secret(value, strong=strong) and not (sign in {",", ">"} and not quotes and not strong):
            scan.add(opening.end(), end, "[secret]" if not personal else "[personal]")
        return
    if text[start : start + 1] in {"{", "["} and sign == ":" and quotes:
        _container(scan, start, quotes)
        return
    _take_bare(scan, link, name, strong=strong, personal=personal)


def _open_end(text: str, start: int) -> int:
    """The value of a quotation that is cut off ends with the line."""
    line = text.find("\n", start)
    return line if line >= 0 else len(text)


def _take_bare(scan: Scan, link: re.Match[str], name: str, *, strong: bool, personal: bool) -> None:
    text, start = scan.text, link.end()
    sign = link.group(3).strip()
    if sign == "," or (personal and sign not in {"=", ":"}) or (sign == ">" and link.group(2)):
        return
    found = (_BARE if sign == "=" or sign == ">" else _BARE_LITERAL).match(text, start)
    if found is None:
        return
    value = found.group()
    assigned = sign in {"=", ">"} and link.end() == link.end(3) and link.start(3) == link.end(1)
    if sign != ":" or link.group(2):
        value = value.rstrip("\\)]}").rstrip(".,:)")
    if sign == ":":
        value = value.rstrip(",.")
    if value.isdigit():
        tail = tokens_of(name)[-1]
        accepted = len(value) > 2 and (tail in _NUMERIC or (strong and len(value) > 3))
    elif sign not in {"=", ":", ":=", "=>", ">"}:
        accepted = bare_secret(value, strong=strong, assigned=False) and any(c.isdigit() for c in value)
    else:
        upper = name.isupper() and sign == "="
        accepted = bare_secret(value, strong=strong, assigned=assigned and (upper or strong)) and not (personal and not any(c.isdigit() for c in value))
    if accepted:
        scan.add(start, start + len(value), "[secret]" if not personal else "[personal]")


def _container(scan: Scan, start: int, quotes: str) -> None:
    """An object or list under a denied JSON key goes whole, except the schema of a field (``{"type": "string"}``)."""
    text = scan.text
    closing = {"{": "}", "[": "]"}[text[start]]
    depth = 0
    end = len(text)
    quote = quotes[-1]
    inside = False
    for place in range(start, min(len(text), start + 8192)):
        character = text[place]
        if character == quote and (text[place - 1] == "\\") == (len(quotes) > 1 and quotes[0] == "\\"):
            inside = not inside
        elif not inside and character in "{[":
            depth += 1
        elif not inside and character in "}]":
            depth -= 1
            if depth == 0:
                end = place + 1
                break
    body = text[start:end]
    if len(body) > 2 and "type" not in body[:24] and body != closing and not is_placeholder(body.strip("[]{}\"'\\ ")):
        scan.add(start, end, f"{quotes}[secret]{quotes}")


_COMPARED = re.compile(r"([\"'`])\)?[ \t]{0,4}(?:[!=]==?|<>)[ \t]{0,4}\(?([A-Za-z_][A-Za-z0-9_.]{0,64})", re.ASCII)


def _compared(scan: Scan, _: str) -> None:
    """A literal on the left of a comparison: ``if ("…" == password)``."""
    text = scan.text
    for found in _COMPARED.finditer(text):
        if not key_hint(found.group(2)) & DENIED:
            continue
        opening = text.rfind(found.group(1), max(0, found.start() - 256), found.start())
        value = text[opening + 1 : found.start()]
        if opening >= 0 and quoted_secret(value, strong=True):
            scan.add(opening + 1, found.start(), "[secret]")


_SPACED = re.compile(r"([A-Za-z0-9_\-]{0,48})[ \t]{1,4}([A-Za-z0-9+/=_\-.~]{16,512})", re.ASCII)
_PROVIDED = re.compile(r"[A-Za-z_\-]{0,24}(?: [a-z]{2,12}){1,3}: ?[\"'`]?([A-Za-z0-9+/=_\-.*~]{8,512})", re.ASCII)


def _spaced(scan: Scan, word: str) -> None:
    """A name, a blank and a generated value (``configure set aws_secret_access_key …``); ``Invalid API key provided: …``."""
    low, text = scan.low, scan.text
    place = low.find(word)
    while place >= 0:
        end = place + len(word)
        for pattern, group in ((_SPACED, 2), (_PROVIDED, 1)):
            found = pattern.match(text, end)
            if found is not None:
                value = found.group(group).rstrip(".")
                if _generated(value):
                    scan.add(found.start(group), found.start(group) + len(value), "[secret]")
        place = low.find(word, end)


def _generated(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    letters = sum(character in LETTERS for character in value)
    words = "." in value or "/" in value or value.count("_") > 1 or value.count("-") > 1
    return digits > (2 if words else 1) and letters > 2 and not is_placeholder(value)


def _link_pattern(word: str) -> str:
    tail = "(?:[A-RT-Za-rt-z0-9_.\\-][A-Za-z0-9_.\\-]*)?" if word == "token" else r"[A-Za-z0-9_.\-]*"
    if word[-1] in "\"'=":
        tail = ""
    return (
        f"(?i){word}{tail}[\\\\\"'`\\])]*[ \t]*(?:string ?|str ?)?(?:[=:>][=>]*|!=+|,[ \t]*[\\\\\"']|(?:is|was|lautet|ist|est|es)(?: now)?:? )"
        "[ \t\r\n]*[^ \t\r\n]"
    )


TRIGGERS = (
    *(Trigger(f"named:{word}", _link_pattern(word), _named_values, word if word[-1] not in "\"'=" else word[:-1], literal=word) for word in _SECRET_WORDS),
    *(
        Trigger(f"named:{word}", f"(?i){word}[A-Za-z0-9_.\\-]*[\\\\\"']*[ \t]*[:=]+>?[ \t]*[^ \t]", _named_values, word, literal=word)
        for word in _PERSONAL_WORDS
    ),
    Trigger("compared", r"[\"'`]\)?[ \t]*(?:[!=]==?|<>)[ \t]*\(?[A-Za-z_.0-9]*(?i:pass|secret|token|key|pwd|cred|auth)", _compared),
    *(
        Trigger(
            f"spaced:{word}", f"(?i){word}[A-Za-z0-9_\\-]*(?:[ \t]+[A-Za-z0-9+/=_.~\\-]{{16}}|(?: [a-z]+)+: ?[\"'`]?[A-Za-z0-9+/=_.*~\\-]{{8}})", _spaced, word, literal=word
        )
        for word in ("secret", "token", "password", "api key", "apikey", "api_key", "access_key", "access key", "private key")
    ),
)
