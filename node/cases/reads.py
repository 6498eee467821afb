"""Writing down who reads a case of somebody else, before they get to see it.

What is read is read first, the row is written next, and only then is anything handed
over. So a row may stand for a look that a crash kept from somebody, and never the
other way round: where the row cannot be written, as on a full disk, nothing is shown.
The first row of an hour is on disk by then; another look within it only counts, and a
power cut may forget that count.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from governance.access import SAME_LOOK, Field, Ground
from governance.errors import Unrecorded
from node import governance
from node.accounts.visitor import Visitor
from node.cases import glass
from node.cases.hand import Hand
from node.core import Node, Unready
from node.models.access import Access, Glass
from node.upsert import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One restricted read that is about to be handed over."""

    person_id: UUID
    field: Field
    ground: Ground
    role: str = ""
    channel: str = "web"
    case_id: UUID | None = None
    about_id: UUID | None = None
    glass_id: UUID | None = None


def of_case(hand: Hand, field: Field) -> Look | None:
    """Return what is to be written down; None for whoever reads their own."""
    by, case = hand.by, hand.case
    if hand.own or by.person_id is None:
        return None
    ground, role, glass_id = _ground(hand)
    return Look(
        person_id=by.person_id,
        field=field,
        ground=ground,
        role=role,
        channel=by.channel,
        case_id=case.id,
        glass_id=glass_id,
    )


def of_person(about: UUID, by: Visitor, field: Field = Field.PERSON) -> Look | None:
    """Return what is to be written down of a look-up of somebody else."""
    if by.person_id is None or by.person_id == about:
        return None
    return Look(
        person_id=by.person_id,
        field=field,
        ground=Ground.OFFICE,
        role=min(by.roles, default=""),
        channel=by.channel,
        about_id=about,
    )


def _ground(hand: Hand) -> tuple[Ground, str, UUID | None]:
    read = as_what(hand, "case.read")
    if hand.case.responsible_id == hand.by.person_id:
        return Ground.ASSIGNED, read, None
    if read:
        return Ground.OFFICE, read, None
    row = glass.through(hand)
    if row is not None:
        return Ground.GLASS, hand.tx.get_one(Glass, row).role, row
    take = as_what(hand, "case.take") or as_what(hand, "case.triage")
    return Ground.QUEUE, take, None


def as_what(hand: Hand, verb: str) -> str:
    """Return the role that lets the visitor do something to the case, if any does."""
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.role_for(hand.bylaws, who, verb, hand.what, at=at)


def keep(node: Node, look: Look | None) -> None:
    """Write a read down; refuse to hand anything over if that cannot be done."""
    if look is not None:
        node.afterwards(partial(_keep, node, look))


def _keep(node: Node, look: Look) -> None:
    try:
        with node.read() as tx:
            known = tx.scalar(_same(node, look))
        with node.begin(durable=known is None) as tx:
            if known is None or not _again(node, tx, known):
                _first(node, tx, look)
    except Unready as error:
        raise Unrecorded(
            "This cannot be shown, because it cannot be written down that you saw it."
        ) from error


def missed(node: Node, field: Field, *, by: Visitor) -> None:
    """Write down that somebody looked for what is not theirs to find.

    Nothing tells whether it exists: the row is the same, and so is the work. All that
    somebody misses within an hour is one row, so nobody fills a disk by guessing.
    """
    if by.kind == "member" and by.person_id is not None:
        look = Look(
            person_id=by.person_id,
            field=field,
            ground=Ground.REFUSED,
            channel=by.channel,
        )
        keep(node, look)


def _same(node: Node, look: Look) -> Select[int]:
    same: list[ColumnElement[bool]] = [
        Access.person_id == look.person_id,
        Access.field == look.field,
        Access.at > node.now() - SAME_LOOK,
        Access.ground == look.ground,
        Access.channel == look.channel,
        Access.case_id.is_not_distinct_from(look.case_id),
        Access.about_id.is_not_distinct_from(look.about_id),
        Access.glass_id.is_not_distinct_from(look.glass_id),
    ]
    return select(Access.id).where(*same).order_by(Access.id.desc()).limit(1)


def _again(node: Node, tx: Session, known: int) -> bool:
    counted = tx.execute(
        update(Access)
        .where(Access.id == known)
        .values(times=Access.times + 1, last_at=node.now())
        .returning(Access.id)
        .execution_options(synchronize_session=False)
    )
    return counted.first() is not None


def _first(node: Node, tx: Session, look: Look) -> None:
    now = node.now()
    row: dict[str, object] = {
        "person_id": look.person_id,
        "role": look.role,
        "field": look.field,
        "ground": look.ground,
        "case_id": look.case_id,
        "about_id": look.about_id,
        "glass_id": look.glass_id,
        "channel": look.channel,
        "at": now,
        "last_at": now,
        "times": 1,
    }
    insert_rows(tx, Access, row)
