"""The vectors of whole spans, records and metrics, which bind the collector's filter to this one, are what this one computes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"
ROWS = json.loads((VECTORS / "spans.json").read_text(encoding="ascii"))["rows"]


@pytest.fixture
def maker(monkeypatch):
    monkeypatch.syspath_prepend(str(VECTORS))
    for name in ("make_spans", "otlp_objects", "otlp_requests", "row_parts", "span_rows", "surface_rows", "record_rows"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import make_spans

    return make_spans


def test_made_by_the_maker(maker):
    assert maker.document() == (VECTORS / "spans.json").read_text(encoding="ascii"), "run: python tests/vectors/make_spans.py"


def test_every_row_gives_what_it_says(maker):
    for row in ROWS:
        assert maker.expected_of(row["signal"], row["in"], maker.policy_of(row["policy"])) == row["expected"], row["title"]


def test_both_outcomes_and_all_signals_are_covered():
    assert {row["signal"] for row in ROWS} == {"traces", "logs", "metrics"}
    assert {row["policy"]["audience"] for row in ROWS} == {"own", "upstream"}
    assert sum(row["expected"] is None for row in ROWS) > 15
