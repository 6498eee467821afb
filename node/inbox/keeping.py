"""Keeping what was taken: once, in the bytes that were verified, in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import origins
from federation.delivery import State
from federation.inbox import Arrived, Checked, Seen, Treatment
from federation.signatures import Verified
from node import jobs, peers
from node.core import Node
from node.inbox import handling
from node.inbox.registry import JOB
from node.models.inbox import Received, Tombstone
from node.models.outbox import Courier, Target
from node.models.peers import SeenSignature
from node.upsert import insert_once

#: Longer than any signature is good for.
_REPLAYABLE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out before the transaction."""

    checked: Checked
    verified: Verified
    treatment: Treatment


def keep(node: Node, arrived: Arrived, known: Known) -> None:
    """Keep an activity, unless it was here before or was taken back."""
    checked, now = known.checked, node.now()
    with node.begin() as tx:
        digest = wire.fingerprint(arrived.raw)
        before = select(Received.digest).where(Received.id == checked.id)
        again = wire.seen(tx.scalar(before), digest) is Seen.AGAIN
        if again or not _first_time(node, tx, known.verified):
            return
        buried = handling.is_buried(tx, arrived.document)
        grave = wire.buries(arrived.document)
        if grave is not None:
            insert_once(tx, Tombstone, [{"mark": grave, "at": now}], "mark")
        state = "stored" if known.treatment is Treatment.TAKE else "quarantined"
        tx.add(
            Received(
                id=checked.id,
                digest=digest,
                actor=checked.actor,
                origin=origins.origin(checked.actor),
                inbox=arrived.inbox,
                lane=checked.place.lane,
                type=checked.type,
                raw=None if buried else arrived.raw,
                state="buried" if buried else state,
                problem="",
                profile=known.verified.profile,
                at=now,
            )
        )
        _heard(node, tx, origins.origin(checked.actor))
        if state == "stored" and not buried:
            jobs.put(node, tx, jobs.Asked(JOB, checked.id, now))


def _first_time(node: Node, tx: Session, verified: Verified) -> bool:
    until = verified.created + _REPLAYABLE
    row = {"mark": verified.mark, "until": until}
    if tx.get(SeenSignature, verified.mark) is not None:
        return False
    insert_once(tx, SeenSignature, [row], "mark")
    tx.execute(delete(SeenSignature).where(SeenSignature.until < node.now()))
    return True


def _heard(node: Node, tx: Session, origin: str) -> None:
    # Whoever speaks can listen: what waits for them is tried at once.
    peers.meet(node, tx, origin)
    now = node.now()
    failing = select(Courier.origin).where(
        Courier.origin == origin, Courier.failed_at.is_not(None)
    )
    if tx.scalar(failing) is None:
        return
    tx.execute(
        update(Target)
        .where(Target.origin == origin, Target.state == State.WAITING)
        .values(next_try_at=now)
    )
    tx.execute(
        update(Courier)
        .where(Courier.origin == origin)
        .values(
            failures="",
            open_until=None,
            span=0,
            silent="",
            failed_at=None,
            next_try_at=now,
        )
    )
