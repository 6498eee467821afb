"""Whether two cases could be one matter: words in a row, the same person, a place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.doubles import (
    ALIKE,
    SAME_PERSON,
    SAME_PLACE,
    Reason,
    Said,
    folded,
    likeness,
    reasons,
    shingles,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAMP = Said(
    topic="housing",
    received_at=NOON,
    shingles=shingles("It is damp in the kitchen and nobody comes."),
)
OTHER = replace(DAMP, shingles=shingles("The bus is late every day."))
ROSA = UUID(int=1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("Damp!", {"damp"}),
        ("It is", {"it is"}),
        ("It is damp.", {"it is damp"}),
        ("IT IS DÁMP here", {"it is damp", "is damp here"}),
    ],
)
def test_three_words_in_a_row_are_compared_however_they_are_written(text, found):
    assert shingles(text) == found


def test_no_story_takes_longer_than_its_first_words():
    assert len(folded("word " * 5_000)) == 2_000


def test_what_says_nothing_is_like_nothing():
    assert likeness(shingles(""), shingles("")) == 0.0
    assert reasons(replace(DAMP, shingles=frozenset()), OTHER) == ()


TEXTS = st.text(alphabet="ab ", max_size=40).map(shingles)


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_whole_only_with_itself(one, other):
    found = likeness(one, other)

    assert found == likeness(other, one)
    assert 0 <= found <= 1
    assert (found == 1) == (one == other and bool(one))


def test_half_of_what_two_say_is_enough():
    one, other = frozenset("abc"), frozenset("abd")

    assert likeness(one, other) == ALIKE
    same = replace(DAMP, shingles=one), replace(DAMP, shingles=other)
    assert reasons(*same) == (Reason.SAME_WORDS,)
    assert reasons(same[0], replace(DAMP, shingles=frozenset("ade"))) == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, (Reason.SAME_PERSON,)),
        ({"received_at": NOON + SAME_PERSON}, (Reason.SAME_PERSON,)),
        ({"received_at": NOON - SAME_PERSON}, (Reason.SAME_PERSON,)),
        ({"received_at": NOON + SAME_PERSON + timedelta(seconds=1)}, ()),
        ({"topic": "transport"}, ()),
        ({"member": UUID(int=2)}, ()),
        ({"member": None}, ()),
    ],
)
def test_the_same_person_and_topic_within_two_weeks_is_a_reason(change, found):
    one = replace(DAMP, member=ROSA)

    assert reasons(one, replace(OTHER, **{"member": ROSA, **change})) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, (Reason.SAME_PLACE,)),
        ({"received_at": NOON + SAME_PLACE + timedelta(seconds=1)}, ()),
        ({"topic": "transport"}, ()),
        ({"place": "elm street 4"}, ()),
        ({"place": ""}, ()),
    ],
)
def test_the_same_place_and_topic_within_two_days_is_a_reason(change, found):
    one = replace(DAMP, place="elm street 3")

    assert reasons(one, replace(OTHER, **{"place": "elm street 3", **change})) == found


def test_whose_a_case_is_counts_only_where_it_may_be_known():
    assert reasons(DAMP, OTHER) == ()


@pytest.mark.parametrize(
    ("asked", "topic", "found"),
    [
        ({"housing office"}, "housing", (Reason.SAME_RESPONDENT,)),
        ({"landlord"}, "housing", ()),
        ({"housing office"}, "work", ()),
        (set(), "housing", ()),
    ],
)
def test_who_was_asked_to_put_it_right_in_the_same_topic_is_a_reason(
    asked, topic, found
):
    one = Said(
        topic="housing",
        received_at=NOON,
        shingles=shingles("No heating"),
        asked={"housing office", "court"},
    )
    other = Said(
        topic=topic,
        received_at=NOON + timedelta(days=99),
        shingles=shingles("Damp walls everywhere"),
        asked=asked,
    )

    assert reasons(one, other) == found
