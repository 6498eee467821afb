from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.absences import Shift, along, check_chain, check_shift, on_duty
from governance.errors import ChoiceInvalid

ADA, BEN, CLEO, DOV = (UUID(int=number) for number in range(1, 5))
BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday, 10:00 in Berlin.
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shift", "there"),
    [
        (Shift(0, 600, 720), True),
        (Shift(0, 480, 600), False),
        (Shift(0, 0, 1440), True),
        (Shift(1, 600, 720), False),
    ],
)
def test_hours_are_those_of_the_community_and_end_before_their_last_minute(
    shift, there
):
    assert on_duty([shift], at=MONDAY, zone=BERLIN) is there


def test_who_named_no_hours_can_always_be_asked():
    assert on_duty([], at=MONDAY, zone=BERLIN)


@pytest.mark.parametrize(
    "wrong",
    [Shift(0, 600, 600), Shift(0, -1, 5), Shift(0, 0, 1441), Shift(7, 0, 5)],
)
def test_hours_that_are_none_are_refused(wrong):
    with pytest.raises(ChoiceInvalid):
        check_shift(wrong)


def test_hours_within_a_day_are_taken():
    check_shift(Shift(6, 0, 1440))


@pytest.mark.parametrize(
    ("named", "others"),
    [
        ([ADA], {}),
        ([BEN, BEN], {}),
        ([BEN], {BEN: [ADA]}),
        ([BEN], {BEN: [CLEO], CLEO: [DOV, ADA]}),
    ],
)
def test_a_chain_that_leads_back_is_refused(named, others):
    with pytest.raises(ChoiceInvalid):
        check_chain(ADA, named, others)


def test_a_chain_that_ends_is_taken():
    check_chain(ADA, [BEN, CLEO], {BEN: [CLEO], CLEO: [DOV]})


def test_the_nearest_stands_in_first_and_then_theirs():
    chains = {ADA: [BEN, CLEO], BEN: [DOV]}

    assert list(along(ADA, chains)) == [BEN, CLEO, DOV]


PEOPLE = st.sampled_from([ADA, BEN, CLEO, DOV])


@given(PEOPLE, st.dictionaries(PEOPLE, st.lists(PEOPLE, max_size=4)))
def test_whatever_stands_in_the_rows_everybody_is_asked_once_and_nobody_for_themselves(
    person, chains
):
    asked = list(along(person, chains))

    assert len(set(asked)) == len(asked)
    assert person not in asked


@given(PEOPLE, st.dictionaries(PEOPLE, st.lists(PEOPLE, max_size=4)))
def test_after_every_check_there_is_no_loop(person, wanted):
    chains = {}
    for who, named in wanted.items():
        try:
            check_chain(who, named, chains)
        except ChoiceInvalid:
            continue
        chains[who] = named

    for who, named in chains.items():
        others = {one: theirs for one, theirs in chains.items() if one != who}
        check_chain(who, named, others)
    assert person not in list(along(person, chains))
