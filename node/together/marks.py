"""When many joined a common matter: what is due by then, and that somebody did it.

Nothing leaves the node by it. Who looks, and whom they tell, are people.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.cases import Act
from governance.errors import NotFound, NotYours
from governance.joins import Mark
from node import governance, jobs, log
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, attested, pick_up, role_of
from node.cases.joined import number
from node.core import Node
from node.ids import new_id
from node.log import Saying, Ticket
from node.models.together import MatterMark
from node.together.matters import OPEN

JOB = "together.grown"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due, or was, because so many joined."""

    mark: Mark
    since: datetime
    done: bool
    #: Whether the viewer can say that it is done.
    may_settle: bool


def grown(node: Node, tx: Session, matter_id: UUID) -> None:
    """Write down that somebody joined, so it is looked at how many they are."""
    key = f"{JOB}/{matter_id}/{new_id(node)}"
    jobs.put(node, tx, jobs.Asked(JOB, str(matter_id), node.now(), None, key))


def reach(hand: Hand, due: frozenset[Mark]) -> list[Mark]:
    """Write down what became due; return what is new. What was stays, if they leave."""
    there = {row.mark for row in hand.tx.scalars(_of(hand.case.id))}
    fresh = [mark for mark in Mark if mark in due - there]
    for mark in fresh:
        row = MatterMark(case_id=hand.case.id, mark=mark, at=hand.node.now())
        hand.tx.add(row)
    hand.tx.flush()
    return fresh


def count(hand: Hand) -> int:
    """Return how many go on with a matter, for the rules alone."""
    return number(hand.tx, hand.case.id)


def _of(case_id: UUID) -> Select[MatterMark]:
    return select(MatterMark).where(MatterMark.case_id == case_id)


def listed(hand: Hand) -> tuple[Due, ...]:
    """Return what is due for a common matter, for whoever works on it."""
    rows = {row.mark: row for row in hand.tx.scalars(_of(hand.case.id))}
    return tuple(
        Due(
            mark=mark,
            since=rows[mark].at,
            done=rows[mark].settled_at is not None,
            may_settle=rows[mark].settled_at is None and _may(hand, mark),
        )
        for mark in Mark
        if mark in rows
    )


def _may(hand: Hand, mark: Mark) -> bool:
    if hand.own:
        return False
    if mark is Mark.RESPONDENT and hand.may("case.reply"):
        return True
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.may(hand.bylaws, who, OPEN, hand.what, at=at)


def settle(node: Node, reference: str, mark: Mark, *, by: Visitor) -> Ticket:
    """Say that what was due is done. Safe to say twice."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not _may(hand, mark):
            raise NotYours("Whoever works on it or coordinates says that this is done.")
        row = tx.get(MatterMark, (hand.case.id, mark), with_for_update=True)
        if row is None:
            raise NotFound("Nothing like that is due here.")
        chain = log.chain(node, tx, hand.case.id)
        if row.settled_at is not None:
            return log.ticket(tx, hand.case.id, chain.next_seq - 1)
        row.settled_at, row.settled_by = node.now(), by.person_id
        part = hand.part(Act.JOIN)
        fields = {"action": mark.value, "from": "", "to": "", "reason": ""}
        role, channel = role_of(hand, part), attested(by)
        chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
        return chain.write()
