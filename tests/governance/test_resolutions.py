import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import MOVES, Act, Outcome, State
from governance.errors import ChoiceInvalid
from governance.resolutions import EFFECTS, Answer, effect, goes_to_another

answers = st.lists(st.sampled_from(sorted(Answer)), min_size=1, max_size=5)


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_is_a_move_that_a_resolved_case_allows(answer):
    act, outcome = EFFECTS[answer]

    listed = MOVES[State.RESOLVED, act]

    assert outcome in listed.outcomes or (outcome is None and not listed.outcomes)


@given(answers)
def test_one_not_solved_disputes_the_whole_case(given_answers):
    act, outcome = effect([*given_answers, Answer.NOT_SOLVED])

    assert (act, outcome) == (Act.DISPUTE, None)


@given(answers)
def test_a_case_is_confirmed_as_its_worst_answer(given_answers):
    if Answer.NOT_SOLVED not in given_answers:
        partly = Answer.PARTLY in given_answers
        outcome = Outcome.PARTLY if partly else Outcome.RESOLVED_CONFIRMED

        assert effect(given_answers) == (Act.CONFIRM, outcome)


def test_silence_is_no_answer():
    with pytest.raises(ChoiceInvalid):
        effect([])


@pytest.mark.parametrize(
    ("act", "reopened", "another"),
    [
        (Act.APPEAL, 1, True),
        (Act.DISPUTE, 2, False),
        (Act.DISPUTE, 3, True),
        (Act.REOPEN, 2, False),
        (Act.REOPEN, 4, True),
    ],
)
def test_an_appeal_or_the_third_return_asks_for_somebody_else(act, reopened, another):
    assert goes_to_another(act, reopened) is another
