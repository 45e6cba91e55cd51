"""Somebody else's code, which you cannot or do not want to edit: it knows nothing of telemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def search(query: str) -> list[str]:
    if "gold" in query:
        raise ConnectionError(f"the catalogue is closed for {query}")
    return [f"{query} {size}" for size in ("small", "large")]


class Assistant:
    def run(self, wish: str) -> str:
        try:
            return ", ".join(self.describe(search(wish)))
        except ConnectionError:
            return "nothing found"

    def describe(self, items: list[str]) -> Iterator[str]:
        for item in items:
            yield item.upper()
