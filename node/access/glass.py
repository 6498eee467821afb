"""Breaking the glass: asked with a reason, agreed to by a second person, told after.

The look itself is `node.cases.glass`; here it begins, and here its member hears of it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.access import ASKED_FOR, BREAK, Field, check_seal, tell_at
from governance.cases import State
from governance.errors import (
    Denied,
    NotFound,
    ReasonMissing,
    SecondPerson,
    WrongState,
)
from governance.predicates import Resource
from governance.submissions import check_words
from ledger.entry import Role
from node import governance, jobs, log, notices, people, vault
from node.access.holders import others
from node.accounts.visitor import Visitor
from node.cases import links, reads
from node.cases.glass import unwalled
from node.cases.hand import Hand, as_person, attested, by_rule
from node.core import Node
from node.ids import new_id
from node.log import Saying
from node.models.access import Glass
from node.notices import About

#: The member hears of a look.
TELL = "glass.tell"


def ask(node: Node, reference: str, reason: str, *, by: Visitor) -> UUID:
    """Ask to read a case that no role opens; return the number of the request."""
    require(node, by)
    if not reason.strip():
        raise ReasonMissing("Say why. The member reads it.")
    check_words(reason)
    try:
        with node.begin(sealed=True) as tx:
            return _ask(_hand(node, tx, reference, by), reason.strip())
    except NotFound:
        reads.missed(node, Field.CASE, by=by)
        raise


def require(node: Node, by: Visitor) -> None:
    """Refuse whoever could not break the glass of any case."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
    who, at = governance.subject(by), node.now()
    if not governance.may_with_another(bylaws, who, BREAK, Resource(), at=at):
        raise Denied("No role of yours allows such a look.", rules=("silence",))


def _hand(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    hand = unwalled(node, tx, reference, by)
    if hand is None or hand.case.state is State.ERASED or not may_ask(hand):
        raise NotFound("There is no such case here.")
    return hand


def may_ask(hand: Hand) -> bool:
    """Say whether the rules would let the visitor look, if a second person agreed."""
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.may_with_another(hand.bylaws, who, BREAK, hand.what, at=at)


def _ask(hand: Hand, reason: str) -> UUID:
    waiting = _waiting(hand)
    if waiting is not None:
        return waiting.id
    node, id_ = hand.node, new_id(hand.node)
    who, at = governance.subject(hand.by), node.now()
    place = vault.Place("glass", "reason", id_)
    row = Glass(
        id=id_,
        case_id=hand.case.id,
        person_id=hand.by.person_id,
        role=_role(hand),
        reason=vault.seal(node, hand.key(), place, reason),
        asked_at=at,
    )
    hand.tx.add(row)
    hand.tx.flush()
    alone = governance.may(hand.bylaws, who, BREAK, hand.what, at=at)
    if alone:
        _open(hand, row)
    _tell_others(hand, "glass.opened" if alone else "glass.asked")
    return id_


def _waiting(hand: Hand) -> Glass | None:
    rows = hand.tx.scalars(
        select(Glass).where(
            Glass.case_id == hand.case.id, Glass.person_id == hand.by.person_id
        )
    )
    now = hand.node.now()
    return next((row for row in rows if waits(row, at=now)), None)


def waits(row: Glass, *, at: datetime) -> bool:
    """Say whether a request still waits for a second person."""
    undecided = row.opened_at is None and row.refused_at is None
    return undecided and at < row.asked_at + ASKED_FOR


def _role(hand: Hand) -> str:
    held = [row for row in hand.bylaws.permissions if row.verb == BREAK]
    return next((row.role for row in held if row.role in hand.by.roles), "")


def answer(node: Node, id_: UUID, *, agree: bool, by: Visitor) -> None:
    """Say yes or no, as the second person."""
    require(node, by)
    with node.begin(sealed=True) as tx:
        row, hand = _pick(node, tx, id_, by)
        if by.person_id == row.person_id:
            raise SecondPerson("Somebody else must agree.")
        if not waits(row, at=node.now()):
            raise WrongState("This does not wait for a second person any more.")
        row.second_id = by.person_id
        if not agree:
            row.refused_at = node.now()
            return
        asking = as_person(hand, row.person_id)
        if not may_ask(asking):
            raise WrongState("Whoever asked has no right to it any more.")
        _open(asking, row)


def _pick(node: Node, tx: Session, id_: UUID, by: Visitor) -> tuple[Glass, Hand]:
    row = tx.get(Glass, id_, with_for_update=True)
    known = by_rule(node, tx, row.case_id, resting=True) if row is not None else None
    hand = known if known and known.case.restricted_at is None else None
    if row is None or hand is None or not _may_see(hand, by):
        raise NotFound("There is no such request here.")
    return row, hand


def _may_see(hand: Hand, by: Visitor) -> bool:
    # A second person whom a wall keeps away learns nothing of the case either.
    reference = hand.case.reference
    mine = unwalled(hand.node, hand.tx, reference, by)
    return mine is not None and may_ask(mine)


def _open(hand: Hand, row: Glass) -> None:
    node, tx, rules = hand.node, hand.tx, hand.bylaws.access
    log.require_writable(node)
    row.opened_at = now = node.now()
    row.ends_at = now + timedelta(hours=rules.break_glass_hours)
    # In a chain of its own: the case's would tell its member before they may know.
    chain = log.open_chain(node, tx, row.id)
    chain.say(_saying(row))
    oid = chain.write().oid
    at = tell_at(now, within=timedelta(hours=rules.tell_member_hours))
    jobs.put(node, tx, jobs.Asked(TELL, str(row.id), at, oid))


def _saying(row: Glass) -> Saying:
    when = row.opened_at.isoformat() if row.opened_at else ""
    said = {"what": "case", "when": when, "reader": row.role}
    return Saying(kind="breakglass", role=Role.NODE, fields=said)


def _tell_others(hand: Hand, kind: str) -> None:
    node, tx = hand.node, hand.tx
    link = f"{node.settings.origin}/admin/glass"
    values = {"reference": hand.case.reference, "link": link}
    for person in others(hand, BREAK):
        point = people.mail_of(tx, person)
        if point is not None:
            notices.queue(node, tx, point, About(kind, values, hand.case.id))


def seal(node: Node, id_: UUID, until: datetime, reason: str, *, by: Visitor) -> None:
    """Keep a look from its member until a day, because telling would do harm now."""
    require(node, by)
    check_seal(until, at=node.now())
    if not reason.strip():
        raise ReasonMissing("Say why the member must not know yet.")
    check_words(reason)
    with node.begin(sealed=True) as tx:
        row, hand = _pick(node, tx, id_, by)
        if by.person_id == row.person_id:
            raise SecondPerson("Somebody else than whoever looked decides that.")
        if row.told_at is not None or row.opened_at is None:
            raise WrongState("There is nothing to keep back, or not any more.")
        place = vault.Place("glass", "seal_reason", row.id)
        row.seal_reason = vault.seal(node, hand.key(), place, reason.strip())
        row.sealed_until, row.sealed_by = until, by.person_id
        chain = log.chain(node, tx, row.id)
        fields = {"action": "glass.seal", "reason": f"until {until.date()}"}
        facts = {"method": by.kind, "person": str(by.person_id)}
        chain.say(
            Saying(
                kind="status",
                role=Role.STEWARD,
                channel=attested(by),
                fields=fields,
                facts=facts,
            )
        )
        chain.write()


def tell(node: Node, id_: str) -> None:
    """Tell a member that somebody looked; later, where a steward sealed it."""
    with node.begin(sealed=True) as tx:
        row = tx.get(Glass, UUID(id_), with_for_update=True)
        if row is None or row.told_at is not None:
            return
        now, until = node.now(), row.sealed_until
        if until is not None and until > now:
            key = f"{TELL}/{id_}/{until.isoformat()}"
            jobs.put(node, tx, jobs.Asked(TELL, id_, until, None, key))
            return
        row.told_at = now
        hand = by_rule(node, tx, row.case_id)
        if hand is None or hand.case.state is State.ERASED:
            return
        chain = log.chain(node, tx, hand.case.id)
        chain.say(_saying(row))
        _tell_member(hand, chain.write().oid)


def _tell_member(hand: Hand, oid: int) -> None:
    # Not a message about how the case goes: who looked is told whatever was agreed.
    node, tx, case = hand.node, hand.tx, hand.case
    point = people.mail_of(tx, case.member_id)
    if point is not None:
        link = f"{node.settings.origin}/c/{links.first(node, tx, case.id)}"
        values = {"reference": case.reference, "link": link}
        about = About("glass.told", values, case.id, oid)
        notices.queue(node, tx, point, about)
