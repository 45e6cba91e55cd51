"""Makes ``values.json``, what ``redact_value`` gives for rows of every family: ``python tests/vectors/make_values.py``.

A row's expected text is what the Python detectors give, after the maker has proved on its own that it is right: what stands between ⟦ and ⟧
in ``value_rows.py`` is gone, a row without them is unchanged, and a second redaction changes nothing. Vendors' tokens are written from
the table of forms, by a generator with a fixed seed.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from value_rows import FAMILIES, parse  # the module beside this script

from otel_smart_agents.privacy import key_words
from otel_smart_agents.privacy.detectors.vendors import VENDORS
from otel_smart_agents.privacy.values import redact_value

TARGET = Path(__file__).with_name("values.json")
FORMAT = {
    "key": "attribute key; its words may deny the value",
    "value": "attribute value as the filter meets it",
    "expected": "the value after redaction, the same text when nothing was found, or null when the key is denied",
    "family": "which detectors the row is about, for reading only",
    "rules": "each expected text is its own redaction; order of rows has no meaning; the file is plain ASCII JSON",
}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def sample(pattern: str, chooser: random.Random) -> str:
    """One text that ``pattern`` matches: the syntax of the token table (classes, groups, alternatives, counts)."""
    # The parser of ``re`` has no public name; it is stable enough to write test data with.
    return "".join(_item(item, chooser) for item in re._parser.parse(pattern))  # type: ignore[attr-defined]


def _item(item: Any, chooser: random.Random) -> str:
    name, argument = str(item[0]), item[1]
    if name == "LITERAL":
        return chr(argument)
    if name == "IN":
        kind, what = chooser.choice([part for part in argument if str(part[0]) == "RANGE"] or argument)
        return chr(chooser.randint(*what)) if str(kind) == "RANGE" else chr(what)
    if name == "MAX_REPEAT":
        low, _, inner = argument
        return "".join(_item(piece, chooser) for _ in range(low) for piece in inner)
    if name == "SUBPATTERN":
        return "".join(_item(piece, chooser) for piece in argument[3])
    if name == "BRANCH":
        return "".join(_item(piece, chooser) for piece in argument[1][0])
    return "" if name == "AT" else "a"


def token_rows() -> list[tuple[str, str, str]]:
    """One value for each published form, each in one of four places a token is found in."""
    chooser = random.Random(20260101)
    frames = ("{}", 'token = "{}"', "key {} was used", "{{'k': '{}'}}")
    rows = []
    for index, (anchor, tail, *head) in enumerate(VENDORS):
        before = sample(head[0], chooser) if head and head[0] != ".*" else ("https://" if head else "")
        rows.append(("output.value", frames[index % 4].format(before + anchor + sample(tail, chooser)), tail))
    return rows


def table_names() -> list[str]:
    """Every word of the tables of denied keys as a name of its own; phrases written with an underscore, a hyphen or in camelCase."""
    pairs = sorted(key_words.PHRASES)
    written = [(f"{first}_{second}", f"{first}-{second}", first + second.title())[index % 3] for index, (first, second) in enumerate(pairs)]
    words = key_words.STRONG_WORDS | key_words.LAST_WORDS | key_words.OWNED_WORDS | {f"my{ending}" for ending in key_words.ENDINGS}
    words |= {f"{owner}_pass" for owner in key_words.PASS_OWNERS} | {f"acme_{word}" for word in key_words.KEYED_WORDS}
    return sorted(words | key_words.PHONE_WORDS | key_words.NAME_WORDS) + written


def name_rows() -> list[tuple[str, str, str]]:
    """One value under each name, in a line and in JSON in turn: what is denied as a key is found as a name."""
    chooser = random.Random(20260102)
    rows = []
    for index, name in enumerate(table_names()):
        secret = sample("[a-z]{3}[0-9]{2}[A-Z]{3}[0-9]{3}[a-z]{4}[0-9]{3}", chooser)
        text = json.dumps({"n": 1, name: secret}) if index % 2 else f"{name}={secret}"
        rows.append(("output.value", text, secret))
    return rows


def rows() -> list[dict[str, str | None]]:
    """Every row with its proved result."""
    made: list[dict[str, str | None]] = []
    for family, table in FAMILIES.items():
        for row in table:
            key, value, secrets = parse(row)
            expected = redact_value(key, value)
            survived = [secret for secret in secrets if expected is not None and secret in expected]
            if survived or (not secrets and expected != value):
                raise AssertionError(f"{family}: {key}={value!r} became {expected!r}")
            made.append({"family": family, "key": key, "value": value, "expected": expected})
    for key, value, tail in token_rows():
        expected = redact_value(key, value)
        if expected == value:
            raise AssertionError(f"token: {value!r} was not found ({tail})")
        made.append({"family": "token", "key": key, "value": value, "expected": expected})
    for key, value, secret in name_rows():
        expected = redact_value(key, value)
        if expected is None or secret in expected:
            raise AssertionError(f"name: {value!r} became {expected!r}")
        made.append({"family": "name", "key": key, "value": value, "expected": expected})
    for row in made:
        if row["expected"] is not None and redact_value(str(row["key"]), row["expected"]) != row["expected"]:
            raise AssertionError(f"not settled: {row}")
    return made


def _escaped(line: str) -> str:
    """Hyphens and underscores as JSON escapes: no secret scanner takes an invented token for a real one."""
    return line.replace("-", "\\u002d").replace("_", "\\u005f")


def document() -> str:
    """The text of ``values.json``."""
    lines = ",\n".join("  " + _escaped(json.dumps(row, ensure_ascii=True)) for row in rows())
    return '{\n "format": ' + json.dumps(FORMAT, ensure_ascii=True) + ',\n "rows": [\n' + lines + "\n ]\n}\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="ascii")
