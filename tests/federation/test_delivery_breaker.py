from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from federation.delivery import Breaker, Gate, Health, Silence, keeps
from federation.inbox import Lane

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def failing(*minutes, start=None):
    breaker = start or Breaker()
    for each in minutes:
        breaker = breaker.failed(NOON + each * MINUTE)
    return breaker


def test_five_failures_within_ten_minutes_open_it_for_thirty():
    breaker = failing(0, 1, 2, 3, 10)

    assert failing(0, 1, 2, 3).gate(NOON + 3 * MINUTE) is Gate.CLOSED
    assert breaker.gate(NOON + 10 * MINUTE) is Gate.OPEN
    assert breaker.gate(NOON + 40 * MINUTE - MINUTE / 60) is Gate.OPEN
    assert breaker.gate(NOON + 40 * MINUTE) is Gate.PROBE


def test_failures_far_apart_do_not_open_it():
    assert failing(0, 3, 6, 9, 10.1, 13.1).gate(NOON + 14 * MINUTE) is Gate.CLOSED


def test_only_the_last_five_are_looked_at():
    assert failing(0, 30, 31, 32, 33, 34).gate(NOON + 34 * MINUTE) is Gate.OPEN


@pytest.mark.parametrize("cleared", [Breaker.succeeded, Breaker.verified_from])
def test_an_answer_or_a_word_from_there_closes_it(cleared):
    opened = failing(0, 1, 2, 3, 4)

    assert cleared(opened) == Breaker()
    assert cleared(failing(0, 1, 2, 3)).failed(NOON).gate(NOON) is Gate.CLOSED


def test_a_probe_that_fails_doubles_the_time_up_to_half_a_day():
    breaker, at, spans = failing(0, 0, 0, 0, 0), NOON, []

    for _ in range(7):
        spans.append(breaker.open_until - at)
        at = breaker.open_until
        breaker = breaker.failed(at)

    assert spans == [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 12 * HOUR]


def test_a_straggler_is_no_second_probe():
    breaker = failing(0, 1, 2, 3, 4)

    assert failing(5, 6, start=breaker) == breaker


def test_after_it_closed_it_opens_as_at_first():
    closed = failing(0, 0, 0, 0, 0).failed(NOON + HOUR).succeeded()

    assert failing(90, 90, 90, 90, 90, start=closed).open_until == NOON + 2 * HOUR


def test_a_node_that_asks_for_time_is_not_probed_before():
    breaker = failing(0, 0, 0, 0, 0)

    assert breaker.postponed(NOON + HOUR).gate(NOON + 45 * MINUTE) is Gate.OPEN
    assert breaker.postponed(NOON + MINUTE) == breaker
    assert failing(0).postponed(NOON + HOUR) == failing(0)


def test_an_outcome_moves_it_by_its_health():
    opened = failing(0, 1, 2, 3).after(Health.FAILED, NOON + 4 * MINUTE, None)

    assert opened == failing(0, 1, 2, 3, 4)
    later = NOON + 2 * HOUR
    assert opened.after(Health.BUSY, NOON, later) == opened.postponed(later)
    assert opened.after(Health.BUSY, NOON, None) == opened
    assert opened.after(Health.WELL, NOON, None) == Breaker()


def silent(*moments):
    silence = Silence()
    for at in moments:
        silence = silence.failed(at)
    return silence


def test_a_failure_after_more_than_a_week_of_them_makes_a_dead_host():
    twice_a_day = [
        NOON + day * DAY + late for day in range(7) for late in (0 * DAY, HOUR)
    ]
    week = silent(*twice_a_day, NOON + 7 * DAY)
    dead = week.failed(NOON + 7 * DAY + timedelta(microseconds=1))

    assert not Silence().is_dead
    assert not week.is_dead
    assert dead.is_dead
    assert dead.failed(NOON + 30 * DAY).is_dead
    assert len(dead.failed(NOON + 30 * DAY).days) == 7
    assert dead.broken() == Silence()


def test_days_on_which_nothing_was_tried_make_no_dead_host():
    days = [NOON + day * DAY for day in (0, 1, 2, 3, 4, 30)]

    assert not silent(*days).is_dead
    assert not silent(*days, NOON + 30 * DAY + HOUR).is_dead
    assert silent(*days, NOON + 31 * DAY).is_dead


def test_a_dead_host_is_tried_once_a_day():
    days = [NOON + day * DAY for day in range(9)]

    assert Silence().rests_until is None
    assert silent(*days[:8]).rests_until is None
    assert silent(*days).rests_until == NOON + 9 * DAY


@pytest.mark.parametrize("type_", ["Delete", "Undo"])
def test_a_dead_host_is_owed_what_takes_back_for_ninety_days(type_):
    assert keeps(Lane.PUBLIC, type_, written=NOON, at=NOON + 90 * DAY - MINUTE)
    assert not keeps(Lane.PUBLIC, type_, written=NOON, at=NOON + 90 * DAY)


def test_of_a_dead_host_only_public_rows_are_let_go():
    for lane in Lane:
        kept = keeps(lane, "Create", written=NOON, at=NOON + 900 * DAY)
        assert kept is (lane is not Lane.PUBLIC)
    assert not keeps(Lane.PUBLIC, "Create", written=NOON, at=NOON)


class OneOrigin(RuleBasedStateMachine):
    """An origin that answers, fails, asks for time and speaks, in any order."""

    def __init__(self):
        super().__init__()
        self.at = NOON
        self.breaker = Breaker()
        #: The model: when it failed, without a break, while it was let try.
        self.run = []

    @rule(minutes=st.integers(0, 90))
    def time_passes(self, minutes):
        self.at += minutes * MINUTE

    @rule()
    def a_try_fails(self):
        before = self.breaker
        gate = before.gate(self.at)
        self.breaker = before.failed(self.at)
        if gate is Gate.OPEN:
            assert self.breaker == before
            return
        self.run.append(self.at)
        opens = len(self.run) >= 5 and self.run[-1] - self.run[-5] <= 10 * MINUTE
        if gate is Gate.PROBE or opens:
            assert self.breaker.gate(self.at) is Gate.OPEN
        else:
            assert self.breaker.gate(self.at) is Gate.CLOSED

    @precondition(lambda self: self.run)
    @rule(how=st.sampled_from([Breaker.succeeded, Breaker.verified_from]))
    def it_works_or_speaks(self, how):
        self.breaker = how(self.breaker)
        self.run = []

    @rule(minutes=st.integers(1, 60 * 24))
    def it_asks_for_time(self, minutes):
        self.breaker = self.breaker.postponed(self.at + minutes * MINUTE)

    @invariant()
    def it_never_stays_open_for_more_than_a_day(self):
        assert self.breaker.gate(self.at + DAY) is not Gate.OPEN

    @invariant()
    def it_is_open_only_after_five_failures(self):
        if self.breaker.open_until is not None:
            assert len(self.run) >= 5

    @invariant()
    def it_keeps_no_more_than_it_needs(self):
        assert len(self.breaker.failures) <= 4


TestOneOrigin = OneOrigin.TestCase
TestOneOrigin.settings = settings(max_examples=60, stateful_step_count=40)
