"""The same words in the ordinary tables: where pages and programs read them."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.cases import Act
from governance.consent import Purpose, Standing
from governance.threads import MessageKind
from node import approvals, consent_rows, files, people, published, vault
from node.cases import parts
from node.core import Node
from node.erasing.pieces import Piece
from node.models.bodies import Inquiry
from node.models.cases import Case, CaseEvent
from node.models.publications import PublicReply
from node.models.submissions import Claim, Submission
from node.models.threads import Message

_Wipe = Callable[[Node, Session, UUID, int], None]


def wipe(node: Node, tx: Session, case_id: UUID, piece: Piece) -> None:
    """Empty every copy of a field's words outside the ledger's tables."""
    forget = _COPIES.get(piece.what)
    if piece.kind == "attach":
        # What is said of a file is of no use without it, nor it without that.
        files.forget_entry(node, tx, case_id, piece.seq)
    elif piece.name == "reason":
        _reason(tx, case_id, piece.seq)
    elif forget is not None:
        forget(node, tx, case_id, piece.seq)


def _story(node: Node, tx: Session, case_id: UUID, _seq: int) -> None:
    # The digest is of the words, and only tells that the same came again.
    tx.execute(
        update(Submission)
        .where(Submission.case_id == case_id)
        .values(text=b"", digest=b"")
    )
    case = tx.get_one(Case, case_id)
    case.title = b""
    # What its member had shown of it is theirs to show again, in other words.
    published.ended(node, tx, case)
    withdraw(node, tx, case_id, Purpose.PUBLISH)


def wipe_brought(node: Node, tx: Session, case_id: UUID) -> None:
    """Empty what came with the story and stands in no entry: where, and whose it is."""
    case = tx.get_one(Case, case_id)
    case.place = None
    if people.forget_guest(tx, case, list(parts.below(tx, case_id))):
        vault.new_key(node, tx, "person", case.member_id)
        withdraw(node, tx, case_id, Purpose.CONTACT_CASE)


def withdraw(node: Node, tx: Session, case_id: UUID, *purposes: Purpose) -> None:
    """End what the member agreed to for these purposes; the rows only."""
    what = consent_rows.What(state=Standing.WITHDRAWN, at=node.now())
    for row in consent_rows.held(tx, case_id, purposes):
        consent_rows.mark(tx, row, what)


def _wanted(_node: Node, tx: Session, case_id: UUID, _seq: int) -> None:
    tx.get_one(Claim, case_id).wanted = None


def _value(_node: Node, tx: Session, case_id: UUID, _seq: int) -> None:
    tx.get_one(Claim, case_id).value = None


def _message(node: Node, tx: Session, case_id: UUID, seq: int) -> None:
    for row in tx.scalars(
        select(Message).where(Message.case_id == case_id, Message.entry_seq == seq)
    ):
        row.body = row.digest = b""
        row.sender = None
        if row.kind is MessageKind.RESOLUTION:
            tx.get_one(Claim, case_id).obtained = None
    for reply in tx.scalars(
        select(PublicReply).where(
            PublicReply.case_id == case_id, PublicReply.entry_seq == seq
        )
    ):
        approvals.forget(node, tx, reply)


def _reason(tx: Session, case_id: UUID, seq: int) -> None:
    for row in tx.scalars(
        select(CaseEvent).where(
            CaseEvent.case_id == case_id, CaseEvent.entry_seq == seq
        )
    ):
        row.reason = None
        if row.act is Act.TRIAGE:
            tx.get_one(Case, case_id).priority_reason = None
    asked = (Inquiry.case_id == case_id, Inquiry.entry_seq == seq)
    tx.execute(update(Inquiry).where(*asked).values(whom=b""))


_COPIES: dict[tuple[str, str], _Wipe] = {
    ("submission", "text"): _story,
    ("claim", "wanted"): _wanted,
    ("claim", "value"): _value,
    ("reply", "text"): _message,
}
