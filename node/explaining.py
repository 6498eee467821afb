"""Why a promise was missed, as somebody who shares out cases says it.

The rules guess from the facts alone; a person knows better. What they say replaces the
guess in every count, stands in the case for its member to read, and unmakes no miss.
"""

from uuid import UUID

from sqlalchemy import select

from governance.cases import Part
from governance.errors import NotFound, NotYours, WrongState
from governance.pledges import Cause
from node import log, pledges
from node.accounts.visitor import Visitor
from node.cases import chances
from node.cases.hand import Hand, attested, pick_up, role_of
from node.core import Node
from node.log import Ticket
from node.models.pledges import MissCause, Pledge


def explain(
    node: Node, reference: str, pledge_id: UUID, cause: Cause, *, by: Visitor
) -> Ticket:
    """Say why a promise was missed; saying the same twice is saying it once."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not chances.explains(hand):
            raise NotYours("Whoever shares out the case says why it was missed.")
        pledge = _missed(hand, pledge_id)
        last = _last(hand, pledge)
        if last is not None and last.cause is cause:
            return log.ticket(tx, hand.case.id, last.entry_seq)
        log.require_writable(node)
        chain = log.chain(node, tx, hand.case.id)
        pledge.cause = cause
        seq = pledges.say_cause(
            chain,
            pledge,
            role=role_of(hand, Part.COORDINATOR),
            channel=attested(by),
            facts={"method": by.kind},
        )
        tx.add(
            MissCause(
                case_id=hand.case.id,
                entry_seq=seq,
                pledge_id=pledge.id,
                cause=cause,
                at=node.now(),
                by_id=by.person_id,
            )
        )
        return chain.write()


def _missed(hand: Hand, pledge_id: UUID) -> Pledge:
    pledge = hand.tx.get(Pledge, pledge_id)
    if pledge is None or pledge.case_id != hand.case.id:
        raise NotFound("There is no such promise in this case.")
    if pledge.missed_at is None:
        raise WrongState("This promise was not missed.")
    return pledge


def _last(hand: Hand, pledge: Pledge) -> MissCause | None:
    said = select(MissCause).where(MissCause.pledge_id == pledge.id)
    return hand.tx.scalar(said.order_by(MissCause.entry_seq.desc()).limit(1))
