"""Whoever is put off again and again: counted, by nothing but days that passed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.delays import ENDS_THERE, Inquiry, Reading, delays

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def asked(whom="The office", due=-1, ended=None):
    until = None if ended is None else NOW + timedelta(days=ended)
    return Inquiry(whom, NOW + timedelta(days=due), until)


@pytest.mark.parametrize(
    ("due", "ended", "times"),
    [(-1, None, 1), (0, None, 1), (1, None, 0), (-3, -3, 1), (-3, -4, 0), (-3, -1, 1)],
)
def test_a_day_counts_that_came_while_the_case_still_waited(due, ended, times):
    found = delays([asked(due=due, ended=ended)], at=NOW)

    assert sum(it.times for it in found) == times


def test_one_name_is_one_however_it_is_typed():
    (line,) = delays(
        [asked(due=-9, ended=-5), asked("the  OFFICE"), asked(due=4)], at=NOW
    )

    assert (line.whom, line.times, line.asked) == ("The office", 2, 3)
    assert (line.first, line.last) == (
        NOW - timedelta(days=9),
        NOW - timedelta(days=1),
    )


def test_who_did_it_most_often_comes_first_and_erased_names_not_at_all():
    rows = [asked("Landlord"), asked("Office"), asked("Office", due=-2), asked(" ")]

    assert [it.whom for it in delays(rows, at=NOW)] == ["Office", "Landlord"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-9, 9)), max_size=20))
def test_nobody_is_late_more_often_than_they_were_asked(drawn):
    rows = [asked(whom, due) for whom, due in drawn]

    found = delays(rows, at=NOW)

    assert all(0 < it.times <= it.asked for it in found)
    assert sum(it.times for it in found) == sum(due <= 0 for _, due in drawn)


def test_a_refusal_and_no_way_there_lead_no_further_and_an_answer_may():
    assert {one for one in Reading if one not in ENDS_THERE} == {Reading.ANSWERED}
