"""Logs that end: by whom, and what is left of them."""

from uuid import uuid4

from sqlalchemy import select

from ledger.note import VKey
from node import log, threads
from node.core import Node
from node.models.log import LedgerHead
from node.models.past import LedgerPastEntry
from node.threads import Words
from tests.support.cast import Moot


def cited(node: Node) -> bytes:
    """Return a request to end a log, which cites its head."""
    with node.read() as tx:
        note = tx.scalars(select(LedgerHead.note)).one()
    return log.request_succession(node, note)


def end(moot: Moot, reason: str = "Its key was copied.") -> VKey:
    """End the log that goes on, and begin the next."""
    return log.succeed(moot.node, cited(moot.node), [], reason)


def ended(node: Node, epoch: int) -> list[bytes]:
    """Return the leaves of a log that ended."""
    with node.read() as tx:
        found = select(LedgerPastEntry.leaf).where(LedgerPastEntry.epoch == epoch)
        return list(tx.scalars(found.order_by(LedgerPastEntry.idx)))


def reply(moot: Moot, made, text: str = "We are on it.") -> None:
    """Let an advocate say something in a case, once somebody works on it."""
    by = moot.guest(made) if made.link_token else moot["cleo"]
    threads.write(moot.node, made.reference, Words(uuid4(), text), by=by)
