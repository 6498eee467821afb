from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.walls import (
    FEWEST,
    Cause,
    Sight,
    Walls,
    folded,
    may_decide,
    name_of,
    phrases,
    shown_total,
    stands_at_once,
    visible,
)

ADA, BEN, CLEO = (UUID(int=number) for number in range(1, 4))
someone = st.sampled_from([ADA, BEN, CLEO])
people = st.frozensets(someone)
cases = st.builds(Walls, people, people)


@pytest.mark.capability("4.20")
@given(people)
def test_on_the_own_case_a_person_is_only_its_member(walled):
    assert visible(ADA, Walls(frozenset({ADA}), walled)) is Sight.MEMBER


@given(people)
def test_for_somebody_walled_there_is_no_such_case(walled):
    assert visible(BEN, Walls(frozenset({ADA}), walled | {BEN})) is Sight.NOTHING


def test_without_a_wall_rights_decide():
    assert visible(CLEO, Walls(frozenset({ADA}), frozenset({BEN}))) is Sight.DESK


@given(someone, cases, people)
def test_one_more_wall_never_shows_anybody_more(person, walls, more):
    before = visible(person, walls)
    after = visible(person, Walls(walls.members, walls.walled | more))

    assert after is before or (before is Sight.DESK and after is Sight.NOTHING)


@given(someone, someone, cases)
def test_what_one_person_sees_depends_on_nobody_elses_wall(person, other, walls):
    without = Walls(walls.members, walls.walled - ({other} - {person}))

    assert visible(person, without) is visible(person, walls)


@given(someone, someone, st.none() | someone, cases)
def test_whoever_decides_is_on_no_side(person, about, raised_by, walls):
    decides = may_decide(person, about, raised_by, walls)

    assert decides == (
        person not in {about, raised_by}
        and person not in walls.members
        and person not in walls.walled
    )


@given(st.integers(0, 10))
def test_only_a_small_total_is_withheld_and_only_from_who_may_be_walled(total):
    assert shown_total(total, hides=False) == total
    assert shown_total(total, hides=True) == (None if total < FEWEST else total)


def test_what_is_said_of_a_colleague_waits_and_all_else_does_not():
    waits = {cause for cause in Cause if not stands_at_once(cause)}

    assert waits == {Cause.CHALLENGE}
    assert stands_at_once(Cause.CHALLENGE, own=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  12, Elm-Street ", "12 elm street"),
        ("Straße", "strasse"),
        ("Ádä LOVELACE", "ada lovelace"),
        ("ﬁnn", "finn"),
        ("", None),
        ("??", None),
        ("al", None),
        ("a b c d e f g h", "a b c d e f g h"),
        ("a b c d e f g h i", None),
    ],
)
def test_a_subject_is_compared_by_its_words_and_not_by_what_stands_between(text, name):
    assert name_of(text) == name


@given(st.text(), st.text(alphabet="abcß Ä-", min_size=3, max_size=12), st.text())
def test_a_subject_is_met_wherever_it_stands_in_a_text(before, subject, after):
    name = name_of(subject)
    if name is None or len(folded(before)) + len(folded(subject)) > 60:
        return

    assert name in set(phrases(f"{before} . {subject} . {after}"))


@given(st.text())
def test_every_phrase_of_a_text_is_looked_at_once_and_there_are_not_too_many(text):
    found = list(phrases(text))

    assert len(found) == len(set(found)) <= 60 * 8


def test_a_part_of_a_word_is_no_word():
    assert "elm" not in set(phrases("12 Elmhurst Road"))
