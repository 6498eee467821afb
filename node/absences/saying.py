"""Saying that one is away, and that one is back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import absences as rules
from governance.errors import ChoiceInvalid, Denied, NotFound
from governance.rules import Bylaws
from node import governance, jobs, people
from node.absences.beginning import BEGIN
from node.absences.shapes import Asked, Away, Mine
from node.accounts.visitor import Visitor
from node.assignments.candidates import colleagues_of
from node.core import Node
from node.ids import new_id
from node.models.teams import Absence
from node.roster import handing

#: Somebody who is away for longer gives their role back.
LONGEST = timedelta(days=366)
#: So many can stand in for one, and so many times away can be told ahead.
MOST_DEPUTIES = 5
MOST = 20


def mine(node: Node, *, by: Visitor) -> Mine:
    """Return when somebody is away, now and to come, and who could stand in."""
    with node.read() as tx:
        person, bylaws = require(by), governance.in_force(node, tx)
        rows = _to_come(node, tx, person)
        ids = {one for row in rows for one in deputies_of(row)}
        names = people.names(node, tx, ids)
        found = colleagues_of(node, tx, bylaws)
        turns = handing.to_come(node, tx, person)
        return Mine(
            turns=turns,
            away=tuple(
                Away(
                    id=row.id,
                    from_at=row.from_at,
                    until_at=row.until_at,
                    deputies=tuple(names.get(it, "") for it in deputies_of(row)),
                    now=row.from_at <= node.now(),
                )
                for row in rows
            ),
            colleagues=tuple(one for one in found if one.id != person),
        )


def say(node: Node, asked: Asked, *, by: Visitor) -> UUID:
    """Write down that somebody is away; from then on they are not asked."""
    with node.begin() as tx:
        person, bylaws = require(by), governance.in_force(node, tx)
        row = _row(node, person, asked, bylaws.calendar.zone)
        _check_time(node, tx, row)
        _check_deputies(node, tx, row, bylaws)
        tx.add(row)
        key = f"{BEGIN}/{row.id}"
        jobs.put(node, tx, jobs.Asked(BEGIN, str(row.id), row.from_at, None, key))
        return row.id


def call_off(node: Node, absence_id: UUID, *, by: Visitor) -> None:
    """Take back an absence to come, or be back before its end."""
    with node.begin() as tx:
        person, now = require(by), node.now()
        row = tx.get(Absence, absence_id, with_for_update=True)
        if row is None or row.person_id != person or row.until_at <= now:
            raise NotFound("There is no such absence here.")
        if row.from_at > now:
            tx.delete(row)
        else:
            row.until_at = now


def deputies_of(row: Absence) -> tuple[UUID, ...]:
    """Return who stands in, in the order in which they are asked."""
    return tuple(map(UUID, row.substitutes.split()))


def require(by: Visitor) -> UUID:
    """Return who says it, if they hold a role; refuse all others."""
    if by.person_id is None or not by.grants:
        raise Denied("Absences are told by those who hold a role.", rules=("silence",))
    return by.person_id


def _row(node: Node, person: UUID, asked: Asked, zone: tzinfo) -> Absence:
    return Absence(
        id=new_id(node),
        person_id=person,
        from_at=_begins(asked.first, zone),
        until_at=_begins(asked.last + timedelta(days=1), zone),
        substitutes=" ".join(map(str, asked.deputies)),
    )


def _begins(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _check_time(node: Node, tx: Session, row: Absence) -> None:
    if row.until_at <= row.from_at or row.until_at <= node.now():
        raise ChoiceInvalid("The last day is after the first, to come.", field="last")
    if row.until_at - row.from_at > LONGEST or row.from_at > node.now() + LONGEST:
        raise ChoiceInvalid("Choose days within a year from now.", field="last")
    others = _to_come(node, tx, row.person_id)
    if len(others) >= MOST:
        raise ChoiceInvalid("This is told often enough.", field="first")
    if any(_overlap(row, one) for one in others):
        raise ChoiceInvalid("You are away then already.", field="first")


def _overlap(one: Absence, other: Absence) -> bool:
    return one.from_at < other.until_at and other.from_at < one.until_at


def _to_come(node: Node, tx: Session, person: UUID) -> Sequence[Absence]:
    rows = select(Absence).where(
        Absence.person_id == person, Absence.until_at > node.now()
    )
    return tx.scalars(rows.order_by(Absence.from_at, Absence.id)).all()


def _check_deputies(node: Node, tx: Session, row: Absence, bylaws: Bylaws) -> None:
    named = deputies_of(row)
    known = {one.id for one in colleagues_of(node, tx, bylaws)}
    if len(named) > MOST_DEPUTIES or not set(named) <= known:
        raise ChoiceInvalid("Choose who stands in from the list.", field="deputies")
    meanwhile = select(Absence).where(
        Absence.from_at < row.until_at, Absence.until_at > row.from_at
    )
    chains = {one.person_id: deputies_of(one) for one in tx.scalars(meanwhile)}
    try:
        rules.check_chain(row.person_id, named, chains)
    except ChoiceInvalid as refusal:
        raise ChoiceInvalid(refusal.reason, field="deputies") from refusal
