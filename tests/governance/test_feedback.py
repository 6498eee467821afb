"""Who says how a case was handled, who reads it, and who answers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import feedback as rules
from governance.errors import (
    CharactersInvalid,
    ChoiceInvalid,
    NotYours,
    SecondPerson,
    WordsMissing,
    WordsTooLong,
    WrongState,
)
from governance.feedback import Wait, waits
from governance.submissions import WORDS_LIMIT

TRUTH = st.booleans()


@given(st.integers())
def test_how_it_was_is_a_number_from_one_to_five(rating):
    if rating in {1, 2, 3, 4, 5}:
        rules.check_said(rating, "")
    else:
        with pytest.raises(ChoiceInvalid) as refused:
            rules.check_said(rating, "")
        assert refused.value.values["field"] == "rating"


def test_words_are_not_needed_and_are_text_where_there_are_any():
    rules.check_said(3, " \n")
    rules.check_said(3, "Kind, and slow.")
    with pytest.raises(CharactersInvalid):
        rules.check_said(3, "Kind\x00")
    with pytest.raises(WordsTooLong):
        rules.check_said(3, "x" * (WORDS_LIMIT + 1))


def test_it_is_said_once_the_case_is_over_and_until_others_looked_at_it():
    rules.check_say(over=True, reviewed=False)
    with pytest.raises(WrongState, match="once your case is closed"):
        rules.check_say(over=False, reviewed=False)
    for over in (True, False):
        with pytest.raises(WrongState, match="Others have looked"):
            rules.check_say(over=over, reviewed=True)


def test_it_is_taken_back_until_others_looked_at_it():
    rules.check_take_back(reviewed=False)
    with pytest.raises(WrongState):
        rules.check_take_back(reviewed=True)


@given(own=TRUTH, about=TRUTH, leads=TRUTH)
def test_nobody_reads_it_who_has_none_of_the_three_parts(own, about, leads):
    part = {"own": own, "about": about, "leads": leads}

    assert rules.may_read(**part) == any(part.values())
    if any(part.values()):
        rules.check_read(**part)
    else:
        with pytest.raises(NotYours):
            rules.check_read(**part)


def test_whom_it_is_about_answers_it_once():
    rules.check_answer(about=True, nobody=False, leads=False, answered=False)
    with pytest.raises(WrongState):
        rules.check_answer(about=True, nobody=False, leads=False, answered=True)


def test_who_shares_out_the_case_answers_only_where_nobody_had_it():
    rules.check_answer(about=False, nobody=True, leads=True, answered=False)
    for nobody, leads in ((False, True), (True, False)):
        with pytest.raises(NotYours):
            rules.check_answer(about=False, nobody=nobody, leads=leads, answered=False)


@given(about=TRUTH, leads=TRUTH, copied=TRUTH)
def test_a_copy_is_made_once_by_who_leads_and_never_of_their_own_work(
    about, leads, copied
):
    part = {"about": about, "leads": leads, "copied": copied}

    if rules.may_copy(**part):
        rules.check_copy(**part)
        return
    expected = SecondPerson if about else (WrongState if leads else NotYours)
    with pytest.raises(expected):
        rules.check_copy(**part)


NAMES = {"Ada Lovelace", "Cleo", "AM-00000", ""}


@pytest.mark.parametrize(
    "text",
    ["cleo was kind.", "Thank you,\nAda  lovelace", "My case am-00000 was late."],
)
def test_a_copy_that_still_names_somebody_is_refused(text):
    with pytest.raises(ChoiceInvalid) as refused:
        rules.check_without_names(text, NAMES, looked=True)
    assert refused.value.values["field"] == "text"


def test_a_part_of_another_word_is_no_name_and_somebody_looked():
    text = " Cleopatra and Ada were kind.\n"

    assert rules.check_without_names(text, NAMES, looked=True) == text.strip()
    with pytest.raises(ChoiceInvalid) as refused:
        rules.check_without_names(text, NAMES, looked=False)
    assert refused.value.values["field"] == "looked"
    with pytest.raises(WordsMissing):
        rules.check_without_names(" ", NAMES, looked=True)


@given(st.dictionaries(st.uuids(), st.integers(0, 9), max_size=6), st.integers(1, 3))
def test_who_was_asked_least_often_is_asked_next(asked, wanted):
    if len(asked) < wanted:
        with pytest.raises(rules.NoReviewers):
            rules.reviewers(asked, wanted)
        return
    chosen = rules.reviewers(asked, wanted)

    assert len(set(chosen)) == wanted
    left = [asked[one] for one in asked.keys() - set(chosen)]
    assert all(asked[one] <= number for one in chosen for number in left)


def test_two_are_asked_where_nobody_says_how_many():
    asked = {UUID(int=number): 0 for number in (3, 1, 2)}

    assert rules.reviewers(asked) == (UUID(int=1), UUID(int=2))


def test_a_finding_is_short_and_is_said_once():
    longest = "x" * rules.FINDING_LIMIT
    assert rules.check_finding(f"{longest[1:]} ", done=False) == longest[1:]
    with pytest.raises(WordsTooLong):
        rules.check_finding(f"{longest}x", done=False)
    with pytest.raises(WordsMissing):
        rules.check_finding("", done=False)
    with pytest.raises(WrongState):
        rules.check_finding("It went well.", done=True)


@pytest.mark.parametrize(
    ("days", "reminded", "there", "due"),
    [
        (6, None, True, Wait.WAIT),
        (7, None, True, Wait.REMIND),
        (7, None, False, Wait.NEXT),
        (6, None, False, Wait.WAIT),
        (13, 7, True, Wait.WAIT),
        (14, 7, True, Wait.NEXT),
        (40, 7, False, Wait.NEXT),
    ],
)
def test_a_reviewer_is_reminded_once_and_then_passed_over(days, reminded, there, due):
    asked = datetime(2026, 3, 2, tzinfo=UTC)
    again = asked + timedelta(days=reminded) if reminded else None

    assert waits(asked, again, there=there, at=asked + timedelta(days=days)) is due
