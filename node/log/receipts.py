"""Making the file a person keeps: the entry, what opens it, and where it stands."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ledger import entry as entries
from ledger import receipt as receipts
from ledger import tiles
from node import vault
from node.core import Node
from node.log import names
from node.log.chains import disclosure_place, open_case_key
from node.log.reading import tile_reader
from node.models.log import (
    LedgerChain,
    LedgerCheckpoint,
    LedgerDisclosure,
    LedgerEntry,
    LedgerHead,
    LedgerSeal,
)
from node.upsert import table

# A receipt is asked for as often as an entry is made: its statements are built once.
_SEALS, _ENTRIES = table(LedgerSeal), table(LedgerEntry)
_ENTRY = (
    select(_SEALS, _ENTRIES.c.idx)
    .outerjoin(_ENTRIES, _ENTRIES.c.oid == _SEALS.c.oid)
    .where(_SEALS.c.case_id == bindparam("case"), _SEALS.c.seq == bindparam("seq"))
)
_PUBLISHED = (
    select(LedgerCheckpoint.size, LedgerCheckpoint.note)
    .order_by(LedgerCheckpoint.size.desc())
    .limit(1)
)
_HEAD = select(LedgerHead.size, LedgerHead.note)
_DISCLOSED = (
    select(LedgerDisclosure.n, LedgerDisclosure.disclosure)
    .where(LedgerDisclosure.oid == bindparam("oid"))
    .order_by(LedgerDisclosure.n)
)
_CASE_KEY = select(LedgerChain.case_key).where(LedgerChain.case_id == bindparam("case"))


def receipt(
    node: Node, tx: Session, case_id: UUID, seq: int, *, words: bool = True
) -> bytes | None:
    """Return the receipt of one entry of a chain; None while it waits for its index.

    `words` says whether the fields are shown in it; a mailed receipt shows none.
    """
    connection = tx.connection()
    row = connection.execute(_ENTRY, {"case": case_id, "seq": seq}).one()
    content_key = vault.key_of(node, tx, "case", case_id)
    if row.idx is None or content_key is None:
        return None
    size, note = _signed(tx, row.idx)
    contents = receipts.SealedEntry(
        e=row.entry,
        s=row.stmt,
        p=row.proof,
        nonce=row.nonce,
        d=_disclosures(tx, content_key, row.oid) if words else (),
        case_key=_case_key(tx, content_key, case_id),
        vkeys=(
            str(names.log_signer(node).vkey),
            str(names.statements_signer(node).vkey),
        ),
    )
    hashes = tiles.inclusion(row.idx, size, tile_reader(tx))
    return receipts.make(contents, row.idx, hashes, note)


def _signed(tx: Session, index: int) -> tuple[int, bytes]:
    published = tx.connection().execute(_PUBLISHED).one_or_none()
    if published is not None and published.size > index:
        return published.size, published.note
    head = tx.connection().execute(_HEAD).one()
    return head.size, head.note


def _disclosures(tx: Session, key: bytes, oid: int) -> tuple[str, ...]:
    return tuple(
        vault.unseal(key, disclosure_place(oid, row.n), row.disclosure)
        for row in tx.connection().execute(_DISCLOSED, {"oid": oid})
    )


def _case_key(tx: Session, content_key: bytes, case_id: UUID) -> bytes | None:
    cell = tx.connection().execute(_CASE_KEY, {"case": case_id}).scalar()
    return open_case_key(content_key, case_id, cell) if cell else None


def head(node: Node, tx: Session, case_id: UUID) -> bytes:
    """Return the signed note that says how long a chain is, at the published size."""
    published = tx.execute(
        select(LedgerCheckpoint.size).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).scalar_one_or_none()
    size = published or 0
    chain = tx.get_one(LedgerChain, case_id)
    inside = tx.scalars(
        select(LedgerSeal)
        .join(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
        .where(LedgerSeal.case_id == case_id, LedgerEntry.idx < size)
        .order_by(LedgerSeal.seq)
    ).all()
    last = entries.commit(inside[-1].nonce, inside[-1].entry) if inside else None
    return receipts.head_note(
        receipts.Head(
            log=names.origin(node),
            kc=chain.kc or b"",
            size=size,
            count=len(inside),
            head=last,
            at=int(node.now().timestamp()),
        ),
        names.statements_signer(node),
    )
