"""Keeping the index of words up to date with what stands in the ledger.

Whatever is said in a case is a leaf of the log, in one order. So the index knows by
one number how far it got, and nobody who writes has to think of it.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cases import State
from node import vault
from node.core import Node
from node.models.cases import Case
from node.models.log import LedgerEntry, LedgerErasure, LedgerHead, LedgerSeal
from node.models.submissions import Claim, Submission
from node.models.threads import Message
from node.search import words
from node.search.index import index_of
from node.search.shapes import Entry, Place

#: So many leaves are read at a time.
_PORTION = 500


def refresh(node: Node) -> int:
    """Read what came into the ledger since the last time; return how many cases.

    Safe to call at any time, and by several at once: what is kept twice is the same.
    """
    with node.read() as tx:
        head = tx.execute(select(LedgerHead.epoch, LedgerHead.size)).one_or_none()
    if head is None:
        return 0
    done, place = 0, index_of(node).place()
    if place.epoch != head.epoch:
        place = Place(head.epoch, 0)
    while place.idx < head.size:
        done += _portion(node, place)
        place = Place(head.epoch, min(place.idx + _PORTION, head.size))
    return done


def _portion(node: Node, place: Place) -> int:
    until = place.idx + _PORTION
    with node.read() as tx:
        rows = tx.scalars(
            select(LedgerSeal.case_id)
            .join(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
            .where(LedgerEntry.idx >= place.idx, LedgerEntry.idx < until)
            .order_by(LedgerEntry.idx)
        )
        ids = list(dict.fromkeys(rows))
        entries, erased = _entries(node, tx, ids), _erased(tx, ids)
        size = tx.scalar(select(LedgerHead.size)) or 0
    index_of(node).put(entries, Place(place.epoch, min(until, size)))
    with node.read() as tx:
        since = _erased(tx, ids) - erased
    # What went while it was read, another worker may have let go of before this.
    for case_id in {case_id for _, case_id in since}:
        renew(node, case_id)
    return len(entries)


def ahead(node: Node, entries: Sequence[Entry], since: int) -> None:
    """Keep cases whose words are at hand, from this leaf on until the log's end.

    Where the index was not as far as that, it reads them again in its turn.
    """
    index = index_of(node)
    place = index.place()
    with node.read() as tx:
        head = tx.execute(select(LedgerHead.epoch, LedgerHead.size)).one()
    reached = (place.epoch, place.idx) == (head.epoch, since)
    index.put(entries, Place(head.epoch, head.size) if reached else place)


def _erased(tx: Session, ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    found = select(LedgerErasure.id, LedgerErasure.case_id)
    rows = tx.execute(found.where(LedgerErasure.case_id.in_(ids)))
    return {(row.id, row.case_id) for row in rows}


def renew(node: Node, case_id: UUID) -> None:
    """Read one case again, when something of it was erased; nothing older is left."""
    with node.read() as tx:
        entries = _entries(node, tx, [case_id])
    index = index_of(node)
    index.forget([case_id])
    if entries:
        index.put(entries, index.place())


def rebuild(node: Node) -> int:
    """Make the whole index again; return how many cases were read."""
    index_of(node).clear()
    return refresh(node)


def _entries(node: Node, tx: Session, ids: Collection[UUID]) -> list[Entry]:
    found = {
        case.id: case
        for case in tx.scalars(
            select(Case).where(Case.id.in_(ids), Case.state != State.ERASED)
        )
    }
    return [_entry(node, tx, found[one]) for one in ids if one in found]


def _entry(node: Node, tx: Session, case: Case) -> Entry:
    key = vault.key_of(node, tx, "case", case.id) or b""

    def opened(table: str, column: str, row: object, cell: bytes | None) -> str:
        return vault.words(key, vault.Place(table, column, row), cell)

    claims = tx.scalars(select(Claim).where(Claim.case_id == case.id))
    stories = tx.scalars(select(Submission).where(Submission.case_id == case.id))
    mine = select(Message).where(Message.case_id == case.id)
    said = [
        case.reference,
        opened("case", "place", case.id, case.place),
        opened("case", "tags", case.id, case.tags),
        *(opened("claim", "wanted", it.case_id, it.wanted) for it in claims),
        *(opened("submission", "text", it.id, it.text) for it in stories),
        *(
            opened("message", "body", it.id, it.body)
            for it in tx.scalars(mine.order_by(Message.entry_seq))
        ),
    ]
    title = opened("case", "title", case.id, case.title)
    return Entry(case.id, words.kept(title), words.kept("\n".join(said)))
