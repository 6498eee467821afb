from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import LIVE, Act, Outcome, State
from governance.errors import NotYours, WrongState
from governance.pledges import Choice, PledgeState, Rung, rung_at
from node import assignments, cases, erasing, ladder, pledges, threads
from node.erasing import Level, Wish
from node.models.cases import Case, CaseEvent
from node.models.jobs import Job
from node.models.pledges import Escalation, Pledge
from node.threads import Words
from tests.node.test_pledges_kinds import of, running, say, states

MAIL = "ada@mailbox.example"


def until(moot, at):
    """Let time go by until a moment, with the worker at work all along."""
    while moot.village.now < at:
        moot.village.now = min(at, moot.village.now + timedelta(days=1))
        moot.village.work(moot.node)


def taken(moot, made):
    """Return the steps that a case took."""
    with moot.node.read() as tx:
        rows = select(Escalation.rung).where(Escalation.case_id == made.case_id)
        return list(tx.scalars(rows.order_by(Escalation.entry_seq)))


def subjects(moot, who):
    return [mail["Subject"] for to, mail in moot.village.mails if to == who]


def step_at(moot, pledge, rung):
    with moot.node.read() as tx:
        terms = pledges.terms(moot.node, tx, pledge)
    return rung_at(pledge, terms.calendar, rung, due=pledge.due_at)


def test_whoever_has_it_is_reminded_at_three_quarters_and_not_before(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")

    until(moot, answer.started_at + timedelta(days=1))
    assert of(moot, made, "first_response")[0].warned == 50
    assert taken(moot, made) == []
    until(moot, answer.due_at - timedelta(hours=3))

    assert of(moot, made, "first_response")[0].warned == 75
    assert set(taken(moot, made)) == {Rung.NUDGE}
    assert any("nearly due" in one for one in subjects(moot, "cleo@ash.example"))


def test_a_warning_that_is_looked_at_twice_warns_once(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    moot.village.now = answer.due_at - timedelta(hours=1)
    for _ in range(3):
        ladder.warn(moot.node, str(answer.id))

    assert taken(moot, made).count(Rung.NUDGE) == 1


def test_nobody_is_reminded_of_what_nobody_has(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at - timedelta(hours=1))

    assert taken(moot, made) == []


def test_when_nobody_answers_the_case_climbs_by_itself_and_keeps_its_place(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")

    until(moot, answer.due_at)
    assert moot.state(made) is State.QUEUED
    assert any("sorry" in one for one in subjects(moot, MAIL))
    assert any("was missed" in one for one in subjects(moot, "iris@ash.example"))
    until(moot, step_at(moot, answer, Rung.RAISE))
    assert any("Still nobody" in one for one in subjects(moot, "iris@ash.example"))
    assert any("made good" in one for one in subjects(moot, "dov@ash.example"))
    until(moot, step_at(moot, answer, Rung.OFFER))

    [late] = of(moot, made, "first_response")
    assert (late.state, late.due_at, late.rung) == (
        PledgeState.OVERDUE, answer.due_at, Rung.OFFER,
    )  # fmt: skip
    assert any("What shall we do" in one for one in subjects(moot, MAIL))
    kinds = [entry.kind for entry in moot.entries(made)]
    assert kinds.count("escalate") == len(taken(moot, made))


def test_an_answer_ends_the_climb(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    assignments.take(moot.node, made.reference, by=moot["eve"])
    say(moot, made, "eve")
    before = [rung for rung in taken(moot, made) if rung > Rung.NUDGE]

    until(moot, step_at(moot, answer, Rung.OFFER))

    [late] = of(moot, made, "first_response")
    assert (late.state, late.rung) == (PledgeState.MET_LATE, Rung.RELEASE)
    assert Rung.RELEASE in before


def test_a_case_that_nobody_sorts_goes_to_coordinators_and_stewards_at_once(moot):
    made = moot.tell()
    [look] = of(moot, made, "triage")

    until(moot, look.due_at)

    assert taken(moot, made) == [Rung.RAISE]
    assert moot.state(made) is State.RECEIVED
    assert any("made good" in one for one in subjects(moot, "dov@ash.example"))


@pytest.mark.capability("1.23")
def test_an_offer_that_nobody_takes_goes_back_to_the_queue_by_rule(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.ASSIGNED)
    [asked] = of(moot, made, "assignee_accept")

    until(moot, asked.due_at)

    assert moot.state(made) is State.QUEUED
    with moot.node.read() as tx:
        last = tx.scalars(
            select(CaseEvent)
            .where(CaseEvent.case_id == made.case_id)
            .order_by(CaseEvent.seq.desc())
        ).first()
    assert (last.act, last.actor_id) == (Act.EXPIRE, None)
    assert last.rule.startswith("system-case-expire ")
    assert states(moot, made, "assignee_accept") == ["overdue"]
    assert any("sorry" in one for one in subjects(moot, MAIL))


def test_who_does_not_act_loses_the_case_and_leaves_a_note(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [act] = of(moot, made, "assignee_act")

    until(moot, act.due_at)

    assert moot.state(made) is State.QUEUED
    assignments.take(moot.node, made.reference, by=moot["eve"])
    [note] = cases.behind(moot.node, made.reference, by=moot["eve"]).notes
    assert "was not kept" in note


def test_who_answers_keeps_the_case_though_it_is_not_solved_by_its_date(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [solution] = of(moot, made, "resolution")
    while moot.village.now < solution.due_at:
        say(moot, made)
        until(moot, min(solution.due_at, moot.village.now + timedelta(days=5)))

    assert states(moot, made, "resolution") == ["overdue"]
    assert moot.state(made) is State.WORKING


def test_silence_while_it_waits_for_somebody_outside_is_silence_too(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_OTHER)
    [answer] = of(moot, made, "first_response")

    until(moot, answer.due_at)

    assert moot.state(made) is State.QUEUED


def test_a_step_that_is_looked_at_too_soon_or_twice_does_nothing(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    size = moot.size()

    ladder.climb(moot.node, str(answer.id))
    ladder.look(moot.node, str(answer.id))
    ladder.climb(moot.node, str(uuid4()))
    ladder.warn(moot.node, str(uuid4()))

    assert moot.size() == size


def test_no_step_follows_once_a_case_is_over(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))
    before = taken(moot, made)

    until(moot, step_at(moot, answer, Rung.OFFER))

    assert taken(moot, made) == before


@pytest.mark.parametrize("by", ["link", "member"])
def test_after_a_miss_the_member_takes_the_next_step_when_they_want(moot, by):
    made = moot.tell(by=moot["ada"]) if by == "member" else moot.tell()
    who = moot["ada"] if by == "member" else moot.guest(made)
    moot.bring(made, State.QUEUED)
    assert not ladder.stands(moot.node, made.reference, by=who).may_escalate
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    assert ladder.stands(moot.node, made.reference, by=who).may_escalate

    ladder.escalate(moot.node, made.reference, by=who)
    assert ladder.stands(moot.node, made.reference, by=who).rung is Rung.RAISE
    ladder.escalate(moot.node, made.reference, by=who)

    stands = ladder.stands(moot.node, made.reference, by=who)
    assert (stands.rung, stands.offered, stands.may_escalate) == (
        Rung.OFFER, True, False,
    )  # fmt: skip
    with pytest.raises(WrongState):
        ladder.escalate(moot.node, made.reference, by=who)


def test_nothing_is_taken_further_up_while_every_promise_was_kept(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    with pytest.raises(WrongState):
        ladder.escalate(moot.node, made.reference, by=moot.guest(made))
    with pytest.raises(WrongState):
        ladder.choose(moot.node, made.reference, Choice.WAIT, by=moot.guest(made))


def test_nobody_but_the_member_asks_or_chooses(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    moot.village.now = answer.due_at

    for by in (moot["cleo"], moot["iris"]):
        with pytest.raises(NotYours):
            ladder.escalate(moot.node, made.reference, by=by)
        with pytest.raises(NotYours):
            ladder.choose(moot.node, made.reference, Choice.WAIT, by=by)
        assert ladder.stands(moot.node, made.reference, by=by) == ladder.Stands()


def test_what_the_member_chooses_is_written_down_and_nothing_leaves(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.QUEUED)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    guest = moot.guest(made)
    for _ in range(2):
        ladder.escalate(moot.node, made.reference, by=guest)

    ladder.choose(moot.node, made.reference, Choice.PARTNER, by=guest)
    ladder.choose(moot.node, made.reference, Choice.ASSEMBLY, by=guest)
    moot.village.work(moot.node)

    stands = ladder.stands(moot.node, made.reference, by=guest)
    assert stands.choice is Choice.ASSEMBLY
    shown = cases.view(moot.node, made.reference, by=guest).timeline
    assert [one.choice for one in shown if one.choice] == ["partner", "assembly"]
    assert any("chose" in one for one in subjects(moot, "iris@ash.example"))
    with moot.node.read() as tx:
        assert tx.get_one(Case, made.case_id).state is State.QUEUED


@pytest.mark.parametrize(
    "state",
    [
        State.RECEIVED,
        State.QUEUED,
        State.ASSIGNED,
        State.WORKING,
        State.WAITING_MEMBER,
        State.WAITING_OTHER,
        State.RESOLVED,
    ],
)
def test_a_year_without_anybody_leaves_no_live_case_silent(moot, state):
    made = moot.tell(contact=MAIL)
    moot.bring(made, state)
    start, outcomes = moot.village.now, set()

    while moot.village.now < start + timedelta(days=365):
        moot.village.pass_time(days=30)
        moot.village.work(moot.node)
        with moot.node.read() as tx:
            outcomes.add(tx.get_one(Case, made.case_id).outcome)

    with moot.node.read() as tx:
        case = tx.get_one(Case, made.case_id)
    if case.state in LIVE:
        # It is owed something, is at the end of the ladder, and its member can choose.
        assert running(moot, made)
        stands = ladder.stands(moot.node, made.reference, by=moot.guest(made))
        assert stands.offered
        assert case.next_due_at is not None or state is State.RECEIVED
    else:
        # Nobody said that it shall be kept either, so its name went after a while.
        assert case.state is State.ERASED
        assert len(outcomes & {Outcome.UNREACHABLE, Outcome.RESOLVED_UNCONFIRMED}) == 1
    assert not [one for one in of(moot, made) if one.state is PledgeState.RUNNING]


def test_erasing_a_case_forgets_its_timers(moot):
    made = moot.tell()
    moot.bring(made, State.WAITING_MEMBER)
    guest, four = moot.guest(made), " ".join(made.words)
    erasing.erase(
        moot.node, made.reference, Wish(level=Level.CHAIN, words=four), by=guest
    )

    with moot.node.read() as tx:
        waiting = tx.scalars(select(Job.kind).where(Job.done_at.is_(None))).all()
    assert not {"pledge.due", "pledge.warn", "case.remind", "ladder.step"} & set(
        waiting
    )


def test_words_and_steps_stand_in_the_order_they_were_sealed(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    [answer] = of(moot, made, "first_response")
    until(moot, answer.due_at)
    words = Words(uuid4(), "Is anybody there?")
    threads.write(moot.node, made.reference, words, by=moot.guest(made))

    shown = cases.view(moot.node, made.reference, by=moot.guest(made)).timeline

    assert [one.seq for one in shown] == sorted(one.seq for one in shown)
    assert {"escalate", "reply"} <= {one.kind for one in shown}
    assert {one.machine for one in shown if one.kind == "escalate"} == {True}
    with moot.node.read() as tx:
        [row] = tx.scalars(select(Pledge).where(Pledge.id == answer.id))
    assert row.missed_at == answer.due_at
