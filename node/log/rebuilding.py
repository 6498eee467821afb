"""Putting back what a database lost: its newest entries, and how far each chain went.

What was signed is never signed differently: entries are taken over as they are, chains
count on behind them, and what waits is written down anew behind that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from ledger import checkpoint, entry, note, tree
from ledger.entry import Clear
from ledger.note import VKey
from node import vault
from node.core import Collision, Node
from node.database import Model
from node.log import names, signing, tags
from node.log.chains import evidence_place, open_case_key
from node.log.founding import CLEAR
from node.log.rotating import CHANGES, REVOKE
from node.log.sequencing import MOST, Head, append, lock_head
from node.log.shapes import milliseconds
from node.log.signing import LogKey
from node.models.consent import Consent, ConsentEvent
from node.models.log import (
    LedgerChain,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerLost,
    LedgerOutbox,
    LedgerSeal,
    LedgerTag,
    is_clear,
)
from node.models.publications import PublicAnswer, RemoteCase
from node.models.submissions import Piece
from node.upsert import insert_once, table

#: How columns are called that name an entry by its number.
_NAMING = ("entry_seq", "answer_seq", "undone_seq")


@dataclass(frozen=True, slots=True)
class Missing:
    """Entries that a database lacks; their root was signed by us, and was checked."""

    #: What they follow.
    size: int
    root: bytes
    #: The checkpoint they lead to, and what it says.
    note: bytes
    new_size: int
    new_root: bytes
    leaves: Iterable[bytes]
    #: Not before this were they signed by all who signed the checkpoint.
    at: datetime


@dataclass(slots=True)
class Rebuilt:
    """What was put back."""

    entries: int = 0
    #: Entries of chains that are known here, whose private part is lost.
    lost: int = 0
    #: What waited and got another number in its chain.
    renumbered: int = 0


def rebuild(node: Node, tx: Session, missing: Missing | None) -> Rebuilt:
    """Take over missing entries, let chains count on, and let the log go on."""
    head, done = lock_head(node, tx), Rebuilt()
    if missing is not None:
        if (head.size, head.root) != (missing.size, missing.root):
            raise Collision("the log went on meanwhile")
        done.entries = missing.new_size - missing.size
        _take_over(node, tx, head, missing)
    not_before = missing.at if missing else node.now()
    known = select(LedgerChain.case_id).where(LedgerChain.case_key.is_not(None))
    for case_id in tx.scalars(known).all():
        _count_on(_Counted(node, tx, case_id, not_before), done)
    _clear_on(tx, done)
    tx.execute(update(LedgerHead).values(halted=""))
    return done


def _take_over(node: Node, tx: Session, head: Head, missing: Missing) -> None:
    waits = select(LedgerOutbox.leaf, LedgerOutbox.oid)
    queued: dict[bytes, int] = dict(tx.execute(waits).all())
    coming = iter(missing.leaves)
    known = signing.of(node, tx, head.signers)
    while leaves := list(islice(coming, MOST)):
        queued |= _numbered(tx, [leaf for leaf in leaves if leaf not in queued])
        for leaf in leaves:
            known = _changed(known, leaf, queued[leaf])
        # What waited when the copy was made may have got its index since.
        rows: list[tuple[int | None, bytes]] = [(queued[leaf], leaf) for leaf in leaves]
        oids = [queued[leaf] for leaf in leaves]
        tx.execute(delete(LedgerOutbox).where(LedgerOutbox.oid.in_(oids)))
        grown = append(node, tx, head, rows)
        head = replace(head, size=grown.edge.size, root=grown.root)
    if (head.size, head.root) != (missing.new_size, missing.new_root):
        raise Collision("what was fetched is not what was checked")
    if known != signing.of(node, tx, head.signers):
        _sign_anew(node, tx, head, known)
    row: dict[str, object] = {
        "size": head.size, "root": head.root, "note": missing.note, "at": node.now(),
    }  # fmt: skip
    insert_once(tx, LedgerCheckpoint, [row], "size")
    tags.index(tx, head.size)


def _numbered(tx: Session, leaves: list[bytes]) -> dict[bytes, int]:
    """Give leaves the numbers that they waited under, which this database forgot.

    Whoever brings back what one of them commits to finds it by that.
    """
    if not leaves:
        return {}
    outbox = table(LedgerOutbox)
    queue = outbox.insert().returning(outbox.c.leaf, outbox.c.oid)
    rows = tx.connection().execute(queue, [{"leaf": leaf} for leaf in leaves])
    found: dict[bytes, int] = dict(rows.all())
    return found


def _changed(known: tuple[LogKey, ...], leaf: bytes, oid: int) -> tuple[LogKey, ...]:
    """Return the keys of the log after an entry, which may name a new one."""
    said = entry.read_leaf(leaf)
    match said:
        case Clear(body={"new": str(new), "overlap_until": int(until)}) if (
            said.kind in CHANGES
        ):
            key, revoked = LogKey(VKey.parse(new), oid=oid), said.kind == REVOKE
            return signing.read(signing.changed(known, key, until, revoked=revoked))
        case _:
            return known


def _sign_anew(node: Node, tx: Session, head: Head, known: tuple[LogKey, ...]) -> None:
    """Let the keys that sign now sign the head; they must be among the key files."""
    signers = signing.write(known)
    text = checkpoint.text(names.origin(node), head.size, head.root)
    signed = note.sign(text, *signing.signers(node, signers))
    tx.execute(update(LedgerHead).values(signers=signers, note=signed))


@dataclass(slots=True)
class _Counted:
    """One chain that is counted on."""

    node: Node
    tx: Session
    case_id: UUID
    not_before: datetime


def _count_on(on: _Counted, done: Rebuilt) -> None:
    """Let a chain go on behind all entries of it that stand in the log."""
    tx, case_id = on.tx, on.case_id
    chain = tx.get_one(LedgerChain, case_id, with_for_update=True)
    content_key = vault.key_of(on.node, tx, "case", case_id)
    if content_key is None or chain.case_key is None:
        return
    case_key = open_case_key(content_key, case_id, chain.case_key)
    waiting = tx.scalars(
        select(LedgerSeal)
        .join(LedgerOutbox, LedgerOutbox.oid == LedgerSeal.oid)
        .where(LedgerSeal.case_id == case_id)
        .order_by(LedgerSeal.seq)
    ).all()
    seq = waiting[0].seq if waiting else chain.next_seq
    lost = _lost(tx, case_id, case_key, seq)
    if not lost:
        return
    tx.add_all(lost)
    chain.next_seq, chain.head = seq + len(lost), lost[-1].c
    chain.at = max(chain.at, on.not_before)
    tx.flush()
    _renumber(on, chain, (content_key, case_key), waiting)
    done.lost, done.renumbered = done.lost + len(lost), done.renumbered + len(waiting)


def _lost(tx: Session, case_id: UUID, case_key: bytes, seq: int) -> list[LedgerLost]:
    found: list[LedgerLost] = []
    while True:
        tag = entry.tag(case_key, seq + len(found))
        row = tx.execute(
            select(LedgerEntry.oid, LedgerEntry.leaf)
            .join(LedgerTag, LedgerTag.idx == LedgerEntry.idx)
            .where(LedgerTag.tag == tag)
        ).one_or_none()
        leaf = row and entry.read_leaf(row.leaf)
        if row is None or not isinstance(leaf, entry.Sealed):
            return found
        at = seq + len(found)
        found.append(LedgerLost(case_id=case_id, seq=at, oid=row.oid, c=leaf.c))


def _renumber(
    on: _Counted,
    chain: LedgerChain,
    keys: tuple[bytes, bytes],
    waiting: Sequence[LedgerSeal],
) -> None:
    """Write what waits down anew, behind what was found: nobody has seen it yet."""
    content_key, case_key = keys
    by = chain.next_seq - waiting[0].seq if waiting else 0
    moved: list[tuple[int, dict[str, object]]] = []
    for seal in waiting:
        old, new = seal.seq, seal.seq + by
        said = entry.read_entry(seal.entry)
        at = max(said.at, milliseconds(chain.at))
        raw = entry.entry(replace(said, seq=new, prev=chain.head, at=at))
        c = entry.commit(seal.nonce, raw)
        leaf = entry.sealed(entry.tag(case_key, new), c)
        waits = update(LedgerOutbox).where(LedgerOutbox.oid == seal.oid)
        on.tx.execute(waits.values(leaf=leaf))
        evidence = seal.evidence
        if evidence is not None:
            words = vault.unseal(
                content_key, evidence_place(chain.case_id, old), evidence
            )
            place = evidence_place(chain.case_id, new)
            evidence = vault.seal(on.node, content_key, place, words)
        moved.append((seal.oid, {"seq": new, "entry": raw, "evidence": evidence}))
        chain.next_seq, chain.head = new + 1, c
    # The last one first: no two ever have the same number.
    for (oid, values), seal in zip(reversed(moved), reversed(waiting), strict=True):
        _tell_others(on.tx, chain.case_id, seal.seq, by)
        of = update(LedgerSeal).where(LedgerSeal.oid == oid)
        on.tx.execute(of.values(values).execution_options(synchronize_session=False))


def _tell_others(tx: Session, case_id: UUID, seq: int, by: int) -> None:
    """Let whatever names an entry by its number go on naming the same one."""
    for column, mine in _naming(case_id):
        tx.execute(
            update(column.table)
            .where(mine, column == seq)
            .values({column.name: seq + by})
            .execution_options(synchronize_session=False)
        )


def _naming(case_id: UUID) -> Iterator[tuple[Column[Any], ColumnElement[bool]]]:
    """Return each column that names an entry of a case, and the rows it does so in."""
    answered = select(RemoteCase.id).where(RemoteCase.chain_id == case_id)
    consents = select(Consent.id).where(Consent.case_id == case_id)
    elsewhere = {
        PublicAnswer.__tablename__: PublicAnswer.remote_case.in_(answered),
        ConsentEvent.__tablename__: ConsentEvent.consent_id.in_(consents),
        Piece.__tablename__: Piece.from_id == case_id,
    }
    for found in Model.metadata.sorted_tables:
        mine = elsewhere.get(found.name)
        if mine is None and "case_id" in found.columns:
            mine = found.columns["case_id"] == case_id
        for name in _NAMING:
            if mine is not None and name in found.columns:
                yield found.columns[name], mine


def _clear_on(tx: Session, done: Rebuilt) -> None:
    """Let the chain of clear entries go on behind the last one in the log."""
    last = select(LedgerEntry.leaf).where(is_clear(LedgerEntry.leaf.expression))
    leaf = tx.scalar(last.order_by(LedgerEntry.idx.desc()).limit(1))
    if leaf is None:
        return
    seq, prev = _read(leaf).seq + 1, tree.leaf_hash(leaf)
    waits = select(LedgerOutbox).order_by(LedgerOutbox.oid)
    for row in tx.scalars(waits.where(is_clear(LedgerOutbox.leaf.expression))):
        found = _read(row.leaf)
        if (found.seq, found.prev) != (seq, prev):
            row.leaf = entry.clear(replace(found, seq=seq, prev=prev))
            done.renumbered += 1
        seq, prev = seq + 1, tree.leaf_hash(row.leaf)
    chain = tx.get_one(LedgerChain, CLEAR, with_for_update=True)
    chain.next_seq, chain.head = seq, prev


def _read(leaf: bytes) -> Clear:
    found = entry.read_leaf(leaf)
    if not isinstance(found, Clear):
        raise Collision("this is no clear entry")
    return found
