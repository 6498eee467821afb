"""What others may list of us: public acts, how many follow, the thread of a case.

Who follows and who leads is nobody's list: only how many there are.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation import pages, strict
from governance.errors import NotFound
from node import actors, published
from node.core import Node
from node.models.accounts import GrantRow
from node.models.follows import Follow
from node.models.outbox import Outgoing
from node.models.publications import Publication, PublicReply
from node.outbox import SHOWN

PAGE = 20


def outbox(node: Node, actor: str, before: int | None) -> dict[str, object]:
    """Return an actor's public acts, newest first: how many, or one page of them."""
    iri = f"{node.settings.origin}{actor}/outbox"
    with node.read() as tx:
        actors.require(node, tx, actor)
        ours = (Outgoing.actor == actor, Outgoing.type.in_(SHOWN), Outgoing.raw != b"")
        if before is None:
            count = tx.scalar(select(func.count()).where(*ours)) or 0
            newest = tx.scalar(select(func.max(Outgoing.seq)).where(*ours))
            first = f"{iri}?before={newest + 1}" if newest else None
            return pages.collection(iri, count=count, first=first)
        rows = tx.execute(
            select(Outgoing.seq, Outgoing.raw)
            .where(*ours, Outgoing.seq < before)
            .order_by(Outgoing.seq.desc())
            .limit(PAGE)
        ).all()
    full = len(rows) == PAGE
    following = f"{iri}?before={rows[-1].seq}" if full else None
    items = [strict.loads(row.raw) for row in rows]
    return pages.page(f"{iri}?before={before}", items, of=iri, following=following)


def followers(node: Node, actor: str) -> dict[str, object]:
    """Return how many follow an actor of ours."""
    own = f"{node.settings.origin}{actor}"
    with node.read() as tx:
        actors.require(node, tx, actor)
        count = tx.scalar(
            select(func.count()).where(Follow.object == own, Follow.state == "accepted")
        )
    return pages.collection(f"{own}/followers", count=count or 0)


def stewards(node: Node, actor: str) -> dict[str, object]:
    """Return how many stewards the community has."""
    now = node.now()
    own = f"{node.settings.origin}{actor}"
    with node.read() as tx:
        if actor != actors.community(tx):
            raise NotFound("There is no such community here.")
        count = tx.scalar(
            select(func.count(GrantRow.person_id.distinct())).where(
                GrantRow.role == "steward",
                GrantRow.from_at <= now,
                GrantRow.expires_at > now,
            )
        )
    return pages.collection(f"{own}/stewards", count=count or 0)


def thread(node: Node, key: str, *, case: bool) -> dict[str, object]:
    """Return what belongs to a public case, in time order: with or without itself."""
    with node.read() as tx:
        publication = _public(tx, key)
        address = published.address(node, publication)
        approved = tx.scalars(
            select(PublicReply.id)
            .where(
                PublicReply.case_id == publication.case_id,
                PublicReply.state == "approved",
                PublicReply.at >= publication.published_at,
            )
            .order_by(PublicReply.at)
        )
        replies = list(approved)
    if case:
        return pages.listing(f"{address}/thread", [address, *replies])
    return pages.listing(f"{address}/replies", replies)


def _public(tx: Session, key: str) -> Publication:
    row = tx.scalar(select(Publication).where(Publication.key == key))
    if row is None or row.ended_at is not None:
        raise NotFound("There is nothing public here.")
    return row
