"""File names keep the terms of consent that their content was recorded under: what a later, wider decision may send is told by them."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otel_smart_agents.consent.model import CATEGORIES, Decision
from otel_smart_agents.spool.names import FileName, Terms, may_be_sent, parse_name

SETS = [frozenset(some) for count in range(len(CATEGORIES) + 1) for some in combinations(sorted(CATEGORIES), count)]
TERMS = st.builds(Terms, st.integers(0, 10**9), st.booleans(), st.sampled_from(SETS))


def decision(mode="on", categories=CATEGORIES, epoch=1):
    return Decision(mode, "granted", categories, "user", "", epoch=epoch)


@given(TERMS, st.sampled_from(["jsonl", "open"]))
def test_a_name_says_its_terms(terms, suffix):
    name = FileName(1, 2, "0" * 8, terms.epoch, suffix, terms.marks)
    read = parse_name(str(name))
    assert read == name
    assert read.terms == terms
    assert read.markers.terms == terms


def test_usual_terms_have_no_marks():
    assert [Terms(3).marks, Terms(3, local=True).marks] == ["", "-local"]
    assert Terms(3, True, frozenset({"agent", "skill"})).marks == "-local-as"


@pytest.mark.parametrize("end", ["1-x.jsonl", "1-as-local.jsonl", "1-local-local.jsonl", "1local.jsonl", "1-local-z.jsonl", "1-As.jsonl"])
def test_other_marks_are_no_name_of_ours(end):
    assert parse_name(f"{1:020d}-1-{'0' * 8}-{end}") is None


def test_what_may_be_sent_is_told_by_the_name_alone():
    for mine, theirs, local, epoch in product(SETS, SETS[::5], (False, True), (1, 2, 11)):
        now = decision(categories=theirs)
        name = str(FileName(1, 2, "0" * 8, epoch, marks=Terms(epoch, local, mine).marks))
        allowed = epoch == 1 and not local and mine <= theirs
        assert may_be_sent(name, now) == allowed == parse_name(name).terms.covered_by(now)


@pytest.mark.parametrize("mode", ["off", "local"])
def test_while_nothing_is_sent_only_the_answer_counts(mode):
    now = decision(mode, frozenset({"agent"}))
    assert Terms(1).covered_by(now)
    assert Terms(1, local=True).covered_by(now)
    assert not Terms(2, local=True).covered_by(now)
