"""Which code a route sees."""

from __future__ import annotations

import sys
import types
from importlib.machinery import ModuleSpec

import pytest

from otel_smart_agents.instrument.route import Route


@pytest.mark.parametrize(("started_as", "seen"), [("acme.cli", True), ("acme.__main__", True), ("acmetron.cli", False), (None, False)])
def test_a_module_that_is_run_as_the_program_belongs_to_its_package(monkeypatch, started_as, seen):
    program = types.ModuleType("__main__")
    program.__spec__ = ModuleSpec(started_as, None) if started_as else None
    monkeypatch.setitem(sys.modules, "__main__", program)
    assert Route("acme.upstream.00000000", None, packages=("acme",)).sees("__main__") is seen
    assert Route("script.upstream.00000000", None, packages=("__main__",)).sees("__main__")
