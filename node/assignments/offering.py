"""One offer of a case: to whom, how they were found, and until when it holds.

How somebody was found is kept with the offer, in figures that name nobody.
"""

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import assignments as rules
from governance.assignments import Candidate, Explanation, Matter, Method
from governance.cases import Act, Need, Part, Priority, Sensitivity
from governance.errors import ChoiceInvalid
from governance.rules import PledgeKind
from node import pledges, walls
from node.assignments.candidates import candidates
from node.assignments.facts import absent
from node.cases.hand import RULE, Hand
from node.cases.moving import Step, move
from node.ids import new_id
from node.log import Chain
from node.models.assignments import Assignment

TAKE = "case.take"
#: The timer of an offer; what it does is T12.
#: How an offer ended, for who is not asked again.
DECLINED, EXPIRED = "declined", "expire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Somebody who can be asked, and how they were found."""

    person: UUID
    method: Method
    figures: Explanation
    scores: Sequence[str] = ()
    id: UUID | None = None
    #: Whether a rule found them, and nobody chose.
    ruled: bool = False


def matter(hand: Hand) -> Matter:
    """Return what counts about a case that needs somebody."""
    case = hand.case
    return Matter(
        walls=walls.of(hand.tx, case),
        topic=case.topic,
        area=case.area or "none",
        sensitivity=case.sensitivity or Sensitivity.NORMAL,
        team=str(case.team_id) if case.team_id else None,
        refused=unwanted(hand.tx, case.id),
        wished=case.wished_id,
    )


def asked_in_vain(hand: Hand) -> frozenset[UUID]:
    """Return who said no to a case, or nothing while it was offered to them."""
    return frozenset(_ended(hand, DECLINED, EXPIRED))


def unwanted(tx: Session, case_id: UUID) -> frozenset[UUID]:
    """Return instead of whom a case's member asked for somebody else."""
    rows = select(Assignment.advocate_id).where(
        Assignment.case_id == case_id, Assignment.unwanted_at.is_not(None)
    )
    return frozenset(tx.scalars(rows))


def _ended(hand: Hand, *reasons: str) -> Sequence[UUID]:
    rows = select(Assignment.advocate_id).where(
        Assignment.case_id == hand.case.id, Assignment.end_reason.in_(reasons)
    )
    return hand.tx.scalars(rows).all()


def offer(
    hand: Hand,
    chain: Chain,
    person: UUID,
    method: Method,
    id_: UUID | None = None,
) -> None:
    """Offer a case to somebody whom a person chose, if they can be asked."""
    everybody, about = _known(hand, person, method), matter(hand)
    now = hand.node.now()
    able = rules.eligible(everybody, about, rules=hand.bylaws, at=now)
    if person not in {one.person for one in able}:
        raise ChoiceInvalid("This person cannot take this case.")
    figures = rules.explain(method, everybody, about, rules=hand.bylaws, at=now)
    make(hand, chain, Found(person=person, method=method, figures=figures, id=id_))


def can_take(hand: Hand) -> bool:
    """Say whether whoever has a case in hand can be its advocate."""
    person = hand.by.person_id
    if person is None:
        return False
    able = rules.eligible(
        _known(hand, person, Method.TAKE_NEXT, among={person}),
        matter(hand),
        rules=hand.bylaws,
        at=hand.node.now(),
    )
    return person in {one.person for one in able}


def _known(
    hand: Hand, person: UUID, method: Method, *, among: AbstractSet[UUID] | None = None
) -> tuple[Candidate, ...]:
    everybody = candidates(hand.node, hand.tx, hand.bylaws, among=among)
    if method is not Method.TAKE_NEXT or person in absent(hand.tx, at=hand.node.now()):
        return everybody
    # Whoever takes a case is at work, whatever their usual hours are.
    return tuple(
        replace(one, away=False) if one.person == person else one for one in everybody
    )


def make(hand: Hand, chain: Chain, found: Found) -> None:
    """Make an offer: the move, its row with the explanation, and its timer."""
    node, case, now = hand.node, hand.case, hand.node.now()
    until = None if found.method is Method.TAKE_NEXT else _until(hand)
    step = Step(
        act=Act.ASSIGN,
        brings={Need.OFFER},
        verb=TAKE if found.method is Method.TAKE_NEXT else "",
        whom=found.person,
        part=Part.RULE if found.ruled else None,
    )
    mover = replace_by_rule(hand) if found.ruled else hand
    move(mover, chain, step)
    row = Assignment(
        id=found.id or new_id(node),
        case_id=case.id,
        advocate_id=found.person,
        method=found.method.value,
        candidates=found.figures.eligible,
        rules=hand.bylaws.identity,
        explanation=_explained(found),
        offered_at=now,
        expires_at=until,
        end_reason="",
    )
    hand.tx.add(row)
    hand.tx.flush()


def replace_by_rule(hand: Hand) -> Hand:
    """Return the same case in the hand of a rule."""
    return Hand(hand.node, hand.tx, hand.case, RULE, hand.bylaws)


def _until(hand: Hand) -> datetime | None:
    priority = hand.case.priority or Priority.NORMAL
    kinds = (PledgeKind.ASSIGNEE_ACCEPT,)
    made = pledges.promises(hand.bylaws, kinds, priority, at=hand.node.now())
    return made[0].due_at if made else None


def _explained(found: Found) -> str:
    return json.dumps(
        {
            "method": found.method.value,
            "candidates": found.figures.candidates,
            "excluded": {
                reason.value: number
                for reason, number in sorted(found.figures.excluded.items())
            },
            "scores": list(found.scores),
            "rules": found.figures.rules,
        }
    )
