"""Handing a case to a partner community, as far as this node's side goes.

Nothing leaves before a gate has seen consent and agreement. There are no agreements
yet, so the gate that is built in lets nothing through.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import handovers as rules
from governance.access import Sent
from governance.cases import Act, Need, Part
from governance.cases import State as CaseState
from governance.consent import Data, Purpose
from governance.errors import NoAgreement, NotFound, WrongState
from governance.handovers import Acceptance, Kind, State, Step
from governance.pledges import PledgeKind
from governance.predicates import Circumstance
from node import governance, log
from node.accounts.visitor import Visitor
from node.cases import consents, disclosures, handed
from node.cases.disclosures import Left
from node.cases.hand import RULE, Hand, by_rule, pick_up
from node.cases.moving import Step as Move
from node.cases.moving import move
from node.core import Node
from node.ids import new_id
from node.log import Chain, Ticket
from node.models.handovers import Handover
from node.models.pledges import Pledge

#: Lets an offer through, or raises. Called when it is made and when it is sent.
Gate = Callable[[Handover], None]


def closed(handover: Handover) -> None:
    """Let nothing through: no agreement with anybody is in force here."""
    raise NoAgreement(
        f"No agreement with {handover.peer} is in force, so nothing leaves this node."
    )


def draft(
    node: Node, reference: str, peer: str, *, by: Visitor, kind: Kind = Kind.TRANSFER
) -> UUID:
    """Prepare to offer a case to a partner, with the consent its member gave for it."""
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        if hand.case.state is not CaseState.WORKING:
            raise WrongState("Only a case that somebody works on goes to a partner.")
        _require_consent(hand, peer)
        row = Handover(
            id=new_id(node),
            case_id=hand.case.id,
            peer=peer,
            kind=kind,
            state=State.DRAFTED,
            drafted_by=by.person_id,
            drafted_at=node.now(),
            name="",
            rules="",
            moved_at=node.now(),
        )
        tx.add(row)
        tx.flush()
        return row.id


def _require_consent(hand: Hand, peer: str) -> None:
    consents.require(hand, Purpose.SHARE_WITH_NODE, peer, Data.CASE)
    if hand.by.person_id is None:
        return
    purpose = Purpose.SHARE_WITH_NODE.value
    now = Circumstance(at=hand.node.now(), purpose=purpose)
    what = governance.consented(hand.what, {purpose})
    who = governance.subject(hand.by)
    governance.require(hand.bylaws, who, "handover.offer", what, at=now)


def offer(node: Node, id_: UUID, *, by: Visitor, gate: Gate = closed) -> None:
    """Offer a case to a partner, if consent and the gate let it through."""
    with node.begin() as tx:
        row = _row(tx, id_)
        hand = replace(_case(node, tx, row), by=by)
        _require_consent(hand, row.peer)
        gate(row)
        _step(node, row, Step.OFFER)
        chain = log.chain(node, tx, row.case_id)
        _left(hand, chain, row.peer, Sent.OFFER)
        chain.write()


def _left(hand: Hand, chain: Chain, peer: str, what: Sent) -> None:
    consent = consents.require(hand, Purpose.SHARE_WITH_NODE, peer, Data.CASE)
    disclosures.write(hand, chain, Left(what, peer, consent.id))


def accepted(
    node: Node, id_: UUID, promise: Acceptance, *, agreed: bool = False
) -> None:
    """Write down that the partner accepts, with a name and a promise of theirs."""
    with node.begin() as tx:
        row = _row(tx, id_)
        hand = _case(node, tx, row)
        rules.check_acceptance(promise, ours=_due(tx, row.case_id), agreed=agreed)
        consents.require(hand, Purpose.SHARE_WITH_NODE, row.peer, Data.CASE)
        _step(node, row, Step.ACCEPT)
        row.name, row.answer_by = promise.name, promise.answer_by
        row.rules = promise.rules


def _due(tx: Session, case_id: UUID) -> datetime | None:
    first = select(Pledge.due_at).where(
        Pledge.case_id == case_id,
        Pledge.kind == PledgeKind.FIRST_RESPONSE,
        Pledge.met_at.is_(None),
    )
    return tx.scalar(first.order_by(Pledge.round.desc()).limit(1))


def rejected(node: Node, id_: UUID) -> None:
    """Write down that the partner does not take it. The case stays where it is."""
    with node.begin() as tx:
        _step(node, _row(tx, id_), Step.REJECT)


def delivered(node: Node, id_: UUID) -> Ticket:
    """Write down that the partner has what was consented; a transfer moves the case."""
    with node.begin(sealed=True) as tx:
        row = _row(tx, id_)
        hand = _case(node, tx, row)
        chain = log.chain(node, tx, row.case_id)
        _left(hand, chain, row.peer, Sent.CASE)
        _step(node, row, Step.DELIVER)
        if row.kind is Kind.TRANSFER:
            _say(hand, chain, Act.TRANSFER_DONE, row.peer)
        return chain.write()


def finished(node: Node, id_: UUID) -> Ticket:
    """Write down that the partner says it is done; its member is asked here."""
    return _end(node, id_, Step.FINISH, Act.PEER_CLOSED)


def returned(node: Node, id_: UUID) -> Ticket:
    """Bring a case home that the partner gives back, or cannot be reached about."""
    return _end(node, id_, Step.RETURN, Act.RETURNED)


def _end(node: Node, id_: UUID, what: Step, act: Act) -> Ticket:
    with node.begin(sealed=True) as tx:
        row = _row(tx, id_)
        hand = _case(node, tx, row)
        _step(node, row, what)
        chain = log.chain(node, tx, row.case_id)
        _say(hand, chain, act, row.peer)
        return chain.write()


def _say(hand: Hand, chain: Chain, act: Act, peer: str) -> None:
    brings = {Need.CONSENT} if act is Act.TRANSFER_DONE else set()
    move(hand, chain, Move(act=act, brings=brings, reason=peer, part=Part.PEER))


def taken_back(hand: Hand, chain: Chain) -> None:
    """Bring a case home because its member took back that a partner may have it."""
    handed.end(hand.tx, hand.case.id, at=hand.node.now())
    if hand.case.state is CaseState.TRANSFERRED:
        home = replace(hand, by=RULE)
        move(home, chain, Move(act=Act.RETURNED, part=Part.RULE))


def _row(tx: Session, id_: UUID) -> Handover:
    row = tx.get(Handover, id_, with_for_update=True)
    if row is None:
        raise NotFound("There is no such hand-over here.")
    return row


def _case(node: Node, tx: Session, row: Handover) -> Hand:
    hand = by_rule(node, tx, row.case_id)
    if hand is None:
        raise NotFound("There is no such case here.")
    return hand


def _step(node: Node, row: Handover, what: Step) -> None:
    row.state, row.moved_at = rules.step(row.state, what), node.now()
