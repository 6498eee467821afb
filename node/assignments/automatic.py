"""A case that comes into the queue of a team, and goes on by the team's method.

What a rule does here it does as a rule: its move names it, and members can ask for
another one. Whom it cannot find leaves the case in the queue.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from governance import assignments as rules
from governance import methods
from governance.assignments import Method
from governance.cases import Act, State, verb
from ledger import note
from node import governance, jobs, log
from node.assignments.candidates import candidates
from node.assignments.facts import in_team
from node.assignments.offering import (
    Found,
    asked_in_vain,
    make,
    matter,
)
from node.cases import along
from node.cases.hand import Hand, by_rule
from node.core import Node
from node.log import Chain
from node.models.cases import CaseEvent
from node.models.log import LedgerCheckpoint
from node.models.teams import Team

#: The draw of a lottery, which waits for the next checkpoint.
DRAW = "assignment.draw"


def offer_on(hand: Hand, chain: Chain) -> bool:
    """Offer a case that waits in the queue to whom its team's method finds.

    Say whether somebody was found at once: a lot is drawn later.
    """
    method = _method(hand)
    if method is Method.LOTTERY:
        at, key = hand.node.now(), f"{DRAW}/{hand.case.id}/{_queued_by(hand).seq}"
        asked = jobs.Asked(DRAW, str(hand.case.id), at, None, key)
        jobs.put(hand.node, hand.tx, asked)
    elif method is not None:
        return _offer(hand, chain, method)
    return False


def stand_in(hand: Hand, chain: Chain, deputies: Sequence[UUID]) -> bool:
    """Offer a case to the first of some who can be asked; say if there was one."""
    if not _may_offer(hand):
        return False
    everybody = candidates(hand.node, hand.tx, hand.bylaws)
    about, now = replace(matter(hand), declined=asked_in_vain(hand)), hand.node.now()
    found = rules.eligible(everybody, about, rules=hand.bylaws, at=now)
    able = {one.person for one in found}
    person = next((one for one in deputies if one in able), None)
    if person is None:
        return False
    way = Method.SUBSTITUTE
    figures = rules.explain(way, everybody, about, rules=hand.bylaws, at=now)
    make(hand, chain, Found(person=person, method=way, figures=figures, ruled=True))
    return True


def offer_queued(node: Node, case_id: str) -> None:
    """Offer a case that triage put into a team's queue; once."""
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is not None and hand.case.state is State.QUEUED:
            chain = log.chain(node, tx, hand.case.id)
            if offer_on(hand, chain):
                chain.write()


def draw(node: Node, case_id: str) -> None:
    """Draw who is asked, with the first checkpoint after the case was queued."""
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is None or _method(hand) is not Method.LOTTERY:
            return
        since = _queued_by(hand).at
        published = tx.scalar(
            select(LedgerCheckpoint.note)
            .where(LedgerCheckpoint.at > since)
            .order_by(LedgerCheckpoint.size)
            .limit(1)
        )
        if published is None:
            raise jobs.Later("checkpoint")
        lot = methods.ticket(note.parse(published).text, hand.case.id)
        chain = log.chain(node, tx, hand.case.id)
        if _offer(hand, chain, Method.LOTTERY, lot=lot):
            chain.write()


def _method(hand: Hand) -> Method | None:
    case = hand.case
    team = hand.tx.get(Team, case.team_id) if case.team_id else None
    if team is None or case.state is not State.QUEUED:
        return None
    if along.goes_along(hand.tx, case):
        return None
    method = Method(team.method)
    return method if method in methods.AUTOMATIC and _may_offer(hand) else None


def _may_offer(hand: Hand) -> bool:
    who, at = governance.SYSTEM, hand.node.now()
    return governance.may(hand.bylaws, who, verb(Act.ASSIGN), hand.what, at=at)


def _queued_by(hand: Hand) -> CaseEvent:
    rows = hand.tx.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == hand.case.id, CaseEvent.to_state == State.QUEUED)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return rows.one()


def _offer(hand: Hand, chain: Chain, method: Method, *, lot: bytes = b"") -> bool:
    node, tx, case = hand.node, hand.tx, hand.case
    among = in_team(tx, case.team_id) if case.team_id else None
    everybody = candidates(node, tx, hand.bylaws, among=among, member=case.member_id)
    about = replace(matter(hand), declined=asked_in_vain(hand))
    if method is Method.SKILL_LANGUAGE:
        about = replace(about, language=case.language)
    now = node.now()
    able = rules.eligible(everybody, about, rules=hand.bylaws, at=now)
    choice = methods.choose(method, able, about, lot=lot)
    if choice is None:
        return False
    figures = rules.explain(method, everybody, about, rules=hand.bylaws, at=now)
    found = Found(
        person=choice.person,
        method=method,
        figures=figures,
        scores=choice.scores,
        ruled=True,
    )
    make(hand, chain, found)
    return True
