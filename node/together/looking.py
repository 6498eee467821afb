"""What of a common matter somebody reads: its member, whoever joined, and the desk.

A number is of those who agreed to be counted, a name of somebody who agreed to be
named; of nobody else who joined does anybody learn that they did.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from governance.cases import State
from governance.consent import Purpose, in_force
from governance.joins import JOINABLE, Asking, Mark, Scope, Tally, recipient
from governance.resolutions import Answer
from node.accounts.visitor import Visitor
from node.cases import confirming, joined
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.cases import Case
from node.models.consent import Consent
from node.models.together import CaseJoin, ClaimAnswer, CommonMatter
from node.together import marks, matters, numbers
from node.together.marks import Due


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
    #: Whether its member can say now if it is solved for them.
    may_answer: bool
    #: What they said last, if they were asked; and whether the time for that is over.
    answer: Answer | None
    lapsed: bool
    #: What all say of whom others may know that they were asked; None before.
    tally: Tally | None
    #: Whether it is proposed for the assembly's agenda.
    proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What a member can join, or goes on with."""

    joined: Joined | None
    offers: tuple[Line, ...]
    #: What others read of this very case; empty where none can join it.
    about: str
    #: What its claimants say, when it was said to be done; None before.
    tally: Tally | None
    #: Whether others go on with it, and its member has left it to them.
    others: bool
    left: bool


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
    #: What all of its claimants say, of whom the viewer may know; None before.
    tally: Tally | None
    #: What is due because so many joined.
    due: tuple[Due, ...]
    #: Whether its own member has left it to the others.
    left: bool


def look(node: Node, reference: str, *, by: Visitor) -> Together:
    """Return what the member of a case can join, or goes on with."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        row = joined.joined(tx, hand.case.id) if hand.own else None
        return Together(
            joined=_joined(hand, row) if row else None,
            offers=_offers(hand) if hand.own else (),
            about=matters.about(hand),
            tally=numbers.tally(hand, hand.case, counted=True) if hand.own else None,
            others=hand.own and joined.number(tx, hand.case.id) > 0,
            left=hand.own and _is_left(hand),
        )


def _is_left(hand: Hand) -> bool:
    matter = hand.tx.get(CommonMatter, hand.case.id)
    return matter is not None and matter.left_at is not None


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
            joined=numbers.count(hand, hand.case) if about else 0,
            to_joiners=() if own else numbers.names(hand, hand.case, Scope.JOINERS),
            to_respondent=()
            if own
            else numbers.names(hand, hand.case, Scope.RESPONDENT),
            offers=_offers(hand) if may else (),
            tally=None if own else numbers.tally(hand, hand.case, counted=False),
            due=() if own else marks.listed(hand),
            left=_is_left(hand),
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
        joined=numbers.count(hand, case),
        since=row.opened_at,
    )


def _joined(hand: Hand, row: CaseJoin) -> Joined:
    case = hand.tx.get_one(Case, row.matter_id)
    other = Hand(hand.node, hand.tx, case, hand.by, hand.bylaws)
    named = {one.recipient for one in joined.agreed(hand)}
    gone = case.state is State.ERASED
    mine = _mine(hand, case)
    return Joined(
        reference=case.reference,
        about="" if gone else matters.about(other),
        joined=numbers.count(hand, case),
        names=numbers.names(hand, case, Scope.JOINERS),
        state=case.state,
        since=row.joined_at,
        agrees=frozenset(
            one for one in Scope if recipient(case.reference, one) in named
        ),
        may_answer=mine is not None and confirming.may_answer(hand.tx, mine),
        answer=mine.answer if mine else None,
        lapsed=mine is not None and mine.standing is Asking.LAPSED,
        tally=numbers.tally(hand, case, counted=True),
        proposed=any(one.mark is Mark.AGENDA for one in marks.listed(other)),
    )


def _mine(hand: Hand, matter: Case) -> ClaimAnswer | None:
    mine = confirming.mine(hand.tx, hand.case.id)
    return mine if mine is not None and mine.matter_id == matter.id else None
