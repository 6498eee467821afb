"""Keeping what was taken: once, in the bytes that were verified, in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import origins
from federation.inbox import Arrived, Checked, Seen, Treatment
from federation.signatures import Verified
from node import jobs, outbox, peers
from node.core import Node
from node.inbox import aside, handling
from node.inbox.registry import JOB
from node.models.inbox import Received, Tombstone
from node.models.peers import SeenSignature
from node.upsert import insert_once

#: Longer than any signature is good for.
_REPLAYABLE = timedelta(hours=14)
_OVER = {"buried", "dropped"}


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out before the transaction."""

    checked: Checked
    verified: Verified
    treatment: Treatment


def keep(node: Node, arrived: Arrived, known: Known) -> None:
    """Keep an activity, unless it was here before or was taken back."""
    checked, now = known.checked, node.now()
    origin = origins.origin(checked.actor)
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
        # Before anything of the peer's own is held: couriers come before rows.
        outbox.heard(node, tx, origin)
        peers.heard(node, tx, origin)
        state = "stored"
        if buried:
            state = "buried"
        elif known.treatment is Treatment.QUARANTINE:
            state = aside.state_of(tx, origin)
        tx.add(
            Received(
                id=checked.id,
                digest=digest,
                actor=checked.actor,
                origin=origin,
                inbox=arrived.inbox,
                lane=checked.place.lane,
                type=checked.type,
                raw=None if state in _OVER else arrived.raw,
                state=state,
                problem="",
                profile=known.verified.profile,
                at=now,
            )
        )
        if state == "stored":
            jobs.put(node, tx, jobs.Asked(JOB, checked.id, now))


def _first_time(node: Node, tx: Session, verified: Verified) -> bool:
    until = verified.created + _REPLAYABLE
    row = {"mark": verified.mark, "until": until}
    if tx.get(SeenSignature, verified.mark) is not None:
        return False
    insert_once(tx, SeenSignature, [row], "mark")
    tx.execute(delete(SeenSignature).where(SeenSignature.until < node.now()))
    return True
