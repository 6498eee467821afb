"""Another key for what is left of a chain, so that no old copy opens what went.

An old copy of the database still has the erased cells. The key that opens them is
destroyed here; what stays is sealed again under a new one.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from node import vault
from node.core import Node
from node.database import Model
from node.log.chains import disclosure_place
from node.models.access import Glass
from node.models.assignments import Assignment
from node.models.bodies import Inquiry
from node.models.breaches import BreachStep
from node.models.cases import Case, CaseEvent
from node.models.data_requests import DataRequest
from node.models.feedback import Feedback, PeerCopy, PeerFinding
from node.models.later import LaterReply
from node.models.log import LedgerChain, LedgerDisclosure, LedgerSeal
from node.models.notes import MessageDraft, Note
from node.models.parties import Party
from node.models.plans import Task
from node.models.releases import NoteRelease
from node.models.retention import LegalHold
from node.models.seconding import Seconding
from node.models.submissions import Claim, Submission
from node.models.threads import Message
from node.models.together import CaseBond, CommonMatter
from node.models.walls import Wall

#: Where the cells under a chain's content key stand: by which column a row belongs to
#: the chain, which columns are sealed, and by which its cells are bound to their row.
COLUMNS: tuple[tuple[type[Model], str, tuple[str, ...], str], ...] = (
    (Case, "id", ("title", "place", "priority_reason", "rubric", "tags"), "id"),
    (Submission, "case_id", ("text",), "id"),
    (Claim, "case_id", ("wanted", "value", "obtained"), "case_id"),
    (CaseEvent, "case_id", ("reason",), "case_id/seq"),
    (Message, "case_id", ("body", "sender"), "id"),
    (Assignment, "case_id", ("note",), "id"),
    (Note, "case_id", ("body", "reason"), "id"),
    (NoteRelease, "case_id", ("text", "reason"), "note_id"),
    (Feedback, "case_id", ("rating", "text", "answer"), "id"),
    (PeerCopy, "case_id", ("text",), "id"),
    (PeerFinding, "case_id", ("text",), "id"),
    (MessageDraft, "case_id", ("body",), "case_id"),
    (LaterReply, "case_id", ("body",), "id"),
    (Task, "case_id", ("title",), "id"),
    (Party, "case_id", ("name",), "id"),
    (Inquiry, "case_id", ("whom",), "id"),
    (Seconding, "case_id", ("words",), "id"),
    (Wall, "case_id", ("reason",), "id"),
    (Glass, "case_id", ("reason", "seal_reason"), "id"),
    (CommonMatter, "case_id", ("about",), "case_id"),
    (CaseBond, "from_id", ("reason",), "id"),
    (BreachStep, "breach_id", ("words",), "breach_id/seq"),
    (DataRequest, "id", ("words", "answer", "longer", "complain"), "id"),
    (LegalHold, "case_id", ("reason",), "id"),
    (LedgerChain, "case_id", ("case_key",), "case_id"),
    (LedgerSeal, "case_id", ("evidence",), "case_id/seq"),
)


class Cell(NamedTuple):
    """One sealed cell: its row, its column, and what it is bound to."""

    row: Any
    column: str
    place: vault.Place


def rekey(node: Node, tx: Session, chain_id: UUID, old: bytes) -> None:
    """Seal everything that is left under a new key, and forget the old one."""
    tx.flush()
    new = vault.replace_key(node, tx, "case", chain_id)
    for cell in cells(tx, chain_id):
        sealed = getattr(cell.row, cell.column)
        if sealed:
            words = vault.unseal(old, cell.place, sealed)
            setattr(cell.row, cell.column, vault.seal(node, new, cell.place, words))
    tx.flush()


def cells(tx: Session, chain_id: UUID) -> Iterator[Cell]:
    """Yield every cell that is sealed under a chain's content key."""
    for model, owner, columns, bound in COLUMNS:
        for row in tx.scalars(select(model).where(getattr(model, owner) == chain_id)):
            at = "/".join(str(getattr(row, name)) for name in bound.split("/"))
            for column in columns:
                yield Cell(row, column, vault.Place(model.__tablename__, column, at))
    for row in tx.scalars(
        select(LedgerDisclosure)
        .join(LedgerSeal, LedgerSeal.oid == LedgerDisclosure.oid)
        .where(LedgerSeal.case_id == chain_id)
    ):
        yield Cell(row, "disclosure", disclosure_place(row.oid, row.n))
