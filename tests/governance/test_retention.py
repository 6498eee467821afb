from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from governance.errors import ChoiceInvalid, WrongState
from governance.retention import (
    LONGEST_HOLD,
    REMINDERS,
    Choice,
    Due,
    Files,
    FilesDue,
    Phase,
    Plan,
    answer,
    ask,
    check_hold,
    due,
    files_due,
    files_go,
    happen,
    last_day,
)

CLOSED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Days:
    case_closed: int = 365
    no_answer: int = 180
    attachment: int = 180


def run(plan, rules):
    """Do everything time makes due, on the day it is due, until nothing is."""
    done = []
    while (coming := due(plan, rules)) and len(done) < 10:
        done.append(coming)
        plan = happen(plan, coming[0], at=coming[1])
    return done


def test_silence_is_reminded_twice_and_then_the_name_goes():
    assert run(ask(CLOSED), Days()) == [
        (Due.REMIND, CLOSED + timedelta(days=60)),
        (Due.REMIND, CLOSED + timedelta(days=120)),
        (Due.ANONYMISE, CLOSED + timedelta(days=180)),
    ]


def test_what_is_kept_is_asked_about_again_and_then_silence_has_an_end():
    kept = answer(ask(CLOSED), Choice.KEEP, at=CLOSED + timedelta(days=3))

    done = run(kept, Days())

    again = CLOSED + timedelta(days=3 + 365)
    assert done[0] == (Due.ASK_AGAIN, again)
    assert done[-1] == (Due.ANONYMISE, again + timedelta(days=180))


@pytest.mark.parametrize("choice", [Choice.NAMELESS, Choice.DELETE])
def test_what_goes_at_once_has_nothing_due(choice):
    over = answer(ask(CLOSED), choice, at=CLOSED)

    assert due(over, Days()) is None
    with pytest.raises(WrongState):
        answer(over, Choice.KEEP, at=CLOSED)


@given(late=st.integers(0, 4000), days=st.integers(30, 730))
def test_a_late_reminder_leaves_time_to_answer(late, days):
    rules = Days(no_answer=days)
    plan, at = ask(CLOSED), CLOSED + timedelta(days=late)
    for _ in range(REMINDERS):
        plan = happen(plan, Due.REMIND, at=max(at, due(plan, rules)[1]))

    what, when = due(plan, rules)

    assert what is Due.ANONYMISE
    assert when == last_day(plan, rules) >= plan.reminded_at + timedelta(days=days) / 6
    assert when >= CLOSED + timedelta(days=days)


class Keeping(RuleBasedStateMachine):
    """One closed case, its member, and time."""

    def __init__(self):
        super().__init__()
        self.plan, self.now, self.told = ask(CLOSED), CLOSED, 0

    @rule(days=st.integers(1, 400))
    def pass_time(self, days):
        """Let time pass, and the worker do what is due."""
        self.now += timedelta(days=days)
        coming = due(self.plan, Days())
        if coming and coming[1] <= self.now:
            if coming[0] is Due.ANONYMISE:
                assert self.told == REMINDERS
                assert self.now >= self.plan.since + timedelta(days=180)
            self.told = self.told + 1 if coming[0] is Due.REMIND else 0
            self.plan = happen(self.plan, coming[0], at=self.now)

    @rule(choice=st.sampled_from(Choice))
    def choose(self, choice):
        """Answer, or be told that nothing is left."""
        if self.plan.phase is Phase.OVER:
            with pytest.raises(WrongState):
                answer(self.plan, choice, at=self.now)
            return
        self.plan = answer(self.plan, choice, at=self.now)
        self.told = 0
        expected = Phase.KEPT if choice is Choice.KEEP else Phase.OVER
        assert self.plan == Plan(expected, self.now)

    @invariant()
    def has_an_end(self):
        """Until it is over something is due, and never before it was asked."""
        coming = due(self.plan, Days())
        assert (coming is None) == (self.plan.phase is Phase.OVER)
        assert coming is None or coming[1] > self.plan.since


TestKeeping = Keeping.TestCase


@pytest.mark.parametrize("late", [timedelta(seconds=1), LONGEST_HOLD])
def test_a_hold_ends_on_a_day_to_come(late):
    check_hold(CLOSED + late, at=CLOSED)


@pytest.mark.parametrize("late", [timedelta(), -timedelta(days=1), LONGEST_HOLD * 2])
def test_a_hold_has_an_end_that_is_near_enough(late):
    with pytest.raises(ChoiceInvalid) as no:
        check_hold(CLOSED + late, at=CLOSED)
    assert no.value.values == {"field": "until"}


KEPT = Plan(Phase.KEPT, CLOSED + timedelta(days=170))


def test_files_of_a_kept_case_are_told_about_and_go_by_the_day_it_closed():
    files = Files(CLOSED)
    told = CLOSED + timedelta(days=150)

    assert files_due(files, KEPT, Days()) == (FilesDue.TELL, told)
    files = Files(CLOSED, told_at=told)
    day = CLOSED + timedelta(days=180)
    assert files_due(files, KEPT, Days()) == (FilesDue.LET_GO, day)


@given(late=st.integers(0, 4000), days=st.integers(30, 730))
def test_whoever_is_told_late_has_time_to_save_their_files(late, days):
    told = CLOSED + timedelta(days=late)
    files, rules = Files(CLOSED, told_at=told), Days(attachment=days)

    what, when = files_due(files, KEPT, rules)

    assert what is FilesDue.LET_GO
    assert when == files_go(files, rules)
    assert when >= CLOSED + timedelta(days=days)
    assert when >= told + timedelta(days=days) / 6


@pytest.mark.parametrize(
    ("files", "plan"),
    [
        (Files(CLOSED, kept=True), KEPT),
        (Files(CLOSED, kept=True, told_at=CLOSED), KEPT),
        (Files(CLOSED), Plan(Phase.OVER, CLOSED)),
        (Files(CLOSED), ask(CLOSED)),
    ],
)
def test_files_that_are_kept_or_go_with_the_case_have_no_day_of_their_own(files, plan):
    assert files_due(files, plan, Days()) is None


def test_while_nobody_answers_files_go_first_where_the_case_stays_longer():
    rules = Days(no_answer=400)

    assert files_due(Files(CLOSED), ask(CLOSED), rules) is not None
    asked_again = ask(CLOSED + timedelta(days=300))
    assert files_due(Files(CLOSED), asked_again, Days()) is not None
