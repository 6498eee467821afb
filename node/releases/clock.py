"""The clock of a request for notes: who is warned, and that it was missed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from governance.releases import WARNINGS
from ledger.entry import Role
from node import jobs
from node.cases.hand import by_rule
from node.cases.sealing import say
from node.core import Node
from node.ladder import telling as ladder
from node.models.notes import Note
from node.models.releases import NoteRelease, NoteRequest
from node.releases import telling

#: Those who decide hear that something waits.
WARN = "notes.warn"


def plan(node: Node, tx: Session, row: NoteRequest, oid: int) -> None:
    """Write down when somebody is warned that notes wait."""
    asked = (
        jobs.Asked(
            WARN, str(row.id), row.asked_at + after, oid, f"{WARN}/{row.id}/{number}"
        )
        for number, after in enumerate(WARNINGS)
    )
    jobs.put(node, tx, *asked)


def undecided(case_id: UUID, *, before: datetime | None = None) -> Select[Note]:
    """Return the query for the notes of a case that nobody decided about."""
    decided = exists().where(NoteRelease.note_id == Note.id)
    found = select(Note).where(Note.case_id == case_id, ~decided)
    return found if before is None else found.where(Note.written_at <= before)


def warn(node: Node, id_: str) -> None:
    """Tell who decides that notes wait, once each time; at the end, it is missed."""
    with node.begin(sealed=True) as tx:
        row = tx.get(NoteRequest, UUID(id_))
        hand = by_rule(node, tx, row.case_id) if row is not None else None
        if row is None or hand is None:
            return
        tx.refresh(row)
        due = sum(node.now() >= row.asked_at + after for after in WARNINGS)
        if row.settled_at is not None or row.warned >= due:
            return
        row.warned = due
        rows = tx.scalars(undecided(row.case_id, before=row.asked_at))
        left = {note.kind for note in rows}
        if due < len(WARNINGS):
            telling.deciders(hand, left, "notes.soon")
            return
        ticket = say(hand, Role.NODE, "notes.late")
        telling.deciders(hand, left, "notes.over", ticket)
        ladder.member(hand, "notes.late", ticket)
