"""Who answers members about their own data, and whose requests they may not know of."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.access import BREAK
from governance.errors import Denied
from governance.predicates import Resource
from governance.roles import Grant
from governance.rules import Bylaws
from ledger.entry import Role
from node import aliases, governance, notices, officers, people, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.cases import Case
from node.models.data_requests import DataRequest
from node.models.walls import Wall
from node.notices import About

#: No preset names a verb for it. Whoever answers for the community does it, as with
#: breaches; and whoever shares out its cases, all of them: a request is about the
#: whole of what is held, not about one topic or place.
_SHARE = "case.assign"


def _as_what(node: Node, bylaws: Bylaws, by: Visitor) -> Role | None:
    """Return as what somebody answers members about their data, if they do."""
    at = node.now()
    if by.person_id is None or by.case_id is not None:
        return None
    who = governance.subject(by)
    if governance.may_with_another(bylaws, who, BREAK, Resource(), at=at):
        return Role.STEWARD
    shares = map(_everywhere, governance.reach(bylaws, by, _SHARE, at=at))
    return Role.COORDINATOR if any(shares) else None


def _everywhere(grant: Grant) -> bool:
    return grant.topics == grant.areas == grant.teams == "all"


def require(node: Node, tx: Session, by: Visitor) -> Role:
    """Return as what somebody answers, or refuse who does not for all of it."""
    role = _as_what(node, governance.in_force(node, tx), by)
    if role is None:
        raise Denied(
            "Requests about somebody's data are for stewards, and for those who share"
            " out all cases.",
            rules=("silence",),
        )
    return role


def kept_from(tx: Session, by: Visitor) -> frozenset[UUID]:
    """Return whose requests do not exist for somebody.

    Their own are for others to answer; and of whom a wall hides one case, they see
    nothing that could tell of it.
    """
    own = walls.own_of(by)
    walled = (
        select(Case.member_id)
        .join(Wall, Wall.case_id == Case.id)
        .where(Wall.person_id.in_(own), Wall.stands)
    )
    found = set(own)
    for member in tx.scalars(walled.distinct()).all():
        found |= aliases.group(tx, member)
    return frozenset(found)


def tell(node: Node, tx: Session, row: DataRequest, kind: str) -> None:
    """Tell everybody who can answer a request that it is there; never what it says."""
    link = f"{node.settings.origin}/admin/requests/{row.id}"
    for person in _responsible(node, tx, row.person_id):
        point = people.mail_of(tx, person)
        if point is not None:
            notices.queue(node, tx, point, About(kind, {"link": link}))


def _responsible(node: Node, tx: Session, about: UUID) -> list[UUID]:
    bylaws = governance.in_force(node, tx)
    return [
        who.person_id
        for who in officers.every(tx, at=node.now())
        if who.person_id is not None
        and _as_what(node, bylaws, who)
        and about not in kept_from(tx, who)
    ]
