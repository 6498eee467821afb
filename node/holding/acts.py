"""Putting up a hold, agreeing to it, and ending it.

Whoever may erase with a second person, a steward, puts one up, and it holds at once;
without another steward's word it ends within a day. It ends by itself on its day.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, State
from governance.errors import Denied, NotFound, SecondPerson, WrongState
from governance.retention import ALONE, check_hold
from governance.submissions import check_words
from ledger.entry import Role
from node import aliases, governance, jobs, log, notices, people, vault, walls
from node.access.holders import others
from node.accounts.visitor import Visitor
from node.cases import links
from node.cases.hand import Hand, as_given_out, attested
from node.core import Node
from node.holding.rows import WAITS, Hold, lines, place, standing
from node.ids import new_id
from node.log import Saying
from node.models.cases import Case
from node.models.people import ContactPoint
from node.models.retention import LegalHold
from node.notices import About
from node.paging import PAGE

_ERASE = rules.verb(Act.ERASE)


def put_up(
    node: Node, reference: str, reason: str, end: datetime, *, by: Visitor
) -> UUID:
    """Hold a case until a day. A steward learns nothing of what is in it."""
    require(node, by)
    check_words(reason)
    check_hold(end, at=node.now())
    with node.begin(sealed=True) as tx:
        known = Case.reference == as_given_out(reference)
        query = select(Case).where(known, walls.apart_from(by))
        hand = _locked(node, tx, tx.scalar(query), by)
        _require_not_alone_again(hand)
        id_, now = new_id(node), node.now()
        row = LegalHold(
            id=id_,
            case_id=hand.case.id,
            by_id=by.person_id,
            reason=vault.seal(node, hand.key(), place(id_), reason.strip()),
            since=now,
            until=min(end, now + ALONE),
            asked_until=end,
        )
        tx.add(row)
        tx.flush()
        oid = _say(hand, "hold", f"until {end.date()}")
        _tell(hand, oid)
        return id_


def _require_not_alone_again(hand: Hand) -> None:
    # Who found nobody to agree does not hold it on and on, a day at a time.
    alone = select(LegalHold.id).where(
        LegalHold.case_id == hand.case.id,
        LegalHold.by_id == hand.by.person_id,
        LegalHold.second_id.is_(None),
        LegalHold.ended_at.is_(None),
    )
    if hand.tx.scalar(alone.limit(1)) is not None:
        raise SecondPerson("Another steward must agree to the hold you asked for.")


def agree(node: Node, id_: UUID, *, by: Visitor) -> None:
    """Agree to a hold, as the second person: from now on it lasts until its day."""
    require(node, by)
    with node.begin(sealed=True) as tx:
        row, hand = _pick(node, tx, id_, by)
        if by.person_id == row.by_id:
            raise SecondPerson("Another steward must agree.")
        if row.second_id is not None:
            return
        if row.ended_at is not None or row.until <= node.now():
            raise WrongState("This hold is over.")
        row.second_id, row.until = by.person_id, row.asked_until
        _say(hand, "hold.agree", f"until {row.until.date()}")


def end(node: Node, id_: UUID, *, by: Visitor) -> None:
    """End a hold before its day. Twice is once."""
    require(node, by)
    with node.begin(sealed=True) as tx:
        row, hand = _pick(node, tx, id_, by)
        if row.ended_at is None:
            row.ended_at = node.now()
            _say(hand, "hold.end", "")
            # Who ended their account has the case go with the hold, not on its day.
            mine = aliases.group(tx, hand.case.member_id)
            jobs.hasten(node, tx, WAITS, mine)


def listed(node: Node, *, by: Visitor) -> tuple[Hold, ...]:
    """Return what is held now, of cases that no wall hides from the viewer."""
    require(node, by)
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        rows = tx.execute(
            select(LegalHold, Case)
            .join(Case, Case.id == LegalHold.case_id)
            .where(walls.apart_from(by), *standing(node.now()))
            .order_by(LegalHold.since.desc(), LegalHold.id)
            .limit(PAGE)
        ).all()
        known = [(row, Hand(node, tx, case, by, bylaws)) for row, case in rows]
        return lines([(row, hand) for row, hand in known if _may(hand)])


def require(node: Node, by: Visitor) -> None:
    """Refuse whoever could hold no case at all."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
    if not governance.reach_with_another(bylaws, by, _ERASE, at=node.now()):
        raise Denied("To hold a case is for stewards.", rules=("silence",))


def _pick(node: Node, tx: Session, id_: UUID, by: Visitor) -> tuple[LegalHold, Hand]:
    row = tx.get(LegalHold, id_, with_for_update=True)
    if row is None:
        raise NotFound("There is no such hold here.")
    query = select(Case).where(Case.id == row.case_id, walls.apart_from(by))
    return row, _locked(node, tx, tx.scalar(query), by)


def _locked(node: Node, tx: Session, case: Case | None, by: Visitor) -> Hand:
    if case is not None:
        tx.refresh(case, with_for_update=True)
        hand = Hand(node, tx, case, by, governance.in_force(node, tx))
        if case.state is not State.ERASED and _may(hand):
            return hand
    raise NotFound("There is no such case here.")


def _may(hand: Hand) -> bool:
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.may_with_another(hand.bylaws, who, _ERASE, hand.what, at=at)


def _say(hand: Hand, action: str, reason: str) -> int | None:
    """Seal what was done. Why, the entry does not say: its reason goes with the row."""
    log.require_writable(hand.node)
    state = hand.case.state.value
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    chain.say(
        Saying(
            kind="status",
            role=Role.STEWARD,
            channel=attested(hand.by),
            fields={"action": action, "from": state, "to": state, "reason": reason},
            facts={"method": hand.by.kind, "person": str(hand.by.person_id)},
        )
    )
    return chain.write().oid


def _tell(hand: Hand, oid: int | None) -> None:
    """Tell the member, whatever they agreed to, and who could agree."""
    node, tx, case = hand.node, hand.tx, hand.case
    link = f"{node.settings.origin}/c/{links.first(node, tx, case.id)}"
    mine = About("case.held", {"reference": case.reference, "link": link}, case.id, oid)
    _write(hand, people.mail_of(tx, case.member_id), mine)
    values = {
        "reference": case.reference,
        "link": f"{node.settings.origin}/admin/holds",
    }
    for person in others(hand, _ERASE):
        about = About("case.hold-asked", values, case.id, oid)
        _write(hand, people.mail_of(tx, person), about)


def _write(hand: Hand, point: ContactPoint | None, about: About) -> None:
    if point is not None:
        notices.queue(hand.node, hand.tx, point, about)
