"""What waits while a log ends, written down anew for the log that follows.

Nobody has seen it yet, and every entry names the log that it stands in. The node can
say its own words again. What somebody signed for the old log it can only vouch for;
what they signed is kept as the evidence of that.
"""

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.author import Channel
from ledger.encoding import b64u
from ledger.entry import Clear, Sealed
from ledger.tree import leaf_hash
from node import vault
from node.core import Node
from node.log import names
from node.log.chains import evidence_place
from node.log.founding import CLEAR
from node.log.rotating import CHANGES
from node.models.log import LedgerChain, LedgerOutbox, LedgerSeal

_SALT = 32


@dataclass(slots=True)
class _Said:
    """What is to be said again, and what that changes."""

    node: Node
    tx: Session
    log: str
    #: The commitments that were, and those that are in their place.
    now: dict[bytes, bytes] = field(default_factory=dict)


def restate(node: Node, tx: Session, log: str, genesis: bytes) -> int:
    """Rewrite all that waits for its index, in its order; return how much that is."""
    said = _Said(node, tx, log)
    waits = tx.scalars(select(LedgerOutbox).order_by(LedgerOutbox.oid)).all()
    seq, prev = 1, leaf_hash(genesis)
    for row in waits:
        match entry.read_leaf(row.leaf):
            case Clear(kind=kind) if kind in CHANGES:
                tx.delete(row)  # of a key that signs no log any more
            case Clear() as clear:
                row.leaf = entry.clear(replace(clear, log=log, seq=seq, prev=prev))
                seq, prev = seq + 1, leaf_hash(row.leaf)
            case Sealed() as sealed:
                row.leaf = _sealed(said, row, sealed)
    chain = tx.get_one(LedgerChain, CLEAR, with_for_update=True)
    chain.next_seq, chain.head = seq, prev
    return len(waits)


def _sealed(said: _Said, row: LedgerOutbox, leaf: Sealed) -> bytes:
    seal = said.tx.get(LedgerSeal, row.oid)
    if seal is None:  # it was erased: nothing opens the leaf, in whatever log
        return row.leaf
    old = entry.read_entry(seal.entry)
    stated = entry.read_statement(seal.stmt)
    stmt = entry.statement(
        replace(stated, log=said.log, seen=None, re=_now(said, stated.re))
    )
    proof, key, evidence = _proven(said, seal, stmt)
    raw = entry.entry(
        replace(
            old,
            log=said.log,
            prev=_now(said, old.prev),
            stmt=sha256(stmt).digest(),
            proof=sha256(proof).digest(),
            key=key,
        )
    )
    seal.eid, seal.entry = sha256(stmt).digest(), raw
    seal.stmt, seal.proof, seal.evidence = stmt, proof, evidence
    c = entry.commit(seal.nonce, raw)
    said.now[leaf.c] = c
    ends = update(LedgerChain).where(
        LedgerChain.case_id == seal.case_id, LedgerChain.head == leaf.c
    )
    said.tx.execute(ends.values(head=c))
    return entry.sealed(leaf.tag, c)


def _now(said: _Said, c: bytes | None) -> bytes | None:
    return said.now.get(c, c) if c else c


def _proven(
    said: _Said, seal: LedgerSeal, stmt: bytes
) -> tuple[bytes, str, bytes | None]:
    """Return the proof of a statement that is said again, its key, and the evidence."""
    signer = names.statements_signer(said.node)
    before, key = author.read(seal.proof), author.key_id(signer.vkey.key)
    if isinstance(before.more, author.Attested):
        how = before.more
        proof = author.attest(stmt, how.channel, how.evidence, signer)
        return proof, key, seal.evidence
    if author.key_id(before.pub) == key:
        return author.sign(stmt, signer), key, seal.evidence
    content_key = vault.key_of(said.node, said.tx, "case", seal.case_id)
    facts = json.dumps(
        {"method": "signed", "proof": b64u(seal.proof), "statement": b64u(seal.stmt)},
        sort_keys=True,
        separators=(",", ":"),
    )
    salt = said.node.dice(_SALT)
    shown = author.evidence(salt, facts.encode())
    kept = content_key and vault.seal(
        said.node,
        content_key,
        evidence_place(seal.case_id, seal.seq),
        f"{salt.hex()} {facts}",
    )
    return author.attest(stmt, Channel.WEB, shown, signer), key, kept or None
