"""A user with a fresh home."""

from __future__ import annotations

import pytest
from promises.program import Home


@pytest.fixture
def user(tmp_path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)
