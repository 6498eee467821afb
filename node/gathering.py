"""Putting a notice into the digest that leaves next."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.notices import Pace
from node import jobs
from node.core import Node
from node.hearing import Wishes
from node.ids import new_id
from node.models.notices import Notice
from node.models.preferences import Digest

JOB = "notice.digest"


def join(node: Node, tx: Session, notice: Notice, chosen: Wishes, pace: Pace) -> None:
    """Put a notice into the digest that leaves next; write the job beside it."""
    due = chosen.hours.digest(node.now(), pace)
    same = (Digest.contact_id == notice.contact_id, Digest.due_at == due)
    found = tx.scalar(select(Digest).where(*same))
    if found is None:
        id_ = new_id(node)
        found = Digest(
            id=id_,
            person_id=notice.person_id,
            contact_id=notice.contact_id,
            due_at=due,
            message_id=f"<{id_}@{node.settings.hostname}>",
        )
        tx.add(found)
        tx.flush()
    notice.digest_id = found.id
    key = f"{JOB}/{notice.id}/{found.id}"
    jobs.put(node, tx, jobs.Asked(JOB, str(notice.id), due, notice.oid, key))
