"""Notes of the desk: whoever works on a case, for whoever works on it, or sealed.

They stand beside the case and never in it: no page of a member, no export, no entry
of the ledger and no message reads them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.errors import IdempotencyMismatch, NotYours
from governance.submissions import check_words
from governance.threads import NoteKind, check_note
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.notes import Note


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody notes."""

    #: Chosen by the form or the program, so that sending twice writes once.
    id: UUID
    text: str
    kind: NoteKind = NoteKind.WORKING
    #: Why nobody else shall read it, when it is sealed.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as one reader at the desk sees it."""

    id: UUID
    kind: NoteKind
    who: str
    at: datetime
    #: None where only that it is there may be known, and why.
    text: str | None
    reason: str


def write(node: Node, reference: str, noted: Noted, *, by: Visitor) -> None:
    """Write a note about a case. Safe to repeat."""
    check_words(noted.text)
    check_note(noted.kind, noted.reason)
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        author = require_works(hand)
        known = tx.get(Note, noted.id)
        if known is not None:
            _require_same(hand, known, noted)
            return
        key, reason = hand.key(), noted.reason.strip()
        row = Note(
            id=noted.id,
            case_id=hand.case.id,
            author_id=author,
            kind=noted.kind,
            body=vault.seal(node, key, _place(noted.id, "body"), noted.text),
            reason=vault.seal(node, key, _place(noted.id, "reason"), reason)
            if reason
            else None,
            written_at=node.now(),
        )
        tx.add(row)


def require_works(hand: Hand) -> UUID:
    """Return who works on a case; refuse its member, and who only may take it."""
    who = hand.by.person_id
    if who is None or not works(hand):
        raise NotYours("This is for whoever works on the case, and coordinates.")
    return who


def works(hand: Hand) -> bool:
    """Say whether somebody reads what the desk writes for itself."""
    return not hand.own and hand.by.kind == "member" and hand.may("case.read")


def board(node: Node, reference: str, *, by: Visitor) -> tuple[NoteLine, ...] | None:
    """Return the notes of a case; None to whoever has no part in them."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return shown(hand) if works(hand) else None


def shown(hand: Hand) -> tuple[NoteLine, ...]:
    """Return the notes of a case in hand, oldest first."""
    rows = hand.tx.scalars(
        select(Note).where(Note.case_id == hand.case.id).order_by(Note.written_at)
    ).all()
    names = people.names(hand.node, hand.tx, {row.author_id for row in rows})
    key = hand.key()
    return tuple(_line(hand, key, row, names.get(row.author_id, "")) for row in rows)


def _line(hand: Hand, key: bytes, row: Note, name: str) -> NoteLine:
    own = row.author_id == hand.by.person_id
    read = own or row.kind is NoteKind.WORKING
    text = vault.words(key, _place(row.id, "body"), row.body) if read else None
    reason = vault.words(key, _place(row.id, "reason"), row.reason)
    return NoteLine(row.id, row.kind, name, row.written_at, text, reason)


def _require_same(hand: Hand, row: Note, noted: Noted) -> None:
    text = ""
    if (row.case_id, row.author_id) == (hand.case.id, hand.by.person_id):
        text = vault.words(hand.key(), _place(row.id, "body"), row.body)
    if text != noted.text:
        raise IdempotencyMismatch("Something else was sent under this number before.")


def _place(note_id: UUID, column: str) -> vault.Place:
    return vault.Place(Note.__tablename__, column, note_id)
