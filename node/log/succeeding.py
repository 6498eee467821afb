"""Ending a log, and beginning the one that follows it.

A log that cannot be recovered must not be signed any more: that would make a second
history. It stays as it is under its name. The next one begins under a name of its own,
and its first leaf says what it follows, with the word of the old log's recovery keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid, WordsTooLong
from ledger import revocation, succession
from ledger.encoding import Json
from ledger.errors import Invalid
from ledger.note import Signer, VKey
from ledger.succession import Succession
from node.core import Node
from node.log import clears, founding, guard, names, signing
from node.log.checking import behind
from node.log.citing import require_newest
from node.log.clears import Notice
from node.log.restating import restate
from node.log.retiring import retire
from node.log.sequencing import (
    Grown,
    Head,
    append,
    lock_head,
    read_only,
    remember,
    tail,
    take_queued,
)
from node.models.log import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerOutbox,
)
from node.upsert import insert_rows, table

END = "epoch.end"
#: A leaf is short: so many characters of a reason.
REASON = 500


def succeed(
    node: Node,
    request: bytes,
    signatures: Iterable[bytes],
    reason: str,
    also: Callable[[Session], None] = lambda _: None,
) -> VKey:
    """End this log, and begin the next one with the key of a request; return that key.

    `also` writes what is to be in the next log with it, in the same transaction.

    While this one may be signed, all that waits still goes into it, and its last leaf
    says that it ends. Otherwise what waits goes into the next one. Raises
    `ChoiceInvalid` if the request is not about this log, or its recovery keys did not
    sign it, and `WordsTooLong` for a reason that is.
    """
    if len(reason) > REASON:
        raise WordsTooLong(
            f"Everybody reads the reason: at most {REASON} characters.", limit=REASON
        )
    try:
        asked = succession.read_request(request)
        words = [revocation.read_signature(one) for one in signatures]
        said = succession.previous(asked, words)
    except Invalid as error:
        raise ChoiceInvalid(error.text) from error
    new = signing.signer_of(node, asked.key)
    if new is None:
        raise ChoiceInvalid("The new key of this request is not among our key files.")
    before = names.epoch(node)
    try:
        with node.begin(flushed=True) as tx:
            grown = _follow(node, tx, _Next(asked, said, new, reason))
            names.learn(node, grown.epoch)
            also(tx)
    except BaseException:
        names.learn(node, before)
        raise
    _remember(node, grown)
    return asked.key


@dataclass(frozen=True, slots=True)
class _Next:
    """The log that is to follow."""

    asked: Succession
    #: What its first leaf says of the one before.
    said: dict[str, Json]
    signer: Signer
    reason: str


def _follow(node: Node, tx: Session, next_: _Next) -> Grown:
    head, asked = lock_head(node, tx), next_.asked
    _alone(tx)
    require_newest(node, head.epoch)
    epoch = head.epoch + 1
    if (asked.previous, asked.log) != (
        names.origin(node, head.epoch),
        names.origin(node, epoch),
    ):
        raise ChoiceInvalid("This request is not about the log that goes on here.")
    genesis = founding.genesis(node, epoch, asked.key, next_.said)
    _require(node, tx, genesis)
    end = asked.end
    if not (head.halted or read_only(node) or behind(tx, head, end.size, end.root)):
        head = _close(node, tx, head, next_.reason)
    retire(node, tx, head, next_.reason)
    begun = founding.head(node, epoch, next_.signer)
    tx.execute(update(LedgerHead).values(**begun, halted=""))
    restate(node, tx, asked.log, genesis)
    return _open(node, tx, Head(**begun, halted=""), genesis)


def _alone(tx: Session) -> None:
    # Whoever queues an entry made it for the log that goes on; readers are not in the
    # way. With SQLite, whoever writes is alone.
    if tx.connection().dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE ledger_outbox IN SHARE ROW EXCLUSIVE MODE"))


def _require(node: Node, tx: Session, genesis: bytes) -> None:
    """Refuse what a reader of both logs would refuse."""
    first = tx.scalars(select(LedgerEntry.leaf).where(LedgerEntry.idx == 0)).one()
    named = [one.oid for one in signing.known(node, tx) if one.oid is not None]
    changes = tx.scalars(
        select(LedgerEntry.leaf)
        .where(LedgerEntry.oid.in_(named))
        .order_by(LedgerEntry.idx)
    )
    try:
        succession.require(first, genesis, changes.all())
    except Invalid as error:
        raise ChoiceInvalid(error.text) from error


def _close(node: Node, tx: Session, head: Head, reason: str) -> Head:
    """Give all that waits its index, and say last that the log ends."""
    next_ = names.origin(node, head.epoch + 1)
    body = {"reason": reason, "next": next_}
    clears.clear(node, tx, Notice(kind=END, body=body))
    while queued := take_queued(tx):
        grown = append(node, tx, head, queued)
        head = replace(head, size=grown.edge.size, root=grown.root, note=grown.note)
    row = {"size": head.size, "root": head.root, "note": head.note, "at": node.now()}
    insert_rows(tx, LedgerCheckpoint, row)
    return head


def _open(node: Node, tx: Session, head: Head, genesis: bytes) -> Grown:
    """Give the first leaf its place before all that waits."""
    outbox = table(LedgerOutbox)
    queue = outbox.insert().values(leaf=genesis).returning(outbox.c.oid)
    oid = tx.execute(queue).scalar_one()
    tx.execute(delete(outbox).where(outbox.c.oid == oid))
    tx.info["ring"] = True
    return append(node, tx, head, [(oid, genesis)])


def _remember(node: Node, grown: Grown) -> None:
    memory = tail(node)
    names.learn(node, grown.epoch)
    remember(node, grown)
    memory.read_only = memory.unpublished = ""
    guard.write(
        node, epoch=grown.epoch, size=grown.edge.size, root=grown.root, sync=True
    )
