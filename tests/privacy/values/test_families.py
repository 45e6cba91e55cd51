"""Every family finds what it is for, in many spellings, and leaves alone what only looks like it."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from otel_smart_agents.privacy.values import redact_value, redaction_errors

VECTORS = Path(__file__).resolve().parents[2] / "vectors"


def load(name: str):
    """A module that lies beside the vectors (a folder of data, not a package)."""
    spec = importlib.util.spec_from_file_location(name, VECTORS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


ROWS = load("value_rows")
VALUES = json.loads((VECTORS / "values.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("family", ROWS.FAMILIES)
def test_a_family_removes_what_is_marked_and_nothing_else(family):
    before = redaction_errors()
    for row in ROWS.FAMILIES[family]:
        key, value, secrets = ROWS.parse(row)
        result = redact_value(key, value)
        if secrets:
            assert result is None or not [secret for secret in secrets if secret in result], (key, value, result)
        else:
            assert result == value, (key, value, result)
    assert redaction_errors() == before


def test_the_python_detectors_give_what_the_shared_vectors_say():
    different = [(row, got) for row in VALUES["rows"] if (got := redact_value(row["key"], row["value"])) != row["expected"]]
    assert not different
    assert len(VALUES["rows"]) >= 300


def test_the_vectors_are_what_their_maker_makes():
    """Drift check: run ``python tests/vectors/make_values.py`` after a change of rules, and read the difference."""
    assert load("make_values").document() == (VECTORS / "values.json").read_text(encoding="ascii")


def test_the_vectors_cover_every_trigger():
    from otel_smart_agents.privacy.detectors import engine

    engine_ = engine.Engine()
    seen = {engine.TRIGGERS[index].name for row in VALUES["rows"] for index in engine_._pass.fired(row["value"]) or ()}
    assert {trigger.name for trigger in engine.TRIGGERS} - seen == set()


def test_a_clean_value_comes_back_as_the_same_object():
    for text in ("a" * 20, "the plan has three steps " * 40, "résumé of the day"):
        assert redact_value("output.value", text) is text


def test_json_stays_json():
    for text in (
        '{"password": "abc", "n": 1, "user": {"email": "ada@example.org"}}',
        '{"credentials": {"user": "u", "value": ["x1", "y2"]}, "tail": [1, 2]}',
        json.dumps({"body": json.dumps({"token": "tok123tok123", "card": "4111111111111111"}), "method": "POST"}),
        json.dumps({"a": json.dumps({"b": json.dumps({"secret": "s3cr3tvalue"})})}),
    ):
        result = redact_value("output.value", text)
        assert json.loads(result).keys() == json.loads(text).keys()
        assert result != text
