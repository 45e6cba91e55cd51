"""The collector of these tests: built before, from the sources as they are now."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import built_program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the built collector runs in `make e2e`, which builds it, whether it happens to be built or not."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "program" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def program() -> Path:
    found, reason = built_program()
    if found is None:
        pytest.skip(reason)
    return found
