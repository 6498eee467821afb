"""A steward lets the log go on without a witness; that is written down."""

from node import log
from node.accounts.visitor import Visitor
from node.core import Node
from node.log.rebuilding import Rebuilt
from node.witness import deciding
from node.witness.deciding import Decision
from node.witness.recovering import recover


def accept(node: Node, source: str, reason: str, *, by: Visitor) -> Rebuilt:
    """Recover without a witness. The ledger holds who decided it and why.

    Every steward is told: nobody but this node knows now whether something was dropped.
    """
    deciding.require(node, reason, by=by)
    before = log.status(node).size
    done = recover(node, source=source, accept=True)
    decided = Decision(
        "ledger.accept-unwitnessed",
        str(before),
        str(before + done.entries),
        reason,
        "ledger.accepted",
    )
    with node.begin(sealed=True) as tx:
        ticket = deciding.write(node, tx, decided, by=by)
    log.wait(node, ticket)
    return done
