"""A public case as people read it: its words, where it stands, what was answered.

Nothing here comes from the private file: only what its member agreed to show, and the
replies that were let stand.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from federation.cases import STATUSES
from governance.errors import NotFound
from node import log, published, replies
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.models.publications import Publication, PublicReply
from node.replies import ReplyLine


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What everybody sees of a public case."""

    #: Its id, by which it is found and answered from other servers.
    address: str
    number: str
    title: str
    text: str
    language: str
    #: As it is told to others: `fm:open`, `fm:assigned` and so on.
    status: str
    published_at: datetime
    replies: tuple[ReplyLine, ...]


def page(node: Node, key: str) -> PublicPage:
    """Return a public case by the last part of its address."""
    with node.read() as tx:
        row = tx.scalar(select(Publication).where(Publication.key == key))
        if row is None or row.ended_at is not None:
            raise NotFound("There is nothing public here.")
        facts = published.shown(node, tx, row)
        return PublicPage(
            address=facts.id,
            number=facts.number,
            title=facts.title,
            text=facts.words,
            language=facts.language,
            status=STATUSES.get(facts.state, ""),
            published_at=facts.published,
            replies=tuple(replies.lines(tx, row.case_id, "approved")),
        )


def ended_at(node: Node, key: str) -> datetime | None:
    """Return when the case of this address was taken back; None if it was not."""
    with node.read() as tx:
        return published.ended_at(tx, key)


def seals(node: Node, reference: str, *, by: Visitor) -> dict[str, tuple[int, str]]:
    """Return entry and seal of each reply that was let stand once, by its key.

    The seal is empty while it is not in the log.
    """
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        printed = log.seals(tx, hand.case.id)
        rows = tx.execute(
            select(PublicReply.key, PublicReply.entry_seq).where(
                PublicReply.case_id == hand.case.id, PublicReply.entry_seq.is_not(None)
            )
        )
        return {
            key: (seq, printed.get(seq, "")) for key, seq in rows if seq is not None
        }
