"""A ClickHouse engine (chDB) in a process of its own, with the shipped tables in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Self

from .harness import CONFIG

SQL = CONFIG / "clickhouse"
TABLES = sorted(SQL.glob("[1-9]-*.sql"))


def statements(path: Path) -> list[str]:
    """The statements of a file, as ``clickhouse-client --multiquery`` would run them."""
    text = re.sub(r"^--.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [one.strip() for one in text.split(";") if one.strip()]


class ClickHouse:
    """One store, at ``url`` for an exporter."""

    def __init__(self, folder: Path) -> None:
        front = Path(__file__).with_name("clickhouse_front.py")
        self._process = subprocess.Popen(
            [sys.executable, str(front), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.dsn = f"{self.url}?compress=none"
        for path in TABLES:
            for statement in statements(path):
                self.run(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def run(self, query: str, data: str = "") -> str:
        """Run one statement; ``data`` is what is inserted."""
        target = f"{self.url}/?{urllib.parse.urlencode({'query': query})}" if data else self.url
        request = urllib.request.Request(target, (data or query).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{query[:200]}: {error.read().decode()}") from error

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query answers."""
        return [json.loads(line) for line in self.run(f"{query} FORMAT JSONEachRow").splitlines()]

    def one(self, query: str) -> Any:
        """The only value of the only row."""
        (row,) = self.rows(query)
        (value,) = row.values()
        return value

    def insert(self, table: str, *rows: dict[str, Any]) -> None:
        """Insert rows by column name, as the exporter does."""
        columns = ", ".join(rows[0])
        self.run(f"INSERT INTO smart_agents.{table} ({columns}) FORMAT JSONEachRow", "\n".join(json.dumps(row) for row in rows))
