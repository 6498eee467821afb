from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WordsMissing,
    WrongState,
)
from governance.plans import MOST, Owner
from node import cases, own_data, plans, restricting, threads
from node.erasing import Level
from node.models.jobs import Job
from node.models.plans import Task
from node.plans import NewStep
from node.threads import Words
from tests.support.erased import erase, settle, stores, wish

TITLE = "canary: send us the letter"
THURSDAY = date(2026, 3, 5)


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def add(moot, made, title=TITLE, owner=Owner.MEMBER, due=None):
    step = NewStep(uuid4(), title, owner, due)
    plans.add(moot.node, made.reference, step, by=moot["cleo"])
    moot.village.pass_time(milliseconds=1)
    return step.id


def plan(moot, made, who=None):
    by = moot[who] if who else moot.guest(made)
    return plans.show(moot.node, made.reference, by=by)


def titles(moot, made):
    return [step.title for step in plan(moot, made).steps]


def told(moot, to, subject):
    return [
        mail["Subject"]
        for address, mail in moot.village.mails
        if address == to and mail["Subject"].startswith(subject)
    ]


@pytest.mark.capability("4.15")
def test_a_plan_has_steps_for_the_member_and_for_the_advocate(moot, made):
    add(moot, made, due=THURSDAY)
    add(moot, made, "Write to the owner.", Owner.ADVOCATE)

    for reader in (None, "cleo", "iris"):
        mine, theirs = plan(moot, made, reader).steps
        assert (mine.title, mine.owner) == (TITLE, Owner.MEMBER)
        assert (theirs.title, theirs.owner) == ("Write to the owner.", Owner.ADVOCATE)
    assert [step.yours for step in plan(moot, made).steps] == [True, False]
    assert [step.yours for step in plan(moot, made, "cleo").steps] == [True, True]
    assert not plan(moot, made).writes
    assert plan(moot, made, "cleo").writes


def test_a_plan_is_seen_by_nobody_who_does_not_see_the_case(moot, made):
    step = add(moot, made)

    for stranger in ("ben", "eve", "finn", "dov"):
        for act in (plans.done, plans.undo, plans.remove):
            with pytest.raises(NotFound):
                act(moot.node, made.reference, step, by=moot[stranger])
        with pytest.raises(NotFound):
            plan(moot, made, stranger)
        new = NewStep(uuid4(), TITLE, Owner.MEMBER)
        with pytest.raises(NotFound):
            plans.add(moot.node, made.reference, new, by=moot[stranger])
    assert titles(moot, made) == [TITLE]


def test_what_is_due_first_comes_first_and_what_has_no_day_last(moot, made):
    add(moot, made, "No day.")
    add(moot, made, "Friday.", due=date(2026, 3, 6))
    add(moot, made, "Thursday.", due=THURSDAY)
    moot.village.pass_time(minutes=1)
    add(moot, made, "Thursday, too.", due=THURSDAY)
    add(moot, made, "No day, too.")

    assert titles(moot, made) == [
        "Thursday.", "Thursday, too.", "Friday.", "No day.", "No day, too.",
    ]  # fmt: skip


def test_a_member_ticks_off_what_is_theirs_and_nothing_else(moot, made):
    mine, theirs = add(moot, made), add(moot, made, "Ask.", Owner.ADVOCATE)
    by = moot.guest(made)

    plans.done(moot.node, made.reference, mine, by=by)
    with pytest.raises(NotYours):
        plans.done(moot.node, made.reference, theirs, by=by)
    with pytest.raises(NotYours):
        plans.remove(moot.node, made.reference, mine, by=by)
    with pytest.raises(NotYours):
        plans.add(moot.node, made.reference, NewStep(uuid4(), "x", Owner.MEMBER), by=by)

    now, (first, second) = moot.node.now(), plan(moot, made, "cleo").steps
    assert (first.done_at, second.done_at) == (now, None)


def test_a_step_is_done_once_and_can_be_undone(moot, made):
    step = add(moot, made, owner=Owner.ADVOCATE)
    first = moot.node.now()
    plans.done(moot.node, made.reference, step, by=moot["cleo"])
    moot.village.pass_time(hours=1)
    plans.done(moot.node, made.reference, step, by=moot["cleo"])
    (line,) = plan(moot, made).steps
    assert (line.done_at, line.done_by) == (first, "Cleo")

    plans.undo(moot.node, made.reference, step, by=moot["cleo"])

    (line,) = plan(moot, made).steps
    assert (line.done_at, line.done_by) == (None, "")


def test_who_coordinates_reads_the_plan_and_leaves_it_to_the_advocate(moot, made):
    step = add(moot, made)

    (line,) = plan(moot, made, "iris").steps
    assert (line.yours, plan(moot, made, "iris").writes) == (False, False)
    for change in (plans.done, plans.undo, plans.remove):
        with pytest.raises(NotYours):
            change(moot.node, made.reference, step, by=moot["iris"])


def test_a_step_that_is_removed_is_gone(moot, made):
    step = add(moot, made)

    plans.remove(moot.node, made.reference, step, by=moot["cleo"])

    assert titles(moot, made) == []
    with pytest.raises(NotFound):
        plans.remove(moot.node, made.reference, step, by=moot["cleo"])


def test_a_step_of_another_case_is_none_here(moot, made):
    other = moot.tell()
    moot.bring(other, State.WORKING)
    step = add(moot, other)

    with pytest.raises(NotFound):
        plans.done(moot.node, made.reference, step, by=moot["cleo"])
    assert plan(moot, other).steps[0].done_at is None


def test_a_step_sent_twice_is_added_once(moot, made):
    step = NewStep(uuid4(), TITLE, Owner.MEMBER)
    for _ in range(2):
        plans.add(moot.node, made.reference, step, by=moot["cleo"])
    assert titles(moot, made) == [TITLE]

    other = NewStep(step.id, "Something else.", Owner.MEMBER)
    with pytest.raises(IdempotencyMismatch):
        plans.add(moot.node, made.reference, other, by=moot["cleo"])
    elsewhere = moot.tell()
    moot.bring(elsewhere, State.WORKING)
    with pytest.raises(IdempotencyMismatch):
        plans.add(moot.node, elsewhere.reference, step, by=moot["cleo"])


def test_a_step_without_words_or_on_a_day_gone_by_is_none(moot, made):
    with pytest.raises(WordsMissing):
        add(moot, made, " ")
    with pytest.raises(ChoiceInvalid):
        add(moot, made, due=date(2026, 3, 2))
    assert titles(moot, made) == []


def test_a_plan_has_an_end(moot, made):
    for number in range(MOST):
        add(moot, made, f"Step {number}")

    with pytest.raises(ChoiceInvalid):
        add(moot, made)
    assert len(titles(moot, made)) == MOST


def test_the_plan_of_a_case_that_is_over_stands_and_changes_no_more(moot, made):
    step = add(moot, made, due=THURSDAY)
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Done.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")
    moot.village.pass_time(days=5)

    (line,) = plan(moot, made).steps
    assert (line.yours, line.late) == (False, False)
    for change in (plans.done, plans.undo):
        with pytest.raises(WrongState):
            change(moot.node, made.reference, step, by=moot.guest(made))


def test_whoever_takes_over_goes_on_with_the_plan(moot, made):
    step = add(moot, made, owner=Owner.ADVOCATE)
    moot.act(made, Act.RELEASE, moot["cleo"], reason="I move.", note="See the plan.")
    moot.act(made, Act.ASSIGN, moot["eve"])

    plans.done(moot.node, made.reference, step, by=moot["eve"])

    assert plan(moot, made).steps[0].done_by == "Eve"
    with pytest.raises(NotFound):
        plan(moot, made, "cleo")


def test_on_its_day_whose_step_it_is_hears_of_it_once(moot, made):
    words = Words(uuid4(), "I have it now.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    add(moot, made, due=THURSDAY)
    add(moot, made, "Ask.", Owner.ADVOCATE, THURSDAY)
    add(moot, made, "They answer.", Owner.OTHER, THURSDAY)
    done = add(moot, made, "Done before.", due=THURSDAY)
    plans.done(moot.node, made.reference, done, by=moot["cleo"])
    gone = add(moot, made, "Gone before.", due=THURSDAY)
    plans.remove(moot.node, made.reference, gone, by=moot["cleo"])

    moot.village.pass_time(days=2)
    moot.village.work(moot.node)
    before = told(moot, "ada@mailbox.example", "A step of yours")
    for _ in range(2):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)

    assert before == []
    assert len(told(moot, "ada@mailbox.example", "A step of yours")) == 1
    assert len(told(moot, "cleo@ash.example", "A step of the plan")) == 2
    assert not [mail for _, mail in moot.village.mails if "canary" in str(mail)]
    assert [step.late for step in plan(moot, made).steps] == [True] * 3 + [False]


def test_nobody_is_reminded_of_a_case_that_is_over(moot, made):
    add(moot, made, due=THURSDAY)
    moot.act(made, Act.WITHDRAW, moot.guest(made))

    moot.village.pass_time(days=4)
    moot.village.work(moot.node)

    assert told(moot, "ada@mailbox.example", "A step of yours") == []


def test_nobody_is_reminded_while_a_case_rests(moot, made):
    add(moot, made, due=THURSDAY)
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))
    moot.village.pass_time(days=4)
    moot.village.work(moot.node)
    assert told(moot, "ada@mailbox.example", "A step of yours") == []
    with pytest.raises(NotFound):
        plan(moot, made, "cleo")

    restricting.lift(moot.node, made.reference, by=moot.guest(made))
    moot.village.work(moot.node)

    assert len(told(moot, "ada@mailbox.example", "A step of yours")) == 1


def test_a_member_takes_their_plan_along(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    add(moot, made)

    (case,) = own_data.export(moot.node, by=moot["ada"])["fm:cases"]

    assert case["case"]["plan"]["steps"][0]["title"] == TITLE


def test_a_plan_goes_with_its_case(moot, made):
    add(moot, made, due=THURSDAY)
    assert not [name for name, raw in stores(moot.node).items() if b"canary" in raw]
    assert cases.view(moot.node, made.reference, by=moot.guest(made)).plan.steps

    settle(moot)
    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)
    with moot.node.read() as tx:
        assert tx.scalars(select(Task)).all() == []
        assert tx.scalars(select(Job).where(Job.kind == plans.JOB)).all() == []

    moot.village.pass_time(days=4)
    moot.village.work(moot.node)
    assert told(moot, "ada@mailbox.example", "A step of yours") == []


def test_a_plan_outlives_the_erasure_of_one_of_its_cases_words(moot, made):
    add(moot, made)

    settle(moot)
    erase(moot, made, wish(Level.CONTENT, 0))
    settle(moot)

    assert titles(moot, made) == [TITLE]
