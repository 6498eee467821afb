"""Keeping what was taken: once, in the bytes that were verified, in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import origins
from federation.errors import TooMany
from federation.inbox import Arrived, Checked, Seen, Treatment
from federation.signatures import Verified
from governance.errors import Throttled
from node import jobs, outbox, peers, throttle
from node.core import Node
from node.inbox import aside, handling
from node.inbox.looking import digest_of
from node.inbox.registry import JOB
from node.models.inbox import Received, Tombstone
from node.models.peers import SeenSignature
from node.upsert import insert_once, insert_rows, table

#: Longer than any signature is good for.
_REPLAYABLE = timedelta(hours=14)
_OVER = {"buried", "dropped"}
_SEEN = select(table(SeenSignature).c.until).where(
    table(SeenSignature).c.mark == bindparam("mark")
)


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
        # Somebody else may have been quicker since it was looked up.
        again = wire.seen(digest_of(tx, checked.id), digest) is Seen.AGAIN
        if again or not _first_time(tx, known.verified):
            return
        _count(node, tx, origin)
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
        row: dict[str, object] = {
            "id": checked.id,
            "digest": digest,
            "actor": checked.actor,
            "origin": origin,
            "inbox": arrived.inbox,
            "lane": checked.place.lane,
            "type": checked.type,
            "raw": None if state in _OVER else arrived.raw,
            "state": state,
            "problem": "",
            "profile": known.verified.profile,
            "at": now,
        }
        insert_rows(tx, Received, row)
        if state == "stored":
            jobs.put(node, tx, jobs.Asked(JOB, checked.id, now))


def _first_time(tx: Session, verified: Verified) -> bool:
    if tx.connection().scalar(_SEEN, {"mark": verified.mark}) is not None:
        return False
    row = {"mark": verified.mark, "until": verified.created + _REPLAYABLE}
    insert_once(tx, SeenSignature, [row], "mark")
    return True


def _count(node: Node, tx: Session, origin: str) -> None:
    try:
        throttle.count(node, tx, "federation.inbox", origin)
    except Throttled as refused:
        raise TooMany("Send less, or later.", again=refused.retry_after) from refused


def forget_signatures(node: Node) -> None:
    """Let go of signatures that are too old to be sent again."""
    with node.begin() as tx:
        tx.execute(delete(SeenSignature).where(SeenSignature.until < node.now()))
