from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import Priority
from governance.rubric import Finding, needs_reason, suggest, with_deadline

FOUND = st.sets(st.sampled_from(Finding)).map(frozenset)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (set(), Priority.NORMAL),
        ({Finding.WAITS}, Priority.LOW),
        ({Finding.HARDSHIP}, Priority.HIGH),
        ({Finding.DEADLINE, Finding.WAITS}, Priority.HIGH),
        ({Finding.LOSS}, Priority.URGENT),
        ({Finding.DANGER, Finding.HARDSHIP}, Priority.URGENT),
    ],
)
def test_the_answers_suggest_a_priority(found, expected):
    assert suggest(found) is expected


@given(FOUND, st.sampled_from(Finding))
def test_a_further_danger_never_makes_a_case_wait_longer(found, more):
    ranks = list(Priority)
    sooner = ranks.index(suggest(found | {more})) <= ranks.index(suggest(found))

    assert sooner or more is Finding.WAITS


@given(FOUND, st.sampled_from(Priority))
def test_only_the_usual_priority_that_was_suggested_needs_no_reason(found, chosen):
    usual = chosen is Priority.NORMAL and suggest(found) is Priority.NORMAL

    assert needs_reason(chosen, found) is not usual


@pytest.mark.parametrize(("days", "near"), [(-3, True), (14, True), (15, False)])
def test_a_deadline_that_is_near_is_found_by_its_day(days, near):
    today = date(2026, 3, 2)

    found = with_deadline(frozenset(), today + timedelta(days=days), today=today)

    assert (Finding.DEADLINE in found) is near


@given(FOUND)
def test_without_a_deadline_nothing_is_found_by_it(found):
    assert with_deadline(found, None, today=date(2026, 3, 2)) == found
