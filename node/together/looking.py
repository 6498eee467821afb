"""What of a common matter somebody reads: its member, whoever joined, and the desk.

A number is of those who agreed to be counted, a name of somebody who agreed to be
named; of nobody else who joined does anybody learn that they did.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from governance.cases import State
from governance.consent import Purpose, in_force
from governance.joins import JOINABLE, Scope, recipient
from node import people, walls
from node.accounts.visitor import Visitor
from node.cases import joined
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.cases import Case
from node.models.consent import Consent
from node.models.together import CaseJoin, CommonMatter
from node.together import matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One common matter, as somebody reads it before they join."""

    reference: str
    about: str
    topic: str
    #: How many agreed to be counted; None where the number is withheld.
    joined: int | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The common matter that a case goes on with."""

    reference: str
    about: str
    joined: int | None
    #: Of the others, those who agreed that they read it.
    names: tuple[str, ...]
    state: State
    since: datetime
    #: What its member agreed to besides.
    agrees: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What a member can join, or goes on with."""

    joined: Joined | None
    offers: tuple[Line, ...]
    #: What others read of this very case; empty where none can join it.
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """A case as a common matter, for whoever works on it."""

    about: str
    may_open: bool
    #: Whether its member agrees that others join it.
    agreed: bool
    joined: int | None
    #: Who agreed that the others, or whoever is asked, read their name.
    to_joiners: tuple[str, ...]
    to_respondent: tuple[str, ...]
    #: With what it could go on itself, where the viewer may say so.
    offers: tuple[Line, ...]


def look(node: Node, reference: str, *, by: Visitor) -> Together:
    """Return what the member of a case can join, or goes on with."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        row = joined.joined(tx, hand.case.id) if hand.own else None
        return Together(
            joined=_joined(hand, row) if row else None,
            offers=_offers(hand) if hand.own else (),
            about=matters.about(hand),
        )


def at_desk(node: Node, reference: str, *, by: Visitor) -> AtDesk:
    """Return a case as a common matter; nothing of it to its own member."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        own, about = hand.own, matters.about(hand)
        may = not own and hand.may(matters.OPEN)
        return AtDesk(
            about=about,
            may_open=may and hand.case.state in JOINABLE,
            agreed=_is_agreed(hand),
            joined=_count(hand, hand.case) if about else 0,
            to_joiners=() if own else _names(hand, hand.case, Scope.JOINERS),
            to_respondent=() if own else _names(hand, hand.case, Scope.RESPONDENT),
            offers=_offers(hand) if may else (),
        )


def _is_agreed(hand: Hand) -> bool:
    rows = select(Consent).where(
        Consent.case_id == hand.case.id,
        Consent.purpose == Purpose.JOIN_COLLECTIVE,
        Consent.recipient.is_(None),
    )
    return any(in_force(row, at=hand.node.now()) for row in hand.tx.scalars(rows))


def _offers(hand: Hand) -> tuple[Line, ...]:
    if hand.case.state not in {State.RECEIVED, State.QUEUED}:
        return ()
    return tuple(_line(hand, case) for case in matters.open_ones(hand))


def _line(hand: Hand, case: Case) -> Line:
    other = Hand(hand.node, hand.tx, case, hand.by, hand.bylaws)
    row = hand.tx.get_one(CommonMatter, case.id)
    return Line(
        reference=case.reference,
        about=matters.about(other),
        topic=case.topic,
        joined=_count(hand, case),
        since=row.opened_at,
    )


def _joined(hand: Hand, row: CaseJoin) -> Joined:
    case = hand.tx.get_one(Case, row.matter_id)
    other = Hand(hand.node, hand.tx, case, hand.by, hand.bylaws)
    named = {one.recipient for one in joined.agreed(hand)}
    gone = case.state is State.ERASED
    return Joined(
        reference=case.reference,
        about="" if gone else matters.about(other),
        joined=_count(hand, case),
        names=_names(hand, case, Scope.JOINERS),
        state=case.state,
        since=row.joined_at,
        agrees=frozenset(
            one for one in Scope if recipient(case.reference, one) in named
        ),
    )


def _count(hand: Hand, matter: Case) -> int | None:
    rows = select(func.count()).select_from(Case).where(_agreeing(hand, matter))
    found = hand.tx.scalar(rows.where(_in(matter, Scope.COUNTED, hand))) or 0
    return walls.total(hand.tx, hand.by, found)


def _names(hand: Hand, matter: Case, scope: Scope) -> tuple[str, ...]:
    rows = (
        select(Case.member_id)
        .where(_agreeing(hand, matter), _in(matter, scope, hand))
        .where(Case.member_id.not_in(walls.own_of(hand.by)))
    )
    found = people.names(hand.node, hand.tx, set(hand.tx.scalars(rows)))
    return tuple(sorted(name for name in found.values() if name))


def _agreeing(hand: Hand, matter: Case) -> ColumnElement[bool]:
    """Return the condition on `Case` that it goes on with a matter, as one may know."""
    there = select(CaseJoin.case_id).where(
        CaseJoin.matter_id == matter.id, CaseJoin.left_at.is_(None)
    )
    return and_(Case.id.in_(there), walls.known_to(hand.by))


def _in(matter: Case, scope: Scope, hand: Hand) -> ColumnElement[bool]:
    now = hand.node.now()
    held = select(Consent.case_id).where(
        Consent.purpose == Purpose.JOIN_COLLECTIVE,
        Consent.recipient == recipient(matter.reference, scope),
        Consent.given_at <= now,
        Consent.withdrawn_at.is_(None),
        or_(Consent.valid_until.is_(None), Consent.valid_until > now),
    )
    return Case.id.in_(held)
