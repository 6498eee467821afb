"""What every process does before it serves anybody or does any work."""

from node import erasing, tidying, witness
from node.core import Node
from node.logging import log


def begin(node: Node) -> None:
    """Check the log against what was signed, and erase again what a restore brought.

    Raises `JournalDamaged` if nobody can tell what that is.
    """
    if why := witness.start_check(node):
        log().error("ledger.stopped", problem=why.partition(":")[0])
    erasing.replay(node)
    tidying.begin(node)
