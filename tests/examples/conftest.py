"""Every example runs as its reader runs it: a process of its own, a fresh home, a real receiver."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from promises.program import Home
from support.receiver import HttpReceiver

from examples.seen import run_example

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def user(tmp_path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)


@pytest.fixture
def back_end() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver


@pytest.fixture
def run(user, back_end):
    """Run an example of this user, with the receiver as the operator's back end."""
    return partial(run_example, user, back_end)
