"""Runs the blocks of one Markdown page in the order of the page, in the folder and the home of the calling process.

- A ``python`` block runs here, all blocks of a page in one namespace. One that begins with the comment ``# name.py`` is a file that the
  reader saves: it is saved and not run. The same for ``toml``.
- In a ``console`` block each ``$ command`` runs in a shell, and what it prints must be what the page shows. Times, sizes and random
  numbers may differ, and ``…`` stands for anything.
- Commands that change the reader's machine (``pip``, ``sudo``, ``docker`` …) are not run.
- A comment on the line before a block says what is special: ``<!-- not run: reason -->``, ``<!-- exit: 3 -->``,
  ``<!-- in the background -->``.

The port that stands on the pages, OTLP's own, is replaced by a free one. A connection that is not to this machine ends the run.
"""

from __future__ import annotations

import ipaddress
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sybil import Document
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

if TYPE_CHECKING:
    from sybil import Example

PORT = "4318"
READER_S = 1.2  # a person takes longer to go to another terminal; the first retry of a sender is due by then
NOTE = re.compile(r"<!-- (not run|exit|in the background)(?:: ([^>]+))? -->\n\Z")
ELSEWHERE = re.compile(r"(?:pip|sudo|docker|kubectl|make) ")
FILE = re.compile(r"# ([\w./-]+\.(?:py|toml|yaml))\n")
VARYING = (
    (re.compile(r"\b\d+(\.\d+)? (µs|ms|s|min)(?=\s|$)"), "<time>"),
    (re.compile(r"\b\d+(\.\d+)? ([kMG]?B|bytes)\b"), "<size>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<moment>"),
    (re.compile(r"\b\d{20}-\d+-[0-9a-f]{8}-(\d+)\b"), r"<file>-\1"),
    (re.compile(r"\s+"), " "),
)


class Page:
    """One page being run."""

    def __init__(self, path: Path, *, port: int) -> None:
        parsers = [CodeBlockParser(language, evaluator) for language, evaluator in self._evaluators().items()]
        self.document = Document(path.read_text(encoding="utf-8").replace(PORT, str(port)), str(path))
        for parser in parsers:
            for region in parser(self.document):
                self.document.add(region)
        self.document.namespace["__name__"] = "__main__"
        self.python = PythonEvaluator()
        self.background: list[subprocess.Popen[str]] = []

    def _evaluators(self) -> dict[str, Any]:
        return {"python": self.run_python, "toml": self.save, "yaml": self.save, "console": self.run_console}

    def run(self) -> int:
        """Run every block; returns how many were run."""
        count = 0
        try:
            for example in self.document.examples():
                note, value = self.note(example)
                if note == "not run":
                    assert value, f"line {example.line}: say why it is not run"
                    continue
                example.evaluate()
                count += 1
        finally:
            for process in self.background:
                process.terminate()
                process.wait(5)
        return count

    def note(self, example: Example) -> tuple[str, str]:
        match = NOTE.search(self.document.text[: example.region.start])
        return (match[1], match[2] or "") if match else ("", "")

    def save(self, example: Example) -> bool:
        text = str(example.parsed)
        match = FILE.match(text)
        if match:
            path = Path(match[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return bool(match)

    def run_python(self, example: Example) -> None:
        if not self.save(example):
            self.python(example)

    def run_console(self, example: Example) -> str | None:
        note, value = self.note(example)
        for command, shown in commands(str(example.parsed)):
            if ELSEWHERE.match(command):
                continue
            where = f"line {example.line}: $ {command}"
            if note == "in the background":
                printed = self.start(command)
            else:
                done = subprocess.run(
                    command, shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False
                )
                printed = done.stdout
                if done.returncode != int(value if note == "exit" else 0):
                    return f"{where}\nended with {done.returncode}:\n{printed}"
            if not matches(shown, printed):
                return f"{where}\nthe page shows:\n{shown}\nthe command printed:\n{printed}"
        return None

    def start(self, command: str) -> str:
        """Start a command that goes on and return its first line."""
        process = subprocess.Popen(f"exec {command}", shell=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.background.append(process)
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 20)
        first = process.stdout.readline() if ready else "(it printed nothing)"
        time.sleep(READER_S)
        return first


def commands(block: str) -> list[tuple[str, str]]:
    """Return each command of a console block with what the page shows after it; ``\\`` at the end of a line continues it."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.split("\n")
        end = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
        command = "\n".join(lines[: end + 1])
        found.append((re.sub(r"\s{2,}# .*", "", command), "\n".join(lines[end + 1 :]).strip("\n")))
    return found


def matches(shown: str, printed: str) -> bool:
    """Tell whether the output is the one on the page; a page that shows nothing is content with anything."""
    if not shown.strip():
        return True
    pattern = ".*".join(re.escape(piece) for piece in plain(shown).split("…"))
    return re.fullmatch(pattern, plain(printed), re.DOTALL) is not None


def plain(text: str) -> str:
    """Return the text without what differs from run to run."""
    for pattern, replacement in VARYING:
        text = pattern.sub(replacement, text)
    return text.strip()


def stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """End the process at the first attempt to leave this machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not local(host.decode() if isinstance(host, bytes) else host):
        print(f"the page tried to reach {host}", file=sys.stderr, flush=True)
        os._exit(3)


def local(host: str | None) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    sys.addaudithook(stay_here)
    print(f"{Page(Path(sys.argv[1]), port=int(sys.argv[2])).run()} blocks ran")
