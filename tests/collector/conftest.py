"""The collector of these tests: built before, from the sources as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .harness import built_program

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def program() -> Path:
    found, reason = built_program()
    if found is None:
        pytest.skip(reason)
    return found
