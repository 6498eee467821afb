"""Epochs of the keys that wrap content keys: how an erasure reaches old copies.

An old copy of the database still has a wrapped key that was erased here. It opens for
as long as the key of its epoch is there. So each epoch gets a successor, the living
keys are wrapped anew, and the old epoch's key is destroyed.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from node import keys, vault
from node.core import Node
from node.logging import log
from node.models.vault import ContentKey, WrapEpoch

#: After how long an epoch gets a successor, and how long its key outlives that.
LASTS = timedelta(days=30)
KEPT = timedelta(days=35)
#: So long after an erasure, no copy from before opens what was erased.
REACHED = LASTS + KEPT
_BATCH = 200


def look(node: Node) -> None:
    """Begin, and end, the epochs whose time has come. Safe to repeat.

    A folder of keys that this process may not write stays as it is.
    """
    folder = node.keys.folder
    if folder is None:
        return
    try:
        began = _began(node)
        newest = max(began)
        if node.now() - began[newest] >= LASTS:
            newest += 1
            keys.begin_epoch(folder, newest, node.dice(keys.SIZE))
            began = _began(node)
            log().info("keys.epoch", n=newest)
        while _rewrap(node) == _BATCH:
            pass
        for epoch in sorted(began.keys() - {newest}):
            if _is_over(node, began, epoch):
                keys.end_epoch(folder, epoch)
                log().info("keys.epoch.ended", n=epoch)
    except OSError:
        log().warning("keys.folder")


def _began(node: Node) -> dict[int, datetime]:
    """Return since when each epoch whose key is there is known."""
    there = node.keys.epochs()
    with node.begin() as tx:
        known = {row.epoch: row.began_at for row in tx.scalars(select(WrapEpoch))}
        for epoch in there - known.keys():
            tx.add(WrapEpoch(epoch=epoch, began_at=node.now()))
            known[epoch] = node.now()
    return {epoch: known[epoch] for epoch in there}


def _rewrap(node: Node) -> int:
    newest, there = node.keys.epoch, node.keys.epochs()
    older = [epoch for epoch in there if epoch < newest]
    with node.begin() as tx:
        rows = tx.scalars(
            select(ContentKey)
            .where(ContentKey.epoch.in_(older))
            .limit(_BATCH)
            .with_for_update()
        ).all()
        for row in rows:
            vault.rewrap(node, row)
        return len(rows)


def _is_over(node: Node, began: dict[int, datetime], epoch: int) -> bool:
    after = min(at for one, at in began.items() if one > epoch)
    with node.read() as tx:
        return node.now() - after >= KEPT and _used(tx, epoch) == 0


def _used(tx: Session, epoch: int) -> int:
    found = select(func.count()).where(ContentKey.epoch == epoch)
    return tx.scalar(found) or 0
