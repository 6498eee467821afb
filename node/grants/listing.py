"""Who holds which role until when, for those who work with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.access import Field
from governance.errors import ChoiceInvalid, ContactInvalid, Denied
from governance.grants import VERB
from governance.rules import Bylaws
from node import governance, people
from node.accounts.visitor import Visitor
from node.cases import reads
from node.core import Node
from node.grants.giving import require
from node.grants.shapes import Held
from node.models.accounts import Account, GrantRow
from node.models.people import ContactPoint
from node.models.teams import Team
from node.paging import PAGE
from node.teams import open_ones

#: Whoever shares out cases sees who could have them; giving roles is `VERB`.
_SEES = (VERB, "case.assign")


@dataclass(frozen=True, slots=True)
class Board:
    """What the page of roles shows."""

    #: What counts now, by name.
    held: tuple[Held, ...]
    #: The newest of what is over.
    over: tuple[Held, ...]
    #: Roles of the bylaws: code and title.
    roles: tuple[tuple[str, str], ...]
    #: Teams a role can be for: number and name.
    teams: tuple[tuple[str, str], ...]
    may_give: bool


def board(node: Node, *, by: Visitor) -> Board:
    """Return who holds which role, for stewards and whoever shares out cases."""
    with node.read() as tx:
        bylaws, now = governance.in_force(node, tx), node.now()
        may = {verb: governance.reach(bylaws, by, verb, at=now) for verb in _SEES}
        if not any(may.values()):
            raise Denied(
                "Who holds a role is shown to those who share out cases.",
                rules=("silence",),
            )
        gives = bool(may[VERB])
        lines = _lines(node, tx, bylaws)
        return Board(
            held=tuple(
                replace(one, may_end=gives or by.is_person(one.person))
                for one in lines
                if one.holds
            ),
            over=_newest(lines),
            roles=tuple((it.id, it.title) for it in bylaws.roles.values()),
            teams=tuple((str(it.id), it.name) for it in open_ones(tx)),
            may_give=gives,
        )


def holdings(node: Node, *, role: str = "", over: bool = False) -> tuple[Held, ...]:
    """Return who holds which role now, for whoever runs the node; or what is over."""
    with node.read() as tx:
        lines = _lines(node, tx, governance.in_force(node, tx))
    shown = _newest(lines) if over else tuple(one for one in lines if one.holds)
    return tuple(one for one in shown if role in {"", one.role})


def find(node: Node, typed: str, *, by: Visitor) -> UUID:
    """Return whose account an e-mail address or number is proven for.

    The look-up is written down, whether or not somebody was found.
    """
    with node.read() as tx:
        require(governance.in_force(node, tx), by, node)
        found = _owner(node, tx, typed)
    if found is None:
        reads.missed(node, Field.PERSON, by=by)
        raise ChoiceInvalid("Nobody has an account with this address.", field="who")
    reads.keep(node, reads.of_person(found, by))
    return found


def _owner(node: Node, tx: Session, typed: str) -> UUID | None:
    try:
        digest = people.digest(node, people.contact(typed, people.region(tx)))
    except ContactInvalid:
        return None
    return tx.scalar(
        select(ContactPoint.person_id)
        .join(Account, Account.person_id == ContactPoint.person_id)
        .where(
            ContactPoint.digest == digest,
            ContactPoint.verified_at.is_not(None),
            Account.closed_at.is_(None),
        )
        .order_by(Account.created_at, Account.id)
        .limit(1)
    )


def _lines(node: Node, tx: Session, bylaws: Bylaws) -> list[Held]:
    rows = tx.scalars(select(GrantRow)).all()
    ids = {row.person_id for row in rows} | {it for row in rows if (it := row.given_by)}
    names = people.names(node, tx, ids)
    teams = {str(one.id): one.name for one in tx.scalars(select(Team))}
    lines = [
        Held(
            id=row.id,
            person=row.person_id,
            name=names.get(row.person_id, ""),
            role=row.role,
            title=bylaws.roles[row.role].title if row.role in bylaws.roles else "",
            topics=_named(row.topics),
            areas=_named(row.areas),
            teams=tuple(teams.get(it, "") for it in _named(row.teams or "all")),
            clearance=tuple(row.clearance.split()),
            from_at=row.from_at,
            expires_at=row.expires_at,
            giver=names.get(row.given_by, "") if row.given_by else "",
            holds=row.from_at <= node.now() < row.expires_at,
            ended=row.ended_by is not None,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda one: (one.name, one.role, one.from_at, one.id))


def _named(scope: str) -> tuple[str, ...]:
    return () if scope == "all" else tuple(scope.split())


def _newest(lines: Sequence[Held]) -> tuple[Held, ...]:
    past = [one for one in lines if not one.holds]
    return tuple(sorted(past, key=lambda one: one.expires_at, reverse=True)[:PAGE])
