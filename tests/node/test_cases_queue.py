"""The queue: who is next, as it was always told, and read by an index."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, insert, select

from governance.cases import Act, Priority, State
from governance.errors import Denied, Refusal
from governance.pledges import PledgeKind, PledgeState
from node import assignments, cases, splitting
from node.models.cases import QUEUE, WAITS, Case
from node.models.pledges import Pledge
from node.paging import PAGE
from node.splitting import Marked
from tests.support.plans import plans, reads_all, sorts

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WHO = ("cleo", "eve", "gus", "iris")


def in_the_queue(moot):
    with moot.node.read() as tx:
        return list(tx.scalars(select(Case.id).where(WAITS).order_by(*QUEUE)))


def told_plainly(moot):
    """Return the queue from the promises themselves, sorted by hand."""
    with moot.node.read() as tx:
        waiting = tx.scalars(select(Case).where(Case.state == State.QUEUED)).all()

        def place(case):
            promised = select(func.min(Pledge.due_at)).where(
                Pledge.case_id == case.id,
                Pledge.kind == PledgeKind.FIRST_RESPONSE,
                Pledge.met_at.is_(None),
                Pledge.state != PledgeState.VOID,
            )
            due = tx.scalar(promised) or NEVER
            return case.priority is not Priority.URGENT, due, case.received_at, case.id

        return [case.id for case in sorted(waiting, key=place)]


def something(moot, chance, told):
    """Do one thing to one case, as somebody might; what is refused is not done."""
    made, who = chance.choice(told), moot[chance.choice(WHO)]
    priority = chance.choice(list(Priority))
    acts = (
        lambda: moot.triage(made, priority, "So it was told."),
        lambda: assignments.take(moot.node, made.reference, by=who),
        lambda: moot.act(made, Act.RELEASE, who, reason="Away.", note="Nothing yet."),
        lambda: moot.act(made, Act.ASK_MEMBER, who, text="Since when?"),
        lambda: moot.act(made, Act.MEMBER_REPLIED, moot["ada"], text="Since May."),
        lambda: moot.act(made, Act.DISCARD, who, reason="An advertisement."),
        lambda: moot.act(made, Act.RESTORE, who, reason="It is none."),
    )
    try:
        chance.choice(acts)()
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_queue_is_in_the_order_of_its_promises(moot, seed):
    chance, done, lengths = Random(seed), 0, set()  # noqa: S311 - the same story again
    told = [moot.tell(by=moot["ada"]) for _ in range(2)]
    while done < 40:
        if len(told) < 8 and chance.random() < 0.3:
            told.append(moot.tell(by=moot["ada"]))
            moot.triage(told[-1], chance.choice(list(Priority)), "So it was told.")
        moot.village.pass_time(minutes=chance.randrange(600))
        if something(moot, chance, told):
            done += 1
            moot.village.work(moot.node)
            assert in_the_queue(moot) == told_plainly(moot)
            lengths.add(len(in_the_queue(moot)))

    assert max(lengths) > 3


#: What a place in the queue depends on.
COUNTS = ("id", "state", "priority_rank", "answer_due_at", "received_at")
MOMENTS = st.integers(0, 3).map(lambda day: datetime(2026, 3, 2 + day, tzinfo=UTC))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), MOMENTS | st.none(), MOMENTS, st.integers(0, 2**128 - 1)
        ),
        max_size=12,
        unique_by=lambda row: row[3],
    )
)
def test_urgent_ones_come_first_then_the_first_promise_then_the_first_told(rows):
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE TABLE "case" ({", ".join(COUNTS)})')
        for rank, due, received, number in rows:
            row = (UUID(int=number), State.QUEUED, rank, due, received)
            connection.execute(insert(Case), dict(zip(COUNTS, row, strict=True)))
        asked = select(Case.id).where(WAITS).order_by(*QUEUE)
        found = [one.int for one in connection.scalars(asked)]

    def place(row):
        rank, due, received, number = row
        return rank != 0, due or NEVER, received, number

    assert found == [row[3] for row in sorted(rows, key=place)]


def test_who_is_next_is_read_by_an_index_and_nothing_is_sorted(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)

    for look in (
        lambda: cases.view(moot.node, made.reference, by=moot["iris"]),
        lambda: assignments.take_next(moot.node, by=moot["cleo"]),
    ):
        (plan,) = plans(moot.node, look, "priority_rank != 0")
        assert [line for line in plan if "ix_case_queue" in line], plan
        assert not sorts(plan), plan
        assert not reads_all(plan), plan


def test_whoever_is_for_one_area_is_not_held_up_by_others(moot):
    for _ in range(PAGE + 1):
        moot.triage(moot.tell(), area="south")
    made = moot.tell()
    moot.triage(made, area="north")
    cleo = moot["cleo"]
    north = tuple(replace(one, areas=frozenset({"north"})) for one in cleo.grants)

    taken = assignments.take_next(moot.node, by=replace(cleo, grants=north))

    assert taken == made.reference


def test_whoever_takes_no_cases_is_told_so(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)

    with pytest.raises(Denied, match="for advocates"):
        assignments.take_next(moot.node, by=moot["ada"])


def test_a_part_that_is_split_off_waits_by_the_promise_of_the_whole(moot):
    made = moot.tell(text="The heating is off.\nThe lamp is broken.")
    moot.village.pass_time(hours=3)
    moot.tell()

    part = Marked(uuid4(), ("The lamp is broken.",))
    splitting.split(moot.node, made.reference, part, by=moot["iris"])

    with moot.node.read() as tx:
        dues = tx.scalars(select(Case.answer_due_at).order_by(Case.received_at)).all()
    assert len(dues) == 3
    assert dues.count(min(dues)) == 2


def test_how_somebody_was_found_is_read_by_the_case_and_not_by_the_advocate(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    def look():
        return cases.view(moot.node, made.reference, by=moot["cleo"])

    found = list(plans(moot.node, look, "FROM assignment"))

    assert found
    for plan in found:
        assert [line for line in plan if "ix_assignment_case_id" in line], plan
