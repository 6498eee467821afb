"""Making the file a person keeps: the entry, what opens it, and where it stands."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound
from ledger import receipt as receipts
from ledger import tiles
from node import vault
from node.core import Node
from node.log import changes, names, past, signing, trusting
from node.log.chains import disclosure_place, open_case_key
from node.log.changes import Seen
from node.log.erased import ChainErased, EntryErased, stands
from node.log.reading import tile_reader
from node.models.log import (
    LedgerChain,
    LedgerCheckpoint,
    LedgerDisclosure,
    LedgerEntry,
    LedgerHead,
    LedgerLost,
    LedgerSeal,
)
from node.models.past import LedgerPast, LedgerPastEntry
from node.models.witness import LedgerCosignature
from node.upsert import table

# A receipt is asked for as often as an entry is made: its statements are built once.
_SEALS, _ENTRIES, _PAST = map(table, (LedgerSeal, LedgerEntry, LedgerPastEntry))
_SIGNERS = select(table(LedgerHead).c.signers).scalar_subquery()
_ENTRY = (
    select(
        _SEALS,
        _SIGNERS.label("signers"),
        func.coalesce(_ENTRIES.c.idx, _PAST.c.idx).label("idx"),
        _PAST.c.epoch,
    )
    .outerjoin(_ENTRIES, _ENTRIES.c.oid == _SEALS.c.oid)
    .outerjoin(_PAST, _PAST.c.oid == _SEALS.c.oid)
    .where(_SEALS.c.case_id == bindparam("case"), _SEALS.c.seq == bindparam("seq"))
)
_COSIGNED = (
    select(LedgerCosignature.size).order_by(LedgerCosignature.size.desc()).limit(1)
)
_NOTE = select(LedgerCheckpoint.note).where(LedgerCheckpoint.size == bindparam("size"))
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

    Raises `EntryErased` or `ChainErased` if there is none any more, and `NotFound` if
    there never was. `words` says whether the fields are shown in it; a mailed receipt
    shows none.
    """
    connection = tx.connection()
    row = connection.execute(_ENTRY, {"case": case_id, "seq": seq}).one_or_none()
    content_key = vault.key_of(node, tx, "case", case_id)
    if content_key is None:
        raise ChainErased("This was erased. What you saved of it still holds.")
    if row is None and stands(tx, case_id, seq):
        raise EntryErased("This entry was erased. A receipt you saved still holds.")
    if row is None:
        raise NotFound("There is no such receipt here.")
    if row.idx is None:
        return None
    size, note, seen = _shown(node, tx, row)
    contents = receipts.SealedEntry(
        e=row.entry,
        s=row.stmt,
        p=row.proof,
        nonce=row.nonce,
        d=_disclosures(tx, content_key, row.oid) if words else (),
        case_key=_case_key(tx, content_key, case_id),
        vkeys=(
            str(seen.keys[-1].vkey),
            str(names.statements_signer(node).vkey),
        ),
        rot=changes.rot(tx, size, seen),
    )
    hashes = tiles.inclusion(row.idx, size, seen.read)
    return receipts.make(contents, row.idx, hashes, note)


def _shown(node: Node, tx: Session, row: Any) -> tuple[int, bytes, Seen]:
    """Return the size and note that a receipt goes by, and the log it is of."""
    if row.epoch is None:
        keys = signing.of(node, tx, row.signers)
        return *_signed(tx, row.idx), Seen(None, keys, tile_reader(tx))
    log = tx.get_one(LedgerPast, row.epoch)
    tiles_then = past.tile_reader(tx, log.epoch)
    seen = Seen(log.epoch, signing.read(log.signers), tiles_then)
    return *past.signed(log, row.idx), seen


def _signed(tx: Session, index: int) -> tuple[int, bytes]:
    # What enough witnesses saw comes first, though more may have been published since;
    # then what any of them saw.
    connection = tx.connection()
    published = connection.execute(_PUBLISHED).one_or_none()
    if published is None or published.size <= index:
        head = connection.execute(_HEAD).one()
        return head.size, head.note
    for size in (trusting.witnessed(tx), connection.execute(_COSIGNED).scalar() or 0):
        if size > index:
            return size, connection.execute(_NOTE, {"size": size}).scalar_one()
    return published.size, published.note


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
    names.look(node, tx)
    chain = tx.get_one(LedgerChain, case_id)
    if chain.erased_at is not None:
        raise ChainErased("This was erased. What you saved of it still holds.")
    # What was lost here still stands in the log, and in what others were given.
    lost = tx.execute(
        select(LedgerLost.seq, LedgerLost.c)
        .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerLost.oid)
        .where(
            LedgerLost.case_id == case_id,
            (LedgerEntry.idx < size) | LedgerEntry.idx.is_(None),
        )
    ).all()
    # What stands in a log that ended came before everything in this one.
    ends = dict(lost) | {
        one.seq: one.c
        for one in stands(tx, case_id)
        if one.ended or (one.index is not None and one.index < size)
    }
    return receipts.head_note(
        receipts.Head(
            log=names.origin(node),
            kc=chain.kc or b"",
            size=size,
            count=len(ends),
            head=ends[max(ends)] if ends else None,
            at=int(node.now().timestamp()),
        ),
        names.statements_signer(node),
    )
