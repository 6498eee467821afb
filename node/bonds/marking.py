"""Saying that two cases hang together, or that one goes along with the other.

Neither case is changed by it: no state, no promise and no word, so that taking it back
leaves both as they were. Each end is asked for like any case that one names.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance import bonds as rules
from governance.bonds import BondKind
from governance.cases import Act
from governance.errors import ChoiceInvalid, Conflict, NotFound, NotYours
from node import governance, log, vault
from node.accounts.visitor import Visitor
from node.bonds.listing import MERGE, ends_at, standing
from node.cases.hand import Hand, attested, pick_up, reach, role_of
from node.cases.triage import offer_again
from node.core import Node
from node.ids import new_id
from node.log import Saying, Ticket
from node.models.cases import Case
from node.models.together import CaseBond


@dataclass(frozen=True, slots=True)
class Said:
    """How two cases hang together, and why somebody says so."""

    kind: BondKind
    reason: str = ""


def mark(node: Node, reference: str, other: str, said: Said, *, by: Visitor) -> Ticket:
    """Say how a case hangs together with another one."""
    with node.begin(sealed=True) as tx:
        one, two = _both(node, tx, reference, other, by)
        rules.check_bond(one.case.state, two.case.state)
        return _keep(one, two, said, merged=False)


def merge(
    node: Node, reference: str, other: str, reason: str = "", *, by: Visitor
) -> Ticket:
    """Let a case that waits go along with another: one person looks after both."""
    with node.begin(sealed=True) as tx:
        one, two = _both(node, tx, reference, other, by)
        rules.check_merge(one.case.state, two.case.state)
        if _leads_or_goes(tx, one.case.id) or _goes(tx, two.case.id):
            raise Conflict("One of them goes along with another case. Undo that first.")
        said = Said(BondKind.SAME_MATTER, reason)
        return _keep(one, two, said, merged=True)


def may_decide(node: Node, reference: str, *, by: Visitor) -> bool:
    """Say whether somebody may say how a case hangs together with others."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return not hand.own and hand.may(MERGE)


def _both(
    node: Node, tx: Session, reference: str, other: str, by: Visitor
) -> tuple[Hand, Hand]:
    # Always locked in one order; whichever is not theirs to know of answers alike.
    found = {
        name: _mine(reach(node, tx, name, by, MERGE))
        for name in sorted({reference, other})
    }
    one, two = found[reference], found[other]
    if one.case.id == two.case.id:
        raise ChoiceInvalid("A case is not another one.", field="other")
    return one, two


def _mine(hand: Hand) -> Hand:
    if hand.own:
        raise NotYours("Which cases hang together, the desk says.")
    who, at = governance.subject(hand.by), hand.node.now()
    governance.require(hand.bylaws, who, MERGE, hand.what, at=at)
    return hand


def _goes(tx: Session, case_id: UUID) -> bool:
    found = tx.scalar(standing().where(_MERGED, CaseBond.from_id == case_id))
    return found is not None


def _leads_or_goes(tx: Session, case_id: UUID) -> bool:
    found = tx.scalar(standing().where(_MERGED, ends_at(case_id)).limit(1))
    return found is not None


_MERGED = CaseBond.merged.is_(True)


def _keep(one: Hand, two: Hand, said: Said, *, merged: bool) -> Ticket:
    node, tx, id_ = one.node, one.tx, new_id(one.node)
    same = (CaseBond.from_id == one.case.id, CaseBond.to_id == two.case.id)
    if tx.scalar(standing().where(*same, CaseBond.kind == said.kind)) is not None:
        raise Conflict("Somebody said so already.")
    place = vault.Place("case_bond", "reason", id_)
    words = said.reason.strip()
    row = CaseBond(
        id=id_,
        from_id=one.case.id,
        to_id=two.case.id,
        kind=said.kind,
        merged=merged,
        reason=vault.seal(node, one.key(), place, words) if words else None,
        by_id=one.by.person_id,
        at=node.now(),
    )
    tx.add(row)
    tx.flush()
    return _say(one, "merge" if merged else said.kind.value, words)


def _say(hand: Hand, action: str, reason: str) -> Ticket:
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    fields = {"action": action, "from": "", "to": "", "reason": reason}
    role = role_of(hand, hand.part(Act.TRIAGE))
    channel = attested(hand.by)
    chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
    return chain.write()


def undo(node: Node, reference: str, bond_id: UUID, *, by: Visitor) -> Ticket:
    """Take back how a case hangs together with another. Safe to ask for twice."""
    with node.begin(sealed=True) as tx:
        hand = _mine(reach(node, tx, reference, by, MERGE))
        row = tx.get(CaseBond, bond_id, with_for_update=True)
        if row is None or hand.case.id not in {row.from_id, row.to_id}:
            raise NotFound("There is no such link here.")
        other = tx.get_one(
            Case, row.to_id if row.from_id == hand.case.id else row.from_id
        )
        one, two = _both(node, tx, reference, other.reference, by)
        first = one if one.case.id == row.from_id else two
        if row.undone_at is not None:
            chain = log.chain(node, tx, first.case.id)
            return log.ticket(tx, first.case.id, chain.next_seq - 1)
        row.undone_at, row.undone_by = node.now(), by.person_id
        tx.flush()
        if row.merged:
            offer_again(first)
        return _say(first, "apart", "")
