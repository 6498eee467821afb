from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import pledges
from governance.calendars import ALWAYS
from governance.cases import MOVES, Act, Kind, Priority, State
from governance.errors import WrongState
from governance.pledges import PledgeKind, PledgeState
from governance.rules import Clock
from tests.governance.documents import REMOVE, bylaws

RULES = bylaws()
#: A Thursday morning: the desk opens from nine to five, in UTC.
AT = datetime(2026, 6, 4, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
kinds = st.sampled_from(sorted(PledgeKind))
priorities = st.sampled_from(sorted(Priority))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001 - the zone comes next
    lambda it: it.replace(tzinfo=UTC)
)


@dataclass(frozen=True)
class Made:
    kind: PledgeKind = PledgeKind.RESOLUTION
    need_minutes: int = 480
    started_at: datetime = AT
    due_at: datetime | None = AT + DAY
    state: PledgeState = PledgeState.RUNNING


def made(promise, **more):
    return Made(
        promise.kind, promise.need_minutes, promise.started_at, promise.due_at, **more
    )


@pytest.mark.capability("1.19")
@pytest.mark.parametrize(
    ("kind", "priority", "due", "rule"),
    [
        ("acknowledge", "normal", AT + 5 * MINUTE, "acknowledge"),
        ("triage", "normal", AT + DAY, "triage"),
        ("triage", "urgent", AT + HOUR, "triage-urgent"),
        ("first_response", "urgent", AT + 4 * HOUR, "response-urgent"),
        ("first_response", "high", AT + DAY, "response-high"),
        ("first_response", "normal", AT + 4 * DAY, "response-normal"),
        ("first_response", "low", AT + 7 * DAY, "response-low"),
        ("progress", "high", AT + 14 * DAY, "progress"),
        ("confirmation", "low", AT + 14 * DAY, "confirmation"),
        ("assignee_accept", "normal", AT + 4 * HOUR, "assignee-accept"),
    ],
)
def test_every_pledge_is_due_as_the_rules_say(kind, priority, due, rule):
    promise = pledges.promise(RULES, PledgeKind(kind), Priority(priority), at=AT)

    assert (promise.due_at, promise.rule) == (due, rule)
    assert (promise.rules, promise.started_at) == (RULES.identity, AT)


def test_a_working_day_is_frozen_in_open_minutes():
    rules = bylaws({"/params/calendar/standard_day_minutes": 300})
    promise = pledges.promise(rules, PledgeKind.TRIAGE, Priority.LOW, at=AT)

    assert (promise.need_minutes, promise.clock) == (300, Clock.BUSINESS)
    assert promise.due_at == AT + 5 * HOUR


def test_what_no_rule_promises_is_not_promised():
    rules = bylaws({"/params/pledges/resolution": REMOVE})

    assert not pledges.promise(rules, PledgeKind.RESOLUTION, Priority.HIGH, at=AT)


@given(kinds, priorities, moments)
def test_every_preset_promise_can_be_computed_again(kind, priority, at):
    promise = pledges.promise(RULES, kind, priority, at=at)
    calendar = pledges.calendar_of(RULES, promise.clock)

    assert pledges.due(made(promise), calendar) == promise.due_at
    assert pledges.remaining(made(promise), calendar, at=promise.due_at) == 0


def test_after_the_members_own_words_progress_is_as_quick_as_a_first_response():
    promise = pledges.promise_after_inbound(RULES, Priority.HIGH, at=AT)

    assert (promise.kind, promise.due_at) == (PledgeKind.PROGRESS, AT + DAY)
    assert promise.rule == "response-high"


def test_without_a_first_response_nothing_is_promised_after_the_members_words():
    rules = bylaws({"/params/pledges/response-high": REMOVE})

    assert pledges.promise_after_inbound(rules, Priority.HIGH, at=AT) is None


@pytest.mark.capability("5.43")
@given(moments, st.integers(-5, 80))
def test_a_follow_up_is_never_later_than_chosen_or_promised(at, days):
    longest = pledges.promise(RULES, PledgeKind.FOLLOW_UP, Priority.LOW, at=at)
    chosen = at + days * DAY

    promise = pledges.follow_up(RULES, Priority.LOW, chosen=chosen, at=at)

    first_minute = RULES.calendar.due(at, MINUTE)
    assert promise.due_at <= max(first_minute, min(chosen, longest.due_at))
    assert promise.due_at > at


def test_a_follow_up_is_due_on_the_chosen_day():
    chosen = AT + 5 * DAY

    promise = pledges.follow_up(RULES, Priority.LOW, chosen=chosen, at=AT)

    assert promise.due_at == chosen
    assert promise.need_minutes == 3 * 480


def test_without_a_rule_there_is_no_follow_up():
    rules = bylaws({"/params/pledges/follow-up": REMOVE})

    assert pledges.follow_up(rules, Priority.LOW, chosen=AT + DAY, at=AT) is None


@given(priorities, priorities, moments)
def test_a_new_priority_only_ever_makes_it_sooner(old, new, at):
    before = pledges.promise(RULES, PledgeKind.FIRST_RESPONSE, old, at=at)

    after = pledges.repromise(made(before), RULES, new)

    wished = pledges.promise(RULES, PledgeKind.FIRST_RESPONSE, new, at=at)
    due = after.due_at if after else before.due_at
    assert due == min(before.due_at, wished.due_at)
    assert after is None or after == wished


@pytest.mark.parametrize("state", sorted(set(PledgeState) - {PledgeState.RUNNING}))
def test_what_no_longer_runs_is_not_promised_again(state):
    pledge = Made(kind=PledgeKind.FIRST_RESPONSE, state=state, due_at=AT + 9 * DAY)

    assert pledges.repromise(pledge, RULES, Priority.URGENT) is None


def test_a_running_pledge_without_a_date_is_not_promised_again():
    pledge = Made(kind=PledgeKind.FIRST_RESPONSE, due_at=None)

    assert pledges.repromise(pledge, RULES, Priority.URGENT) is None


def test_what_the_rules_do_not_promise_is_not_promised_again():
    rules = bylaws({"/params/pledges/resolution": REMOVE})

    assert pledges.repromise(Made(), rules, Priority.URGENT) is None


def test_a_pause_is_not_taken_back_by_a_new_priority():
    promise = pledges.promise(RULES, PledgeKind.RESOLUTION, Priority.LOW, at=AT)
    pauses = [(AT + DAY, AT + 8 * DAY)]
    pledge = replace(
        made(promise), due_at=pledges.due(made(promise), RULES.calendar, pauses=pauses)
    )

    assert pledge.due_at > promise.due_at
    assert not pledges.repromise(pledge, RULES, Priority.HIGH, pauses=pauses)


def test_what_is_left_stands_still_while_paused():
    pledge = Made(need_minutes=480, due_at=None)
    pauses = [(AT + HOUR, AT + 3 * DAY)]

    for later in (HOUR, DAY, 3 * DAY):
        left = pledges.remaining(pledge, RULES.calendar, pauses=pauses, at=AT + later)
        assert left == 420


def test_warnings_come_at_half_three_quarters_and_the_end():
    pledge = Made(need_minutes=400)

    found = pledges.warnings(pledge, ALWAYS)

    assert found == (AT + 200 * MINUTE, AT + 300 * MINUTE, AT + 400 * MINUTE)


INSTANT = timedelta(microseconds=1)


def test_a_pledge_runs_until_it_is_due():
    pledge = Made()

    assert pledges.standing(pledge, at=AT + DAY - INSTANT) is PledgeState.RUNNING
    assert pledges.standing(pledge, at=AT + DAY) is PledgeState.OVERDUE


def test_a_paused_pledge_waits_as_long_as_it_takes():
    pledge = Made(due_at=None, state=PledgeState.PAUSED)

    assert pledges.standing(pledge, at=AT + 900 * DAY) is PledgeState.PAUSED
    assert pledges.settle(pledge, met_at=AT + 900 * DAY) is PledgeState.MET
    assert pledges.void(pledge, at=AT + 900 * DAY) is PledgeState.VOID


def test_a_pledge_that_is_kept_in_time_is_met():
    assert pledges.settle(Made(), met_at=AT + DAY - INSTANT) is PledgeState.MET


def test_a_miss_stays_a_miss_even_if_met_later():
    overdue = Made(state=PledgeState.OVERDUE, due_at=AT + DAY)

    assert pledges.settle(Made(), met_at=AT + DAY) is PledgeState.MET_LATE
    assert pledges.settle(overdue, met_at=AT) is PledgeState.MET_LATE
    assert pledges.standing(overdue, at=AT) is PledgeState.OVERDUE


def test_a_withdrawn_case_takes_back_no_miss():
    assert pledges.void(Made(), at=AT + DAY) is PledgeState.OVERDUE
    assert pledges.void(Made(), at=AT + HOUR) is PledgeState.VOID


@given(st.sampled_from(["met", "met_late", "void"]), moments)
def test_what_is_settled_stays_as_it_is(state, at):
    pledge = Made(state=PledgeState(state))

    assert pledges.standing(pledge, at=at) is pledge.state
    assert pledges.settle(pledge, met_at=at) is pledge.state
    assert pledges.void(pledge, at=at) is pledge.state


def test_no_act_answers_or_resets_a_first_response():
    meeting = [act for act, met in pledges.MEETS.items() if "first_response" in met]
    starting = [act for act, new in pledges.STARTS.items() if "first_response" in new]

    assert (meeting, starting) == ([], [Act.SUBMIT])


MET_BY = {
    "triage": "triage discard join withdraw",
    "follow_up": "other_replied follow_up_due member_wrote resolve refuse no_answer",
    "resolution": "resolve refuse no_answer",
    "progress": "resolve refuse no_answer",
    "suggestion_answer": "resolve refuse no_answer",
    "confirmation": "confirm dispute",
    "assignee_accept": "accept decline",
    "assignee_act": "ask_member ask_other release resolve refuse no_answer",
}
STARTED_BY = {
    "acknowledge": "submit",
    "triage": "submit",
    "first_response": "submit",
    "resolution": "triage",
    "follow_up": "ask_other",
    "confirmation": "resolve",
    "assignee_accept": "assign",
    "assignee_act": "accept",
}


@pytest.mark.parametrize("kind", PledgeKind)
def test_every_pledge_starts_and_ends_as_the_casework_document_says(kind):
    meeting = {act for act, met in pledges.MEETS.items() if kind in met}
    starting = {act for act, new in pledges.STARTS.items() if kind in new}

    assert meeting == set(MET_BY.get(kind, "").split())
    assert starting == set(STARTED_BY.get(kind, "").split())


def test_only_the_members_own_answer_is_no_miss_of_the_community():
    assert {PledgeKind.CONFIRMATION} == pledges.MEMBERS_OWN


@pytest.mark.parametrize("act", [Act.RESOLVE, Act.REFUSE, Act.NO_ANSWER])
def test_no_work_is_promised_on_a_case_that_has_ended(act):
    ends = {listed.to for (_, done), listed in MOVES.items() if done is act}
    work = {"progress", "follow_up", "resolution", "assignee_act", "suggestion_answer"}

    assert ends <= {State.RESOLVED, State.CLOSED}
    assert pledges.MEETS[act] == work


def test_an_idea_is_answered_and_what_comes_back_is_promised_anew():
    claim, idea = Kind.CLAIM, Kind.SUGGESTION

    assert pledges.starts(Act.TRIAGE, claim) == {PledgeKind.RESOLUTION}
    assert pledges.starts(Act.TRIAGE, idea) == {
        PledgeKind.RESOLUTION, PledgeKind.SUGGESTION_ANSWER,
    }  # fmt: skip
    assert pledges.starts(Act.RESTORE, claim) == {
        PledgeKind.TRIAGE, PledgeKind.FIRST_RESPONSE,
    }  # fmt: skip
    assert pledges.starts(Act.DISPUTE, claim) == {PledgeKind.ASSIGNEE_ACT}
    assert pledges.starts(Act.PEER_CLOSED, idea) == {PledgeKind.CONFIRMATION}
    assert pledges.starts(Act.WITHDRAW, idea) == frozenset()


def test_only_news_and_a_solution_wait_for_the_member():
    waiting = {kind for kind in PledgeKind if pledges.waits(RULES, kind)}

    assert waiting == {PledgeKind.PROGRESS, PledgeKind.RESOLUTION}
    assert pledges.promise_after_inbound(RULES, Priority.LOW, at=AT).pauses


def test_each_rule_names_its_clock():
    assert pledges.clock_of(RULES, "response-urgent") is Clock.ALWAYS
    assert pledges.clock_of(RULES, "response-high") is Clock.BUSINESS


def test_the_steps_come_a_period_apart_in_the_pledges_own_calendar():
    pledge = Made(need_minutes=960, due_at=AT)
    times = {
        rung: pledges.rung_at(pledge, RULES.calendar, rung, due=AT)
        for rung in pledges.Rung
    }

    assert times[pledges.Rung.NUDGE] == times[pledges.Rung.RELEASE] == AT
    # From Thursday at ten: two working days, then two more over the weekend.
    assert times[pledges.Rung.RAISE] == AT + 4 * DAY
    assert times[pledges.Rung.OFFER] == AT + 6 * DAY


def test_every_promise_but_three_begins_a_climb_when_it_is_missed():
    never = {
        PledgeKind.ACKNOWLEDGE, PledgeKind.FOLLOW_UP, PledgeKind.CONFIRMATION,
    }  # fmt: skip

    assert set(pledges.BEGINS) == set(PledgeKind) - never
    raised = {kind for kind, rung in pledges.BEGINS.items() if rung == 2}
    assert raised == {PledgeKind.TRIAGE}


@pytest.mark.parametrize(
    ("kind", "held", "outside", "cause"),
    [
        ("acknowledge", False, False, "technical"),
        ("first_response", True, True, "waiting_outside"),
        ("first_response", True, False, "absence"),
        ("first_response", False, False, "capacity"),
    ],
)
def test_a_miss_is_explained_as_far_as_the_facts_go(kind, held, outside, cause):
    found = pledges.cause(PledgeKind(kind), held=held, waited_outside=outside)

    assert found == cause


@dataclass
class Try:
    channel: str


@pytest.mark.parametrize(
    ("tries", "known", "enough"),
    [
        ("email email", "email", False),
        ("email email email", "email", True),
        ("email email email", "email phone", False),
        ("email email phone", "email phone post", True),
        ("email phone", "email phone", False),
        ("page page page", "page", True),
        ("page page page", "email", False),
    ],
)
def test_three_tries_two_ways_or_all_there_are_and_no_less(tries, known, enough):
    tried = [Try(one) for one in tries.split()]

    assert pledges.is_enough(tried, set(known.split()), attempts=3) is enough


@dataclass(frozen=True)
class Tried:
    channel: str
    at: datetime


@pytest.mark.parametrize(
    ("way", "hours", "counts"),
    [("phone", 23, False), ("phone", 24, True), ("postal", 1, True)],
)
def test_the_same_way_counts_once_a_day(way, hours, counts):
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    tries = [Tried("phone", first)]
    at = first + timedelta(hours=hours)
    if counts:
        pledges.check_try(way, tries, at=at)
        return
    with pytest.raises(WrongState, match="once a day"):
        pledges.check_try(way, tries, at=at)
