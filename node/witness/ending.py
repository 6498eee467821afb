"""A steward ends a log that cannot go on; the next one says so in its first leaf."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.note import VKey
from node import log
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.log import LedgerHead
from node.models.witness import LedgerWitness
from node.witness import asking, deciding
from node.witness.deciding import Decision


def request_end(node: Node) -> bytes:
    """Make the key of the next log; return what recovery keys are asked to sign.

    It cites the longest checkpoint of this log that a witness shows, else the newest
    that is known here.
    """
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one()
        witnesses = tx.scalars(select(LedgerWitness)).all()
    heard = asking.hear(node, witnesses).values()
    shown = [(one.stated.size, one.signed) for one in heard if one and one.vouched]
    try:
        own = log.status(node).size, log.checkpoint(node)
    except log.NotPublished:
        own = head.size, head.note
    _, note = max([own, *shown], key=lambda one: one[0])
    return log.request_succession(node, note)


def end(
    node: Node,
    request: bytes,
    signatures: Iterable[bytes],
    reason: str,
    *,
    by: Visitor,
) -> VKey:
    """End this log and begin the next; return the key that signs it.

    Every steward is told. Those who witnessed the old log have to be asked for the new
    one: it is another log, which they do not know yet.
    """
    deciding.require(node, reason, by=by)
    asking.start_check(node)
    before = log.origin(node)

    def seal(tx: Session) -> None:
        after = log.origin(node)
        decided = Decision("ledger.end", before, after, reason, "ledger.ended")
        deciding.write(node, tx, decided, by=by)

    new = log.succeed(node, request, signatures, reason.strip(), seal)
    log.sequence(node)
    return new
