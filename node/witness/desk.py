"""What stewards see of witnesses, and whom they name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.errors import NotFound, NotYours
from ledger import cosignature, note
from ledger.note import VKey
from node import governance
from node.accounts.visitor import Visitor
from node.core import Node
from node.log import names
from node.models.log import LedgerCheckpoint
from node.models.witness import (
    LedgerCosignature,
    LedgerWitness,
    Mirror,
    WitnessEvidence,
    WitnessLog,
)
from node.witness import finding, knowing
from node.witness.answering import PROVEN
from node.witness.evidence import fraud_file
from node.witness.finding import Found

_NAME = "agreement.negotiate"
#: So many proofs are shown of one log; one is enough.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that proves two histories."""

    id: str
    #: `split` or `rewrite`.
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who is asked to cosign our log, or somebody whose log we cosign."""

    name: str
    vkeys: tuple[str, ...]
    url: str
    #: What was cosigned last; None if nothing was.
    size: int | None
    #: When that was, by the clock of whoever cosigned; and how long ago, by ours.
    at: datetime | None
    age: timedelta
    #: Of our log: how many published entries the witness has not seen.
    lag: int
    #: Why the last try was in vain; empty if it was not.
    problem: str
    #: Of another log: how many of its entries are kept here, computed again.
    copied: int = 0
    #: Of another log: since when it is known to have told two histories.
    caught_at: datetime | None = None
    proofs: tuple[Proof, ...] = ()
    #: How many more bodies it signed that were refused, and prove nothing.
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """Who watches us, and whom we watch."""

    witnesses: tuple[Watcher, ...]
    logs: tuple[Watcher, ...]


def overview(node: Node, *, by: Visitor) -> Overview:
    """Return everybody who is known, with what went wrong and what was kept."""
    _require(node, by)
    with node.read() as tx:
        size = tx.scalar(select(func.max(LedgerCheckpoint.size))) or 0
        witnesses = tx.scalars(select(LedgerWitness).order_by(LedgerWitness.vkey))
        logs = tx.scalars(select(WitnessLog).order_by(WitnessLog.origin))
        return Overview(
            tuple(_witness(node, tx, row, size) for row in witnesses),
            tuple(_log(node, tx, row) for row in logs),
        )


def find(node: Node, text: str, *, by: Visitor) -> list[Found]:
    """Return what would be named, for a steward to look at first."""
    _require(node, by)
    return finding.find(node, text)


def name(
    node: Node, chosen: Sequence[Found], *, by: Visitor, only: bool = False
) -> None:
    """Name what a steward looked at; the same as the command does.

    With `only` the keys that a log had before do not count any more.
    """
    _require(node, by)
    knowing.add_all(node, [(one.vkey, one.url) for one in chosen], only=only)


def proof(node: Node, digest: str, *, by: Visitor) -> bytes:
    """Return the fraud file of something that was kept."""
    _require(node, by)
    with node.read() as tx:
        try:
            kept = tx.get(WitnessEvidence, bytes.fromhex(digest))
        except ValueError:
            kept = None
        raw = fraud_file(tx, kept) if kept is not None else None
    if raw is None:
        raise NotFound("There is no such proof.")
    return raw


def _require(node: Node, by: Visitor) -> None:
    if not governance.reaches(node, _NAME, by=by):
        raise NotYours("Stewards decide who watches whom.")


def _witness(node: Node, tx: Session, row: LedgerWitness, size: int) -> Watcher:
    line = tx.get(LedgerCosignature, (row.size, row.vkey))
    at = line.at if line is not None else None
    return Watcher(
        name=VKey.parse(row.vkey).name,
        vkeys=(row.vkey,),
        url=row.url,
        size=row.size if at else None,
        at=at,
        age=_age(node, at),
        lag=size - row.size,
        problem=row.problem,
    )


def _log(node: Node, tx: Session, row: WitnessLog) -> Watcher:
    at, copy = _cosigned_at(node, row), tx.get(Mirror, row.origin)
    return Watcher(
        name=row.origin,
        vkeys=tuple(row.vkeys.split()),
        url=row.url,
        size=row.size,
        at=at,
        age=_age(node, at),
        lag=0,
        problem=row.problem,
        copied=copy.size if copy is not None else 0,
        caught_at=row.caught_at,
        proofs=_proofs(tx, row.origin),
        unproven=_unproven(tx, row.origin),
    )


def _cosigned_at(node: Node, row: WitnessLog) -> datetime | None:
    ours = names.witness_signer(node).vkey
    lines = note.parse(row.note).lines if row.note is not None else ()
    times = [cosignature.time_of(line) for line in lines if line.by(ours)]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _age(node: Node, at: datetime | None) -> timedelta:
    return max(node.now() - at, timedelta()) if at else timedelta()


def _proofs(tx: Session, origin: str) -> tuple[Proof, ...]:
    found = (
        select(WitnessEvidence)
        .where(WitnessEvidence.origin == origin, WitnessEvidence.reason.in_(PROVEN))
        .order_by(WitnessEvidence.at)
        .limit(_SHOWN)
    )
    return tuple(Proof(it.id.hex(), it.reason, it.at) for it in tx.scalars(found))


def _unproven(tx: Session, origin: str) -> int:
    kept = WitnessEvidence.origin == origin, WitnessEvidence.reason.not_in(PROVEN)
    return tx.scalar(select(func.count()).where(*kept)) or 0
