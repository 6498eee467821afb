"""Destroying, whole or not at all: one transaction that also queues the tombstone."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ledger import entry
from ledger.encoding import Json, b64u
from node import jobs, log, vault
from node.core import Node
from node.erasing import members
from node.erasing.copies import wipe, wipe_brought
from node.erasing.pieces import pieces, with_raw, with_twins
from node.erasing.rekeying import rekey
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.erasing.whole import wipe_case
from node.log import Notice, Ticket
from node.log.shapes import milliseconds
from node.models.cases import Case
from node.models.data_requests import DataRequest
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerErasure,
    LedgerSeal,
)
from node.models.threads import Message, Spoken, SpokenPledge

JOB = "erasing.scrub"
#: So many commitments fit into one public leaf.
_MOST_NAMED = 128


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an erasure."""

    #: Whether the database no longer has it, now or since before.
    gone: bool
    #: What to wait for; None where nothing more is told in public.
    ticket: Ticket | None = None


def perform(node: Node, tx: Session, erasure: Erasure, why: Why) -> Done:
    """Destroy what an erasure means, and all its copies. Safe to repeat.

    Not gone means that the database does not have it yet: it is older than that.
    """
    case = tx.get(Case, erasure.chain, with_for_update=True)
    chain = tx.get(LedgerChain, erasure.chain, with_for_update=True)
    # Behind the locks: somebody else may have done it just now.
    if tx.get(LedgerErasure, erasure.id) is not None:
        return Done(gone=True)
    if chain is None:
        # It may be a member's: they have no chain, only those of their cases.
        found = members.close(node, tx, erasure.chain)
        if found:
            _record(tx, erasure, None)
        return Done(gone=found)
    if chain.erased_at is not None:
        _record(tx, erasure, None)
        return Done(gone=True)
    targets = _targets(tx, erasure) if why.named else None
    if erasure.level is Level.CHAIN:
        oid = None
        _whole(node, tx, chain, case)
    else:
        seal = tx.scalar(
            select(LedgerSeal).where(
                LedgerSeal.case_id == erasure.chain, LedgerSeal.seq == erasure.seq
            )
        )
        if seal is None or _younger(seal, erasure):
            return _missing(tx, erasure)
        oid = seal.oid if erasure.level is Level.ENTRY else None
        _part(node, tx, erasure, seal)
    _record(tx, erasure, oid)
    jobs.put(node, tx, jobs.Asked(JOB, str(erasure.id), node.now()))
    return Done(gone=True, ticket=_tell(node, tx, erasure, why.basis, targets))


def _younger(seal: LedgerSeal, erasure: Erasure) -> bool:
    # After a restore another entry may have got the number of one that was lost.
    return entry.read_entry(seal.entry).at > milliseconds(erasure.at)


def _missing(tx: Session, erasure: Erasure) -> Done:
    before = log.erased(tx, erasure.chain).get(erasure.seq or 0)
    if before is None or before.level != Level.ENTRY:
        return Done(gone=False)
    _record(tx, erasure, None)
    return Done(gone=True)


def _whole(node: Node, tx: Session, chain: LedgerChain, case: Case | None) -> None:
    seals = select(LedgerSeal.oid).where(LedgerSeal.case_id == chain.case_id)
    tx.execute(delete(LedgerDisclosure).where(LedgerDisclosure.oid.in_(seals)))
    tx.execute(delete(LedgerSeal).where(LedgerSeal.case_id == chain.case_id))
    # Which leaves were the chain's, nobody is to know any more.
    tx.execute(
        update(LedgerErasure)
        .where(LedgerErasure.case_id == chain.case_id)
        .values(seq=None, n=None, oid=None)
    )
    vault.destroy_key(tx, "case", chain.case_id)
    chain.case_key = chain.head = None
    chain.erased_at = node.now()
    # What a member asked about their data goes with its chain, after a restore, too.
    tx.execute(delete(DataRequest).where(DataRequest.id == chain.case_id))
    if case is not None:
        wipe_case(node, tx, case, chain.next_seq - 1)


def _part(node: Node, tx: Session, erasure: Erasure, seal: LedgerSeal) -> None:
    key = vault.key_of(node, tx, "case", erasure.chain)
    if key is None:
        raise vault.Damaged("a chain that was not erased has no key")
    known = pieces(tx, key, erasure.chain)
    meant = [
        one for one in known if one.seq == erasure.seq and erasure.n in {None, one.n}
    ]
    for piece in with_raw(tx, erasure.chain, with_twins(meant, known), known):
        tx.execute(
            delete(LedgerDisclosure).where(
                LedgerDisclosure.oid == piece.oid, LedgerDisclosure.n == piece.n
            )
        )
        wipe(node, tx, erasure.chain, piece)
    if erasure.level is not Level.REDACT:
        seal.evidence = None
        if entry.read_entry(seal.entry).kind == "submission":
            wipe_brought(node, tx, erasure.chain)
    if erasure.level is Level.ENTRY:
        tx.delete(seal)
        _forget_message(tx, erasure.chain, seal.seq)
    tx.flush()
    rekey(node, tx, erasure.chain, key)


def _forget_message(tx: Session, chain_id: UUID, seq: int) -> None:
    mine = (Message.case_id == chain_id, Message.entry_seq == seq)
    gone = select(Message.id).where(*mine)
    tx.execute(delete(Spoken).where(Spoken.message_id.in_(gone)))
    tx.execute(delete(SpokenPledge).where(SpokenPledge.message_id.in_(gone)))
    tx.execute(delete(Message).where(*mine))


def _targets(tx: Session, erasure: Erasure) -> list[bytes]:
    return [one.c for one in log.stands(tx, erasure.chain, erasure.seq)]


def _record(tx: Session, erasure: Erasure, oid: int | None) -> None:
    whole = erasure.level is Level.CHAIN
    tx.add(
        LedgerErasure(
            id=erasure.id,
            level=erasure.level.value,
            case_id=erasure.chain,
            seq=None if whole else erasure.seq,
            n=None if whole else erasure.n,
            oid=oid,
            at=erasure.at,
        )
    )
    tx.flush()


def _tell(
    node: Node,
    tx: Session,
    erasure: Erasure,
    basis: Basis,
    targets: list[bytes] | None,
) -> Ticket | None:
    # A log that must not grow is told nothing; what is to go goes all the same.
    if log.read_only(node):
        return None
    ticket = None
    for part in _parts(targets):
        body: dict[str, Json] = {
            "level": erasure.level.value,
            "basis": basis.value,
            "count": 1 if part is None else len(part),
            "targets": None if part is None else list(map(b64u, part)),
        }
        notice = Notice(kind="tombstone", body=body, day_only=True)
        ticket = log.clear(node, tx, notice)
    return ticket


def _parts(targets: list[bytes] | None) -> list[list[bytes] | None]:
    if targets is None:
        return [None]
    return [
        targets[start : start + _MOST_NAMED]
        for start in range(0, len(targets), _MOST_NAMED)
    ]
