"""The bar on the evaluation rows: recall, false positives and kept context of the whole detector set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.shared
def test_the_bar_on_the_evaluation_rows(shared_data, tmp_path):
    """Everything but the time, which ``benchmarks/privacy.py`` measures."""
    report = tmp_path / "score.json"
    command = [sys.executable, str(shared_data / "pii" / "score.py"), "otel_smart_agents.privacy:redact_value"]
    subprocess.run([*command, "--tiers", "1,2", "--json", str(report)], cwd=ROOT, check=True, timeout=100, capture_output=True)
    score = json.loads(report.read_text())
    assert score["errors"] == 0
    assert score["tier1"]["recall_micro"] >= 0.97
    assert score["tier1"]["recall_macro"] >= 0.96
    assert score["tier1"]["fp_rate"] <= 0.005
    assert score["context_kept"] >= 0.97
    assert score["tier2"]["recall_micro"] >= 0.60
    assert score["tier2"]["fp_rate"] <= 0.08
