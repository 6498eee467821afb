"""Splitting a message at triage, and putting it together again.

The case that was told stays as it is, with all its words. Whoever splits it says so in
both chains, and its member is told of the new case.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance import splits as rules
from governance.bonds import BondKind
from governance.cases import State
from governance.consent import Purpose
from governance.errors import (
    ConsentMissing,
    IdempotencyMismatch,
    WrongState,
)
from governance.splits import Span
from node import log, vault
from node.accounts.visitor import Visitor
from node.cases import parts
from node.cases.hand import Hand, agreed, reach
from node.core import Node
from node.ids import new_id
from node.log import Chain, Ticket
from node.models.cases import Case
from node.models.submissions import Piece, Submission
from node.models.together import CaseBond
from node.splitting.beginning import begin
from node.splitting.saying import TRIAGE, mine, say, tell


@dataclass(frozen=True, slots=True)
class Marked:
    """What of a message is a matter of its own."""

    #: Chosen by the form or the program, so that sending twice splits once.
    id: UUID
    #: The words, as they stand in the message: one piece for each new case.
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The cases that came of it, and what to wait for."""

    references: tuple[str, ...]
    ticket: Ticket
    #: Whether this had been sent before, and this is the first answer again.
    again: bool = False


def split(node: Node, reference: str, marked: Marked, *, by: Visitor) -> Made:
    """Make a case of each marked piece of a message that waits for triage."""
    with node.begin(sealed=True) as tx:
        hand = mine(reach(node, tx, reference, by, TRIAGE))
        story = story_of(hand)
        before = _before(hand, story, marked)
        if before is not None:
            return before
        if hand.case.state is not State.RECEIVED:
            raise WrongState("Only what waits for triage is split.")
        if not agreed(tx, hand.case.id, Purpose.HANDLE_CASE, at=node.now()):
            raise ConsentMissing("The member does not want that anybody works on it.")
        known = {_span(row) for row in parts.living(tx, hand.case.id)}
        spans = rules.check(story, marked.pieces, known)
        log.require_writable(node)
        chain = log.chain(node, tx, hand.case.id)
        made = tuple(_part(hand, chain, marked.id, story, span) for span in spans)
        return Made(made, tell(hand, "case.split", made, chain.write()))


def story_of(hand: Hand) -> str:
    """Return what was told, word for word; nothing once that was erased."""
    row = hand.tx.scalars(
        select(Submission).where(Submission.case_id == hand.case.id).limit(1)
    ).one()
    return vault.words(hand.key(), vault.Place("submission", "text", row.id), row.text)


def _span(row: Piece) -> Span:
    return Span(row.starts, row.ends)


def _before(hand: Hand, story: str, marked: Marked) -> Made | None:
    tx = hand.tx
    rows = tx.scalars(select(Piece).where(Piece.split_id == marked.id)).all()
    if not rows:
        return None
    found = {rules.find(story, words) for words in marked.pieces}
    whose = {(row.from_id, row.by_id) for row in rows}
    same = found == {_span(row) for row in rows}
    if not same or whose != {(hand.case.id, hand.by.person_id)}:
        raise IdempotencyMismatch("Something else was sent under this number before.")
    last = max(row.entry_seq for row in rows)
    ids = [row.case_id for row in sorted(rows, key=lambda row: row.entry_seq)]
    names = tuple(tx.get_one(Case, id_).reference for id_ in ids)
    return Made(names, log.ticket(tx, hand.case.id, last), again=True)


def _part(hand: Hand, chain: Chain, split_id: UUID, story: str, span: Span) -> str:
    node, tx, id_ = hand.node, hand.tx, new_id(hand.node)
    begun = begin(hand, id_, span.of(story))
    shared = {"by_id": hand.by.person_id, "at": node.now()}
    tx.add(
        Piece(
            id=id_,
            split_id=split_id,
            from_id=hand.case.id,
            case_id=begun.id,
            starts=span.start,
            ends=span.end,
            entry_seq=say(hand, chain, "split", begun.reference),
            **shared,
        )
    )
    bond = {"from_id": begun.id, "to_id": hand.case.id, "kind": BondKind.PART_OF}
    tx.add(CaseBond(id=new_id(node), merged=False, reason=None, **bond, **shared))
    tx.flush()
    return begun.reference
