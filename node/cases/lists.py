"""Lists of cases: one line each, one query for all, at most a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cases import Kind, Outcome, Priority, State
from governance.intake import Channel
from node import people, vault
from node.core import Node
from node.models.areas import Area
from node.models.cases import Case
from node.models.vault import ContentKey

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list."""

    reference: str
    #: Empty where the viewer sees no more than that it waits.
    title: str
    kind: Kind
    topic: str
    state: State
    outcome: Outcome | None
    priority: Priority | None
    channel: Channel
    area_name: str
    received_at: datetime
    next_due_at: datetime | None
    late_by: timedelta | None
    responsible_name: str
    #: Whether it waits for the viewer.
    turn: bool
    disputed: bool
    #: The desk's short words for it; like the title, for whoever may read it.
    tags: tuple[str, ...] = ()
    #: The rule that sorted it by itself; empty once a person did.
    sorted_by: str = ""


def lines(
    node: Node,
    tx: Session,
    cases: Sequence[Case],
    *,
    turns: frozenset[State] = frozenset(),
    headlines: frozenset[object] = frozenset(),
) -> tuple[CaseLine, ...]:
    """Return a line for each case; of those in `headlines`, no title is shown."""
    read = _read(node, tx, [case for case in cases if case.id not in headlines])
    areas = _areas(tx, {case.area for case in cases if case.area})
    names = people.names(
        node, tx, {case.responsible_id for case in cases if case.responsible_id}
    )
    now = node.now()
    return tuple(
        CaseLine(
            reference=case.reference,
            title=read[case.id].title if case.id in read else "",
            kind=case.kind,
            topic=case.topic,
            state=case.state,
            outcome=case.outcome,
            priority=case.priority,
            channel=case.channel,
            area_name=areas.get(case.area or "", ""),
            received_at=case.received_at,
            next_due_at=case.next_due_at,
            late_by=late(case, now),
            responsible_name=names.get(case.responsible_id, "")
            if case.responsible_id
            else "",
            turn=case.state in turns,
            disputed=case.disputed,
            tags=read[case.id].tags if case.id in read else (),
            sorted_by=case.sorted_by or "",
        )
        for case in cases
    )


def late(case: Case, now: datetime) -> timedelta | None:
    """Return by how much a case's next promise is late; None while it is not."""
    due = case.next_due_at
    return now - due if due is not None and due < now else None


def _areas(tx: Session, codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    rows = tx.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    return {row.code: row.name for row in rows}


@dataclass(frozen=True, slots=True)
class _Read:
    title: str
    tags: tuple[str, ...]


def _read(node: Node, tx: Session, cases: Sequence[Case]) -> dict[object, _Read]:
    ids = [case.id for case in cases]
    keys = tx.execute(
        select(ContentKey.owner, ContentKey.epoch, ContentKey.wrapped).where(
            ContentKey.kind == "case", ContentKey.owner.in_(ids)
        )
    )
    opened = {
        owner: vault.open_key(node, vault.Wrapped("case", owner, epoch, wrapped))
        for owner, epoch, wrapped in keys
    }
    return {
        case.id: _words(case, opened[case.id]) for case in cases if case.id in opened
    }


def _words(case: Case, key: bytes) -> _Read:
    title = vault.words(key, vault.Place("case", "title", case.id), case.title)
    tags = vault.words(key, vault.Place("case", "tags", case.id), case.tags)
    return _Read(title or case.reference, tuple(tags.splitlines()))
