"""Giving somebody a role for a time, by whoever may, to whoever is not themselves."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import grants as rules
from governance.cases import Sensitivity
from governance.errors import ChoiceInvalid, Denied, OwnGrant
from governance.grants import VERB
from governance.roles import Grant
from governance.rules import Bylaws
from node import aliases, governance, jobs, notices, people
from node.accounts.visitor import Visitor
from node.core import Node
from node.grants import writing
from node.grants.ending import OVER
from node.grants.shapes import Given
from node.ids import new_id
from node.models.accounts import Account, GrantRow
from node.models.areas import Area
from node.models.start import Community
from node.models.teams import Team
from node.notices import About
from node.topics import STARTER

_ALL = "all"
_CLEARANCES = frozenset(Sensitivity) - {Sensitivity.NORMAL}


def give(node: Node, asked: Given, *, by: Visitor) -> UUID:
    """Give somebody a role from now on; return the number of the grant.

    Raises `OwnGrant` for a role to oneself, `NoSeat` where enough people hold it.
    """
    with node.begin(sealed=True) as tx:
        own = require(governance.in_force(node, tx), by, node)
        # Two who give the last seat at once: the second waits, and finds it taken.
        tx.get_one(Community, 1, with_for_update=True)
        _check_person(tx, asked.person, by)
        row = _row(node, tx, asked, by)
        bylaws, grant = governance.in_force(node, tx), _grant(row)
        rules.check(bylaws, grant, holders=_holders(tx, row))
        rules.check_reach(own, grant)
        tx.add(row)
        tx.flush()
        writing.given(node, tx, row, by.person_id or row.id)
        plan(node, tx, row)
        _tell(node, tx, row, bylaws.roles[row.role].title)
        return row.id


def require(bylaws: Bylaws, by: Visitor, node: Node) -> tuple[Grant, ...]:
    """Return the grants by which somebody gives roles and ends them, or refuse."""
    own = governance.reach(bylaws, by, VERB, at=node.now())
    if not own:
        raise Denied("Roles are given by stewards.", rules=("silence",))
    return own


def plan(node: Node, tx: Session, row: GrantRow) -> None:
    """Write down what is due when a role is over: its holder's cases go on."""
    key = f"{OVER}/{row.id}/{row.expires_at.isoformat()}"
    jobs.put(node, tx, jobs.Asked(OVER, str(row.id), row.expires_at, None, key))


def _check_person(tx: Session, person: UUID, by: Visitor) -> None:
    account = tx.scalar(select(Account).where(Account.person_id == person))
    if account is None or account.closed_at is not None:
        raise ChoiceInvalid("Choose somebody who has an account here.", field="person")
    if by.person_id in aliases.group(tx, person) or by.is_person(person):
        raise OwnGrant("Nobody gives a role to themselves. Ask another steward.")


def _row(node: Node, tx: Session, asked: Given, by: Visitor) -> GrantRow:
    now = node.now()
    return GrantRow(
        id=new_id(node),
        person_id=asked.person,
        role=asked.role,
        topics=_codes(asked.topics, STARTER, "topics"),
        areas=_codes(asked.areas, _areas(tx), "areas"),
        teams=_codes(map(str, asked.teams), _teams(tx), "teams"),
        clearance=" ".join(_known(asked.clearance, _CLEARANCES, "clearance")),
        from_at=now,
        expires_at=now + timedelta(days=asked.days),
        given_by=by.person_id,
    )


def _codes(chosen: Iterable[str], known: Collection[str], field: str) -> str:
    return " ".join(_known(chosen, known, field)) or _ALL


def _known(chosen: Iterable[str], known: Collection[str], field: str) -> list[str]:
    named = sorted(set(chosen))
    if not set(named) <= set(known):
        raise ChoiceInvalid("Choose from the list.", field=field)
    return named


def _areas(tx: Session) -> set[str]:
    return {*tx.scalars(select(Area.code)), "none"}


def _teams(tx: Session) -> set[str]:
    return {str(one) for one in tx.scalars(select(Team.id))}


def _grant(row: GrantRow) -> Grant:
    def scope(text: str) -> frozenset[str] | None:
        return None if text == _ALL else frozenset(text.split())

    return Grant(
        role=row.role,
        from_=row.from_at,
        expires_at=row.expires_at,
        topics=scope(row.topics) or "all",
        areas=scope(row.areas) or "all",
        teams=scope(row.teams or _ALL) or "all",
        clearance=frozenset(row.clearance.split()),
    )


def _holders(tx: Session, row: GrantRow) -> int:
    others = select(func.count(GrantRow.person_id.distinct())).where(
        GrantRow.role == row.role,
        GrantRow.person_id != row.person_id,
        GrantRow.from_at < row.expires_at,
        GrantRow.expires_at > row.from_at,
    )
    return tx.scalar(others) or 0


def _tell(node: Node, tx: Session, row: GrantRow, title: str) -> None:
    point = people.mail_of(tx, row.person_id)
    if point is not None:
        values = {
            "role": title,
            "until": row.expires_at.date().isoformat(),
            "link": f"{node.settings.origin}/me",
        }
        notices.queue(node, tx, point, About("grant.given", values))
