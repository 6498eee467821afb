"""Who is in a case besides its member, as the rules say it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import parties
from governance.errors import ChoiceInvalid, NotYours, WrongState
from governance.parties import LONGEST_NAME, MOST, WRITES, Role, Share, Standing

AT = datetime(2026, 11, 23, tzinfo=UTC)
MAYBE = st.none() | st.just(AT)


@dataclass(frozen=True)
class Row:
    agreed_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


PRESENT = Row(AT, AT)


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        (Row(), Standing.PROPOSED),
        (Row(AT), Standing.ASKED),
        (PRESENT, Standing.PRESENT),
        (Row(AT, AT, AT), Standing.ENDED),
        (Row(ended_at=AT), Standing.ENDED),
    ],
)
def test_it_takes_two_yeses_and_one_no(row, standing):
    assert parties.standing(row) is standing


@given(MAYBE, MAYBE, MAYBE, st.sets(st.sampled_from(Share)))
def test_nothing_is_visible_before_both_said_yes_and_nothing_after(yes, own, end, some):
    shown = parties.visible(Row(yes, own, end), some)

    assert shown == (some if yes and own and not end else set())


@given(st.lists(st.sampled_from([*Share, *Share])))
def test_what_they_may_see_is_a_closed_list_each_once(typed):
    assert set(parties.shares(typed)) == set(typed)
    assert len(parties.shares(typed)) == len(set(typed))


def test_what_is_on_no_list_is_refused():
    with pytest.raises(ChoiceInvalid):
        parties.shares(["state", "notes"])
    with pytest.raises(ChoiceInvalid):
        parties.role("advocate")
    assert parties.role("witness") is Role.WITNESS


@pytest.mark.parametrize("typed", ["", "   ", "x" * (LONGEST_NAME + 1), "a\x07b"])
def test_nobody_is_in_a_case_without_a_name(typed):
    with pytest.raises(ChoiceInvalid):
        parties.check_name(typed)


def test_a_name_stands_on_one_line():
    assert parties.check_name("  Mia \n Holt ") == "Mia Holt"


def test_a_case_has_room_for_so_many_others():
    parties.check_room(MOST - 1)
    with pytest.raises(WrongState):
        parties.check_room(MOST)


@pytest.mark.parametrize("row", [Row(), Row(AT), PRESENT, Row(AT, AT, AT)])
@pytest.mark.parametrize("role", Role)
def test_only_who_is_there_and_has_a_say_writes(row, role):
    if row is PRESENT and role in WRITES:
        parties.check_writes(row, role)
    else:
        with pytest.raises(NotYours):
            parties.check_writes(row, role)
