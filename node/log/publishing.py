"""Publishing: at each tick, if anything is new, the head becomes a checkpoint.

Cover leaves round the size up, so that the world learns less about how much happens
here. What is beyond the published size is served to nobody.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import entry
from node.core import Node
from node.log import guard
from node.log.sequencing import (
    Grown,
    Head,
    append,
    lock_head,
    remember,
    tail,
    take_queued,
)
from node.models.log import LedgerCheckpoint, LedgerHead, LedgerOutbox
from node.upsert import insert_rows

_COVER = 48


def publish(node: Node, *, at: datetime) -> int | None:
    """Publish the head; return its size, or None if nothing was due."""
    memory = tail(node)
    with node.read() as tx:
        due = _due(node, tx, at)
    if memory.read_only or not due:
        return None
    with memory.lock:
        with node.begin(flushed=True) as tx:
            head = lock_head(tx)
            if not _due(node, tx, at):  # somebody else was quicker
                return None
            grown = _round_up(node, tx, head)
            size, root, signed = (
                (grown.edge.size, grown.root, grown.note)
                if grown
                else (head.size, head.root, head.note)
            )
            row = {"size": size, "root": root, "note": signed, "at": at}
            insert_rows(tx, LedgerCheckpoint, row)
        if grown:
            remember(node, grown)
        guard.write(node, size=size, root=root, sync=True)
    return size


def _due(node: Node, tx: Session, at: datetime) -> bool:
    last = tx.execute(
        select(LedgerCheckpoint.size, LedgerCheckpoint.at)
        .order_by(LedgerCheckpoint.size.desc())
        .limit(1)
    ).one_or_none()
    size = tx.scalar(select(LedgerHead.size))
    queued = tx.execute(select(LedgerOutbox.oid).limit(1)).first()
    if last is None:
        return bool(size or queued)
    dirty = queued is not None or size != last.size
    return bool(
        dirty and at >= last.at + timedelta(seconds=node.settings.ledger_interval)
    )


def _round_up(node: Node, tx: Session, head: Head) -> Grown | None:
    leaves = take_queued(tx)
    short = -(head.size + len(leaves)) % node.settings.ledger_cover
    leaves += [(None, entry.cover(node.dice(_COVER))) for _ in range(short)]
    return append(node, tx, head, leaves) if leaves else None
