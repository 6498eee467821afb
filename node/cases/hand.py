"""A case in hand: found by its reference, locked, with the right to be here checked.

Nobody learns from an answer whether a case exists: absent, foreign and walled are
one refusal.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, Part
from governance.consent import Purpose, in_force
from governance.errors import NotFound, ReferenceInvalid
from governance.predicates import Resource
from governance.retention import CaseRests
from governance.rules import Bylaws
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import aliases, attesting, governance, vault, walls
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.cases import along
from node.core import Node, once
from node.log import ChainErased
from node.models.cases import Case
from node.models.consent import Consent

#: As what the ledger records each part.
_ROLES = {
    Part.MEMBER: Role.MEMBER,
    Part.ADVOCATE: Role.ADVOCATE,
    Part.COORDINATOR: Role.COORDINATOR,
    Part.STEWARD: Role.STEWARD,
    Part.RULE: Role.NODE,
    Part.PEER: Role.PARTNER,
}


#: What a job says of a case that rests.
RESTS = CaseRests.code

#: The node itself, at work on what time or an event made due.
RULE = Visitor()


@dataclass(slots=True)
class Hand:
    """One case, for one visitor, inside one transaction."""

    node: Node
    tx: Session
    case: Case
    by: Visitor
    bylaws: Bylaws
    _walled: AbstractSet[UUID] | None = field(default=None, repr=False)
    _lead: tuple[UUID | None] | None = field(default=None, repr=False)
    _consents: Sequence[Consent] | None = field(default=None, repr=False)

    @property
    def own(self) -> bool:
        """Whether the visitor is the case's member."""
        return is_own(self.case, self.by)

    @property
    def what(self) -> Resource:
        """The case as the rules see it."""
        if self._walled is None:
            self._walled = walls.around(self.tx, self.case.id)
        return governance.resource(self.case, self.by, self._walled, self.lead)

    @property
    def lead(self) -> UUID | None:
        """Who has the case because they have the one it goes along with."""
        if self._lead is None:
            self._lead = (along.leader(self.tx, self.case),)
        return self._lead[0]

    def may(self, verb: str) -> bool:
        """Say whether the rules let this visitor do something to the case now."""
        who = governance.subject(self.by)
        return governance.may(self.bylaws, who, verb, self.what, at=self.node.now())

    def part(self, act: Act) -> Part:
        """Say in which part this visitor would do it."""
        person = self.by.person_id or UUID(int=0)
        member = self.case.member_id
        return rules.part_of(
            self.case.state,
            act,
            by=person,
            member=person if self.by.is_person(member) else member,
            advocate=self.case.responsible_id,
        )

    def consents(self) -> Sequence[Consent]:
        """Return what its member agreed to, or did once; read at the first look."""
        if self._consents is None:
            mine = select(Consent).where(Consent.case_id == self.case.id)
            self._consents = self.tx.scalars(mine).all()
        return self._consents

    def key(self) -> bytes:
        """Return the key that opens the case's words."""
        found = vault.key_of(self.node, self.tx, "case", self.case.id)
        if found is None:
            raise ChainErased("This case was erased. Nothing of it is left here.")
        return found


def role_of(hand: Hand, part: Part) -> Role:
    """Return as what the ledger records a part; a guest is no member."""
    if part is Part.MEMBER and hand.by.kind != "member":
        return Role.GUEST
    return _ROLES[part]


def attested(by: Visitor) -> Attested:
    """Return by which channel the node vouches for a visitor's words."""
    return attesting.attested(by.channel)


def is_own(case: Case, by: Visitor) -> bool:
    """Say whether a visitor is a case's member: signed in, or by its own link."""
    if by.case_id is not None:
        return by.case_id == case.id
    return by.kind == "member" and by.is_person(case.member_id)


def pick_up(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = True
) -> Hand:
    """Find a case this visitor may see; refuse all others alike."""
    known = as_given_out(reference)
    hand = once(tx, (known, by), lambda: _found(node, tx, known, by))
    if lock:
        # Nobody makes a case of others wait; and what was true before the lock may
        # not be true behind it.
        tx.refresh(hand.case, with_for_update=True)
        hand = _seen(node, tx, hand.case, by)
    return hand


def _found(node: Node, tx: Session, known: str, by: Visitor) -> Hand:
    query = select(Case).where(Case.reference == known, walls.known_to(by))
    return _seen(node, tx, tx.scalar(query), by)


def glimpse(
    node: Node,
    tx: Session,
    reference: str,
    by: Visitor,
    decides: Callable[[Hand], bool],
) -> Hand:
    """Find a case that somebody reads, or decides about without reading it."""
    try:
        return pick_up(node, tx, reference, by, lock=False)
    except NotFound:
        named = (Case.reference == as_given_out(reference), walls.open_to(by))
        case = tx.scalar(select(Case).where(*named))
        if case is None or by.case_id is not None:
            raise
        hand = Hand(node, tx, case, by, governance.in_force(node, tx))
        if not decides(hand):
            raise
        return hand


def as_person(hand: Hand, person_id: UUID) -> Hand:
    """Return the same case in the hand of somebody who is not here just now."""
    grants = grants_of(hand.tx, person_id, at=hand.node.now())
    by = Visitor(
        kind="member",
        person_id=person_id,
        aliases=aliases.below(hand.tx, person_id),
        roles=roles_of(grants),
        grants=grants,
        channel=hand.by.channel,
    )
    return Hand(hand.node, hand.tx, hand.case, by, hand.bylaws)


def by_rule(
    node: Node, tx: Session, case_id: UUID, *, resting: bool = False
) -> Hand | None:
    """Lock a case for what the rules make due; None when it is gone.

    Of a case that rests nothing is due: the work waits until its member wakes it,
    unless it is done for them meanwhile, too.
    """
    case = tx.get(Case, case_id, with_for_update=True)
    if case is None:
        return None
    if case.restricted_at is not None and not resting:
        raise CaseRests("The member lets this case rest, so no rule moves it.")
    return Hand(node, tx, case, RULE, governance.in_force(node, tx))


def _seen(node: Node, tx: Session, case: Case | None, by: Visitor) -> Hand:
    if case is not None:
        hand = Hand(node, tx, case, by, governance.in_force(node, tx))
        if hand.own or (by.case_id is None and sees(hand)):
            return hand
    raise NotFound("There is no such case here.")


def reach(node: Node, tx: Session, reference: str, by: Visitor, verb: str) -> Hand:
    """Find and lock a case that this visitor may do something to without reading it.

    Triage comes before anybody may read a case, and so does putting it aside.
    """
    try:
        return pick_up(node, tx, reference, by)
    except NotFound:
        known = as_given_out(reference)
    query = select(Case).where(Case.reference == known, walls.open_to(by))
    case = tx.scalar(query)
    if case is None or by.case_id is not None:
        raise NotFound("There is no such case here.")
    hand = Hand(node, tx, case, by, governance.in_force(node, tx))
    if not hand.may(verb):
        raise NotFound("There is no such case here.")
    # Behind the lock somebody else may have been there by now, or a wall.
    tx.refresh(case, with_for_update=True)
    hand = Hand(node, tx, case, by, hand.bylaws)
    if not hand.may(verb):
        raise NotFound("There is no such case here.")
    return hand


def as_given_out(reference: str) -> str:
    """Return a reference as cases have it; an empty one for what is none."""
    try:
        return rules.check_reference(reference)
    except ReferenceInvalid:
        return ""


def sees(hand: Hand) -> bool:
    """Say whether somebody at the desk may open this case.

    Only while its member agrees that it is worked on at all.
    """
    case = hand.case
    if hand.by.kind != "member" or hand.by.is_person(case.member_id):
        return False
    if case.restricted_at is not None:
        return False
    waiting = case.open_to_advocates and case.responsible_id is None
    if not (hand.may("case.read") or (waiting and hand.may("case.take"))):
        return False
    now, handled = hand.node.now(), Purpose.HANDLE_CASE
    rows = (row for row in hand.consents() if row.purpose is handled)
    return any(in_force(row, at=now) for row in rows)


def agreed(tx: Session, case_id: UUID, purpose: Purpose, *, at: datetime) -> bool:
    """Say whether a case's member agrees to something at a moment."""
    rows = tx.scalars(
        select(Consent).where(Consent.case_id == case_id, Consent.purpose == purpose)
    )
    return any(in_force(row, at=at) for row in rows)
