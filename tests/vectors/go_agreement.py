"""Texts on which Python and Go must agree: rows of the vectors cut, joined, nested and spelled otherwise, from a seed.

``python tests/vectors/go_agreement.py SEED COUNT`` compares by hand as many as you like and prints the first differences.
"""

from __future__ import annotations

import html
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from make_values import sample  # the module beside this one

from otel_smart_agents.privacy import redact_value, stack_hash_of_text
from otel_smart_agents.privacy.detectors.national_forms import ALONE, KEYED
from otel_smart_agents.privacy.detectors.vendors import VENDORS
from otel_smart_agents.privacy.fingerprint import canonical_of_text
from otel_smart_agents.privacy.keys import key_hint, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

HERE = Path(__file__).resolve().parent
PROCESSORS = HERE.parents[1] / "processors"
Question = dict[str, Any]
_SEPARATORS = (
    "", " ", "  ", "\n", "\r\n", "\t", ": ", "=", " = ", ", ", ";", "&", "?", "|", "-", ".", "/", "//", "://", "_", "#", "+", "@", "%40",
    "%20", "%", "(", ")", "[", "]", "{", "}", "<", ">", '"', "'", "`", "\\", "\\n", '\\"', "\x0b", "\x1c", "\x85", "\x00", "\x1b[1m",
    "€", "\u200b", "\u00ad", "\ufeff", "\u00a0", "\u202f", "\u2011", "\u2028", "\u3000", "é", "Ö", "ß", "日本", "Σ", "ж", "ſ", "\u212a",
    "İ", "😀", "№", "²", "٣", "…", "：", "＠", "０", "“", "”",
)  # fmt: skip
_SIGNS = " -.:/@=_,\"'\\"


class Variants:
    """Makes texts and keys; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        """Read the rows of the vectors."""
        self._random = random.Random(seed)
        rows = json.loads((HERE / "values.json").read_text(encoding="ascii"))["rows"]
        self._values: list[str] = [row["value"] for row in rows]
        self._keys: list[str] = sorted({row["key"] for row in rows})
        self._pieces: list[str] = sorted({piece for value in self._values for piece in re.findall(r"\w+|\s+|[^\w\s]+", value)})
        self._changes: tuple[Callable[[str], str], ...] = (
            self._cut, self._cut, self._insert, self._insert, self._digit, self._drop, self._case, self._append, self._append,
            self._surround, self._sign, self._repeat, self._json, self._escape, self._wide, self._entity, self._keyed, self._token,
        )  # fmt: skip

    def question(self) -> Question:
        """One value of one attribute."""
        value = self._soup() if self._random.random() < 0.25 else self._random.choice(self._values)
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 2, 3, 5))):
            value = self._random.choice(self._changes)(value)
        return {"key": self._key(), "value": value[:4000]}

    def _soup(self) -> str:
        pieces = (_SEPARATORS if self._random.random() < 0.45 else self._pieces for _ in range(self._random.randint(2, 30)))
        return "".join(map(self._random.choice, pieces))

    def _key(self) -> str:
        if self._random.random() < 0.6:
            return "output.value"
        key = self._random.choice(self._keys)
        return self._insert(key) if self._random.random() < 0.2 else key

    def _place(self, text: str) -> int:
        return self._random.randint(0, len(text))

    def _cut(self, text: str) -> str:
        first, last = sorted((self._place(text), self._place(text)))
        return text[first:last]

    def _insert(self, text: str) -> str:
        place = self._place(text)
        return text[:place] + self._random.choice(_SEPARATORS) + text[place:]

    def _digit(self, text: str) -> str:
        places = [place for place, character in enumerate(text) if character in "0123456789"]
        if not places:
            return text
        place = self._random.choice(places)
        return f"{text[:place]}{self._random.randrange(10)}{text[place + 1 :]}"

    def _drop(self, text: str) -> str:
        place = self._place(text)
        return text[:place] + text[place + 1 :]

    def _case(self, text: str) -> str:
        return self._random.choice((str.upper, str.lower, str.title, str.swapcase))(text)

    def _append(self, text: str) -> str:
        return text + self._random.choice(_SEPARATORS) + self._random.choice(self._values)

    def _surround(self, text: str) -> str:
        place = self._place(text)
        between, after = self._random.choice(_SEPARATORS), self._random.choice(_SEPARATORS)
        return text[:place] + between + self._random.choice(self._values) + after + text[place:]

    def _sign(self, text: str) -> str:
        return text.replace(self._random.choice(_SIGNS), self._random.choice(_SEPARATORS))

    def _repeat(self, text: str) -> str:
        place = self._place(text)
        return text[:place] + text[place : place + 1] * self._random.choice((2, 3, 30, 70)) + text[place + 1 :]

    def _json(self, text: str) -> str:
        key = self._random.choice((*self._keys, "content", "message", "name"))
        made = json.dumps({"type": "text", key: text}, ensure_ascii=self._random.random() < 0.5)
        return json.dumps({"body": made}) if self._random.random() < 0.3 else made

    def _escape(self, text: str) -> str:
        return self._spelled(text, lambda character: f"\\u{ord(character):04x}")

    def _wide(self, text: str) -> str:
        return self._spelled(text, lambda character: chr(ord(character) + 0xFEE0))

    def _entity(self, text: str) -> str:
        return html.escape(text) if self._random.random() < 0.3 else self._spelled(text, lambda character: f"&#{ord(character)};")

    def _spelled(self, text: str, spell: Callable[[str], str]) -> str:
        share = self._random.choice((0.05, 0.3, 1.0))
        return "".join(spell(one) if "!" <= one <= "~" and self._random.random() < share else one for one in text)

    def _keyed(self, text: str) -> str:
        keywords, form, _ = self._random.choice(KEYED)
        number = sample(form if self._random.random() < 0.8 else self._random.choice(ALONE)[0], self._random)
        between, after = self._random.choice((": ", " ", *_SEPARATORS)), self._random.choice(_SEPARATORS)
        return self._random.choice(keywords) + between + number + after + text

    def _token(self, text: str) -> str:
        anchor, tail, *head = self._random.choice(VENDORS)
        before = sample(head[0], self._random) if head and head[0] != ".*" else ""
        return text + self._random.choice(_SEPARATORS) + before + anchor + sample(tail, self._random) + self._random.choice(_SEPARATORS)


def questions(seed: int, count: int) -> Iterator[Question]:
    """``count`` values of attributes."""
    variants = Variants(seed)
    for _ in range(count):
        yield variants.question()


def python_answer(question: Question) -> dict[str, Any]:
    """What Python says, in the form of the Go program's lines."""
    if "value" in question:
        return {"value": redact_value(question["key"], question["value"])}
    if "text" in question:
        packages = tuple(question["packages"])
        text = question["text"]
        return {"canonical": canonical_of_text(text, packages=packages), "hash": stack_hash_of_text(text, packages=packages)}
    return {"hint": int(key_hint(question["hint_of"])), "tokens": tokens_of(question["hint_of"])}


def build(go: Sequence[str | Path], target: Path, environ: dict[str, str]) -> None:
    """Build the Go program that answers.

    Raises:
        subprocess.CalledProcessError: it does not compile; the compiler's words are in the error.
    """
    command = [*map(str, go), "build", "-o", str(target), "./internal/cmd/redactlines"]
    subprocess.run(command, cwd=PROCESSORS, env=environ, check=True, capture_output=True, text=True)


def go_answers(program: Path, asked: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """What Go says to each question.

    Raises:
        subprocess.CalledProcessError: the program failed.
    """
    lines = "".join(json.dumps(question) + "\n" for question in asked)
    done = subprocess.run([program], input=lines, check=True, capture_output=True, text=True, encoding="utf-8")
    return map(json.loads, done.stdout.split("\n")[:-1])


def differences(program: Path, asked: Sequence[Question]) -> list[str]:
    """Every question that the two answer differently, to be read."""
    found = []
    for question, go in zip(asked, go_answers(program, asked), strict=True):
        python = python_answer(question)
        if python != go:
            found.append(f"{json.dumps(question)}\n  Python {json.dumps(python)}\n  Go     {json.dumps(go)}")
    return found


def main(arguments: Sequence[str]) -> int:
    """Compare by hand: seed, count and, if it is built already, the program."""
    seed, count = int(arguments[0]), int(arguments[1])
    program = Path(arguments[2])
    found = differences(program, list(questions(seed, count)))
    sys.stdout.write("\n".join(found[:20]) + f"\n{len(found)} of {count} differ\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
