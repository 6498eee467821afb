"""Of how many who joined, and of whom by name, somebody may know; and what they say."""

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from governance.consent import Purpose
from governance.joins import Scope, Tally, recipient
from node import people, walls
from node.cases import confirming
from node.cases.hand import Hand
from node.models.cases import Case
from node.models.consent import Consent
from node.models.together import CaseJoin, ClaimAnswer


def tally(hand: Hand, matter: Case, *, counted: bool) -> Tally | None:
    """Return what was answered last, by those of whom somebody may know.

    Other claimants read of those who agreed to be counted; whoever works on it of all.
    """
    asked = confirming.last_round(hand.tx, matter.id)
    rows = asked.join(Case, Case.id == ClaimAnswer.case_id).where(
        walls.known_to(hand.by), or_(ClaimAnswer.counted, literal(not counted))
    )
    found = confirming.tally(hand.tx.scalars(rows))
    shown = walls.total(hand.tx, hand.by, found.asked)
    return found if found.asked and shown is not None else None


def count(hand: Hand, matter: Case) -> int | None:
    """Return how many agreed to be counted; None where somebody may not know."""
    rows = select(func.count()).select_from(Case).where(_agreeing(hand, matter))
    found = hand.tx.scalar(rows.where(_in(matter, Scope.COUNTED, hand))) or 0
    return walls.total(hand.tx, hand.by, found)


def names(hand: Hand, matter: Case, scope: Scope) -> tuple[str, ...]:
    """Return the names of those who agreed to be named to these."""
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
