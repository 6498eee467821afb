"""Looks that no role opens: when their member is told, and how long that can wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.access import LONGEST_SEAL, check_seal, tell_at
from governance.errors import ChoiceInvalid

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@given(st.integers(1, 24 * 60))
def test_a_member_is_told_after_the_look_and_before_the_time_is_over(hours):
    within = timedelta(hours=hours)

    at = tell_at(NOW, within=within)

    assert NOW + within / 2 <= at < NOW + within


def test_in_the_usual_three_days_a_worker_may_stand_still_for_half_a_day():
    assert tell_at(NOW, within=timedelta(hours=72)) == NOW + timedelta(hours=60)


@pytest.mark.parametrize("length", [timedelta(milliseconds=1), LONGEST_SEAL])
def test_a_look_is_kept_back_to_a_day_that_is_near_enough(length):
    check_seal(NOW + length, at=NOW)


@pytest.mark.parametrize(
    "length", [timedelta(), -timedelta(1), LONGEST_SEAL + timedelta(milliseconds=1)]
)
def test_a_look_is_kept_back_to_no_other_day(length):
    with pytest.raises(ChoiceInvalid, match="90 days"):
        check_seal(NOW + length, at=NOW)
