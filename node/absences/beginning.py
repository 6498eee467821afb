"""What follows when somebody is away: their cases go on with whoever stands in."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.absences import Chains, along
from node import log, reviews
from node.assignments.automatic import offer_on, stand_in
from node.assignments.facts import absent
from node.cases.hand import by_rule
from node.cases.releasing import Leaving, can_take_back, take_back
from node.core import Node
from node.models.cases import Case
from node.models.teams import Absence, Team, TeamMember
from node.notices import About
from node.teams.shapes import Place

#: An absence begins.
BEGIN = "absence.begin"
_ENDED = "absence"
_LEADS = (Place.COORDINATOR.value, Place.DEPUTY.value)


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_LEAVING = Leaving(
    reason=_("Your advocate is away for a while. Somebody else takes this over."),
    note=_(
        "Given back by the rules: whoever had it is away. It stands as they left it."
    ),
)


def begin(node: Node, absence_id: str) -> None:
    """Give on what somebody has who is away from now on. Safe to call twice."""
    id_ = UUID(absence_id)
    with node.read() as tx:
        row = tx.get(Absence, id_)
        if row is None or not row.from_at <= node.now() < row.until_at:
            return
        person = row.person_id
        owned = select(Case.id).where(Case.responsible_id == person).order_by(Case.id)
        found = tx.scalars(owned).all()
    for case_id in found:
        _go_on(node, case_id, person)
    with node.begin() as tx:
        row = tx.get(Absence, id_, with_for_update=True)
        if row is not None and row.begun_at is None:
            row.begun_at = node.now()
            _warn(node, tx, person)


def _go_on(node: Node, case_id: UUID, person: UUID) -> None:
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, case_id)
        if hand is None or hand.case.responsible_id != person:
            return
        if not can_take_back(hand.case):
            return
        chain = log.chain(node, tx, case_id)
        take_back(hand, chain, _LEAVING, _ENDED)
        deputies = tuple(along(person, _chains(node, tx)))
        if not stand_in(hand, chain, deputies):
            offer_on(hand, chain)
        chain.write()


def _chains(node: Node, tx: Session) -> Chains:
    now = node.now()
    rows = select(Absence).where(Absence.from_at <= now, Absence.until_at > now)
    return {
        row.person_id: tuple(map(UUID, row.substitutes.split()))
        for row in tx.scalars(rows)
    }


def _warn(node: Node, tx: Session, person: UUID) -> None:
    # A team without anybody who leads it: stewards hear which one.
    leading = select(TeamMember).where(TeamMember.part.in_(_LEADS))
    own = tx.scalars(leading.where(TeamMember.person_id == person)).all()
    away = absent(tx, at=node.now())
    for part in own:
        others = tx.scalars(leading.where(TeamMember.team_id == part.team_id)).all()
        team = tx.get_one(Team, part.team_id)
        if team.closed_at is None and {it.person_id for it in others} <= away:
            link = f"{node.settings.origin}/admin/people"
            about = About("team.nobody", {"team": team.name, "link": link})
            reviews.tell_stewards(node, tx, about)
