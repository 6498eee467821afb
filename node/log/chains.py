"""Writing down what was said: statement, proof, entry and leaf, with its cause.

A chain is one member's side of one case. Its row is locked first, so what is said
gets gapless numbers in the order it was committed.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from ledger import entry
from node import vault
from node.core import Collision, Node
from node.log import names
from node.log.authoring import ChainMismatch
from node.log.erased import ChainErased
from node.log.shapes import Saying, Ticket, milliseconds
from node.log.speaking import Spoken, Spot, speak
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerHead,
    LedgerOutbox,
    LedgerSeal,
)
from node.upsert import Plain, insert_plain, insert_rows, table

_LONG = 32
_CHAINS = table(LedgerChain)
_END = (
    update(_CHAINS)
    .where(_CHAINS.c.case_id == bindparam("chain"))
    .values({name: bindparam(name) for name in ("next_seq", "head", "at")})
)


#: Tells with each number which log goes on as it is queued.
_QUEUE = (
    table(LedgerOutbox)
    .insert()
    .returning(
        LedgerOutbox.leaf,
        LedgerOutbox.oid,
        select(LedgerHead.epoch).scalar_subquery().label("epoch"),
    )
)


@dataclass(slots=True)
class _Written:
    seal: dict[str, Any]
    leaf: bytes
    disclosures: tuple[str, ...]
    c: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """A chain that was said at one go, as the tables have it."""

    leaves: list[Plain]
    seals: list[Plain]
    fields: list[Plain]
    chain: dict[str, object]


@dataclass(slots=True)
class Chain:
    """A case's chain, locked by this transaction; `write` puts down what was said."""

    node: Node
    tx: Session
    case_id: UUID
    case_key: bytes
    content_key: bytes
    next_seq: int
    head: bytes | None
    at: datetime
    #: What the chain's key is committed to.
    kc: bytes
    #: The row of a chain that is only beginning; None once it stands.
    _new: dict[str, object] | None = None
    _said: list[_Written] = field(default_factory=list)

    def say(self, saying: Saying) -> int:
        """Seal one thing; return its number in the chain."""
        now = max(self.node.now(), self.at)
        spot = Spot(self.node, self.tx, self.case_id, self.kc, now)
        self._seal(speak(spot, saying), saying, now)
        return self.next_seq - 1

    def _seal(self, spoken: Spoken, saying: Saying, now: datetime) -> None:
        nonce = self.node.dice(_LONG)
        raw = entry.entry(
            entry.Entry(
                log=names.origin(self.node),
                case=self.case_id.bytes,
                kc=self.kc,
                kind=saying.kind,
                seq=self.next_seq,
                prev=self.head,
                at=milliseconds(now),
                role=saying.role,
                stmt=sha256(spoken.statement).digest(),
                proof=sha256(spoken.proof).digest(),
                key=spoken.key,
            )
        )
        c = entry.commit(nonce, raw)
        place = evidence_place(self.case_id, self.next_seq)
        kept = spoken.evidence
        sealed = kept and vault.seal(self.node, self.content_key, place, kept)
        self._said.append(
            _Written(
                {
                    "eid": sha256(spoken.statement).digest(),
                    "case_id": self.case_id,
                    "seq": self.next_seq,
                    "nonce": nonce,
                    "entry": raw,
                    "stmt": spoken.statement,
                    "proof": spoken.proof,
                    "evidence": sealed,
                },
                entry.sealed(entry.tag(self.case_key, self.next_seq), c),
                spoken.disclosures,
                c,
            )
        )
        self.next_seq, self.head, self.at = self.next_seq + 1, c, now

    @property
    def last(self) -> bytes | None:
        """C of the newest entry, for an answer to name."""
        return self.head

    def write(self) -> Ticket:
        """Put everything said into the tables; return what to wait for."""
        oids = _queued(self.node, self.tx, [one.leaf for one in self._said])
        said = [(oids[one.leaf], one) for one in self._said]
        insert_rows(
            self.tx, LedgerSeal, [{"oid": oid, **one.seal} for oid, one in said]
        )
        rows = [row for oid, one in said for row in self._rows(oid, one)]
        if rows:
            insert_plain(self.tx, LedgerDisclosure, rows)
        self._keep()
        self._said.clear()
        oid, last = said[-1]
        return Ticket(oid, self.case_id, self.next_seq - 1, last.c)

    def rows(self, oids: Iterable[int]) -> Rows:
        """Return everything said since it began, queued by these numbers."""
        said = list(zip(oids, self._said, strict=True))
        return Rows(
            leaves=[{"oid": oid, "leaf": one.leaf} for oid, one in said],
            seals=[{"oid": oid, **one.seal} for oid, one in said],
            fields=[row for oid, one in said for row in self._rows(oid, one)],
            chain={**(self._new or {}), **self._end()},
        )

    def _end(self) -> dict[str, object]:
        return {"next_seq": self.next_seq, "head": self.head, "at": self.at}

    def _keep(self) -> None:
        end = self._end()
        if self._new is None:
            self.tx.connection().execute(_END, {"chain": self.case_id, **end})
            return
        insert_rows(self.tx, LedgerChain, {**self._new, **end})
        self._new = None

    def _rows(self, oid: int, written: _Written) -> list[Plain]:
        return [
            {
                "oid": oid,
                "n": n,
                "digest": entry.digest(one),
                "disclosure": vault.seal(
                    self.node, self.content_key, disclosure_place(oid, n), one
                ),
            }
            for n, one in enumerate(written.disclosures)
        ]


def _queued(node: Node, tx: Session, leaves: list[bytes]) -> dict[bytes, int]:
    # Rows are numbered in the order they are given; which got which number is told by
    # the leaf, since no two are alike.
    rows = tx.connection().execute(_QUEUE, [{"leaf": leaf} for leaf in leaves]).all()
    found: dict[bytes, int] = {row.leaf: row.oid for row in rows}
    if [found[leaf] for leaf in leaves] != sorted(found.values()):
        raise Collision("the queue numbered these out of order")
    require_epoch(node, rows[0].epoch)
    return found


def require_epoch(node: Node, now: int | None) -> None:
    """Let the transaction begin again, if it was made for a log that has ended."""
    if now is not None and now != names.epoch(node):
        names.learn(node, now)
        raise Collision("another log has begun")


def disclosure_place(oid: int, n: int) -> vault.Place:
    """Return where a disclosure stands."""
    return vault.Place("ledger_disclosure", "disclosure", f"{oid}/{n}")


def evidence_place(case_id: UUID, seq: int) -> vault.Place:
    """Return where the evidence behind an attestation stands."""
    return vault.Place("ledger_seal", "evidence", f"{case_id}/{seq}")


def open_chain(
    node: Node, tx: Session, case_id: UUID, case_key: bytes | None = None
) -> Chain:
    """Begin the chain of a new case, under its member's key or one this node makes."""
    if case_key is not None:
        _require_new(tx, case_id, entry.key_commitment(case_key))
    content_key = vault.new_key(node, tx, "case", case_id)
    return begin_chain(node, tx, case_id, content_key, case_key)


def begin_chain(
    node: Node,
    tx: Session,
    case_id: UUID,
    content_key: bytes,
    case_key: bytes | None = None,
) -> Chain:
    """Begin a chain whose content key stands already, or will."""
    key_by = "node" if case_key is None else "device"
    case_key = node.dice(_LONG) if case_key is None else case_key
    kc = entry.key_commitment(case_key)
    place = vault.Place("ledger_chain", "case_key", case_id)
    now = node.now()
    row: dict[str, object] = {
        "case_id": case_id,
        "kc": kc,
        "case_key": vault.seal(node, content_key, place, case_key.hex()),
        "key_by": key_by,
    }
    return Chain(node, tx, case_id, case_key, content_key, 0, None, now, kc, row)


def _require_new(tx: Session, case_id: UUID, kc: bytes) -> None:
    known = select(LedgerChain.case_id).where(
        (LedgerChain.case_id == case_id) | (LedgerChain.kc == kc)
    )
    if tx.execute(known).first() is not None:
        raise ChainMismatch("This case, or its key, was begun before.")


def has_chain(tx: Session, case_id: UUID) -> bool:
    """Say whether anything was ever sealed about this."""
    found = select(LedgerChain.case_id).where(LedgerChain.case_id == case_id)
    return tx.execute(found).first() is not None


def chain(node: Node, tx: Session, case_id: UUID) -> Chain:
    """Lock and return the chain of a case."""
    row = tx.execute(
        select(
            LedgerChain.case_key,
            LedgerChain.kc,
            LedgerChain.next_seq,
            LedgerChain.head,
            LedgerChain.at,
        )
        .where(LedgerChain.case_id == case_id)
        .with_for_update()
    ).one()
    content_key = vault.key_of(node, tx, "case", case_id)
    if content_key is None or row.case_key is None or row.kc is None:
        raise ChainErased("This was erased. Nothing can be added to it any more.")
    case_key = open_case_key(content_key, case_id, row.case_key)
    if not hmac.compare_digest(entry.key_commitment(case_key), row.kc):
        raise vault.Damaged("the chain's key is another")
    return Chain(
        node, tx, case_id, case_key, content_key, row.next_seq, row.head, row.at, row.kc
    )


def open_case_key(content_key: bytes, case_id: UUID, cell: bytes) -> bytes:
    """Return the key that links a chain's leaves."""
    place = vault.Place("ledger_chain", "case_key", case_id)
    return bytes.fromhex(vault.unseal(content_key, place, cell))
