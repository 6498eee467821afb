"""Cosigning other logs: one transaction around the one decision."""

from hashlib import sha256

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from governance.errors import NotFound
from ledger import witness
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.witness import Decision, Record
from node import reviews
from node.core import Collision, Node
from node.log import names
from node.logging import log as logger
from node.models.witness import WitnessEvidence, WitnessLog
from node.notices import About
from node.upsert import insert_once, table

#: How many refused bodies are kept of each log. Proof of two histories always is.
MOST = 1_000
#: What is kept for these proves two histories.
PROVEN = frozenset({witness.SPLIT, witness.REWRITE})
# Built once: it is said for everything that is cosigned.
_LOGS = table(WitnessLog)
_MOVED = (
    update(_LOGS)
    .where(
        _LOGS.c.origin == bindparam("log"),
        _LOGS.c.size.is_not_distinct_from(bindparam("old")),
    )
    .values(size=bindparam("new"), root=bindparam("to"), note=bindparam("signed"))
)


def add_checkpoint(node: Node, body: bytes) -> Decision:
    """Answer a body of tlog-witness: the same, whichever way it came.

    A cosignature that is answered is on disk, with the size it was given for.
    """
    with node.read() as tx:
        decision, _ = _decided(node, tx, body, lock=False)
    # Anybody may ask; only what a known log signed makes anybody wait for the disk.
    if decision.record is None and not decision.evidence:
        return decision
    # Others may read the record at once, so it is on disk before they see it.
    with node.begin(flushed=True) as tx:
        decision, row = _decided(node, tx, body, lock=True)
        if row is not None and decision.record is not None:
            _move(tx, row, decision.record, decision.note)
            tx.info["ring"] = True  # its new entries can be mirrored
        elif row is not None and decision.evidence:
            _keep(node, tx, row, body, decision.evidence)
    return decision


def _decided(
    node: Node, tx: Session, body: bytes, *, lock: bool
) -> tuple[Decision, WitnessLog | None]:
    known: dict[str, tuple[VKey, ...]] = {}
    record, row = None, None
    try:
        origin = witness.read(body).stated.origin
    except Invalid:
        pass  # which the decision says better
    else:
        row = tx.get(WitnessLog, origin, with_for_update=lock)
        # For a log that was caught nothing is cosigned any more.
        if row is not None and row.caught_at is None:
            known, record = {origin: vkeys_of(row)}, record_of(row)
    at = int(node.now().timestamp())
    return witness.decide(body, known, record, names.witness_signer(node), at), row


def vkeys_of(row: WitnessLog) -> tuple[VKey, ...]:
    """Return the keys that may sign for a log."""
    return tuple(VKey.parse(line) for line in row.vkeys.split())


def record_of(row: WitnessLog) -> Record | None:
    """Return what was cosigned last for a log."""
    if row.size is None or row.root is None:
        return None
    return Record(row.size, row.root)


def _move(tx: Session, row: WitnessLog, record: Record, note: bytes) -> None:
    fresh = {"new": record.size, "to": record.root, "signed": note}
    moved = tx.connection().execute(
        _MOVED, {"log": row.origin, "old": row.size, **fresh}
    )
    if moved.rowcount != 1:
        raise Collision("somebody else moved the record")


def _keep(node: Node, tx: Session, row: WitnessLog, body: bytes, reason: str) -> None:
    kept = select(func.count()).where(WitnessEvidence.origin == row.origin)
    if reason not in PROVEN and (tx.scalar(kept) or 0) >= MOST:
        return
    evidence: dict[str, object] = {
        "id": sha256(body).digest(),
        "origin": row.origin,
        "body": body,
        "held": row.note,
        "reason": reason,
        "at": node.now(),
    }
    insert_once(tx, WitnessEvidence, [evidence], "id")
    if reason in PROVEN:
        row.caught_at = node.now()
        logger().error("witness.caught", problem=reason, origin=row.origin)
        about = About("ledger.caught", {"origin": row.origin})
        reviews.tell_stewards(node, tx, about)


def latest(node: Node, digest: str) -> bytes:
    """Return the newest checkpoint cosigned for a log, by the hash of its origin."""
    with node.read() as tx:
        origin = origin_of(tx, digest)
        note = tx.get_one(WitnessLog, origin).note if origin else None
    if note is None:
        raise NotFound("Nothing was cosigned here for such a log.")
    return note


def origin_of(tx: Session, digest: str) -> str | None:
    """Return which log that is known here has this hash of its origin."""
    known = tx.scalars(select(WitnessLog.origin))
    return next((one for one in known if digest_of(one) == digest), None)


def digest_of(origin: str) -> str:
    """Return the hash by which a log is asked for."""
    return sha256(origin.encode()).hexdigest()
