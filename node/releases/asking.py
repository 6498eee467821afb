"""A member asks for what the desk wrote for itself, and reads what came of it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import releases as rules
from governance.cases import Part
from governance.errors import NotYours
from governance.releases import CLOCK
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up, role_of
from node.cases.sealing import say
from node.core import Node
from node.ids import new_id
from node.models.notes import Note
from node.models.releases import NoteRelease, NoteRequest
from node.releases import clock, telling
from node.releases.shapes import Asked, ReleasedNote


def ask(node: Node, reference: str, *, by: Visitor) -> bool:
    """Ask for every note that nobody decided about; return whether there is one.

    While a request waits, asking again changes nothing.
    """
    with node.begin() as tx:
        hand = _own(node, tx, reference, by)
        if waiting(tx, hand.case.id) is not None:
            return True
        found = tx.scalars(clock.undecided(hand.case.id)).all()
        if not found:
            return False
        now = node.now()
        row = NoteRequest(
            id=new_id(node),
            case_id=hand.case.id,
            asked_at=now,
            due_at=now + CLOCK,
            warned=0,
        )
        tx.add(row)
        ticket = say(hand, role_of(hand, Part.MEMBER), "notes.ask")
        clock.plan(node, tx, row, ticket.oid)
        telling.deciders(hand, {note.kind for note in found}, "notes.asked", ticket)
        return True


def waiting(tx: Session, case_id: UUID) -> NoteRequest | None:
    """Return what a member asked for and did not get yet, if they asked."""
    return tx.scalar(
        select(NoteRequest).where(
            NoteRequest.case_id == case_id, NoteRequest.settled_at.is_(None)
        )
    )


def asked(node: Node, reference: str, *, by: Visitor) -> Asked:
    """Return what the member of a case asked for, and every note they may read."""
    with node.read() as tx:
        hand = _own(node, tx, reference, by, lock=False)
        row = waiting(tx, hand.case.id)
        due = row.due_at if row is not None else None
        late = due is not None and rules.is_late(due, None, at=node.now())
        return Asked(due, late, of(hand))


def of(hand: Hand) -> tuple[ReleasedNote, ...]:
    """Return what the member of a case got to read, oldest note first."""
    rows = hand.tx.execute(
        select(NoteRelease, Note)
        .join(Note, Note.id == NoteRelease.note_id)
        .where(NoteRelease.case_id == hand.case.id)
        .order_by(Note.written_at, Note.id)
    ).all()
    if not rows:
        return ()
    names = people.names(hand.node, hand.tx, {note.author_id for _, note in rows})
    key = hand.key()
    return tuple(
        ReleasedNote(
            at=note.written_at,
            who=names.get(note.author_id, ""),
            kind=note.kind,
            outcome=row.outcome,
            text=vault.words(key, place(note.id, "text"), row.text),
            reason=vault.words(key, place(note.id, "reason"), row.reason),
        )
        for row, note in rows
    )


def place(note_id: UUID, column: str) -> vault.Place:
    """Return where the words about a note stand."""
    return vault.Place(NoteRelease.__tablename__, column, note_id)


def _own(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = True
) -> Hand:
    hand = pick_up(node, tx, reference, by, lock=lock)
    if not hand.own:
        raise NotYours("Only its member asks for the notes about a case.")
    return hand
