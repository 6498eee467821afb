"""Writing down what was said: statement, proof, entry and leaf, with its cause.

A chain is one member's side of one case. Its row is locked first, so what is said
gets gapless numbers in the order it was committed.
"""

import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.encoding import Json, b64u, canonical
from node import vault
from node.core import Collision, Node
from node.log import names
from node.log.shapes import Saying, Ticket
from node.models.log import LedgerChain, LedgerDisclosure, LedgerOutbox, LedgerSeal
from node.upsert import insert_plain, insert_rows, table

_SALT = 16
_NONCE = 16
_LONG = 32
_CHAINS = table(LedgerChain)
_END = (
    update(_CHAINS)
    .where(_CHAINS.c.case_id == bindparam("chain"))
    .values({name: bindparam(name) for name in ("next_seq", "head", "at")})
)
#: A longer text stands beside the entry, and its length and hash in it.
_LONGEST = 4_096
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Written:
    seal: dict[str, object]
    leaf: bytes
    disclosures: list[str]
    c: bytes


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
    _kc: bytes
    #: The row of a chain that is only beginning; None once it stands.
    _new: dict[str, object] | None = None
    _said: list[_Written] = field(default_factory=list)

    def say(self, saying: Saying) -> int:
        """Seal one thing; return its number in the chain."""
        now = max(self.node.now(), self.at)
        disclosures = self._disclosed(saying)
        statement = entry.statement(
            entry.Statement(
                log=names.origin(self.node),
                case=self.case_id.bytes,
                kc=self._kc,
                kind=saying.kind,
                fields=tuple(entry.digest(one) for one in disclosures),
                re=saying.re,
                seen=None,
                ts=_ms(now),
                nonce=self.node.dice(_NONCE),
            )
        )
        proof, evidence = self._proven(statement, saying)
        self._seal(statement, proof, evidence, saying, now)
        self._said[-1].disclosures = disclosures
        return self.next_seq - 1

    def _disclosed(self, saying: Saying) -> list[str]:
        return [
            entry.disclose(self.node.dice(_SALT), name, _short(value))
            for name, value in saying.fields.items()
            if value not in (None, "", [])
        ]

    def _proven(self, statement: bytes, saying: Saying) -> tuple[bytes, str | None]:
        signer = names.statements_signer(self.node)
        if saying.channel is None:
            return author.sign(statement, signer), None
        salt = self.node.dice(_LONG)
        facts = json.dumps(dict(saying.facts), sort_keys=True, separators=(",", ":"))
        shown = author.evidence(salt, facts.encode())
        proof = author.attest(statement, saying.channel, shown, signer)
        return proof, f"{salt.hex()} {facts}"

    def _seal(
        self,
        statement: bytes,
        proof: bytes,
        evidence: str | None,
        saying: Saying,
        now: datetime,
    ) -> None:
        nonce = self.node.dice(_LONG)
        raw = entry.entry(
            entry.Entry(
                log=names.origin(self.node),
                case=self.case_id.bytes,
                kc=self._kc,
                kind=saying.kind,
                seq=self.next_seq,
                prev=self.head,
                at=_ms(now),
                role=saying.role,
                stmt=sha256(statement).digest(),
                proof=sha256(proof).digest(),
                key=author.key_id(names.statements_signer(self.node).vkey.key),
            )
        )
        c = entry.commit(nonce, raw)
        place = vault.Place(
            "ledger_seal", "evidence", f"{self.case_id}/{self.next_seq}"
        )
        sealed = evidence and vault.seal(self.node, self.content_key, place, evidence)
        self._said.append(
            _Written(
                {
                    "eid": sha256(statement).digest(),
                    "case_id": self.case_id,
                    "seq": self.next_seq,
                    "nonce": nonce,
                    "entry": raw,
                    "stmt": statement,
                    "proof": proof,
                    "evidence": sealed,
                },
                entry.sealed(entry.tag(self.case_key, self.next_seq), c),
                [],
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
        oids = _queued(self.tx, [one.leaf for one in self._said])
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

    def _keep(self) -> None:
        end = {"next_seq": self.next_seq, "head": self.head, "at": self.at}
        if self._new is None:
            self.tx.connection().execute(_END, {"chain": self.case_id, **end})
            return
        insert_rows(self.tx, LedgerChain, {**self._new, **end})
        self._new = None

    def _rows(self, oid: int, written: _Written) -> list[dict[str, int | bytes | None]]:
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


def _queued(tx: Session, leaves: list[bytes]) -> dict[bytes, int]:
    # Rows are numbered in the order they are given; which got which number is told by
    # the leaf, since no two are alike.
    outbox = table(LedgerOutbox)
    rows = tx.connection().execute(
        outbox.insert().returning(outbox.c.leaf, outbox.c.oid),
        [{"leaf": leaf} for leaf in leaves],
    )
    found: dict[bytes, int] = dict(rows.all())
    if [found[leaf] for leaf in leaves] != sorted(found.values()):
        raise Collision("the queue numbered these out of order")
    return found


def disclosure_place(oid: int, n: int) -> vault.Place:
    """Return where a disclosure stands."""
    return vault.Place("ledger_disclosure", "disclosure", f"{oid}/{n}")


def _short(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    raw = value.encode()
    # Quotes and line breaks are longer in JSON than as they were typed.
    if len(raw) <= _LONGEST and len(canonical(value)) <= _LONGEST:
        return value
    return {
        "len": len(raw),
        "sha256": b64u(sha256(raw).digest()),
        "type": "text/plain; charset=utf-8",
    }


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def open_chain(node: Node, tx: Session, case_id: UUID) -> Chain:
    """Begin the chain of a new case, under a key this node makes for its member."""
    case_key = node.dice(_LONG)
    content_key = vault.new_key(node, tx, "case", case_id)
    kc = entry.key_commitment(case_key)
    place = vault.Place("ledger_chain", "case_key", case_id)
    now = node.now()
    row: dict[str, object] = {
        "case_id": case_id,
        "kc": kc,
        "case_key": vault.seal(node, content_key, place, case_key.hex()),
        "key_by": "node",
    }
    return Chain(node, tx, case_id, case_key, content_key, 0, None, now, kc, row)


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
        raise vault.Damaged("the chain was erased")
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


def ticket(tx: Session, case_id: UUID, seq: int) -> Ticket:
    """Return what to wait for, of an entry that was written before."""
    row = tx.execute(
        select(LedgerSeal.oid, LedgerSeal.nonce, LedgerSeal.entry).where(
            LedgerSeal.case_id == case_id, LedgerSeal.seq == seq
        )
    ).one()
    return Ticket(row.oid, case_id, seq, entry.commit(row.nonce, row.entry))
