"""Teams: who is in one, what comes to it, and by which method it goes on.

A team has a coordinator and a deputy, so that nobody is the only one.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.assignments import Method
from governance.errors import ChoiceInvalid, Denied, NotFound
from governance.methods import METHODS
from governance.rules import Bylaws
from node import governance, people
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.models.accounts import Account, GrantRow
from node.models.areas import Area
from node.models.teams import Team, TeamMember
from node.teams.routing import ALL
from node.teams.shapes import Described, Mate, Place, Shown
from node.topics import STARTER

#: No preset names a verb for it: a team belongs to those who share out its cases.
VERB = "case.assign"
_LONGEST_NAME = 80


def every(node: Node, *, by: Visitor) -> tuple[Shown, ...]:
    """Return all teams, by name."""
    with node.read() as tx:
        require(node, tx, by)
        rows = tx.scalars(select(Team).order_by(Team.name)).all()
        return tuple(_shown(node, tx, row) for row in rows)


def show(node: Node, team_id: UUID, *, by: Visitor) -> Shown:
    """Return one team."""
    with node.read() as tx:
        require(node, tx, by)
        return _shown(node, tx, _team(tx, team_id))


def staff(node: Node, *, by: Visitor) -> tuple[Mate, ...]:
    """Return who can be put into a team: everybody who holds a role, by name."""
    with node.read() as tx:
        require(node, tx, by)
        now = node.now()
        held = select(GrantRow.person_id).where(
            GrantRow.from_at <= now, GrantRow.expires_at > now
        )
        names = people.names(node, tx, set(tx.scalars(held.distinct())))
    mates = (Mate(id_, name, Place.MEMBER) for id_, name in names.items())
    return tuple(sorted(mates, key=lambda one: (one.name, one.id)))


def create(node: Node, given: Described, *, by: Visitor) -> UUID:
    """Make a team, with whoever makes it as its coordinator."""
    with node.begin() as tx:
        require(node, tx, by)
        _check(tx, given, None)
        id_ = new_id(node)
        tx.add(Team(id=id_, created_at=node.now(), **_columns(given)))
        tx.flush()
        if by.person_id is not None:
            place = Place.COORDINATOR.value
            tx.add(TeamMember(team_id=id_, person_id=by.person_id, part=place))
        return id_


def edit(node: Node, team_id: UUID, given: Described, *, by: Visitor) -> None:
    """Change what a team is for; what it has already stays where it is."""
    with node.begin() as tx:
        require(node, tx, by)
        change(tx, _team(tx, team_id), given)


def change(tx: Session, team: Team, given: Described) -> None:
    """Write down what a team is for, if it can be that."""
    _check(tx, given, team.id)
    for name, value in _columns(given).items():
        setattr(team, name, value)


def place(
    node: Node, team_id: UUID, person: UUID, where: Place | None, *, by: Visitor
) -> None:
    """Put somebody into a team, change their part in it, or take them out."""
    with node.begin() as tx:
        require(node, tx, by)
        _team(tx, team_id)
        if tx.scalar(select(Account.id).where(Account.person_id == person)) is None:
            raise ChoiceInvalid("Choose somebody who belongs here.", field="person")
        tx.execute(
            delete(TeamMember).where(
                TeamMember.team_id == team_id, TeamMember.person_id == person
            )
        )
        if where is not None:
            tx.add(TeamMember(team_id=team_id, person_id=person, part=where.value))


def close(node: Node, team_id: UUID, *, by: Visitor) -> None:
    """Let no new case come to a team; what it has stays in its queue."""
    with node.begin() as tx:
        require(node, tx, by)
        team = _team(tx, team_id)
        team.closed_at = team.closed_at or node.now()


def _team(tx: Session, team_id: UUID) -> Team:
    found = tx.get(Team, team_id)
    if found is None:
        raise NotFound("There is no such team here.")
    return found


def _shown(node: Node, tx: Session, team: Team) -> Shown:
    rows = tx.scalars(select(TeamMember).where(TeamMember.team_id == team.id)).all()
    names = people.names(node, tx, {row.person_id for row in rows})
    mates = [Mate(row.person_id, names[row.person_id], Place(row.part)) for row in rows]
    return Shown(
        id=team.id,
        name=team.name,
        method=Method(team.method),
        topics=() if team.topics == ALL else tuple(team.topics.split()),
        areas=() if team.areas == ALL else tuple(team.areas.split()),
        mates=tuple(sorted(mates, key=lambda one: (one.place, one.name))),
        closed=team.closed_at is not None,
    )


def _columns(given: Described) -> dict[str, str]:
    return {
        "name": given.name.strip(),
        "method": given.method.value,
        "topics": " ".join(given.topics) or ALL,
        "areas": " ".join(given.areas) or ALL,
    }


def _check(tx: Session, given: Described, own: UUID | None) -> None:
    name = given.name.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ChoiceInvalid("Give the team a short name.", field="name")
    taken = tx.scalar(select(Team.id).where(Team.name == name))
    if taken not in {None, own}:
        raise ChoiceInvalid("There is a team of this name.", field="name")
    if given.method not in METHODS:
        raise ChoiceInvalid("Choose how cases are given.", field="method")
    codes = set(tx.scalars(select(Area.code))) | {"none"}
    _listed(given.topics, STARTER, "topics")
    _listed(given.areas, codes, "areas")


def _listed(chosen: Sequence[str], known: Collection[str], field: str) -> None:
    if not set(chosen) <= set(known):
        raise ChoiceInvalid("Choose from the list.", field=field)


def require(node: Node, tx: Session, by: Visitor) -> Bylaws:
    """Return the bylaws by which somebody shares out cases, or refuse."""
    bylaws = governance.in_force(node, tx)
    if not governance.reach(bylaws, by, VERB, at=node.now()):
        raise Denied("Teams are for those who share out cases.", rules=("silence",))
    return bylaws
