"""Whether a common matter is solved: asked of each claimant, kept for each alone.

The rows are of one round: each time it is said to be done, everybody is asked anew.
What the answers come to is looked at by a job, so that no two cases are locked at once.
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from governance.cases import State
from governance.consent import Purpose, in_force
from governance.joins import Asking, Scope, Tally, recipient
from governance.resolutions import Answer
from node import jobs
from node.cases.hand import Hand
from node.core import Node
from node.ids import new_id
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent
from node.models.together import CaseJoin, ClaimAnswer
from node.upsert import insert_rows

JOB = "together.settle"


def moved(hand: Hand, event: CaseEvent) -> None:
    """Ask all claimants when a case is said to be done, and no more when it is not."""
    if event.from_state is State.RESOLVED:
        end(hand)
    if event.to_state is State.RESOLVED:
        _ask(hand, event.seq)


def _ask(hand: Hand, number: int) -> None:
    matter, now = hand.case, hand.node.now()
    there = select(CaseJoin.case_id).where(
        CaseJoin.matter_id == matter.id, CaseJoin.left_at.is_(None)
    )
    others = list(hand.tx.scalars(there.order_by(CaseJoin.case_id)))
    if not others:
        return
    counted = _counted(hand) | {matter.id}
    rows: list[dict[str, object]] = [
        {
            "matter_id": matter.id,
            "round": number,
            "case_id": case_id,
            "standing": Asking.ASKED,
            "answer": None,
            "counted": case_id in counted,
            "asked_at": now,
            "settled_at": None,
        }
        for case_id in [matter.id, *others]
    ]
    insert_rows(hand.tx, ClaimAnswer, rows)


def _counted(hand: Hand) -> set[UUID]:
    rows = hand.tx.scalars(
        select(Consent).where(
            Consent.purpose == Purpose.JOIN_COLLECTIVE,
            Consent.recipient == recipient(hand.case.reference, Scope.COUNTED),
        )
    )
    return {row.case_id for row in rows if in_force(row, at=hand.node.now())}


def last_round(tx: Session, matter_id: UUID) -> Select[ClaimAnswer]:
    """Return the query for what was asked when a matter was last said to be done."""
    last = select(func.max(ClaimAnswer.round)).where(ClaimAnswer.matter_id == matter_id)
    return _round(matter_id, tx.scalar(last))


def _round(matter_id: UUID, number: int | None) -> Select[ClaimAnswer]:
    return select(ClaimAnswer).where(
        ClaimAnswer.matter_id == matter_id, ClaimAnswer.round == number
    )


def _now(hand: Hand) -> Select[ClaimAnswer]:
    # Nothing happens to a case that is said to be done without ending that.
    last = select(func.max(CaseEvent.seq)).where(CaseEvent.case_id == hand.case.id)
    return _round(hand.case.id, hand.tx.scalar(last))


def mine(tx: Session, case_id: UUID) -> ClaimAnswer | None:
    """Return what the claimant of a case was asked last; None if they never were."""
    rows = select(ClaimAnswer).where(ClaimAnswer.case_id == case_id)
    newest = rows.order_by(ClaimAnswer.asked_at.desc(), ClaimAnswer.round.desc())
    return tx.scalar(newest.limit(1))


def may_answer(tx: Session, row: ClaimAnswer) -> bool:
    """Say whether an answer is still taken, or another one instead."""
    if row.standing not in {Asking.ASKED, Asking.ANSWERED}:
        return False
    return tx.get_one(Case, row.matter_id).state is State.RESOLVED


def own(hand: Hand) -> ClaimAnswer | None:
    """Return what the member of a matter's own case is asked with the others."""
    return hand.tx.scalar(_now(hand).where(ClaimAnswer.case_id == hand.case.id))


def keep(hand: Hand, row: ClaimAnswer, said: Answer) -> None:
    """Write down what a claimant says, and that it is to be looked at with the rest."""
    row.standing, row.answer = Asking.ANSWERED, said
    row.settled_at = hand.node.now()
    hand.tx.flush()
    look_again(hand.node, hand.tx, row.matter_id)


def look_again(node: Node, tx: Session, matter_id: UUID) -> None:
    """Write down that somebody answered or left, so all answers are looked at."""
    # One that was done before does not know of this answer: each is looked at.
    key = f"{JOB}/{matter_id}/{new_id(node)}"
    jobs.put(node, tx, jobs.Asked(JOB, str(matter_id), node.now(), None, key))


def matters_of(case_id: UUID) -> Select[UUID]:
    """Return the query for the matters that a case goes on with."""
    return select(CaseJoin.matter_id).where(
        CaseJoin.case_id == case_id, CaseJoin.left_at.is_(None)
    )


def left(hand: Hand, matter_id: UUID) -> None:
    """Ask somebody no more who goes on by themselves; what they said stays said."""
    _over(
        hand,
        Asking.OVER,
        ClaimAnswer.case_id == hand.case.id,
        ClaimAnswer.matter_id == matter_id,
    )
    look_again(hand.node, hand.tx, matter_id)


def end(hand: Hand, how: Asking = Asking.OVER) -> None:
    """Ask nobody of a matter any more: the time is over, or the work goes on."""
    _over(hand, how, ClaimAnswer.matter_id == hand.case.id)


def _over(hand: Hand, how: Asking, *which: ColumnElement[bool]) -> None:
    hand.tx.execute(
        update(ClaimAnswer)
        .where(ClaimAnswer.standing == Asking.ASKED, *which)
        .values(standing=how, settled_at=hand.node.now())
        .execution_options(synchronize_session="fetch")
    )


def waiting(hand: Hand) -> list[Case]:
    """Return the cases of others who have not said whether a matter is solved."""
    rows = _now(hand).where(
        ClaimAnswer.case_id != hand.case.id, ClaimAnswer.standing == Asking.ASKED
    )
    ids = [row.case_id for row in hand.tx.scalars(rows)]
    there = select(Case).where(Case.id.in_(ids)).order_by(Case.id)
    return list(hand.tx.scalars(there))


def tally(rows: Iterable[ClaimAnswer]) -> Tally:
    """Return what some rows of one round say together."""
    found = Counter(
        row.answer if row.standing is Asking.ANSWERED else row.standing for row in rows
    )
    return Tally(
        solved=found[Answer.SOLVED],
        partly=found[Answer.PARTLY],
        not_solved=found[Answer.NOT_SOLVED],
        waiting=found[Asking.ASKED],
        lapsed=found[Asking.LAPSED],
    )


def all_say(hand: Hand) -> Tally:
    """Return what everybody says who was asked, whoever looks: for the rules alone."""
    return tally(hand.tx.scalars(_now(hand)))
