"""Files that go: with their case, by themselves, or because nothing took them along.

The key goes in the transaction that erases; the bytes, which nothing opens any more,
leave the store by a job.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from node import jobs
from node.core import Node
from node.errors import ExportFailed
from node.files import store
from node.files.binding import destroy_key
from node.files.keeping import JOB, let_go
from node.models.files import Attachment

#: A form waits a day for whoever fills it in, and its files wait with it.
_WAIT = timedelta(hours=30)
_PORTION = 200


def forget_case(node: Node, tx: Session, case_id: UUID) -> None:
    """Destroy every file of a case."""
    _forget(node, tx, Attachment.case_id == case_id)


def forget_entry(node: Node, tx: Session, case_id: UUID, seq: int) -> None:
    """Destroy the file that an entry is about."""
    _forget(node, tx, Attachment.case_id == case_id, Attachment.entry_seq == seq)


def _forget(node: Node, tx: Session, *which: ColumnElement[bool]) -> None:
    for file_id in tx.scalars(select(Attachment.id).where(*which)).all():
        destroy_key(tx, file_id)
        jobs.put(node, tx, jobs.Asked(JOB, str(file_id), node.now()))
    tx.execute(delete(Attachment).where(*which))


def remove(node: Node, file_id: str) -> None:
    """Take bytes that nothing opens any more out of the store. Safe to repeat."""
    try:
        store.of(node).drop(store.path(UUID(file_id)))
    except ExportFailed as error:
        raise jobs.Later("files.store") from error


def tidy(node: Node) -> None:
    """Let go of files that nothing took along in time."""
    with node.read() as tx:
        old = Attachment.created_at <= node.now() - _WAIT
        late = select(Attachment.id).where(Attachment.case_id.is_(None), old)
        ids = tx.scalars(late.limit(_PORTION)).all()
    let_go(node, ids)
