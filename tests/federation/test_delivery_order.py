from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from federation.delivery import MOST_IN_FLIGHT, Gate, Row, State, cursor, due
from federation.inbox import Lane

C, P, U, B = Lane.CONTROL, Lane.PRIVATE, Lane.PUBLIC, Lane.BULK
STRICT = (C, P, B)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(seq, lane=U, state=State.WAITING, context=None, due=None):
    return Row(seq, lane, state, context, due)


def now(*rows, gate=Gate.CLOSED):
    return [each.seq for each in due(rows, at=NOON, gate=gate)]


def test_the_cursor_is_the_lowest_unfinished_number():
    finished = [State.DONE, State.DROPPED, State.REFUSED, State.PARKED]
    rows = [row(seq, state=state) for seq, state in enumerate(finished)]

    assert cursor([]) is None
    assert cursor(rows) is None
    assert cursor([row(9), row(7, state=State.SENDING), *rows]) == 7


@pytest.mark.parametrize("lane", STRICT)
def test_a_strict_lane_has_one_row_in_flight(lane):
    assert now(row(2, lane), row(1, lane)) == [1]
    assert now(row(1, lane, State.SENDING), row(2, lane)) == []
    assert now(row(1, lane, State.DONE), row(2, lane)) == [2]


@pytest.mark.parametrize("lane", STRICT)
def test_in_a_strict_lane_nothing_overtakes_what_waits(lane):
    assert now(row(1, lane, context="a", due=NOON + HOUR), row(2, lane)) == []


@pytest.mark.parametrize("lane", STRICT)
def test_what_is_parked_holds_back_only_its_context(lane):
    parked = row(1, lane, State.PARKED, "a")

    assert now(parked, row(2, lane, context="a"), row(3, lane, context="b")) == [3]
    assert now(parked, row(2, lane, context="a")) == []
    assert now(row(1, lane, State.PARKED), row(2, lane)) == [2]


def test_the_public_lane_has_eight_in_flight():
    rows = [row(seq) for seq in range(20)]
    flying = [row(seq, state=State.SENDING) for seq in range(20, 25)]

    assert now(*rows) == list(range(MOST_IN_FLIGHT)) == list(range(8))
    assert now(*rows, *flying) == [0, 1, 2]
    assert now(*rows, *[replace(each, seq=99) for each in flying * 2]) == []


def test_of_one_context_never_two_are_in_flight():
    assert now(row(1, context="a"), row(2, context="a"), row(3, context="b")) == [1, 3]
    assert now(row(1, state=State.SENDING, context="a"), row(2, context="a")) == []


def test_what_waits_holds_its_context_and_nothing_else():
    waiting = row(1, context="a", due=NOON + HOUR)

    assert now(waiting, row(2, context="a"), row(3, context="b"), row(4)) == [3, 4]
    assert now(replace(waiting, due=NOON), row(2, context="a")) == [1]


def test_a_parked_public_row_holds_nothing():
    assert now(row(1, state=State.PARKED, context="a"), row(2, context="a")) == [2]


def test_control_goes_before_private_and_private_before_the_rest():
    rows = [row(1), row(2, B), row(3, P), row(4, C)]

    assert now(*rows) == [4]
    assert now(*rows[:3]) == [3]
    assert sorted(now(*rows[:2])) == [1, 2]
    assert now(row(1), row(2, C, State.SENDING)) == []


def test_a_control_row_may_overtake_a_private_one_in_flight():
    assert now(row(1, P, State.SENDING), row(2, C)) == [2]


def test_a_lane_that_only_waits_holds_no_other():
    assert now(row(1, C, due=NOON + HOUR), row(2, P), row(3)) == [2]


def test_nothing_goes_to_an_origin_that_is_left_alone():
    assert now(row(1), row(2, C), gate=Gate.OPEN) == []


def test_the_probe_is_the_lowest_control_row_or_the_oldest():
    later = NOON + HOUR

    assert now(row(1), row(3, C), row(4, C), row(2, P), gate=Gate.PROBE) == [3]
    assert now(row(5), row(2, P, due=later), row(3, B), gate=Gate.PROBE) == [2]
    assert now(row(1, state=State.SENDING), row(2), gate=Gate.PROBE) == []
    assert now(gate=Gate.PROBE) == []


class OneQueue(RuleBasedStateMachine):
    """Rows of one origin that are written, sent, answered and parked."""

    def __init__(self):
        super().__init__()
        self.at = NOON
        self.rows = {}
        self.started = []

    @rule(lane=st.sampled_from(Lane), context=st.sampled_from([None, "a", "b", "c"]))
    def one_is_written(self, lane, context):
        seq = len(self.rows)
        self.rows[seq] = row(seq, lane, context=context)

    @rule(many=st.integers(1, 12))
    def public_ones_are_written(self, many):
        for _ in range(many):
            self.one_is_written(U, None)

    @rule(gate=st.sampled_from([Gate.CLOSED, Gate.CLOSED, *Gate]))
    def a_worker_looks(self, gate):
        flying = [each for each in self.rows.values() if each.state is State.SENDING]
        chosen = due(self.rows.values(), at=self.at, gate=gate)
        if gate is Gate.PROBE:
            assert len(chosen) + len(flying) <= max(1, len(flying))
        for each in chosen:
            assert each.state is State.WAITING
            assert gate is Gate.PROBE or each.due is None or each.due <= self.at
            self._nothing_is_overtaken(each)
            self.rows[each.seq] = replace(each, state=State.SENDING)

    def _nothing_is_overtaken(self, chosen):
        before = [
            each
            for each in self.rows.values()
            if each.lane is chosen.lane and each.seq < chosen.seq
        ]
        unfinished = {State.WAITING, State.SENDING}
        stuck = {each.context for each in before if each.state is State.PARKED}
        for each in before:
            if chosen.context is not None and each.context == chosen.context:
                assert each.state not in unfinished
            if chosen.lane is not U and each.context not in stuck - {None}:
                assert each.state not in unfinished

    @precondition(lambda self: self._flying())
    @rule(data=st.data(), state=st.sampled_from([*State]))
    def one_is_answered(self, data, state):
        seq = data.draw(st.sampled_from([each.seq for each in self._flying()]))
        wait = data.draw(st.sampled_from([None, self.at, self.at + HOUR]))
        self.rows[seq] = replace(self.rows[seq], state=state, due=wait)

    @rule()
    def an_hour_passes(self):
        self.at += HOUR

    def _flying(self):
        return [each for each in self.rows.values() if each.state is State.SENDING]

    @invariant()
    def no_lane_has_more_in_flight_than_it_may(self):
        for lane in Lane:
            flying = [each for each in self._flying() if each.lane is lane]
            assert len(flying) <= (MOST_IN_FLIGHT if lane is U else 1)

    @invariant()
    def no_two_of_one_context_are_in_flight_in_a_lane(self):
        named = [(it.lane, it.context) for it in self._flying() if it.context]
        assert len(named) == len(set(named))

    @invariant()
    def something_can_always_go_on(self):
        later = due(self.rows.values(), at=self.at + HOUR)
        free = [
            each
            for each in self.rows.values()
            if each.lane is U or each.context is None
            if each.state is State.WAITING
        ]
        if free and not self._flying():
            assert later


TestOneQueue = OneQueue.TestCase
TestOneQueue.settings = settings(max_examples=60, stateful_step_count=40)
