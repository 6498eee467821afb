from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.delivery import Do, Health, Known, Outcome, backoff, outcome
from federation.delivery import retry_after as asked
from federation.inbox import Lane

C, P, U, B = Lane.CONTROL, Lane.PRIVATE, Lane.PUBLIC, Lane.BULK
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FIRST = Known(at=NOON)
SETTLED = replace(FIRST, refetched=True)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass
class Answer:
    status: int
    fields: dict = field(default_factory=dict)


def middle(size):
    return b"\x80" + bytes(size - 1)


def low(size):
    return bytes(size)


def high(size):
    return b"\xff" * size


def done(status, lane, known=SETTLED, **fields):
    answer = Answer(status, {name.replace("_", "-"): it for name, it in fields.items()})
    return outcome(answer, lane, known, middle)


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_yes_is_done(status, lane):
    assert done(status, lane, FIRST) == Outcome(Do.DONE)


TABLE = {
    400: {U: Do.DROP, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    401: {U: Do.DROP, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    403: {U: Do.DROP, C: Do.PARK, P: Do.REFUSED, B: Do.PARK},
    404: {U: Do.INBOX_GONE, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    410: {U: Do.INBOX_GONE, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    409: {U: Do.PARK, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    302: {U: Do.DROP, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    413: {U: Do.DROP, C: Do.PARK, P: Do.PARK, B: Do.PARK},
    422: {U: Do.DROP, C: Do.PARK, P: Do.PARK, B: Do.PARK},
}


@pytest.mark.parametrize(
    ("status", "lane", "do"),
    [(status, lane, do) for status, row in TABLE.items() for lane, do in row.items()],
)
def test_every_final_answer_is_settled_by_its_lane(status, lane, do):
    assert done(status, lane).do is do
    assert done(status, lane).health is Health.WELL


def test_other_bytes_under_one_id_alarm_somebody():
    assert [status for status in TABLE if done(status, P).alarm] == [409]


def test_an_inbox_goes_only_after_a_look_at_its_actor():
    for status in (404, 410):
        assert done(status, U, FIRST).do is Do.REFETCH_ACTOR
        assert done(status, P, FIRST).do is Do.PARK


@pytest.mark.parametrize("lane", Lane)
def test_who_moved_is_looked_up_once(lane):
    assert done(301, lane, FIRST).do is Do.REFETCH_ACTOR
    assert done(301, lane, SETTLED).do is not Do.REFETCH_ACTOR


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("status", [500, 502, 503, 599, 100, 199, 600, -1, 0, None])
def test_what_gives_no_answer_is_tried_later(status, lane):
    answer = None if status is None else Answer(status)

    assert outcome(answer, lane, FIRST, middle) == Outcome(
        Do.RETRY, NOON + SECOND, Health.FAILED
    )


def test_a_row_that_alone_fails_for_a_day_is_parked():
    poison = replace(SETTLED, failing_since=NOON - DAY, others_arrive=True)
    hours = replace(poison, failing_since=NOON - DAY + SECOND)

    assert done(500, C, poison).do is Do.PARK
    assert done(500, C, hours).do is Do.RETRY
    assert done(500, C, replace(poison, others_arrive=False)).do is Do.RETRY


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_time_gets_it_and_is_not_counted(status, lane):
    found = done(status, lane, FIRST, Retry_After="120")

    assert found == Outcome(Do.WAIT, NOON + 120 * SECOND, Health.BUSY)


@pytest.mark.parametrize("status", [408, 425, 429])
def test_later_without_a_time_is_as_after_a_failure(status):
    known = replace(FIRST, attempt=5)

    assert done(status, U, known) == Outcome(Do.WAIT, NOON + 32 * SECOND, Health.BUSY)


def test_a_wait_is_never_shorter_than_a_second():
    answer = Answer(429, {"Retry-After": "NaN"})

    assert outcome(answer, U, FIRST, low).until == NOON + SECOND


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", SECOND),
        (" 7 ", 7 * SECOND),
        ("-5", SECOND),
        ("1000000000", DAY),
        ("9" * 4000, DAY),
        ("Tue, 01 Dec 2026 12:05:00 GMT", 300 * SECOND),
        ("Tue, 01 Dec 2026 12:05:00 -0000", 300 * SECOND),
        ("Tue, 01 Dec 2026 13:05:00 +0100", 300 * SECOND),
        ("Tue, 01 Dec 2026 11:00:00 GMT", SECOND),
        ("Fri, 01 Jan 1999 00:00:00 GMT", SECOND),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
    ],
)
def test_a_wait_is_between_a_second_and_a_day(text, wait):
    assert asked(text, at=NOON) == wait


@pytest.mark.parametrize(
    "text", ["", "NaN", "nan", "inf", "1.5", "1e9", "--1", "٣", "9" * 4001, "soon"]
)
def test_what_is_no_time_says_nothing(text):
    assert asked(text, at=NOON) is None


@given(st.text(max_size=60) | st.text("0123456789-+:, GMTueDcan", max_size=40))
def test_any_retry_after_is_within_reason(text):
    wait = asked(text, at=NOON)

    assert wait is None or SECOND <= wait <= DAY


@given(st.datetimes(), st.integers(-23, 23))
def test_any_date_is_within_reason(moment, hours):
    zone = timezone(timedelta(hours=hours))

    wait = asked(format_datetime(moment.replace(tzinfo=zone)), at=NOON)

    assert wait is None or SECOND <= wait <= DAY


def test_waits_double_up_to_half_a_day():
    waits = [backoff(attempt, middle) for attempt in (0, 1, 2, 10, 15, 16, 10**9, -1)]

    seconds = [1, 2, 4, 1024, 32768, 43200, 43200, 1]
    assert waits == [timedelta(seconds=each) for each in seconds]


@given(st.integers(0, 100), st.binary(min_size=8, max_size=8))
def test_waits_are_spread_by_half_either_way(attempt, thrown):
    wait = backoff(attempt, lambda size: thrown[:size])

    assert backoff(attempt, low) <= wait <= backoff(attempt, high)
    assert backoff(attempt, low) == backoff(attempt, middle) / 2
    assert backoff(attempt, high) <= backoff(attempt, middle) * 1.5


@given(
    st.none() | st.builds(Answer, st.integers(-1, 999)),
    st.builds(
        Known,
        at=st.just(NOON),
        attempt=st.integers(0, 99),
        refetched=st.booleans(),
        failing_since=st.none() | st.just(NOON - 2 * DAY),
        others_arrive=st.booleans(),
    ),
)
def test_what_controls_sharing_is_never_dropped(answer, known):
    found = outcome(answer, C, known, middle)

    assert found.do not in {Do.DROP, Do.INBOX_GONE, Do.REFUSED}
    assert (found.until is not None) == (found.do in {Do.WAIT, Do.RETRY})


@given(st.integers(200, 499).filter(lambda it: it not in {408, 425, 429}))
def test_no_row_asks_for_ever(status):
    # One look at the actor later something final is said.
    assert done(status, U).do not in {Do.REFETCH_ACTOR, Do.RETRY, Do.WAIT}
