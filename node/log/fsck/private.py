"""What opens the leaves: each private row against the leaf that commits to it.

What was erased is not missed. What is still there must be what was sealed.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.errors import Invalid
from node import vault
from node.core import Node
from node.log.chains import disclosure_place, evidence_place
from node.log.fsck.chain import Chain, content_key_of
from node.log.fsck.findings import Finding
from node.models.log import (
    LedgerDisclosure,
    LedgerEntry,
    LedgerOutbox,
    LedgerPayload,
    LedgerSeal,
)
from node.models.past import LedgerPastEntry
from node.upsert import table

_BATCH = {"yield_per": 256}
#: A leaf that is in the log, or else on its way.
_LEAF = func.coalesce(LedgerEntry.leaf, LedgerPastEntry.leaf, LedgerOutbox.leaf).label(
    "leaf"
)
_SEALS = (
    select(
        table(LedgerSeal),
        func.coalesce(LedgerEntry.idx, LedgerPastEntry.idx).label("idx"),
        LedgerPastEntry.epoch,
        _LEAF,
    )
    .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
    .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == LedgerSeal.oid)
    .outerjoin(LedgerOutbox, LedgerOutbox.oid == LedgerSeal.oid)
    .order_by(LedgerSeal.case_id, LedgerSeal.seq)
)
_DISCLOSURES = (
    select(table(LedgerDisclosure), LedgerSeal.case_id, LedgerSeal.stmt)
    .outerjoin(LedgerSeal, LedgerSeal.oid == LedgerDisclosure.oid)
    .order_by(LedgerSeal.case_id, LedgerDisclosure.oid, LedgerDisclosure.n)
)
_PAYLOADS = (
    select(table(LedgerPayload), _LEAF)
    .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerPayload.oid)
    .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == LedgerPayload.oid)
    .outerjoin(LedgerOutbox, LedgerOutbox.oid == LedgerPayload.oid)
    .order_by(LedgerPayload.oid)
)
_WRONG = (Invalid, vault.Damaged, ValueError)


def compare(node: Node, tx: Session) -> Iterator[Finding]:
    """Yield the private rows that are not what their leaves commit to."""
    yield from _seals(node, tx)
    yield from _disclosures(node, tx)
    yield from _payloads(tx)


def _seals(node: Node, tx: Session) -> Iterator[Finding]:
    chain: Chain | None = None
    for row in tx.execute(_SEALS, execution_options=_BATCH):
        if chain is None or chain.id != row.case_id:
            if chain and not chain.holds():
                yield Finding("chain.differs", str(chain.id))
            chain = Chain.of(node, tx, row.case_id)
        if row.leaf is None:
            yield Finding("seal.lost", str(row.oid))
        elif not _opens(row, chain):
            yield Finding("seal.differs", str(row.oid))
    if chain and not chain.holds():
        yield Finding("chain.differs", str(chain.id))


def _opens(row: Any, chain: Chain) -> bool:
    """Say whether a private row is what its leaf commits to, in its chain's order."""
    try:
        c, said = entry.commit(row.nonce, row.entry), entry.read_entry(row.entry)
        leaf, stated = entry.read_leaf(row.leaf), entry.read_statement(row.stmt)
        evidence = _evidence(row, chain)
    except _WRONG:
        return False
    stmt, proof = sha256(row.stmt).digest(), sha256(row.proof).digest()
    tag = entry.tag(chain.case_key, row.seq) if chain.case_key else None
    return (
        chain.take(row, c, said.prev)
        and isinstance(leaf, entry.Sealed)
        and (leaf.c, leaf.tag) == (c, tag or leaf.tag)
        and (said.case, said.seq) == (row.case_id.bytes, row.seq)
        and (said.stmt, said.proof, row.eid) == (stmt, proof, stmt)
        and (said.log, said.case, said.kc, said.kind)
        == (stated.log, stated.case, stated.kc, stated.kind)
        and said.kc == (chain.kc or said.kc)
        and evidence
    )


def _evidence(row: Any, chain: Chain) -> bool:
    if row.evidence is None or chain.content_key is None:
        return True
    place = evidence_place(row.case_id, row.seq)
    salt, _, facts = vault.unseal(chain.content_key, place, row.evidence).partition(" ")
    attested = author.read(row.proof).more
    shown = author.evidence(bytes.fromhex(salt), facts.encode())
    return isinstance(attested, author.Attested) and attested.evidence == shown


def _disclosures(node: Node, tx: Session) -> Iterator[Finding]:
    case_id, key = None, None
    for row in tx.execute(_DISCLOSURES, execution_options=_BATCH):
        if row.case_id is not None and row.case_id != case_id:
            case_id, key = row.case_id, content_key_of(node, tx, row.case_id)
        if not _stated(row, key):
            yield Finding("disclosure.differs", str(row.oid))


def _stated(row: Any, key: bytes | None) -> bool:
    if row.stmt is None:
        return False
    try:
        stated = row.digest in entry.read_statement(row.stmt).fields
        if key is None:
            return stated
        place = disclosure_place(row.oid, row.n)
        opened = vault.unseal(key, place, row.disclosure)
    except _WRONG:
        return False
    return stated and entry.digest(opened) == row.digest


def _payloads(tx: Session) -> Iterator[Finding]:
    for row in tx.execute(_PAYLOADS, execution_options=_BATCH):
        try:
            leaf = entry.read_leaf(row.leaf or b"")
            kept = entry.commit_payload(row.salt, row.data)
        except Invalid:
            leaf, kept = None, b""
        held = isinstance(leaf, entry.Clear) and kept in leaf.payload.values()
        if not held or kept != row.commitment:
            yield Finding("payload.differs", row.commitment.hex())
