"""The vectors that bind the key rules of Python and Go are what the Python rules say today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[2] / "vectors"


def test_the_key_vectors_are_what_their_maker_makes():
    """Drift check: run ``python tests/vectors/make_keys.py`` after a change of rules, and read the difference."""
    spec = importlib.util.spec_from_file_location("make_keys", VECTORS / "make_keys.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.document() == (VECTORS / "keys.json").read_text(encoding="ascii")
    assert len(module.KEYS) >= 300
