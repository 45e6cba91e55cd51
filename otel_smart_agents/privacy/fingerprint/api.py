"""The four functions of the fingerprint, each for any exception or any text, none of which raises on one."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.fingerprint.form import PYTHON, digest, render
from otel_smart_agents.privacy.fingerprint.log_lines import escaped_stack, unescaped
from otel_smart_agents.privacy.fingerprint.python_object import chain_of_exception, signature_of

# Hashes by the identities of types and code objects. Each entry holds what it identifies, so that no identity is used again meanwhile.
_RESULTS_KEPT = 1_024
_ARGUMENTS_KEPT = 16
_known: dict[tuple[tuple[str, ...], bytes], dict[tuple[int, ...], tuple[str, list[object]]]] = {}

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TEXT_LIMIT = 1 << 26  # characters: about 600 000 frames


def stack_hash(exc: BaseException, *, packages: tuple[str, ...] = (), key: bytes = b"") -> str:
    """``v1:`` and 16 hexadecimal digits for the bug that ``exc`` shows; equal to the hash of its printed text.

    No message, source line, line number, absolute path, user or host name is part of it. Packages named in ``packages`` count as
    application code wherever they are installed. ``key`` makes it an HMAC for one organisation. Costs about a microsecond for a stack seen
    before.
    """
    signature = signature_of(exc)
    if signature is None:
        return digest(canonical_of_exception(exc, packages=packages), key=key)
    known = _known.get((packages, key)) or _known_for(packages, key)
    identities = tuple(map(id, signature))
    found = known.get(identities)
    if found is None:
        if len(known) >= _RESULTS_KEPT:
            known.clear()
        found = known[identities] = (digest(canonical_of_exception(exc, packages=packages), key=key), signature)
    return found[0]


def _known_for(packages: tuple[str, ...], key: bytes) -> dict[tuple[int, ...], tuple[str, list[object]]]:
    if len(_known) >= _ARGUMENTS_KEPT:
        _known.clear()
    return _known.setdefault((packages, key), {})


def stack_hash_of_text(text: str, *, packages: tuple[str, ...] = (), key: bytes = b"") -> str:
    """The hash of a printed Python, JavaScript, Go or Java stack; a text that is none gets the hash of an unknown type."""
    return digest(canonical_of_text(text, packages=packages), key=key)


def canonical_of_exception(exc: BaseException, *, packages: tuple[str, ...] = ()) -> str:
    """What is hashed for an exception object."""
    return render(chain_of_exception(exc, packages), PYTHON)


def canonical_of_text(text: str, *, packages: tuple[str, ...] = ()) -> str:
    """What is hashed for a printed stack."""
    from otel_smart_agents.privacy.fingerprint.language import parse  # here: the parsers of four languages take 15 ms to load

    return render(*parse(_plain(text[:_TEXT_LIMIT]), packages))


def _plain(text: str) -> str:
    """Without colours, carriage returns and, for a text on one line, the escapes of JSON or ``repr``."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\n" not in text and "\\n" in text:
        text = escaped_stack(text) or unescaped(text)
    return text
