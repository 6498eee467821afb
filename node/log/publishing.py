"""Publishing: at each tick, if anything is new, the head becomes a checkpoint.

Cover leaves round the size up, so that the world learns less about how much happens
here. What is beyond the published size is served to nobody.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import entry
from node.core import Node
from node.log import exporting, guard, names, tags
from node.log.sequencing import (
    Grown,
    Head,
    append,
    lock_head,
    remember,
    tail,
    take_queued,
)
from node.logging import log
from node.models.accounts import Account
from node.models.log import LedgerCheckpoint, LedgerHead, LedgerOutbox
from node.upsert import insert_rows

_COVER = 48
#: A community of at most so many could be counted by its entries.
_SMALL = 50
_SMALL_COVER = 8


def publish(node: Node, *, at: datetime) -> int | None:
    """Publish the head; return its size, or None if nothing was due.

    Two entries with one tag are never published: then the log stands still until
    somebody has looked, and this process says that it is not well.
    """
    memory = tail(node)
    with node.read() as tx:
        due = _due(node, tx, at)
    if memory.read_only or memory.unpublished or not due:
        return None
    with memory.lock:
        try:
            return _publish(node, at)
        except tags.Twin:
            memory.unpublished = "ledger.twin: two entries have one tag"
            log().error("ledger.twin")
            return None


def _publish(node: Node, at: datetime) -> int | None:
    with node.begin(flushed=True) as tx:
        head = lock_head(node, tx)
        if head.halted or not _due(node, tx, at):  # somebody else was quicker
            return None
        grown = _round_up(node, tx, head)
        size, root, signed = (
            (grown.edge.size, grown.root, grown.note)
            if grown
            else (head.size, head.root, head.note)
        )
        tags.index(tx, size)
        row = {"size": size, "root": root, "note": signed, "at": at}
        insert_rows(tx, LedgerCheckpoint, row)
        exporting.ask(node, tx, size)
    if grown:
        remember(node, grown)
    guard.write(node, epoch=head.epoch, size=size, root=root, sync=True)
    return size


def _due(node: Node, tx: Session, at: datetime) -> bool:
    last = tx.execute(
        select(LedgerCheckpoint.size, LedgerCheckpoint.at)
        .order_by(LedgerCheckpoint.size.desc())
        .limit(1)
    ).one_or_none()
    head = tx.execute(select(LedgerHead.size, LedgerHead.epoch)).one_or_none()
    size = head.size if head else None
    if head and head.epoch != names.epoch(node):  # another process began another log
        names.learn(node, head.epoch)
        tail(node).read_only = tail(node).unpublished = ""
    queued = tx.execute(select(LedgerOutbox.oid).limit(1)).first()
    if last is None:
        return bool(size or queued)
    dirty = queued is not None or size != last.size
    # A clock that was set back must not make everybody wait until it has caught up.
    since: timedelta = abs(at - last.at)
    return dirty and since >= timedelta(seconds=node.settings.ledger_interval)


def _round_up(node: Node, tx: Session, head: Head) -> Grown | None:
    leaves = take_queued(tx)
    short = -(head.size + len(leaves)) % _cover(node, tx)
    leaves += [(None, entry.cover(node.dice(_COVER))) for _ in range(short)]
    return append(node, tx, head, leaves) if leaves else None


def _cover(node: Node, tx: Session) -> int:
    if node.settings.ledger_cover:
        return node.settings.ledger_cover
    beyond = select(Account.id).where(Account.closed_at.is_(None)).offset(_SMALL)
    return 1 if tx.execute(beyond.limit(1)).first() else _SMALL_COVER
