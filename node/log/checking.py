"""Before anything is signed: this log must go on from what was signed before.

A log that would not is read-only. What people send is still taken in; it waits.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger import tiles, tree
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from node.core import Node
from node.log import guard, names, signing
from node.log.reading import tile_reader
from node.log.sequencing import Head, load_edge, tail
from node.logging import log
from node.models.log import LedgerCheckpoint, LedgerHead

#: Codes of what can stop a log; each stands before a sentence.
UNGUARDED = "ledger.unguarded"
_ADDRESS = "ledger.address"
_ROLLBACK = "ledger.rollback: the log was signed further than this database goes"
_FORK = "ledger.fork: the log is not the one that was signed before"


def start_check(node: Node) -> str:
    """Return why the log must not be signed further, or an empty text.

    The edge must give the head's root, and the head must go on from the guard. Without
    a guard somebody else has to vouch for the head. Asks nobody: see `node.witness`.
    """
    why = unsound(node)
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one_or_none()
    if head is not None:
        why = why or signing.lacking(node, head.signers)
        tail(node).read_only = why
    return why


def unsound(node: Node) -> str:
    """Return the same, without a look at the key; nothing is remembered of it."""
    # Others may write meanwhile, and the guard follows the head: so it is read first.
    mark = guard.read(guard.path(node))
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one_or_none()
        if head is None:
            return _ROLLBACK if mark else ""
        return head.halted or _moved(node, head) or _compare(node, tx, head, mark)


def _moved(node: Node, head: LedgerHead) -> str:
    named = names.named(head.note)
    if named.partition("/")[0] == node.settings.host:
        return ""
    wanted = names.origin(node, head.epoch)
    return (
        f"{_ADDRESS}: this ledger is called {named}, but FOLKMOOT_PUBLIC_URL makes it"
        f" {wanted}: set it back, because a log keeps its name"
    )


def _compare(node: Node, tx: Session, head: LedgerHead, mark: guard.Mark | None) -> str:
    edge = load_edge(tx)
    if edge.size != head.size or (head.size and tree.root(edge) != head.root):
        return "ledger.edge: the tree's edge does not give the head's root"
    if mark is None:
        # Before anything is published nobody could have been shown another log.
        begun = tx.scalar(select(LedgerCheckpoint.size).limit(1)) is not None
        lost = "cannot be read" if guard.path(node).exists() else "is missing"
        says = f"{UNGUARDED}: ledger.guard {lost}, and no witness vouches"
        return says if begun else ""
    if mark.epoch != head.epoch:
        return _ROLLBACK if mark.epoch > head.epoch else ""
    return behind(tx, head, mark.size, mark.root)


def behind(tx: Session, head: LedgerHead | Head, size: int, root: bytes) -> str:
    """Say why the head does not go on from an older one; nothing if it does."""
    if size > head.size:
        return _ROLLBACK
    if size in {0, head.size}:
        return "" if size == 0 or root == head.root else _FORK
    try:
        path = tiles.consistency(size, head.size, tile_reader(tx))
        tree.verify_consistency(size, head.size, root, head.root, path)
    except Invalid:
        return _FORK
    return ""


def compare(node: Node, signed: Checkpoint) -> str:
    """Say why the log does not go on from what it signed; nothing if it does.

    What was signed of a log that has ended says nothing of the one that goes on.
    """
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one()
        if names.origin(node, head.epoch) != signed.origin:
            return ""
        return behind(tx, head, signed.size, signed.root)


def halt(node: Node, origin: str, why: str) -> None:
    """Let no process sign a log any more, until it is recovered."""
    with node.begin() as tx:
        if names.origin(node, names.look(node, tx)) != origin:
            return  # it has ended
        tx.execute(update(LedgerHead).values(halted=why))
    tail(node).read_only = why
    log().error("ledger.halted", problem=why.partition(":")[0])


def guard_again(node: Node) -> str:
    """Write a guard of the head that somebody vouched for, and check once more."""
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one()
    guard.write(node, epoch=head.epoch, size=head.size, root=head.root, sync=True)
    return start_check(node)
