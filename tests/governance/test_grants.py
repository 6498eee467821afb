"""What may be given, whoever gives it: terms, seats and scopes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import floor
from governance.errors import ChoiceInvalid, Denied, NoSeat
from governance.grants import LONGEST, check, check_reach
from governance.roles import Grant
from tests.governance.documents import bylaws

RULES = bylaws()
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODES = st.frozensets(st.sampled_from(["housing", "debt", "work"]), min_size=1)
SCOPES = st.one_of(st.just("all"), CODES)


def asked(role="advocate", days=30.0, **scope):
    return Grant(role, AT, AT + timedelta(days=days), **scope)


def test_a_role_is_given_up_to_its_whole_term():
    for days in (0.01, 1, 365):
        check(RULES, asked(days=days), holders=0)


@pytest.mark.parametrize("days", [-1, 0, 365.01, 731])
def test_no_role_is_without_an_end_or_longer_than_its_term(days):
    with pytest.raises(ChoiceInvalid) as refusal:
        check(RULES, asked(days=days), holders=0)

    assert refusal.value.values["field"] == "days"


def test_the_longest_term_is_the_floors():
    assert timedelta(days=int(str(floor.FLOOR["role_days_max"]))) == LONGEST


def test_what_the_community_does_not_know_is_no_role():
    with pytest.raises(ChoiceInvalid) as refusal:
        check(RULES, asked("king"), holders=0)

    assert refusal.value.values["field"] == "role"


def test_a_seat_is_given_once_and_some_roles_have_as_many_as_are_wanted():
    seats = RULES.roles["coordinator"].seats
    assert seats is not None

    check(RULES, asked("coordinator"), holders=seats - 1)
    with pytest.raises(NoSeat):
        check(RULES, asked("coordinator"), holders=seats)
    check(RULES, asked("advocate"), holders=10_000)


@pytest.mark.parametrize("name", ["topics", "areas", "teams"])
def test_nobody_gives_more_than_their_own_role_is_for(name):
    own = (asked("steward", **{name: frozenset({"a", "b"})}),)

    check_reach(own, asked(**{name: frozenset({"a"})}))
    for beyond in ("all", frozenset({"a", "c"})):
        with pytest.raises(Denied):
            check_reach(own, asked(**{name: beyond}))
    with pytest.raises(Denied):
        check_reach((), asked(**{name: frozenset({"a"})}))


@given(own=SCOPES, wanted=SCOPES, named=st.sampled_from(["debt", "housing", "work"]))
def test_whatever_is_given_covers_nothing_that_the_givers_own_does_not(
    own, wanted, named
):
    try:
        check_reach((asked("steward", topics=own),), asked(topics=wanted))
    except Denied:
        return

    if wanted == "all" or named in wanted:
        assert own == "all" or named in own
