"""The log of all reads, for those who watch: stewards by name, auditors by pseudonym.

Looking at it is a read of its own. Whoever a wall keeps from a case, or whose own it
is, finds no line of it here either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from governance.access import BREAK, Field, Ground
from governance.errors import Denied
from governance.predicates import Resource
from node import governance, people, walls
from node.accounts.visitor import Visitor
from node.cases import reads
from node.core import Node
from node.models.access import Access
from node.models.cases import Case
from node.paging import PAGE

#: The most lines one file has: who wants more asks for a part of the time.
MOST = 10_000
_AUDIT = "ledger.audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which reads somebody looks for; everything, where nothing is said."""

    field: Field | None = None
    ground: Ground | None = None
    since: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One read, as far as the viewer may know of it."""

    id: int
    at: datetime
    last_at: datetime
    times: int
    #: A name, or for auditors a pseudonym that stays the same.
    who: str
    role: str
    field: Field
    ground: Ground
    #: A reference, or for auditors a pseudonym; empty for what is about no case.
    case: str
    channel: str
    #: Whether it was an exceptional look.
    glass: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """A part of the log of reads."""

    lines: tuple[AuditLine, ...]
    #: The last line shown, when there are older ones.
    last: int | None
    #: Whether names are shown.
    named: bool


def audit(node: Node, sought: Sought, *, by: Visitor, most: int = PAGE) -> Audit:
    """Return the newest reads that fit, so many at most."""
    role, named = _as_what(node, by)
    with node.read() as tx:
        rows = tx.execute(_query(sought, by).limit(min(most, MOST) + 1)).all()
        more, shown = len(rows) > most, rows[:most]
        found = [(row, reference) for row, reference in shown]
        lines = _lines(node, tx, found, named=named)
    if by.person_id is not None:
        look = reads.Look(
            person_id=by.person_id,
            field=Field.AUDIT,
            ground=Ground.OFFICE,
            role=role,
            channel=by.channel,
        )
        reads.keep(node, look)
    return Audit(lines, lines[-1].id if more and lines else None, named)


def _as_what(node: Node, by: Visitor) -> tuple[str, bool]:
    """Return the role by which somebody may look, and whether it shows names."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
    who, at = governance.subject(by), node.now()
    if governance.may_with_another(bylaws, who, BREAK, Resource(), at=at):
        held = (row.role for row in bylaws.permissions if row.verb == BREAK)
        return next((role for role in held if role in by.roles), ""), True
    role = governance.role_for(bylaws, who, _AUDIT, Resource(), at=at)
    if not role:
        raise Denied("This log is for auditors and stewards.", rules=("silence",))
    return role, False


def _query(sought: Sought, by: Visitor) -> Select[Access, str]:
    wanted: list[ColumnElement[bool]] = [
        or_(Access.case_id.is_(None), walls.open_to(by))
    ]
    if sought.field is not None:
        wanted.append(Access.field == sought.field)
    if sought.ground is not None:
        wanted.append(Access.ground == sought.ground)
    if sought.since is not None:
        wanted.append(Access.at >= sought.since)
    if sought.before is not None:
        wanted.append(Access.id < sought.before)
    return (
        select(Access, Case.reference)
        .outerjoin(Case, Case.id == Access.case_id)
        .where(*wanted)
        .order_by(Access.id.desc())
    )


def _lines(
    node: Node,
    tx: Session,
    rows: Sequence[tuple[Access, str | None]],
    *,
    named: bool,
) -> tuple[AuditLine, ...]:
    ids = {row.person_id for row, _ in rows} if named else set()
    names = people.names(node, tx, ids)
    return tuple(
        AuditLine(
            id=row.id,
            at=row.at,
            last_at=row.last_at,
            times=row.times,
            who=names[row.person_id] if named else _pseudonym(node, row.person_id),
            role=row.role,
            field=row.field,
            ground=row.ground,
            case=(reference or "") if named else _pseudonym(node, row.case_id),
            channel=row.channel,
            glass=row.glass_id is not None,
        )
        for row, reference in rows
    )


def _pseudonym(node: Node, id_: UUID | None) -> str:
    return node.keys.mac("audit", id_.bytes)[:6].hex() if id_ is not None else ""
