"""Going over notes that a member asked for: which wait, one of them, the decision."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from governance import releases as rules
from governance.access import Field, Ground
from governance.cases import Act
from governance.cases import verb as verb_of
from governance.errors import NotFound
from governance.releases import Outcome
from governance.submissions import check_words
from governance.threads import NoteKind
from ledger.entry import Role
from node import governance, people, vault, walls
from node.access.glass import may_ask
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import Hand
from node.cases.sealing import say
from node.core import Node
from node.ladder import telling as ladder
from node.models.cases import Case
from node.models.notes import Note
from node.models.releases import NoteRelease, NoteRequest
from node.releases import clock
from node.releases.asking import place
from node.releases.shapes import Decision, OpenedNote, WaitingNote

_ACTIONS = {
    Outcome.SHOWN: "notes.show",
    Outcome.IN_PART: "notes.show_part",
    Outcome.KEPT_BACK: "notes.keep_back",
}


def listed(node: Node, *, by: Visitor) -> tuple[WaitingNote, ...]:
    """Return the notes somebody is to decide about, the most urgent first."""
    with node.read() as tx:
        return tuple(
            _line(node, note, row, hand.case) for note, row, hand in _mine(node, tx, by)
        )


def one(node: Node, note_id: UUID, *, by: Visitor) -> OpenedNote:
    """Return a note with its words; that it was read, its member sees."""
    with node.read() as tx:
        note, row, hand = _pick(node, tx, note_id, by)
        key, line = hand.key(), _line(node, note, row, hand.case)
        names = people.names(node, tx, {note.author_id})
        found = OpenedNote(
            **{name: getattr(line, name) for name in WaitingNote.__dataclass_fields__},
            who=names.get(note.author_id, ""),
            text=vault.words(key, _written(note, "body"), note.body),
            sealed_for=vault.words(key, _written(note, "reason"), note.reason),
        )
        look = _look(hand)
    reads.keep(node, look)
    return found


def decide(node: Node, note_id: UUID, said: Decision, *, by: Visitor) -> Outcome:
    """Let a member read a note, a part of it, or why they do not; once."""
    with node.begin(sealed=True) as tx:
        note, row, hand = _pick(node, tx, note_id, by, lock=True)
        rules.check_decider(
            note.kind,
            decided=tx.get(NoteRelease, note.id) is not None,
            wrote=by.is_person(note.author_id),
            leads=leads(hand),
            guards=may_ask(hand),
        )
        for words in filter(str.strip, (said.text, said.reason)):
            check_words(words)
        key = hand.key()
        written = vault.words(key, _written(note, "body"), note.body)
        outcome = rules.outcome(written, said.text, said.reason)
        tx.add(_row(hand, note, row, said, outcome))
        tx.flush()
        role = Role.STEWARD if note.kind is NoteKind.SEALED else Role.COORDINATOR
        ticket = say(hand, role, _ACTIONS[outcome])
        if not tx.scalars(clock.undecided(note.case_id, before=row.asked_at)).all():
            row.settled_at = node.now()
            ladder.member(hand, "notes.answered", ticket)
        return outcome


def leads(hand: Hand) -> bool:
    """Say whether the visitor shares out the case, and may read it."""
    return hand.may(verb_of(Act.ASSIGN)) and hand.may("case.read")


def _row(
    hand: Hand, note: Note, row: NoteRequest, said: Decision, outcome: Outcome
) -> NoteRelease:
    node, key = hand.node, hand.key()

    def sealed(column: str, words: str) -> bytes | None:
        kept = words.strip()
        return vault.seal(node, key, place(note.id, column), kept) if kept else None

    return NoteRelease(
        note_id=note.id,
        request_id=row.id,
        case_id=note.case_id,
        outcome=outcome,
        text=sealed("text", said.text),
        reason=sealed("reason", said.reason),
        decided_by=hand.by.person_id,
        decided_at=node.now(),
    )


def _asked_for(by: Visitor) -> Select[Note, NoteRequest, Case]:
    return (
        select(Note, NoteRequest, Case)
        .join(NoteRequest, NoteRequest.case_id == Note.case_id)
        .join(Case, Case.id == Note.case_id)
        .where(
            NoteRequest.settled_at.is_(None),
            Note.written_at <= NoteRequest.asked_at,
            walls.open_to(by),
        )
    )


def _mine(
    node: Node, tx: Session, by: Visitor
) -> Iterator[tuple[Note, NoteRequest, Hand]]:
    decided = exists().where(NoteRelease.note_id == Note.id)
    waits = _asked_for(by).where(~decided)
    rows = tx.execute(waits.order_by(NoteRequest.due_at, Note.id)).all()
    bylaws = governance.in_force(node, tx)
    for note, row, case in rows:
        hand = Hand(node, tx, case, by, bylaws)
        if rules.may_decide(note.kind, leads=leads(hand), guards=may_ask(hand)):
            yield note, row, hand


def _pick(
    node: Node, tx: Session, note_id: UUID, by: Visitor, *, lock: bool = False
) -> tuple[Note, NoteRequest, Hand]:
    found = tx.execute(_asked_for(by).where(Note.id == note_id)).one_or_none()
    if found is None or by.case_id is not None:
        raise NotFound("No such note waits here.")
    note, row, case = found
    if lock:
        tx.refresh(case, with_for_update=True)
        tx.refresh(row)
    hand = Hand(node, tx, case, by, governance.in_force(node, tx))
    if not rules.may_decide(note.kind, leads=leads(hand), guards=may_ask(hand)):
        raise NotFound("No such note waits here.")
    return note, row, hand


def _line(node: Node, note: Note, row: NoteRequest, case: Case) -> WaitingNote:
    return WaitingNote(
        id=note.id,
        reference=case.reference,
        kind=note.kind,
        written_at=note.written_at,
        due_at=row.due_at,
        late=rules.is_late(row.due_at, None, at=node.now()),
    )


def _written(note: Note, column: str) -> vault.Place:
    return vault.Place(Note.__tablename__, column, note.id)


def _look(hand: Hand) -> reads.Look:
    return reads.Look(
        person_id=hand.by.person_id or UUID(int=0),
        field=Field.NOTES,
        ground=Ground.OFFICE,
        role=min(hand.by.roles, default=""),
        channel=hand.by.channel,
        case_id=hand.case.id,
    )
