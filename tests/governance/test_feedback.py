"""Who says how a case was handled, who reads it, and who answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import feedback as rules
from governance.errors import (
    CharactersInvalid,
    ChoiceInvalid,
    NotYours,
    WordsTooLong,
    WrongState,
)
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
