"""Makes ``tracebacks.json`` from the texts in ``tracebacks/``: ``python tests/vectors/make_tracebacks.py``.

A text file holds blocks: ``=== title | packages=a,b | crlf`` and the text below it. ``{app}``, ``{lib}``, ``{std}`` and ``{gomod}`` stand
for folders; a block that has one becomes a row for each place, and all of its rows must get one hash.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

from otel_smart_agents.privacy.fingerprint import canonical_of_text, stack_hash_of_text

HERE = Path(__file__).parent
TARGET = HERE / "tracebacks.json"
LANGUAGES = ("python", "javascript", "go", "java")
PLACES = (
    {
        "app": "/home/alice/proj",
        "lib": "/home/alice/.venv/lib/python3.11/site-packages",
        "std": "/usr/lib/python3.11",
        "gomod": "/home/alice/go/pkg/mod",
    },
    {"app": "/srv/app/releases/20261121", "lib": "/usr/lib/python3/dist-packages", "std": "/usr/lib/python3.13", "gomod": "/go/pkg/mod"},
    {
        "app": "/Users/carol.smith/dev/x",
        "lib": "/Users/carol.smith/.pyenv/versions/3.12.1/lib/python3.12/site-packages",
        "std": "/Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12",
        "gomod": "/Users/carol.smith/go/pkg/mod",
    },
    {
        "app": "C:\\Users\\Dave\\code",
        "lib": "C:\\Users\\Dave\\AppData\\Local\\Programs\\Python\\Python312\\Lib\\site-packages",
        "std": "C:\\Users\\Dave\\AppData\\Local\\Programs\\Python\\Python312\\Lib",
        "gomod": "C:\\Users\\Dave\\go\\pkg\\mod",
    },
)
FORMAT = {
    "about": "Printed stacks, their canonical forms and hashes, made by make_tracebacks.py; see docs/explanation/stack-fingerprint.md.",
    "row": {
        "language": "python, javascript, go or java: which file the text comes from; an implementation has to find it out from the text",
        "title": "what the row is about",
        "group": "rows of one group show the same bug: one canonical form, one hash",
        "packages": "names that count as application code wherever they are installed",
        "text": "the input",
        "canonical": "the canonical form: lines joined by \\n, no \\n at the end",
        "hash": "v1: and the first 16 hexadecimal digits of SHA-256 over the UTF-8 bytes of the canonical form",
    },
}
_BLOCK = re.compile(r"^=== (.*)\n", re.MULTILINE)
_FOLDER = re.compile(r"\{(app|lib|std|gomod)\}([^\"\s:)]*)")


def blocks(language: str) -> list[tuple[str, dict[str, str], str]]:
    """Title, options and text of every block of one language."""
    pieces = _BLOCK.split((HERE / "tracebacks" / f"{language}.txt").read_text(encoding="utf-8"))[1:]
    found = []
    for head, text in zip(pieces[::2], pieces[1::2], strict=True):
        title, *options = head.split(" | ")
        found.append((title, dict(option.partition("=")[::2] for option in options), text.removesuffix("\n")))
    return found


def at_places(text: str, language: str) -> list[str]:
    """The text at every place, or as it is if it names no folder."""
    return [_FOLDER.sub(partial(_path, place, language), text) for place in PLACES] if _FOLDER.search(text) else [text]


def _path(place: dict[str, str], language: str, match: re.Match[str]) -> str:
    folder = place[match[1]]
    if "\\" not in folder:
        return folder + match[2]
    if language == "go" or match.string[: match.start()].endswith("file://"):
        return ("" if language == "go" else "/") + folder.replace("\\", "/") + match[2]
    return folder + match[2].replace("/", "\\")


def rows() -> list[dict[str, object]]:
    """All rows, in the order of the text files."""
    found: list[dict[str, object]] = []
    for language in LANGUAGES:
        for title, options, source in blocks(language):
            packages = tuple(filter(None, options.get("packages", "").split(",")))
            for text in at_places(source.replace("\n", "\r\n") if "crlf" in options else source, language):
                found.append(
                    {
                        "language": language,
                        "title": title,
                        "group": f"{language}: {title}",
                        "packages": list(packages),
                        "text": text,
                        "canonical": canonical_of_text(text, packages=packages),
                        "hash": stack_hash_of_text(text, packages=packages),
                    }
                )
    return found


def document() -> str:
    """The file's content."""
    return json.dumps({"format": FORMAT, "rows": rows()}, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
