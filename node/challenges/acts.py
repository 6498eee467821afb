"""Saying that somebody must not come near a case, and deciding about it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import walls as rules
from governance.cases import State
from governance.errors import ChoiceInvalid, NotFound, NotYours, WrongState
from governance.submissions import check_words
from governance.walls import Cause
from node import governance, log, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts
from node.cases.hand import Hand, pick_up
from node.challenges.judging import may_appeal, may_decide, place, stage_of
from node.core import Node
from node.log import Ticket
from node.models.accounts import Account
from node.models.cases import Case
from node.models.walls import Wall


def veto(node: Node, reference: str, reason: str, *, by: Visitor) -> Ticket | None:
    """Say, as its member, that whoever has the case shall not; it holds at once."""
    if reason.strip():
        check_words(reason)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only the member can say whom they do not want.")
        person = hand.case.responsible_id
        if person is None:
            raise WrongState("Nobody has your case at the moment.")
        if hand.case.state in {State.CLOSED, State.ERASED}:
            raise WrongState("Nobody works on this case any more.")
        return _raise(hand, person, Cause.VETO, reason)


def challenge(
    node: Node, reference: str, person: UUID, reason: str, *, by: Visitor
) -> Ticket | None:
    """Say that somebody has an interest in a case; of oneself, it holds at once."""
    check_words(reason)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if hand.own:
            raise NotYours("In your own case, say whom you do not want.")
        known = select(Account.id).where(Account.person_id == person)
        if tx.scalar(known) is None or person == hand.case.member_id:
            raise ChoiceInvalid("Choose somebody who works here.", field="person")
        return _raise(hand, person, Cause.CHALLENGE, reason)


def _raise(hand: Hand, person: UUID, cause: Cause, reason: str) -> Ticket | None:
    node, tx, case = hand.node, hand.tx, hand.case
    # Saying it twice is saying it once.
    again = select(Wall.id).where(
        Wall.case_id == case.id,
        Wall.person_id == person,
        Wall.cause == cause,
        Wall.lifted_at.is_(None),
    )
    if tx.scalar(again.limit(1)) is not None:
        return None
    row = conflicts.wall(node, case.id, person, cause)
    row.raised_by = hand.by.person_id
    row.stands = rules.stands_at_once(cause, own=person == hand.by.person_id)
    if reason.strip():
        row.reason = vault.seal(node, hand.key(), place(row.id), reason.strip())
    tx.add(row)
    tx.flush()
    return _follow(hand, person) if row.stands else None


def _follow(hand: Hand, person: UUID) -> Ticket | None:
    conflicts.forget_notices(hand.tx, hand.case.id, [person])
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    return chain.write() if conflicts.let_go(hand, chain) else None


def decide(node: Node, wall_id: UUID, *, stands: bool, by: Visitor) -> Ticket | None:
    """Say whether a wall stands: a coordinator on no side, or a steward on appeal."""
    with node.begin(sealed=True) as tx:
        row, hand = _pick(node, tx, wall_id, by)
        if not may_decide(hand, row, stage_of(row)):
            raise NotFound("There is no such wall here.")
        if row.cause in rules.ABSOLUTE:
            raise WrongState("This wall follows from who they are. It stays.")
        row.stands, row.decided_by, row.decided_at = stands, by.person_id, node.now()
        row.lifted_at = None if stands else node.now()
        row.appealed_at = None
        tx.flush()
        return _follow(hand, row.person_id) if stands else None


def appeal(node: Node, wall_id: UUID, *, by: Visitor) -> None:
    """Ask a steward to look at a wall again, as whoever asked for it."""
    with node.begin() as tx:
        row, hand = _pick(node, tx, wall_id, by)
        if not may_appeal(hand, row):
            raise NotFound("There is no such wall here.")
        row.appealed_at = node.now()


def _pick(node: Node, tx: Session, wall_id: UUID, by: Visitor) -> tuple[Wall, Hand]:
    # The case first, as everybody locks it: nobody waits for anybody in a circle.
    case_id = tx.scalar(select(Wall.case_id).where(Wall.id == wall_id))
    case = tx.get(Case, case_id, with_for_update=True) if case_id else None
    row = tx.get(Wall, wall_id, with_for_update=True) if case else None
    if case is None or row is None:
        raise NotFound("There is no such wall here.")
    return row, Hand(node, tx, case, by, governance.in_force(node, tx))
