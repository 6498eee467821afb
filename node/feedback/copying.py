"""A copy without names, for two who have nothing to do with the case."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from governance import feedback as rules
from governance.cases import Act
from governance.cases import verb as verb_of
from governance.errors import NotFound
from ledger.entry import Role
from node import governance, jobs, officers, people, vault, walls
from node.accounts.visitor import Visitor
from node.assignments.facts import absent
from node.cases.hand import Hand
from node.cases.sealing import say
from node.core import Node
from node.feedback import telling
from node.feedback.reaching import at_hand, copy_of, findings, part, place
from node.feedback.shapes import Prepared
from node.ids import new_id
from node.models.assignments import Assignment
from node.models.feedback import Feedback, PeerCopy, PeerFinding

#: Somebody who was asked to look at a copy may be late.
LATE = "feedback.late"
#: Whoever could work on cases, or share them out, can judge how one was handled.
_VERBS = ("case.take", verb_of(Act.ASSIGN))


def prepare(node: Node, reference: str, copy: Prepared, *, by: Visitor) -> None:
    """Keep a copy without names, and ask two others to look at it."""
    with node.begin(sealed=True) as tx:
        hand, row = at_hand(node, tx, reference, by, lock=True)
        if row is None:
            raise NotFound("Nobody said anything to make a copy of.")
        copied = copy_of(tx, hand.case.id) is not None
        rules.check_copy(copied=copied, **part(hand, row))
        names = _names(hand, row)
        text = rules.check_without_names(copy.text, names, looked=copy.looked)
        whom = rules.reviewers(_could(hand, row))
        id_ = new_id(node)
        kept = PeerCopy(
            id=id_,
            case_id=hand.case.id,
            text=vault.seal(node, hand.key(), place(id_, "text", PeerCopy), text),
            prepared_by=by.person_id,
            prepared_at=node.now(),
        )
        tx.add(kept)
        tx.flush()
        say(hand, Role.COORDINATOR, "feedback.copy")
        ask(hand, kept, whom)


def ask(hand: Hand, copy: PeerCopy, whom: Collection[UUID]) -> None:
    """Ask some people to look at a copy; they are told of no case."""
    for person in whom:
        row = PeerFinding(
            id=new_id(hand.node),
            copy_id=copy.id,
            case_id=hand.case.id,
            reviewer_id=person,
            asked_at=hand.node.now(),
        )
        hand.tx.add(row)
        hand.tx.flush()
        telling.asked(hand, row)
        look_again(hand, row)


def look_again(hand: Hand, row: PeerFinding) -> None:
    """Write down when to see whether somebody looked."""
    at = hand.node.now() + rules.LATE
    once = f"{LATE}/{row.id}/{at.isoformat()}"
    jobs.put(hand.node, hand.tx, jobs.Asked(LATE, str(row.id), at, None, once))


def another(hand: Hand, row: Feedback, copy: PeerCopy) -> bool:
    """Ask one more, if there is anybody who could look."""
    there = _could(hand, row)
    there.pop(copy.prepared_by, None)
    if there:
        ask(hand, copy, rules.reviewers(there, 1))
    return bool(there)


def can_look(hand: Hand, person: UUID) -> bool:
    """Say whether somebody could look at a copy now: not who is away."""
    return person in _able(hand)


def _could(hand: Hand, row: Feedback) -> dict[UUID, int]:
    """Return who could look at a copy, and how often each was asked before."""
    tx, case = hand.tx, hand.case
    had = select(Assignment.advocate_id).where(Assignment.case_id == case.id)
    of_it = {case.member_id, case.responsible_id, row.about_id, hand.by.person_id}
    of_it |= {row.answered_by, *tx.scalars(had)}
    of_it |= {one.reviewer_id for one in findings(tx, case.id)}
    counted = select(PeerFinding.reviewer_id, func.count()).group_by(
        PeerFinding.reviewer_id
    )
    before = dict(tx.execute(counted).all())
    return {
        id_: before.get(id_, 0)
        for id_, one in _able(hand).items()
        if not any(who is not None and one.is_person(who) for who in of_it)
    }


def _able(hand: Hand) -> dict[UUID, Visitor]:
    """Return who works here, is there, and has no wall from the case."""
    tx, now = hand.tx, hand.node.now()
    away = absent(tx, at=now)
    return {
        one.person_id: one
        for one in officers.every(tx, at=now)
        if one.person_id is not None
        and one.person_id not in away
        and not walls.hides(tx, hand.case.id, one.person_id)
        and any(governance.reach(hand.bylaws, one, verb, at=now) for verb in _VERBS)
    }


def _names(hand: Hand, row: Feedback) -> set[str]:
    """Return what would say whose case it is, as far as the program knows."""
    ids = {hand.case.member_id, hand.case.responsible_id, row.about_id, row.answered_by}
    known = people.names(hand.node, hand.tx, {one for one in ids if one is not None})
    reference = hand.case.reference
    return {*known.values(), reference, reference.partition("-")[2]}
