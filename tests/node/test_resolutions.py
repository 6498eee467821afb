from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, Outcome, State
from governance.errors import (
    Denied,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    Refusal,
    WrongState,
)
from governance.pledges import PledgeKind, PledgeState
from governance.resolutions import Answer
from node import cases, consent, resolutions
from node.core import Collision
from node.models.assignments import Assignment
from node.models.cases import Case
from node.threads import Words
from tests.support.races import at_once

DESK = ("cleo", "iris", "gus")


def words(text="Done. If not so, say: not solved."):
    return Words(uuid4(), text)


def view(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made))


def answers(moot, made):
    lines = view(moot, made).pledges
    return [line for line in lines if line.kind is PledgeKind.FIRST_RESPONSE]


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.RESOLVED)
    return made


@pytest.mark.parametrize(
    ("said", "outcome"),
    [(Answer.SOLVED, Outcome.RESOLVED_CONFIRMED), (Answer.PARTLY, Outcome.PARTLY)],
)
def test_the_members_word_closes_a_case(moot, made, said, outcome):
    resolutions.answer(moot.node, made.reference, said, by=moot.guest(made))

    shown = view(moot, made)
    assert (shown.state, shown.outcome) == (State.CLOSED, outcome)
    assert shown.closed_at == moot.node.now()
    assert moot.kinds(made)[-1] == "close"


@pytest.mark.parametrize("said", Answer)
@pytest.mark.parametrize("who", DESK)
def test_nobody_at_the_desk_answers_for_the_member(moot, made, said, who):
    before = moot.size()

    with pytest.raises((NotYours, Denied)):
        resolutions.answer(moot.node, made.reference, said, by=moot[who])

    assert (view(moot, made).state, moot.size()) == (State.RESOLVED, before)


@pytest.mark.parametrize("who", [*DESK, "ada"])
def test_nobody_takes_back_what_another_told(moot, who):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    with pytest.raises((NotYours, Denied, NotFound)):
        cases.withdraw(moot.node, made.reference, by=moot[who])

    assert view(moot, made).state is State.WORKING


def test_the_member_sees_what_was_done_and_what_was_obtained(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    resolutions.resolve(
        moot.node,
        made.reference,
        words("Repaired."),
        by=moot["cleo"],
        obtained="40 EUR",
    )

    shown = view(moot, made).resolution
    assert (shown.who, shown.text, shown.obtained) == ("Cleo", "Repaired.", "40 EUR")


def test_resolving_twice_with_the_same_words_is_once(moot):
    made, done = moot.tell(), words()
    moot.bring(made, State.WORKING)
    first = resolutions.resolve(moot.node, made.reference, done, by=moot["cleo"])
    before = moot.size()

    again = resolutions.resolve(moot.node, made.reference, done, by=moot["cleo"])

    assert again.seq == first.seq
    with pytest.raises(IdempotencyMismatch):
        resolutions.resolve(
            moot.node, made.reference, Words(done.id, "Other."), by=moot["cleo"]
        )
    assert moot.size() == before


@pytest.mark.parametrize("who", ["iris", "gus"])
def test_only_who_works_on_a_case_calls_it_done(moot, who):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    with pytest.raises(NotYours):
        resolutions.resolve(moot.node, made.reference, words(), by=moot[who])

    assert view(moot, made).timeline[-1].act is Act.ACCEPT


def test_not_solved_goes_back_to_work_and_is_promised_anew(moot, made):
    moot.village.pass_time(days=3)

    resolutions.answer(
        moot.node, made.reference, Answer.NOT_SOLVED, by=moot.guest(made)
    )

    shown = view(moot, made)
    assert (shown.state, shown.disputed) == (State.WORKING, True)
    assert shown.responsible.name == "Cleo"
    kept, promised = answers(moot, made)
    assert (kept.state, promised.state) == (PledgeState.MET, PledgeState.RUNNING)
    assert promised.due_at > moot.node.now()
    assert shown.next_promise == promised
    ends = moot.kinds(made, promises=True)[-3:]
    assert ends == ["status", "pledge", "pledge"]


@pytest.mark.parametrize("said", Answer)
def test_words_go_with_an_answer_and_twice_is_once(moot, made, said):
    sent = words("Thank you.")
    by = moot.guest(made)
    first = resolutions.answer(moot.node, made.reference, said, by=by, words=sent)
    before = moot.size()

    again = resolutions.answer(moot.node, made.reference, said, by=by, words=sent)

    assert moot.size() == before
    assert again.case_id == first.case_id
    assert [one.text for one in view(moot, made).timeline].count("Thank you.") == 1


def test_who_coordinates_is_told_that_a_member_finds_it_not_solved(moot, made):
    moot.village.work(moot.node)
    moot.village.mails.clear()
    guest = moot.guest(made)
    resolutions.answer(moot.node, made.reference, Answer.NOT_SOLVED, by=guest)
    moot.village.work(moot.node)

    told = {
        to for to, mail in moot.village.mails if "Not solved, says" in mail["Subject"]
    }
    assert told == {f"{name}@ash.example" for name in ("gus", "iris", "olga")}


def test_each_dispute_counts(moot, made):
    for _ in range(2):
        resolutions.answer(
            moot.node, made.reference, Answer.NOT_SOLVED, by=moot.guest(made)
        )
        moot.act(made, Act.RESOLVE, moot["cleo"], text="Done again.")

    with moot.node.read() as tx:
        assert tx.get_one(Case, made.case_id).reopened == 2
    assert [line.state for line in answers(moot, made)] == [PledgeState.MET] * 3


@pytest.mark.parametrize("who", ["guest", "iris"])
def test_a_closed_case_comes_back_into_the_queue(moot, made, who):
    moot.act(made, Act.CONFIRM, moot.guest(made))
    moot.village.pass_time(days=89)
    by = moot.guest(made) if who == "guest" else moot[who]
    assert view(moot, made).may_reopen

    resolutions.reopen(moot.node, made.reference, by=by)

    shown = view(moot, made)
    assert (shown.state, shown.outcome, shown.closed_at) == (State.QUEUED, None, None)
    assert shown.responsible is None
    assert answers(moot, made)[-1].state is PledgeState.RUNNING
    assert moot.kinds(made, promises=True)[-2:] == ["reopen", "pledge"]


@pytest.mark.parametrize("who", ["guest", "iris"])
def test_the_time_to_come_back_ends(moot, made, who):
    by = moot.guest(made) if who == "guest" else moot[who]
    moot.act(made, Act.CONFIRM, moot.guest(made))
    moot.village.pass_time(days=90, seconds=1)

    with pytest.raises(WrongState):
        resolutions.reopen(moot.node, made.reference, by=by)

    shown = cases.view(moot.node, made.reference, by=by)
    assert not shown.may_reopen
    assert Act.REOPEN not in shown.acts


def test_reopening_twice_with_the_same_words_is_once(moot, made):
    moot.act(made, Act.CONFIRM, moot.guest(made))
    sent, by = words("It broke again."), moot.guest(made)
    resolutions.reopen(moot.node, made.reference, by=by, words=sent)
    before = moot.size()

    resolutions.reopen(moot.node, made.reference, by=by, words=sent)

    assert moot.size() == before


LIVE = (
    State.RECEIVED,
    State.QUEUED,
    State.ASSIGNED,
    State.WORKING,
    State.WAITING_MEMBER,
)


@pytest.mark.parametrize("state", LIVE)
def test_a_member_takes_a_case_back_from_wherever_it_stands(moot, state):
    made = moot.tell()
    moot.bring(made, state)

    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    shown = view(moot, made)
    assert (shown.state, shown.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    running = [line for line in shown.pledges if line.state is PledgeState.RUNNING]
    assert (running, shown.next_promise) == ([], None)
    assert moot.kinds(made)[-1] == "withdraw"
    with moot.node.read() as tx:
        ended = select(Assignment.ended_at).where(Assignment.case_id == made.case_id)
        assert None not in tx.scalars(ended).all()


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_what_is_resolved_or_closed_is_not_taken_back(moot, state):
    made = moot.tell()
    moot.bring(made, state)

    with pytest.raises(WrongState):
        cases.withdraw(moot.node, made.reference, by=moot.guest(made))


def test_a_case_that_is_over_is_no_longer_late_but_its_miss_stays(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)
    moot.village.pass_time(days=30)
    moot.village.work(moot.node)
    assert view(moot, made).late_by

    cases.withdraw(moot.node, made.reference, by=moot.guest(made))
    moot.village.pass_time(days=1)

    [line] = answers(moot, made)
    assert (line.state, view(moot, made).late_by) == (PledgeState.OVERDUE, None)
    assert line.missed_at


def test_bringing_a_case_back_agrees_again_and_only_its_member_can(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    agreed = view(moot, made).consents[0]
    consent.revoke(moot.node, made.reference, agreed.id, by=moot.guest(made))
    with pytest.raises(NotFound):
        resolutions.reopen(moot.node, made.reference, by=moot["iris"])

    resolutions.reopen(moot.node, made.reference, by=moot.guest(made))

    assert [line.withdrawn_at for line in view(moot, made).consents][1:] == [None]
    ends = moot.kinds(made, promises=True)[-3:]
    assert ends == ["reopen", "consent.give", "pledge"]


def test_a_refused_answer_keeps_no_words(moot, made):
    before = moot.size()

    with pytest.raises(Refusal):
        resolutions.answer(
            moot.node, made.reference, Answer.SOLVED, by=moot["cleo"], words=words()
        )

    assert moot.size() == before


def test_of_two_answers_at_once_one_counts(moot, made):
    def say(said):
        try:
            resolutions.answer(moot.node, made.reference, said, by=moot.guest(made))
        except (Refusal, Collision):
            return False
        return True

    won = at_once(moot.node, made.case_id, say, [Answer.SOLVED, Answer.NOT_SOLVED])

    assert sorted(won) == [False, True]
    assert view(moot, made).state is (State.CLOSED if won[0] else State.WORKING)
