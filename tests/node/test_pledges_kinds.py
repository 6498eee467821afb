from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance import pledges as rules
from governance.cases import Act, Kind, Priority, State
from governance.pledges import Cause, PledgeState
from governance.resolutions import Answer
from node import assignments, cases, pledges, resolutions, threads
from node.cases import TriageChoice
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.threads import Words
from tests.support.cast import moot_on

OPEN = {PledgeState.RUNNING, PledgeState.PAUSED, PledgeState.OVERDUE}


def of(moot, made, kind=None):
    """Return the promises of a case, or those of one kind, as they were made."""
    with moot.node.read() as tx:
        rows = select(Pledge).where(Pledge.case_id == made.case_id)
        found = tx.scalars(rows.order_by(Pledge.started_at, Pledge.round)).all()
    return [one for one in found if kind in {None, one.kind.value}]


def states(moot, made, kind):
    return [one.state.value for one in of(moot, made, kind)]


def running(moot, made):
    return {one.kind.value for one in of(moot, made) if one.state in OPEN}


def recomputed(moot, pledge):
    """Return when a promise is due, from nothing but what happened."""
    with moot.node.read() as tx:
        terms = pledges.terms(moot.node, tx, pledge)
        return rules.due(pledge, terms.calendar, pauses=terms.pauses)


def say(moot, made, who="cleo"):
    words = Words(uuid4(), "An answer.")
    threads.reply(moot.node, made.reference, words, by=moot[who])


def write(moot, made):
    words = Words(uuid4(), "More of it.")
    threads.write(moot.node, made.reference, words, by=moot.guest(made))


def test_telling_promises_a_note_a_look_and_an_answer(moot):
    made = moot.tell()

    assert [one.kind.value for one in made.pledges] == [
        "acknowledge", "triage", "first_response",
    ]  # fmt: skip
    assert states(moot, made, "acknowledge") == ["met"]
    assert running(moot, made) == {"triage", "first_response"}


@pytest.mark.parametrize("act", [Act.TRIAGE, Act.DISCARD, Act.WITHDRAW])
def test_a_look_was_taken_by_whatever_leads_out_of_the_inbox(moot, act):
    made = moot.tell()
    if act is Act.TRIAGE:
        moot.triage(made)
    else:
        by = moot["iris"] if act is Act.DISCARD else moot.guest(made)
        moot.act(made, act, by, reason="An advertisement.")

    assert states(moot, made, "triage") == ["met"]


def test_what_is_brought_back_to_the_inbox_is_promised_a_look_again(moot):
    made = moot.tell()
    moot.act(made, Act.DISCARD, moot["iris"], reason="An advertisement.")
    [aside] = cases.set_aside(moot.node, by=moot["olga"])
    cases.seen(moot.node, made.reference, aside.proposal, by=moot["olga"])
    assert states(moot, made, "first_response") == ["void"]

    moot.act(made, Act.RESTORE, moot.guest(made))

    assert states(moot, made, "triage") == ["met", "running"]
    assert states(moot, made, "first_response") == ["void", "running"]


def test_an_offer_is_to_be_accepted_and_accepting_promises_an_act(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)
    assert states(moot, made, "assignee_accept") == ["running"]

    moot.act(made, Act.ACCEPT, moot["cleo"])

    assert states(moot, made, "assignee_accept") == ["met"]
    assert states(moot, made, "assignee_act") == ["running"]


def test_who_takes_a_case_is_not_asked_whether_they_will(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    assert of(moot, made, "assignee_accept") == []


def test_only_the_one_who_has_it_acts_for_the_one_who_has_it(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    moot.act(made, Act.ASK_MEMBER, moot["iris"], text="Since when?")
    assert states(moot, made, "assignee_act") == ["met"]

    write(moot, made)
    assert states(moot, made, "assignee_act") == ["met", "running"]
    say(moot, made)

    assert states(moot, made, "assignee_act") == ["met", "met"]


def test_an_answer_promises_the_next_news_and_the_next_one_keeps_that(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    assert states(moot, made, "first_response") == ["met"]
    assert states(moot, made, "progress") == ["running"]

    moot.village.pass_time(days=3)
    say(moot, made)

    assert states(moot, made, "progress") == ["met", "running"]
    assert states(moot, made, "first_response") == ["met"]


def test_news_wait_while_the_member_is_asked_and_for_exactly_as_long(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    moot.village.pass_time(days=1)
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")
    [_, asked] = of(moot, made, "progress")
    [solution] = of(moot, made, "resolution")
    assert (asked.state, asked.due_at) == (PledgeState.PAUSED, None)
    assert asked.remaining_minutes == asked.need_minutes
    assert solution.remaining_minutes == solution.need_minutes - 480

    moot.village.pass_time(days=2)
    cases.resume(moot.node, made.reference, "I found it out.", by=moot["cleo"])

    [_, asked] = of(moot, made, "progress")
    [solution] = of(moot, made, "resolution")
    for one in (asked, solution):
        assert (one.state, one.remaining_minutes) == (PledgeState.RUNNING, None)
        assert one.due_at == recomputed(moot, one)
    assert asked.due_at == asked.started_at + timedelta(days=2 + 14)


def test_what_is_kept_while_it_waits_keeps_the_day_it_was_due(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    moot.village.pass_time(days=1)

    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")

    [kept, _] = of(moot, made, "progress")
    assert (kept.state, kept.remaining_minutes) == (PledgeState.MET, None)
    assert kept.due_at == kept.started_at + timedelta(days=14)


def test_a_first_answer_never_waits(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_OTHER)
    [before] = of(moot, made, "first_response")

    moot.village.pass_time(days=1)

    [after] = of(moot, made, "first_response")
    assert (after.state, after.due_at) == (PledgeState.RUNNING, before.due_at)


def test_who_writes_is_answered_as_soon_as_a_new_case_and_once_is_enough(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    [news] = of(moot, made, "progress")

    moot.village.pass_time(hours=1)
    write(moot, made)
    [sooner] = of(moot, made, "progress")
    moot.village.pass_time(hours=1)
    write(moot, made)
    [again] = of(moot, made, "progress")

    assert sooner.rule == "response-normal"
    assert sooner.due_at == recomputed(moot, sooner) < news.due_at
    assert (again.due_at, again.started_at) == (sooner.due_at, sooner.started_at)


def test_writing_never_makes_what_was_promised_later(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    moot.village.pass_time(days=13)
    [before] = of(moot, made, "progress")

    write(moot, made)

    [after] = of(moot, made, "progress")
    assert (after.due_at, after.rule) == (before.due_at, before.rule)


def test_words_before_the_first_answer_promise_nothing_new(moot):
    made = moot.tell()
    write(moot, made)

    assert running(moot, made) == {"triage", "first_response"}


def test_words_after_a_solution_are_owed_an_answer(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)
    assert running(moot, made) == {"confirmation"}

    write(moot, made)

    assert running(moot, made) == {"confirmation", "progress"}


def test_an_idea_is_promised_an_answer_and_a_solution_is_one(moot):
    made = moot.tell()
    choice = TriageChoice(
        kind=Kind.SUGGESTION, topic="housing", priority=Priority.NORMAL, area=None
    )
    cases.triage(moot.node, made.reference, choice, by=moot["iris"])
    assert states(moot, made, "suggestion_answer") == ["running"]

    assignments.take(moot.node, made.reference, by=moot["cleo"])
    moot.act(made, Act.RESOLVE, moot["cleo"], text="We adopt it.")

    assert states(moot, made, "suggestion_answer") == ["met"]


def test_a_case_is_come_back_to_on_its_day_and_that_is_no_miss(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    say(moot, made)
    until = (moot.node.now() + timedelta(days=5)).isoformat()
    moot.act(
        made, Act.ASK_OTHER, moot["cleo"], whom="The office", text="?", until=until
    )
    [ask_again] = of(moot, made, "follow_up")

    moot.village.now = ask_again.due_at
    moot.village.work(moot.node)

    [ask_again] = of(moot, made, "follow_up")
    assert (ask_again.state, ask_again.missed_at) == (PledgeState.MET, None)
    assert moot.state(made) is State.WORKING


def test_a_day_after_the_longest_is_brought_forward(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    until = (moot.node.now() + timedelta(days=90)).isoformat()
    moot.act(
        made, Act.ASK_OTHER, moot["cleo"], whom="The office", text="?", until=until
    )

    [ask_again] = of(moot, made, "follow_up")

    assert ask_again.need_minutes == 20 * 480
    assert ask_again.due_at == recomputed(moot, ask_again)


@pytest.mark.parametrize("answer", ["solved", "not_solved"])
def test_only_the_member_says_whether_it_is_solved(moot, answer):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)
    assert states(moot, made, "confirmation") == ["running"]

    by = moot.guest(made)
    said = Answer(answer)
    resolutions.answer(moot.node, made.reference, said, by=by)

    assert states(moot, made, "confirmation") == ["met"]


def test_a_disputed_case_is_owed_an_act_again(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)

    moot.act(made, Act.DISPUTE, moot.guest(made))

    assert {"assignee_act", "first_response"} <= running(moot, made)


def test_nothing_is_owed_once_a_case_is_over(moot):
    made = moot.tell()
    moot.bring(made, State.CLOSED)

    assert running(moot, made) == set()


def test_giving_it_to_somebody_else_changes_no_date_the_member_was_given(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [before] = of(moot, made, "first_response")

    moot.village.pass_time(days=1)
    moot.act(made, Act.RELEASE, moot["cleo"], reason="Away.", note="Nothing done.")
    assignments.take(moot.node, made.reference, by=moot["eve"])

    [after] = of(moot, made, "first_response")
    assert (after.due_at, after.started_at) == (before.due_at, before.started_at)


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (State.QUEUED, Cause.CAPACITY),
        (State.WORKING, Cause.ABSENCE),
        (State.WAITING_OTHER, Cause.WAITING_OUTSIDE),
    ],
)
def test_a_miss_has_a_cause_as_far_as_the_facts_tell(moot, state, cause):
    made = moot.tell()
    moot.bring(made, state)
    [answer] = of(moot, made, "first_response")
    moot.village.now = answer.due_at

    if state is State.WORKING:
        say(moot, made)
    else:
        moot.village.work(moot.node)

    [answer] = of(moot, made, "first_response")
    assert answer.missed_at == answer.due_at
    assert answer.cause is cause


def test_every_running_promise_has_a_timer_for_when_it_is_due(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_MEMBER)
    moot.village.pass_time(days=1)
    write(moot, made)

    kept = of(moot, made)
    with moot.node.read() as tx:
        for one in kept:
            if one.state is PledgeState.RUNNING:
                at = select(Job.run_at).where(
                    Job.kind == pledges.DUE, Job.subject == str(one.id)
                )
                assert one.due_at in tx.scalars(at).all()


#: What can happen in the life of a case that has somebody, and the hours before it.
LIVES = st.lists(
    st.tuples(
        st.sampled_from(["say", "write", "ask", "other", "resume", "back"]),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LIVES)
def test_what_is_due_can_be_computed_from_what_happened(tmp_path_factory, life):
    with moot_on("", tmp_path_factory.mktemp("life")) as moot:
        made = moot.tell()
        moot.bring(made, State.WORKING)
        for what, hours in life:
            moot.village.pass_time(hours=hours)
            _live(moot, made, what)
        for one in of(moot, made):
            if one.state in OPEN and one.due_at is not None:
                assert one.due_at == recomputed(moot, one), one.kind
            assert (one.due_at is None) == (one.state is PledgeState.PAUSED)


def _live(moot, made, what):
    state, cleo = moot.state(made), moot["cleo"]
    if what == "write":
        write(moot, made)
    elif what == "resume" and state is State.WAITING_MEMBER:
        cases.resume(moot.node, made.reference, "I know it.", by=cleo)
    elif what == "back" and state is State.WAITING_OTHER:
        cases.come_back(moot.node, made.reference, by=moot["iris"])
    elif state is State.WORKING and what == "ask":
        moot.act(made, Act.ASK_MEMBER, cleo, text="Since when?")
    elif state is State.WORKING and what == "other":
        until = (moot.node.now() + timedelta(days=4)).isoformat()
        moot.act(made, Act.ASK_OTHER, cleo, whom="They", text="?", until=until)
    elif what == "say":
        say(moot, made)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(Priority), st.integers(0, 200), st.booleans())
def test_a_guest_and_a_member_are_promised_the_same(
    tmp_path_factory, priority, hours, wealthy
):
    with moot_on("", tmp_path_factory.mktemp("same")) as moot:
        moot.village.pass_time(hours=hours)
        wanted = "A million." if wealthy else ""
        pair = [
            moot.tell(by=moot["ada"], wanted=wanted),
            moot.tell(contact="b@mailbox.example"),
        ]
        moot.village.now -= timedelta(milliseconds=1)
        for made in pair:
            moot.triage(made, priority, "A reason.")
            assignments.take(moot.node, made.reference, by=moot["cleo"])
        kept = [
            sorted((one.kind, one.rule, one.need_minutes) for one in of(moot, made))
            for made in pair
        ]
    assert kept[0] == kept[1]
