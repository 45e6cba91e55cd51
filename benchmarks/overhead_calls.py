"""What is called inside the spans: as little as possible, so that the span is what is measured."""

from __future__ import annotations


def call() -> None:
    """Do nothing."""


async def acall() -> None:
    """Do nothing, in a coroutine."""


def raising(depth: int = 4) -> None:
    """Raise a few frames further in, as real failures do."""
    if depth:
        raising(depth - 1)
    raise LookupError("nothing there")


def items(count: int):
    """Yield numbers."""
    yield from range(count)


async def aitems(count: int):
    """Yield numbers, asynchronously."""
    for number in range(count):
        yield number


def taking(text: str) -> None:
    """Take an argument."""
